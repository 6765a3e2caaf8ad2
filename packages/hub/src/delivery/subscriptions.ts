/** Setting up, changing and ending subscriptions. What begins or ends stands in the log first. */

import { randomBytes } from 'node:crypto'

import {
  decideSubscription,
  type EventType,
  type SubscriptionPurpose,
} from '@sallyport/core/delivery'
import type { Role } from '@sallyport/core/opening'
import { commit } from '@sallyport/proof/entry'
import {
  brokerSubscription,
  changeSubscription,
  countSubscriptions,
  deleteSubscription,
  disableSubscription,
  insertSubscription,
  type SubscriptionRow,
} from '@sallyport/store/deliveries'
import type { Db } from '@sallyport/store/postgres/database'

import { newId } from '../ids.ts'
import type { Journal } from '../journal.ts'
import { limits } from '../limits.ts'
import { type Problem, problem } from '../problems.ts'
import type { Deliveries } from './deliveries.ts'
import { findTarget, type Resolve } from './targets.ts'

type Context = {
  readonly db: Db
  readonly journal: Journal
  readonly now: () => Date
}

export type Wanted = {
  readonly name: string
  readonly purpose: SubscriptionPurpose
  readonly url: string
  readonly eventTypes: readonly EventType[]
  readonly plates: boolean
}

/** Sets up a webhook for somebody, or says why not. */
export async function startWebhook(
  wanted: Wanted,
  by: { readonly id: string; readonly roles: readonly Role[] },
  context: Context & { readonly deliveries: Deliveries; readonly resolve?: Resolve },
): Promise<{ readonly kind: 'started'; readonly id: string } | Problem> {
  const decision = decideSubscription({ ...wanted, roles: by.roles })
  if (decision.kind === 'refuse') return problem(decision.code, decision.detail)
  const target = await findTarget(wanted.url, context.deliveries.allowed, context.resolve)
  if (target.kind === 'refused') return problem('target_not_allowed', target.detail)
  if ((await countSubscriptions(context.db)) >= limits.subscriptionsMax)
    return problem(
      'too_many_subscriptions',
      `There are ${limits.subscriptionsMax} already. End one that nobody needs.`,
    )
  const id = newId()
  await start({ ...wanted, id, kind: 'webhook', account: by.id }, context)
  return { kind: 'started', id }
}

/** Makes the broker's subscription what the settings say; null ends it. */
export async function settleBroker(
  wanted: Omit<Wanted, 'name' | 'eventTypes'> | null,
  context: Context,
): Promise<void> {
  const { db, journal, now } = context
  const row = await brokerSubscription(db)
  const same =
    row !== null &&
    wanted !== null &&
    row.url === wanted.url &&
    row.purpose === wanted.purpose &&
    row.plates === wanted.plates
  if (same) {
    if (row.disabled_code === 'not_configured' || row.disabled_code === 'failing')
      await enable(row, context)
    return
  }
  if (row !== null) {
    await logEnd(row, 'settings', { journal, now })
    // Another broker, or the same for another purpose, gets nothing that was meant for the first.
    await deleteSubscription(db, row.id, now())
  }
  if (wanted === null) return
  const eventTypes: readonly EventType[] = ['crossing.recorded', 'alarm.raised']
  await start(
    { ...wanted, name: 'MQTT broker', eventTypes, id: newId(), kind: 'mqtt', account: null },
    context,
  )
}

async function start(
  wanted: Wanted & {
    readonly id: string
    readonly kind: SubscriptionRow['kind']
    readonly account: string | null
  },
  { db, journal, now }: Context,
): Promise<void> {
  const at = now()
  const salt = randomBytes(16)
  const index = await journal.append({
    v: 1,
    at: at.toISOString(),
    kind: 'subscription_started',
    subscription: wanted.id,
    purpose: wanted.purpose,
    plates: wanted.plates ? 'with_plates' : 'without_plates',
    by: commit(salt, wanted.account ?? 'settings'),
  })
  await insertSubscription(db, {
    id: wanted.id,
    kind: wanted.kind,
    account: wanted.account,
    name: wanted.name,
    purpose: wanted.purpose,
    url: wanted.url,
    event_types: [...wanted.eventTypes],
    plates: wanted.plates,
    created_at: at,
    previous_until: null,
    failing_since: null,
    retry_at: null,
    last_success_at: null,
    last_failure: null,
    disabled_at: null,
    disabled_code: null,
    deleted_at: null,
    commitment_salt: salt,
    log_index: index,
  })
}

/** From now on a new secret signs; the old one signs too for a while. */
export async function rotateSecret(row: SubscriptionRow, { db, now }: Context): Promise<Date> {
  const until = new Date(now().getTime() + limits.previousSecretHours * 3_600_000)
  await changeSubscription(db, row.id, { generation: row.generation + 1, previous_until: until })
  return until
}

export async function disable(row: SubscriptionRow, { db, now }: Context): Promise<void> {
  await disableSubscription(db, row.id, 'by_person', now())
}

/** Switches it on again, as if it had never failed; what waited goes out. */
export async function enable(row: SubscriptionRow, { db }: Context): Promise<void> {
  await changeSubscription(db, row.id, {
    disabled_at: null,
    disabled_code: null,
    failures: 0,
    failing_since: null,
    retry_at: null,
  })
}

export async function endSubscription(
  row: SubscriptionRow,
  account: string,
  context: Context,
): Promise<void> {
  await logEnd(row, account, context)
  await deleteSubscription(context.db, row.id, context.now())
}

async function logEnd(
  row: SubscriptionRow,
  by: string,
  { journal, now }: Pick<Context, 'journal' | 'now'>,
): Promise<void> {
  await journal.append({
    v: 1,
    at: now().toISOString(),
    kind: 'subscription_ended',
    subscription: row.id,
    purpose: row.purpose,
    plates: row.plates ? 'with_plates' : 'without_plates',
    by: commit(randomBytes(16), by),
  })
}
