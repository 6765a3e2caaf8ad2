/**
 * Shredding what is due, key by key: claim the rows, log that it is asked for, put what stays under
 * other keys, destroy the key, erase the rows, and log that it is effective once every holder of the
 * keystore has confirmed. Each step is noted and can be done again, so a crash between any two of
 * them is finished by the next run.
 */

import { randomBytes } from 'node:crypto'

import { commit } from '@sallyport/proof/entry'
import { committedBodies } from '@sallyport/proof/retention-entry'
import { isContained } from '@sallyport/store/incidents/containment'
import type { DueAsk } from '@sallyport/store/retention/due'
import { eraseRows } from '@sallyport/store/retention/erase'
import { forgetPlatesOfEnded } from '@sallyport/store/retention/holds'
import { policyInForce } from '@sallyport/store/retention/policies'
import {
  claimDue,
  claimForgotten,
  type DueKek,
  dropShredding,
  dueKeks,
  forgottenKeks,
  isAnyHeld,
  moveSurvivors,
  noteShredding,
  noteStopped,
  openShreddings,
  shreddingById,
  type ShreddingAsk,
  type ShreddingRow,
  survivorsUnder,
} from '@sallyport/store/retention/shreddings'

import { newId } from '../ids.ts'
import type { Intake } from '../intake/intake.ts'
import type { KekDesk } from '../keystore/kek-desk.ts'
import { limits } from '../limits.ts'
import { reportWords } from '../report-words.ts'
import type { Turn } from '../turns.ts'
import type { RetentionContext } from './policies.ts'

export type ShreddingContext = RetentionContext & {
  readonly keks: KekDesk
  readonly intake: Pick<Intake, 'paused'>
  /** Told when reads are gone: what others made of them is to be made again. */
  readonly readsErased: () => void
}

/** Shreds everything that is due, until `isOver`. Answers how many shreddings were asked for. */
export async function shredDue(
  context: ShreddingContext,
  inTurn: Turn,
  isOver: () => boolean,
): Promise<number> {
  await inTurn(() => forgetPlatesOfEnded(context.db, context.now()))
  await finishOpen(context, inTurn)
  let asked = await shredForgotten(context, inTurn, isOver)
  for (;;) {
    const found = await askOf(context)
    if (found === null) return asked
    const keks = await dueKeks(context.db, found.ask, limits.keksAtOnce)
    let done = 0
    for (const due of keks) {
      if (isOver()) return asked
      // Each key is a turn of its own: a hold that is approved meanwhile holds from the next one on.
      done += await inTurn(() => shredUnder(due, context))
    }
    asked += done
    // Nothing done in a whole look: what is left waits for its holds, or for the next run.
    if (done === 0 || keks.length < limits.keksAtOnce) return asked
  }
}

/** By what is judged now; null where no policy is chosen, or an incident has frozen it. */
async function askOf({ db, now, port }: ShreddingContext) {
  if (await isContained(db, 'retention_frozen')) return null
  const row = await policyInForce(db)
  if (row === null) return null
  const ask: DueAsk = { policy: row.policy, now: now(), zone: port.zone }
  return { policy: row.id, ask }
}

/** Shreds pictures of faces that were forgotten; an incident that freezes retention freezes this, too. */
async function shredForgotten(
  context: ShreddingContext,
  inTurn: Turn,
  isOver: () => boolean,
): Promise<number> {
  const { db, now, port } = context
  let asked = 0
  for (const due of await forgottenKeks(db, { now: now(), zone: port.zone }, limits.keksAtOnce)) {
    if (isOver() || (await isContained(db, 'retention_frozen'))) return asked
    asked += await inTurn(() =>
      shredClaimed(due, null, context, (ask) =>
        claimForgotten(db, ask, { now: now(), zone: port.zone }),
      ),
    )
  }
  return asked
}

/** Takes up what a crash or a failure left, and asks holders again. */
export async function finishOpen(context: ShreddingContext, inTurn: Turn): Promise<void> {
  await context.keks.upkeep()
  for (const { id } of await openShreddings(context.db))
    await inTurn(async () => {
      const row = await shreddingById(context.db, id)
      if (row !== null) await goOn(row, context)
    }).catch((error: unknown) =>
      context.report(`retention: a shredding waits for the next run: ${reportWords(error)}`),
    )
}

/** Answers 1 when a shredding was asked for, 0 when nothing was due under the key any more. */
async function shredUnder(due: DueKek, context: ShreddingContext): Promise<0 | 1> {
  // Again, within the turn: a policy or a hold may have come since the look.
  const found = await askOf(context)
  if (found === null) return 0
  const { policy, ask } = found
  return shredClaimed(due, policy, context, (claimed) => claimDue(context.db, claimed, ask))
}

