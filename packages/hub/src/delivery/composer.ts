/** Makes the body of a delivery when it is sent, and logs each plate that leaves before it does. */

import { decideSubscription, plateReleasers } from '@sallyport/core/delivery'
import { alarmById } from '@sallyport/store/alarms'
import { crossingById, type CrossingRow } from '@sallyport/store/crossings'
import { type DeliveryRow, noteDelivery, type SubscriptionRow } from '@sallyport/store/deliveries'
import type { Db } from '@sallyport/store/postgres/database'

import type { Journal } from '../journal.ts'
import { alarmEvent, type CloudEvent, crossingEvent, type EventOrigin } from './event.ts'

export type Composed = {
  readonly kind: 'event'
  readonly event: CloudEvent
  readonly body: Uint8Array
}

export type Composer = {
  /** `void` when what it speaks of is no longer there. Throws when the log is away: it is tried again. */
  compose(
    subscription: SubscriptionRow,
    delivery: DeliveryRow,
  ): Promise<Composed | { readonly kind: 'void' }>
}

export function createComposer(context: {
  readonly db: Db
  readonly journal: Journal
  readonly origin: EventOrigin
  readonly now: () => Date
}): Composer {
  const { db, journal, origin, now } = context

  async function crossing(subscription: SubscriptionRow, delivery: DeliveryRow) {
    const found = await crossingById(db, delivery.subject)
    if (found === null) return { kind: 'void' } as const
    const withPlate = mayHavePlate(subscription) && hasPlate(found.crossing)
    if (withPlate && delivery.log_index === null) {
      const index = await journal.append({
        v: 1,
        at: now().toISOString(),
        kind: 'plate_sent',
        subscription: subscription.id,
        crossing: delivery.subject,
      })
      await noteDelivery(db, delivery, { log_index: index })
    }
    return composed(crossingEvent(found.crossing, withPlate, origin))
  }

  return {
    async compose(subscription, delivery) {
      switch (delivery.event_type) {
        case 'crossing.recorded':
          return crossing(subscription, delivery)
        case 'alarm.raised': {
          const alarm = await alarmById(db, delivery.subject)
          return alarm === null ? { kind: 'void' } : composed(alarmEvent(alarm, origin))
        }
      }
    },
  }
}

export function composed(event: CloudEvent): Composed {
  return { kind: 'event', event, body: Buffer.from(JSON.stringify(event)) }
}

/** Asked again at each sending: a row that was changed by hand gets no plates for a wrong purpose. */
function mayHavePlate({ purpose, plates }: SubscriptionRow): boolean {
  return plates && decideSubscription({ roles: plateReleasers, purpose, plates }).kind === 'allow'
}

function hasPlate({ plate_kind: kind }: CrossingRow): boolean {
  return kind === 'read' || kind === 'unsure'
}
