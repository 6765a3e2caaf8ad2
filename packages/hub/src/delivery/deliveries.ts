/** Deliveries of a running hub: outbox, webhooks and broker, put together. */

import type { BlockList } from 'node:net'

import type { Attempt } from '@sallyport/core/delivery'
import { queueEvents, type SubscriptionRow, sweepDeliveries } from '@sallyport/store/deliveries'
import type { Db } from '@sallyport/store/postgres/database'

import type { Alarms } from '../alarms.ts'
import { newId } from '../ids.ts'
import type { Journal } from '../journal.ts'
import { limits } from '../limits.ts'
import { composed, type Composed, createComposer } from './composer.ts'
import { createDispatcher } from './dispatcher.ts'
import { eventId, type EventOrigin, testEvent } from './event.ts'
import { post } from './post.ts'
import { secretOf, signatureHeaders, type SigningSecret } from './signature.ts'

export type Broker = {
  publish(event: Composed): Promise<Attempt>
  close(): Promise<void>
}

export type Deliveries = {
  /** Crossings of a batch, in the transaction that stores them. */
  queueCrossings(
    transaction: Db,
    crossings: readonly { readonly id: string; readonly receivedAt: Date }[],
  ): Promise<void>
  poke(): void
  /** Sends what is due and waits for it. */
  round(): Promise<void>
  /** One event that says nothing, now; what came of it. */
  test(subscription: SubscriptionRow): Promise<Attempt>
  /** The secret that signs now. */
  secretNow(subscription: Pick<SubscriptionRow, 'id' | 'generation'>): SigningSecret
  sweep(now: Date): Promise<void>
  readonly allowed: BlockList
  stop(): Promise<void>
}

export function createDeliveries(context: {
  readonly db: Db
  readonly journal: Journal
  readonly alarms: Alarms
  readonly agencySeed: Uint8Array
  readonly origin: EventOrigin
  readonly allowed: BlockList
  /** Null when the settings name none. */
  readonly broker: Broker | null
  readonly now: () => Date
  readonly report: (message: string) => void
}): Deliveries {
  const { agencySeed, allowed, broker, db, now } = context

  async function carry(subscription: SubscriptionRow, event: Composed): Promise<Attempt> {
    if (subscription.kind === 'mqtt') {
      return broker === null
        ? { kind: 'failed', reason: 'not_configured', retryAfterSeconds: null }
        : broker.publish(event)
    }
    const message = { id: event.event.id, body: event.body, at: now() }
    return post(
      {
        url: subscription.url,
        body: event.body,
        headers: signatureHeaders(message, secretsOf(subscription)),
      },
      { allowed },
    )
  }

  /** The one that signs now, and the one before while receivers change over. */
  function secretsOf({ id, generation, previous_until: until }: SubscriptionRow) {
    const before = until !== null && until > now() ? [generation - 1] : []
    return [generation, ...before].map((one) => secretOf(agencySeed, id, one))
  }

  const dispatcher = createDispatcher({ ...context, composer: createComposer(context), carry })
  return {
    allowed,
    async queueCrossings(transaction, crossings) {
      const events = crossings.map(({ id, receivedAt }) => ({
        event: eventId('crossing.recorded', id),
        subject: id,
        at: receivedAt,
      }))
      await queueEvents(transaction, 'crossing.recorded', events)
    },
    poke: () => dispatcher.poke(),
    round: () => dispatcher.round(),
    test: (subscription) =>
      carry(subscription, composed(testEvent(newId(), now(), context.origin))),
    secretNow: ({ id, generation }) => secretOf(agencySeed, id, generation),
    sweep: (at) =>
      sweepDeliveries(db, new Date(at.getTime() - limits.deliveriesKeptDays * 86_400_000)),
    async stop() {
      await dispatcher.stop()
      await broker?.close()
    },
  }
}
