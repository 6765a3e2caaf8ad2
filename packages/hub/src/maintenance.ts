/** Work at lanes: orders, who lets them begin, and the signed word that a lane follows. Log first, then act. */

import { randomBytes } from 'node:crypto'

import {
  decideBeginning,
  decideEnding,
  isOverrun,
  type MaintenanceDecision,
  windowProblem,
} from '@sallyport/core/maintenance'
import { commit } from '@sallyport/proof/entry'
import { encodeDutyOrder, signDutyOrder } from '@sallyport/proof/maintenance-order'
import { sign } from '@sallyport/proof/node/ed25519'
import { maintenanceBegan } from '@sallyport/store/device-events'
import { affiliationOf, listParties } from '@sallyport/store/grants/parties'
import { supervisionOf } from '@sallyport/store/grants/supervision'
import { lanesWithDevices } from '@sallyport/store/lanes'
import {
  capturesSince,
  insertMaintenance,
  maintenanceById,
  maintenanceTerms,
  type MaintenanceRow,
  maintenanceUnderWay,
  noteOverrun,
  noteTurned,
} from '@sallyport/store/maintenance'
import type { Db } from '@sallyport/store/postgres/database'

import type { Alarms } from './alarms.ts'
import { newId } from './ids.ts'
import type { Journal } from './journal.ts'
import type { HubKeys } from './keys.ts'
import { type Problem, problem } from './problems.ts'

type Context = {
  readonly db: Db
  readonly journal: Journal
  readonly alarms: Alarms
  readonly keys: Pick<HubKeys, 'agency'>
  readonly now: () => Date
}

export type NewOrder = {
  readonly lane: string
  readonly number: string
  readonly technician: string
  readonly party: string
  readonly from: Date
  readonly until: Date
}

/** Writes a work order. Nothing changes at the lane until a second person lets it begin. */
export async function orderMaintenance(
  asked: NewOrder,
  by: string,
  { db, journal, now }: Context,
): Promise<{ readonly kind: 'ordered'; readonly id: string } | Problem> {
  const wrong = windowProblem(asked.from, asked.until, now())
  if (wrong !== null) return problem('malformed_request', wrong)
  const device = (await lanesWithDevices(db, [asked.lane]))[0]?.device ?? null
  if (device === null || device.revoked_at !== null)
    return problem('not_found', 'There is no such lane, or no device is enrolled at it.')
  if (!(await listParties(db)).some(({ id }) => id === asked.party))
    return problem('not_found', `There is no party "${asked.party}".`)
  const row = {
    id: newId(),
    lane: asked.lane,
    device: device.id,
    number: asked.number,
    technician: asked.technician,
    party: asked.party,
    starts_at: asked.from,
    ends_at: asked.until,
    made_at: now(),
    made_by: by,
    terms_salt: randomBytes(16),
    by_salt: randomBytes(16),
  }
  const logIndex = await journal.append({
    v: 1,
    at: row.made_at.toISOString(),
    kind: 'maintenance_ordered',
    order: row.id,
    device: device.id,
    terms: commit(row.terms_salt, maintenanceTerms(row)),
    by: commit(row.by_salt, by),
  })
  await insertMaintenance(db, {
    ...row,
    log_index: logIndex,
    ...{ begun_at: null, begun_by: null, begun_salt: null, begun_log_index: null },
    ...{ over_at: null, over_by: null, over_salt: null, over_log_index: null, overrun_at: null },
  })
  return { kind: 'ordered', id: row.id }
}

type Turned = { readonly kind: 'turned' } | Problem

