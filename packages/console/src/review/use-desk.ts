/** One person's desk: the plate in front of them, the claim on it, the verdict, and its undoing. */

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useState } from 'react'

import { ApiFailure } from '../api/client.ts'
import { keys } from '../api/queries.ts'
import type { GivenVerdict, ReviewDetail, ReviewQueue } from '../api/review-types.ts'
import { hubNow } from '../shell/clock.ts'
import { notifyDone, notifyFailure } from '../shell/notify.ts'
import { useSession } from '../shell/session-context.ts'
import { nextItem } from './next-item.ts'
import {
  itemQuery,
  leaveClaim,
  limits,
  queueQuery,
  type ReviewFilter,
  reviewKeys,
  type Said,
  sendVerdict,
  takeClaim,
  withdrawVerdict,
} from './review-queries.ts'

/** The last verdict that was given here, for as long as it can be undone. */
export type LastVerdict = {
  readonly crossing: string
  readonly given: GivenVerdict
}

export type ReviewDesk = {
  readonly queue: ReviewQueue | undefined
  readonly queueError: unknown
  /** Id of the plate in front of the person. */
  readonly current: string | null
  readonly item: ReviewDetail | undefined
  readonly itemError: unknown
  /** How many were left undecided here. */
  readonly left: number
  readonly last: LastVerdict | null
  readonly busy: boolean
  readonly error: unknown
  readonly decide: (said: Omit<Said, 'supersedes'>) => void
  readonly leave: () => void
  readonly undo: () => void
  readonly take: (crossing: string) => void
  readonly lookAgain: () => void
}

const none: ReadonlySet<string> = new Set()

export function useDesk(filter: ReviewFilter): ReviewDesk {
  const client = useQueryClient()
  const { account } = useSession()
  const queue = useQuery(queueQuery(filter))
  const [chosen, setChosen] = useState<string | null>(null)
  const [left, setLeft] = useState(none)
  const [decided, setDecided] = useState(none)
  const [last, setLast] = useState<LastVerdict | null>(null)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)

  const items = queue.data?.items ?? []
  const desk = { account: account.id, passed: union(left, decided), now: hubNow() }
  const first = nextItem(items, desk)?.crossing.id ?? null
  // What lies in front of somebody stays there, whatever arrives.
  if (chosen === null && first !== null) setChosen(first)
  const current = chosen
  const passed = current === null ? desk.passed : new Set([...desk.passed, current])
  const following = nextItem(items, { ...desk, passed })?.crossing.id ?? null
  const item = useQuery({ ...itemQuery(current ?? ''), enabled: current !== null })

  useEffect(() => {
    if (following !== null)
      void client.prefetchQuery({ ...itemQuery(following), staleTime: 10_000 })
  }, [client, following])

  const onward = useCallback((): void => {
    setChosen(null)
    setError(null)
  }, [])
  const pass = useCallback(
    (crossing: string): void => {
      setLeft((known) => new Set([...known, crossing]))
      onward()
    },
    [onward],
  )
  useClaim(current, pass)

  const attempt = async (doing: string, work: () => Promise<void>): Promise<void> => {
    if (busy) return
    setBusy(true)
    setError(null)
    try {
      await work()
    } catch (failure) {
      setError(failure)
      if (!(failure instanceof ApiFailure)) notifyFailure(doing, failure)
      void client.invalidateQueries({ queryKey: reviewKeys.items })
    }
    setBusy(false)
    void client.invalidateQueries({ queryKey: reviewKeys.queues })
    void client.invalidateQueries({ queryKey: keys.crossingAll })
  }

  return {
    queue: queue.data,
    queueError: queue.error,
    current,
    item: item.data?.id === current ? item.data : undefined,
    itemError: item.error,
    left: left.size,
    last,
    busy,
    error,
    decide: (said) =>
      void attempt('The verdict was not recorded', async () => {
        if (current === null || item.data === undefined) return
        const given = await sendVerdict(current, { ...said, supersedes: item.data.head })
        setLast({ crossing: current, given })
        setDecided((known) => new Set([...known, current]))
        client.removeQueries({ queryKey: reviewKeys.item(current) })
        onward()
      }),
    leave: () => {
      if (current !== null) pass(current)
    },
    undo: () =>
      void attempt('The verdict was not taken back', async () => {
        if (last === null) return
        await withdrawVerdict(last.crossing, last.given.verdict)
        setDecided((known) => without(known, last.crossing))
        setChosen(last.crossing)
        setLast(null)
        notifyDone(
          'Taken back',
          'The plate waits again. Both the verdict and this stand in the log.',
        )
      }),
    take: (crossing) => {
      setLeft((known) => without(known, crossing))
      setChosen(crossing)
      setError(null)
    },
    lookAgain: () => setLeft(none),
  }
}

/** Holds the claim on what lies in front of somebody; passes on when it is somebody else's. */
function useClaim(crossing: string | null, pass: (crossing: string) => void): void {
  useEffect(() => {
    if (crossing === null) return undefined
    let gone = false
    const hold = async (): Promise<void> => {
      try {
        await takeClaim(crossing)
      } catch (failure) {
        if (gone || !(failure instanceof ApiFailure) || failure.code !== 'claimed') return
        notifyDone('Somebody was faster', failure.detail)
        pass(crossing)
      }
    }
    void hold()
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') void hold()
    }, limits.claimEveryMs)
    return () => {
      gone = true
      clearInterval(timer)
      // If it does not arrive, the claim ends by itself.
      void leaveClaim(crossing).catch(() => undefined)
    }
  }, [crossing, pass])
}

function union(a: ReadonlySet<string>, b: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...a, ...b])
}

function without(set: ReadonlySet<string>, one: string): ReadonlySet<string> {
  return new Set([...set].filter((other) => other !== one))
}
