/** When each body of one crossing is due, by which rule, and what became of those that were. */

import type { BodyClass } from '@sallyport/core/crossing'
import { type Due, dueOf, keptFrom } from '@sallyport/core/retention'
import { isHeld } from '@sallyport/core/retention-hold'
import { crossingById } from '@sallyport/store/crossings'
import { isWatchConfirmed } from '@sallyport/store/retention/due'
import { asHold, listHolds } from '@sallyport/store/retention/holds'
import { policyInForce } from '@sallyport/store/retention/policies'
import { shreddingById, type ShreddingRow } from '@sallyport/store/retention/shreddings'

import { limits } from '../limits.ts'
import type { RetentionContext } from './policies.ts'

export type BodyCountdown = {
  readonly capture: string
  readonly class: BodyClass
  /** Null where no policy is chosen. */
  readonly due: Due | null
  readonly shredding: ShreddingRow | null
}

export type Countdown = {
  readonly from: Date
  /** The last expiry of the holds that cover it; null while none does. */
  readonly heldUntil: Date | null
  readonly bodies: readonly BodyCountdown[]
}

/** Null when there is no such crossing. */
export async function countdownOf(
  id: string,
  { db, port, now }: Pick<RetentionContext, 'db' | 'port' | 'now'>,
): Promise<Countdown | null> {
  const found = await crossingById(db, id)
  if (found === null) return null
  const { crossing, captures, verdict } = found
  const at = now()
  const from = keptFrom({
    clock: crossing.clock,
    capturedAt: crossing.captured_at,
    receivedAt: crossing.received_at,
  })
  const facts = {
    watchConfirmed: await isWatchConfirmed(db, id),
    unread:
      (crossing.plate_kind === 'unsure' || crossing.plate_kind === 'unreadable') &&
      crossing.verdict === null,
    direction: crossing.direction,
    national: null,
  }
  const plates = [crossing.plate_text, verdict?.text ?? null].filter((text) => text !== null)
  const holds = (await listHolds(db, limits.holdsListedMax)).filter((row) =>
    isHeld(asHold(row), { crossing: id, lane: crossing.lane, from, plates }, at, port.zone),
  )
  const policy = (await policyInForce(db))?.policy ?? null
  const bodies: BodyCountdown[] = []
  for (const capture of captures) {
    bodies.push({
      capture: capture.id,
      class: capture.class,
      due: policy === null ? null : dueOf(policy, { class: capture.class, facts, from }, port.zone),
      shredding: capture.shredding === null ? null : await shreddingById(db, capture.shredding),
    })
  }
  const expiries = holds.map(({ expires_at }) => expires_at.getTime())
  return {
    from,
    heldUntil: expiries.length === 0 ? null : new Date(Math.max(...expiries)),
    bodies: bodies.toSorted((a, b) => a.class.localeCompare(b.class)),
  }
}