/** A second person lets the work begin: the lane is told at its next question. Called one at a time. */
export async function beginMaintenance(
  { id, watching }: { readonly id: string; readonly watching: boolean },
  by: string,
  context: Context,
): Promise<Turned> {
  const { db, now } = context
  const row = await maintenanceById(db, id)
  if (row === null) return problem('not_found', 'There is no such work order.')
  const [maker, beginner] = [await affiliationOf(db, row.made_by), await affiliationOf(db, by)]
  const supervised = (await supervisionOf(db, row.party)) !== null
  const beside = { supervised, watching, sameUnit: maker?.unit === beginner?.unit }
  const refusal = refusalOf(decideBeginning(decidable(row), by, beside, now()))
  if (refusal !== null) return refusal
  if ((await maintenanceUnderWay(db, row.device)).length > 0)
    return problem('maintenance_not_now', 'Other work is under way at this lane. End it first.')
  const { at, salt, logIndex } = await logTurn('maintenance_begun', id, by, context, watching)
  const begun = {
    watched: watching,
    begun_at: at,
    begun_by: by,
    begun_salt: salt,
    begun_log_index: logIndex,
  }
  await noteTurned(db, id, begun)
  return { kind: 'turned' }
}

/** The lane goes back into service at its next question. Called one at a time. */
export async function endMaintenance(
  { id }: { readonly id: string },
  by: string,
  context: Context,
): Promise<Turned> {
  const row = await maintenanceById(context.db, id)
  if (row === null) return problem('not_found', 'There is no such work order.')
  const refusal = refusalOf(decideEnding(decidable(row)))
  if (refusal !== null) return refusal
  const { at, salt, logIndex } = await logTurn('maintenance_over', id, by, context)
  const over = { over_at: at, over_by: by, over_salt: salt, over_log_index: logIndex }
  await noteTurned(context.db, id, over)
  return { kind: 'turned' }
}

async function logTurn(
  kind: 'maintenance_begun' | 'maintenance_over',
  order: string,
  by: string,
  { journal, now }: Context,
  watched = false,
): Promise<{ readonly at: Date; readonly salt: Buffer; readonly logIndex: number }> {
  const at = now()
  const salt = randomBytes(16)
  const head = { v: 1, at: at.toISOString(), order, by: commit(salt, by) } as const
  const logIndex = await journal.append(
    watched ? { ...head, kind: 'maintenance_begun', watch: 'beside' } : { ...head, kind },
  )
  return { at, salt, logIndex }
}

function refusalOf(decision: MaintenanceDecision): Problem | null {
  return decision.kind === 'allow' ? null : problem(decision.code, decision.detail)
}

function decidable(row: MaintenanceRow) {
  return {
    madeBy: row.made_by,
    from: row.starts_at,
    until: row.ends_at,
    begunAt: row.begun_at,
    endedAt: row.over_at,
  }
}

/** What a device is told: whether it is in service, under the agency's signature. */
export async function dutyOf(
  device: string,
  { db, keys, now }: Context,
): Promise<{ readonly document: Uint8Array; readonly signature: Uint8Array }> {
  const [under] = await maintenanceUnderWay(db, device)
  const told = { version: 1, device, issued_at: now().toISOString() } as const
  const document = encodeDutyOrder(
    under === undefined
      ? { kind: 'service', ...told }
      : { kind: 'maintenance', ...told, order: under.id },
  )
  return { document, signature: signDutyOrder(keys.agency.seed, document, sign) }
}

/** What is being sealed when the word comes is finished. */
const graceMs = 5_000

/**
 * Looks at the work under way: past its time, or a lane that takes pictures all the same. `before`
 * remembers between looks what was told.
 */
export async function watchMaintenance(
  { db, alarms, now }: Context,
  before: Map<string, string>,
): Promise<void> {
  for (const row of await maintenanceUnderWay(db)) {
    const origin = { device: row.device, lane: row.lane }
    if (row.overrun_at === null && isOverrun(decidable(row), now())) {
      const until = row.ends_at.toISOString()
      await alarms.raise(
        'maintenance_overrun',
        origin,
        `Work order ${row.number} was to end at ${until}; the lane takes no pictures until it is ended.`,
      )
      await noteOverrun(db, row.id, now())
    }
    const began = await maintenanceBegan(db, row.device, row.begun_at ?? row.made_at)
    if (began === null) continue
    const since = new Date(began.getTime() + graceMs)
    const taken = String(await capturesSince(db, row.device, since))
    if (taken !== '0' && before.get(row.id) !== taken)
      await alarms.raise(
        'capture_in_maintenance',
        origin,
        `${taken} crossings were captured after the lane said that it is in maintenance.`,
      )
    before.set(row.id, taken)
  }
}