/** Claims, asks in the log and goes on; 0 when there was nothing to claim. */
async function shredClaimed(
  due: DueKek,
  policy: string | null,
  context: ShreddingContext,
  claim: (shredding: ShreddingAsk) => Promise<readonly string[]>,
): Promise<0 | 1> {
  const { db, journal } = context
  const id = newId()
  const salt = randomBytes(16)
  const at = context.now()
  const captures = await claim({
    id,
    policy,
    class: due.class,
    day: due.day,
    kek: due.kek,
    requested_at: at,
    log_from: journal.size(),
    what_salt: salt,
  })
  if (captures.length === 0) return 0
  const logIndex = await journal.append({
    v: 1,
    at: at.toISOString(),
    kind: 'shred_requested',
    shredding: id,
    ...(policy === null ? {} : { policy }),
    class: due.class,
    day: due.day,
    bodies: captures.length,
    what: commit(salt, committedBodies(captures)),
  })
  await noteShredding(db, id, { log_index: logIndex })
  const row = await shreddingById(db, id)
  if (row !== null) await goOn(row, context)
  return 1
}

/** Does the next steps of a shredding, as far as they go now. */
async function goOn(row: ShreddingRow, context: ShreddingContext): Promise<void> {
  const { db, keks } = context
  const asked = row.log_index === null ? await settle(row, context) : row
  if (asked === null) return
  if (asked.keys_destroyed_at === null) {
    const ask = { now: context.now(), zone: context.port.zone }
    // Only after a failure: a hold was approved since, and nothing was destroyed yet.
    if (keks.keystore.stateOf(asked.kek) === 'present' && (await isAnyHeld(db, asked.id, ask)))
      return stop(asked, context)
    await rewrapSurvivors(asked, context)
    await context.intake.paused(async () => {
      // What came in since; after the destruction, bundles that were sealed under this key are refused.
      await rewrapSurvivors(asked, context)
      await keks.destroy([asked.kek])
    })
    await noteShredding(db, asked.id, { keys_destroyed_at: context.now() })
  }
  if (asked.rows_erased_at === null) {
    await eraseRows(db, asked, context.now())
    if (asked.class === 'reads') context.readsErased()
  }
  if (keks.keystore.stateOf(asked.kek) === 'gone') await logEffective(asked, context)
}

/** A request that a failure left between row and log: the log decides. */
async function settle(
  row: ShreddingRow,
  { db, journal }: ShreddingContext,
): Promise<ShreddingRow | null> {
  await journal.settle()
  const logIndex = await journal.find(
    (entry) => entry.kind === 'shred_requested' && entry.shredding === row.id,
    row.log_from,
  )
  if (logIndex === null) {
    await dropShredding(db, row.id)
    return null
  }
  await noteShredding(db, row.id, { log_index: logIndex })
  return { ...row, log_index: logIndex }
}

async function stop(row: ShreddingRow, { db, journal, now }: ShreddingContext): Promise<void> {
  const at = now()
  const logIndex = await journal.append({
    v: 1,
    at: at.toISOString(),
    kind: 'shred_stopped',
    shredding: row.id,
  })
  await noteStopped(db, row.id, { at, logIndex })
}

/** What is under the key and stays goes under another: one for what is not due, one for what is held. */
async function rewrapSurvivors(row: ShreddingRow, context: ShreddingContext): Promise<void> {
  const { db, keks, port } = context
  const ask = { now: context.now(), zone: port.zone }
  const fresh = { kept_kek: row.kept_kek, held_kek: row.held_kek }
  for (;;) {
    const survivors = await survivorsUnder(db, row.kek, ask, limits.rewrapAtOnce)
    if (survivors.length === 0) return
    const moved = []
    for (const survivor of survivors) {
      const which = survivor.held ? 'held_kek' : 'kept_kek'
      const kek = (fresh[which] ??= await freshKek(which))
      const header = keks.rewrap(survivor.header, row.kek, kek)
      if (header === null)
        context.report(`retention: capture ${survivor.id} did not open before its key was replaced`)
      moved.push({
        id: survivor.id,
        receivedAt: survivor.received_at,
        kek,
        header: header ?? survivor.header,
      })
    }
    await moveSurvivors(db, moved)
  }

  async function freshKek(which: 'kept_kek' | 'held_kek'): Promise<string> {
    const use = which === 'held_kek' ? 'hold' : 'day'
    const { class: name, day } = row
    const kek = await keks.freshKek({ class: name, day, port: port.id, use })
    await noteShredding(db, row.id, { [which]: kek })
    return kek
  }
}

async function logEffective(
  row: ShreddingRow,
  { db, journal, now }: ShreddingContext,
): Promise<void> {
  const at = now()
  const found =
    row.keys_destroyed_at === null
      ? null
      : await journal.find(
          (entry) => entry.kind === 'shred_effective' && entry.shredding === row.id,
          row.log_from,
        )
  const logIndex =
    found ??
    (await journal.append({
      v: 1,
      at: at.toISOString(),
      kind: 'shred_effective',
      shredding: row.id,
    }))
  await noteShredding(db, row.id, { effective_at: at, effective_log_index: logIndex })
}
