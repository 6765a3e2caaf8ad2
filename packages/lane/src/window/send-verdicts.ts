/** Brings kept verdicts to the hub when it is back: in order, each after its crossing. */

import { utf8 } from '@sallyport/proof/bytes'

import type { Alarms } from '../alarms.ts'
import { type BackOff, backOffMs, type Chance, type Clock } from '../clock.ts'
import type { EpochBook } from '../epochs.ts'
import { type Report, reasonOf } from '../events.ts'
import { type Answer, type Ask, problemCode } from '../http.ts'
import { limits } from '../limits.ts'
import { isPermanent } from '../sender.ts'
import type { Spool } from '../spool.ts'
import type { KeptVerdicts, WaitingVerdict } from './kept-verdicts.ts'

type Parts = {
  readonly hub: string
  readonly device: string
  readonly kept: KeptVerdicts
  readonly spool: Pick<Spool, 'oldest'>
  readonly book: Pick<EpochBook, 'afterRefusal'>
  readonly alarms: Alarms
  readonly report: Report
  readonly clock: Clock
  readonly chance: Chance
  readonly ask: Ask
  readonly backOff?: BackOff
}

type Outcome =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'refused'; readonly code: string }
  | { readonly kind: 'later' }

/** Sends until `signal` is aborted. Never rejects. */
export async function runVerdictSender(parts: Parts, signal: AbortSignal): Promise<void> {
  const { kept, spool, clock } = parts
  let failures = 0
  while (!signal.aborted) {
    const next = kept.oldest()
    if (next === null) {
      await kept.kept(signal)
      continue
    }
    // The hub does not know a crossing before it is delivered; the spool delivers in order.
    const first = spool.oldest()
    if (first !== null && first.sequence <= next.sequence) {
      await clock.sleep(limits.verdictLookMs, signal)
      continue
    }
    const outcome = await deliver(parts, next, signal)
    if (signal.aborted) return
    if (await settled(parts, next, outcome)) {
      failures = 0
      continue
    }
    await clock.sleep(
      backOffMs(failures, parts.backOff ?? limits.sendBackOff, parts.chance),
      signal,
    )
    failures += 1
  }
}

async function deliver(
  { hub, device, ask }: Parts,
  { id, statement, signature, epoch, seal }: WaitingVerdict,
  signal: AbortSignal,
): Promise<Outcome> {
  const answer = await ask(
    new URL(`/v1/devices/${device}/verdicts`, hub).href,
    {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: utf8(JSON.stringify({ statement, signature, epoch, seal })),
    },
    signal,
  )
  return outcomeOf(answer, id)
}

/** What the hub's answer means for the verdict with this id. */
export function outcomeOf(answer: Answer, id: string): Outcome {
  if (answer.kind === 'unreachable') return { kind: 'later' }
  const { status, json } = answer
  if (status === 200 || status === 201) {
    // Something else may answer on that address: only the hub knows the id.
    const said =
      typeof json === 'object' && json !== null && 'verdict' in json ? json.verdict : null
    return said === id ? { kind: 'delivered' } : { kind: 'later' }
  }
  const code = problemCode(answer)
  // Its crossing was delivered before, or refused: it will not come any more.
  const refused = isPermanent(status, code) || (status === 404 && code === 'not_found')
  return refused ? { kind: 'refused', code } : { kind: 'later' }
}

/** Whether the disk took what follows from it; false when it must be tried again. */
async function settled(
  { kept, alarms, report, book, clock }: Parts,
  next: WaitingVerdict,
  outcome: Outcome,
): Promise<boolean> {
  if (outcome.kind === 'later') return false
  try {
    if (outcome.kind === 'delivered') {
      await kept.delivered(next)
      report({ event: 'verdict_sent', verdict: next.id })
    } else {
      book.afterRefusal(outcome.code, clock)
      await kept.setAside(next)
      report({ event: 'verdict_refused', verdict: next.id, code: outcome.code })
      alarms.raise(
        'verdict_refused',
        `The hub refused a verdict on sequence ${next.sequence}: ${outcome.code}. It stays in verdicts/refused.`,
      )
    }
    return true
  } catch (error) {
    alarms.raise('spool_write_failed', `Verdicts cannot be moved (${reasonOf(error)}).`)
    return false
  }
}
