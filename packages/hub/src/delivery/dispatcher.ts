/**
 * Empties the outbox: claims what is due, sends it, notes what became of it. A receiver that is slow
 * holds up only itself; one that fails is asked with one event at a time. What was claimed by a hub
 * that died is due again when its lease ends, so every event arrives at least once.
 */

import { randomInt } from 'node:crypto'

import { type Attempt, type DeliveryVerdict, judgeAttempt } from '@sallyport/core/delivery'
import {
  changeSubscription,
  claimDeliveries,
  type DeliveryRow,
  disableSubscription,
  noteDelivery,
  type SubscriptionRow,
  subscriptionsWithWork,
} from '@sallyport/store/deliveries'
import type { Db } from '@sallyport/store/postgres/database'

import type { Alarms } from '../alarms.ts'
import { limits } from '../limits.ts'
import type { Composed, Composer } from './composer.ts'

/** Carries one composed event to one receiver. */
export type Carry = (subscription: SubscriptionRow, event: Composed) => Promise<Attempt>

export type Dispatcher = {
  /** Something was put into the outbox. Never throws. */
  poke(): void
  /** Starts what can be sent now; resolves when all of it has an answer. */
  round(): Promise<void>
  stop(): Promise<void>
}

export type DispatcherContext = {
  readonly db: Db
  readonly alarms: Alarms
  readonly composer: Composer
  readonly carry: Carry
  readonly now: () => Date
  readonly report: (message: string) => void
}

export function createDispatcher(context: DispatcherContext): Dispatcher {
  const { db, now, report } = context
  /** Under way, by subscription. */
  const flying = new Map<string, Set<Promise<void>>>()
  let stopped = false
  let looking: Promise<void> | null = null
  let again = false

  async function look(): Promise<void> {
    do {
      again = false
      for (const subscription of await subscriptionsWithWork(db, now())) {
        const own = flying.get(subscription.id) ?? new Set()
        const room = subscription.failing_since === null ? limits.deliveriesAtOnce : 1
        const count = Math.min(room - own.size, limits.deliveriesAtOnceAll - sizeOf(flying))
        if (count <= 0 || stopped) continue
        const leaseUntil = new Date(now().getTime() + limits.deliveryLeaseMs)
        const claimed = await claimDeliveries(db, subscription.id, {
          now: now(),
          leaseUntil,
          count,
        })
        flying.set(subscription.id, own)
        for (const delivery of claimed) {
          const one = deliver(subscription, delivery, context)
            .catch((error: unknown) => report(`delivery: ${messageOf(error)}`))
            .finally(() => {
              own.delete(one)
              poke()
            })
          own.add(one)
        }
      }
    } while (again && !stopped)
  }

  function poke(): void {
    again = true
    if (stopped || looking !== null) return
    looking = look()
      .catch((error: unknown) => report(`deliveries: ${messageOf(error)}`))
      .finally(() => (looking = null))
  }

  // A retry falls due without anybody saying so.
  const timer = setInterval(poke, limits.deliveryLookMs)
  timer.unref()

  async function settle(): Promise<void> {
    while (looking !== null || sizeOf(flying) > 0) {
      await looking
      await Promise.all([...flying.values()].flatMap((own) => [...own]))
    }
  }

  return {
    poke,
    async round() {
      poke()
      await settle()
    },
    async stop() {
      stopped = true
      clearInterval(timer)
      await settle()
    },
  }
}

async function deliver(
  subscription: SubscriptionRow,
  delivery: DeliveryRow,
  { db, alarms, composer, carry, now }: DispatcherContext,
): Promise<void> {
  const composed = await composer.compose(subscription, delivery)
  if (composed.kind === 'void')
    return noteDelivery(db, delivery, { state: 'void', settled_at: now() })
  const attempt = await carry(subscription, composed)
  const at = now()
  const verdict = judgeAttempt(
    attempt,
    {
      attempts: delivery.attempts,
      eventAt: delivery.at,
      failures: subscription.failures,
      failingSince: subscription.failing_since,
    },
    at,
    randomInt(1000) / 1000,
  )
  const failure = attempt.kind === 'delivered' ? null : attempt.reason
  const { receiver } = verdict
  // Both at once: an event that is due again must not meet a receiver that is not yet known to fail.
  await db.transaction().execute(async (transaction) => {
    await noteReceiver(transaction, subscription.id, receiver, { at, failure })
    await noteDelivery(
      transaction,
      delivery,
      verdict.delivery.state === 'waiting'
        ? { next_at: verdict.delivery.nextAt, last_failure: failure }
        : { state: verdict.delivery.state, settled_at: at, last_failure: failure },
    )
  })
  if (receiver.kind !== 'disable') return
  // The name was typed by a person: the alarm says the id.
  await alarms.raise(
    'delivery_disabled',
    {},
    `Subscription ${subscription.id} was switched off (${receiver.code}, ${failure ?? 'no reason'}); failing since ${receiver.since.toISOString()}.`,
  )
}

async function noteReceiver(
  db: Db,
  id: string,
  receiver: DeliveryVerdict['receiver'],
  { at, failure }: { readonly at: Date; readonly failure: string | null },
): Promise<void> {
  switch (receiver.kind) {
    case 'well':
      return changeSubscription(db, id, {
        failures: 0,
        failing_since: null,
        retry_at: null,
        last_success_at: at,
        last_failure: null,
      })
    case 'failing':
      return changeSubscription(db, id, {
        failures: receiver.failures,
        failing_since: receiver.since,
        retry_at: receiver.retryAt,
        last_failure: failure,
      })
    case 'disable':
      await changeSubscription(db, id, { last_failure: failure })
      return disableSubscription(db, id, receiver.code, at)
  }
}

function sizeOf(flying: ReadonlyMap<string, ReadonlySet<unknown>>): number {
  let size = 0
  for (const own of flying.values()) size += own.size
  return size
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
