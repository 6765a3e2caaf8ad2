/** Subscriptions, and the outbox of what they are still to be told. */

import type { DisabledCode, EventType } from '@sallyport/core/delivery'
import { type Insertable, type Selectable, sql, type Updateable } from 'kysely'

import type { Db } from './postgres/database.ts'
import type { Database } from './schema.ts'

export type SubscriptionRow = Selectable<Database['subscription']>
export type DeliveryRow = Selectable<Database['delivery']>

export type SubscriptionOverview = SubscriptionRow & {
  readonly account_name: string | null
  readonly waiting: number
  readonly given_up: number
}

export async function insertSubscription(
  db: Db,
  subscription: Insertable<Database['subscription']>,
): Promise<void> {
  await db.insertInto('subscription').values(subscription).execute()
}

export async function changeSubscription(
  db: Db,
  id: string,
  change: Updateable<Database['subscription']>,
): Promise<void> {
  await db.updateTable('subscription').set(change).where('id', '=', id).execute()
}

/** Null when there is none, or it was deleted. */
export async function subscriptionById(db: Db, id: string): Promise<SubscriptionRow | null> {
  const row = await db
    .selectFrom('subscription')
    .selectAll()
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  return row ?? null
}

/** The broker's subscription, also when it is not configured any more. */
export async function brokerSubscription(db: Db): Promise<SubscriptionRow | null> {
  const row = await db
    .selectFrom('subscription')
    .selectAll()
    .where('kind', '=', 'mqtt')
    .where('deleted_at', 'is', null)
    .orderBy('created_at')
    .executeTakeFirst()
  return row ?? null
}

export async function listSubscriptions(db: Db): Promise<readonly SubscriptionOverview[]> {
  const { rows } = await sql<SubscriptionOverview>`
    select subscription.*, account.name as account_name,
      (select count(*)::int from delivery where subscription = subscription.id and state = 'waiting') as waiting,
      (select count(*)::int from delivery where subscription = subscription.id and state = 'given_up') as given_up
    from subscription left join account on account.id = subscription.account
    where deleted_at is null order by subscription.created_at, subscription.id`.execute(db)
  return rows
}

export async function countSubscriptions(db: Db): Promise<number> {
  const { count } = await db
    .selectFrom('subscription')
    .where('deleted_at', 'is', null)
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** Deletes a subscription with what waits for it; the row stays for the log's sake. */
export async function deleteSubscription(db: Db, id: string, at: Date): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await transaction
      .updateTable('subscription')
      .set({ deleted_at: at, disabled_at: at, disabled_code: 'by_person' })
      .where('id', '=', id)
      .execute()
    await transaction.deleteFrom('delivery').where('subscription', '=', id).execute()
  })
}

export type OutgoingEvent = {
  /** The same for every receiver and every attempt. */
  readonly event: string
  readonly subject: string
  readonly at: Date
}

/**
 * Puts events into the outbox of everybody who is told of their type. Call it in the transaction that
 * makes them true: then either both are stored or neither.
 */
export async function queueEvents(
  transaction: Db,
  type: EventType,
  events: readonly OutgoingEvent[],
): Promise<void> {
  if (events.length === 0) return
  await sql`
    insert into delivery (event, subscription, event_type, subject, at, state, next_at)
    select one.event, subscription.id, ${type}, one.subject, one.at, 'waiting', one.at
    from subscription, unnest(
      ${events.map(({ event }) => event)}::text[],
      ${events.map(({ subject }) => subject)}::uuid[],
      ${events.map(({ at }) => at.toISOString())}::timestamptz[]
    ) as one (event, subject, at)
    where subscription.disabled_at is null and subscription.deleted_at is null
      and ${type} = any(subscription.event_types)
    on conflict do nothing`.execute(transaction)
}

/**
 * Receivers that something can be sent to now. A crossing waits until the log has it: nothing is told
 * before it counts.
 */
export async function subscriptionsWithWork(
  db: Db,
  now: Date,
): Promise<readonly SubscriptionRow[]> {
  const { rows } = await sql<SubscriptionRow>`
    select * from subscription
    where disabled_at is null and deleted_at is null and (retry_at is null or retry_at <= ${now})
      and exists (select 1 from delivery where ${due(now)} and subscription = subscription.id)
    order by id`.execute(db)
  return rows
}

/**
 * Takes up to `count` due deliveries until `leaseUntil`: a hub that dies meanwhile loses none. None of
 * a receiver that was switched off or failed since it was looked at.
 */
export async function claimDeliveries(
  db: Db,
  subscription: string,
  {
    now,
    leaseUntil,
    count,
  }: { readonly now: Date; readonly leaseUntil: Date; readonly count: number },
): Promise<readonly DeliveryRow[]> {
  const { rows } = await sql<DeliveryRow>`
    update delivery set attempts = attempts + 1, next_at = ${leaseUntil}
    where subscription = ${subscription}
      and exists (select 1 from subscription as receiver where receiver.id = ${subscription}
        and disabled_at is null and deleted_at is null and (retry_at is null or retry_at <= ${now}))
      and event in (
      select event from delivery where subscription = ${subscription} and ${due(now)}
      order by next_at, at, event limit ${count} for update skip locked)
    returning *`.execute(db)
  return rows
}

function due(now: Date) {
  return sql`state = 'waiting' and next_at <= ${now} and (event_type <> 'crossing.recorded'
    or exists (select 1 from intake where intake.crossing = delivery.subject and log_index is not null))`
}

export async function noteDelivery(
  db: Db,
  { event, subscription }: Pick<DeliveryRow, 'event' | 'subscription'>,
  change: Updateable<Database['delivery']>,
): Promise<void> {
  await db
    .updateTable('delivery')
    .set(change)
    .where('event', '=', event)
    .where('subscription', '=', subscription)
    .execute()
}

export async function disableSubscription(
  db: Db,
  id: string,
  code: DisabledCode,
  at: Date,
): Promise<void> {
  await changeSubscription(db, id, { disabled_at: at, disabled_code: code })
}

/** Forgets what was settled before an instant. */
export async function sweepDeliveries(db: Db, before: Date): Promise<void> {
  await db
    .deleteFrom('delivery')
    .where('state', '<>', 'waiting')
    .where('settled_at', '<', before)
    .execute()
}
