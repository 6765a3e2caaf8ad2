/** Saying what is decided at one's own lane, by key or button, and taking it back for ten seconds. */

import { type ReferralReason, windowLimits } from '@sallyport/core/window/window'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'

import type { Crossing } from '../api/types.ts'
import type { WindowView } from '../api/window-types.ts'
import { hubNow } from '../shell/clock.ts'
import { notifyDone, notifyFailure } from '../shell/notify.ts'
import { faceKeys } from './face-queries.ts'
import { limits, sayStep, type StepBody, windowKeys, windowQuery } from './window-queries.ts'
import { stepWords } from './words.ts'

/** What was just said by this person, at whichever crossing: it can be undone though the next one came. */
export type Undoable = {
  readonly crossing: Crossing
  readonly words: string
  readonly until: number
  readonly seen: number
}

export type Verdicts = {
  readonly view: WindowView | undefined
  readonly busy: boolean
  readonly undoable: Undoable | null
  readonly admit: () => void
  readonly refer: (reason: ReferralReason, note: string) => void
  readonly optOut: () => void
  readonly undo: () => void
}

/** Verdicts on the newest crossing of a lane; null where there is none. */
export function useVerdicts(crossing: Crossing | null): Verdicts {
  const client = useQueryClient()
  const view = useQuery({ ...windowQuery(crossing?.id ?? ''), enabled: crossing !== null })
  const [busy, setBusy] = useState(false)
  const [undoable, setUndoable] = useState<Undoable | null>(null)
  const arrived = useRef(0)
  const id = crossing?.id ?? null
  useEffect(() => {
    arrived.current = performance.now()
  }, [id])
  useEffect(() => {
    if (undoable === null) return undefined
    const timer = setTimeout(
      () => setUndoable(null),
      Math.max(0, undoable.until - hubNow().getTime()),
    )
    return () => clearTimeout(timer)
  }, [undoable])

  const say = async (target: Crossing, body: StepBody, seen: number): Promise<void> => {
    setBusy(true)
    try {
      const { window } = await sayStep(target.id, body, seen)
      client.setQueryData(windowKeys.crossing(target.id), window)
      const last = window.steps.at(-1)
      const until = window.undo_until === null ? null : Date.parse(window.undo_until)
      setUndoable(
        until === null || last === undefined
          ? null
          : {
              crossing: target,
              words: stepWords(last),
              // A page whose clock is ahead of the hub's still shows all ten seconds, and no more.
              until: Math.min(until, hubNow().getTime() + windowLimits.undoSeconds * 1000),
              seen: window.seen,
            },
      )
      void client.invalidateQueries({ queryKey: windowKeys.referrals })
      void client.invalidateQueries({ queryKey: faceKeys.crossing(target.id) })
    } catch (error) {
      notifyFailure('Not recorded', error)
      void client.invalidateQueries({ queryKey: windowKeys.crossing(target.id) })
    }
    setBusy(false)
  }

  const onNewest = (body: StepBody): void => {
    if (crossing === null || view.data === undefined || busy) return
    if (performance.now() - arrived.current < limits.justArrivedMs)
      notifyDone('Another crossing came just now', 'Look at it, then press again.')
    else void say(crossing, body, view.data.seen)
  }
  return {
    view: view.data,
    busy,
    undoable,
    admit: () => onNewest({ says: 'admitted' }),
    refer: (reason, note) =>
      onNewest({ says: 'referred', reason, ...(note.trim() === '' ? {} : { note: note.trim() }) }),
    optOut: () => onNewest({ says: 'opted_out' }),
    undo: () => {
      if (undoable === null)
        notifyDone(
          'Nothing to undo',
          'A verdict can be undone for ten seconds; correct it instead.',
        )
      else if (!busy) void say(undoable.crossing, { says: 'undone' }, undoable.seen)
    },
  }
}
