/** Whether what people said at the window is what the log says, and crossings stand where it says. */

import { windowState } from '@sallyport/core/window/window'
import { commit, type LogEntry } from '@sallyport/proof/entry'
import { committedLaneVerdict } from '@sallyport/proof/lane-verdict'
import {
  committedHandover,
  committedStep,
  type HandoverEntry,
  type LaneVerdictEntry,
  type WindowStepEntry,
} from '@sallyport/proof/window-entry'

import type { Db } from './postgres/database.ts'
import { idsOf } from './window/handovers.ts'
import { asStep, standingColumns } from './window/steps.ts'

type SaidEntry = WindowStepEntry | LaneVerdictEntry | HandoverEntry

/** By step or hand-over; what a failure had appended twice has two. */
export type LoggedSteps = Map<string, { readonly index: number; readonly entry: SaidEntry }[]>

type StepRow = Parameters<typeof asStep>[0]

type Add = (
  code: 'window_step_not_in_log' | 'window_step_differs' | 'window_standing_differs',
  about: string,
  detail: string,
) => void

/** Remembers an entry of the log when it is a step at the window, or about a hand-over. */
export function noteLoggedStep(logged: LoggedSteps, entry: LogEntry, index: number): void {
  const note = (id: string, said: SaidEntry): void =>
    void logged.set(id, [...(logged.get(id) ?? []), { index, entry: said }])
  if (entry.kind === 'window_step') note(entry.step, entry)
  else if (entry.kind === 'lane_verdict') note(entry.verdict, entry)
  else if (entry.kind === 'handover') note(entry.handover, entry)
}

/**
 * Compares each row with its entry, and each standing with its rows. An entry without a row is no
 * finding: what was said of a crossing goes with it when its time is over.
 */
export async function checkWindow(
  db: Db,
  logged: LoggedSteps,
  add: Add,
): Promise<{ readonly windowSteps: number }> {
  const rows = await db
    .selectFrom('window_step')
    .selectAll()
    .where('state', '=', 'logged')
    .orderBy('crossing')
    .orderBy('place')
    .execute()
  for (const row of rows) {
    const found = logged.get(row.id)?.find(({ index }) => index === row.log_index)
    if (found === undefined) {
      add(
        'window_step_not_in_log',
        row.id,
        `The row says entry ${row.log_index ?? '?'}; the log does not.`,
      )
      continue
    }
    if (!isStepOf(found.entry, row))
      add('window_step_differs', row.id, `The row was changed since entry ${row.log_index ?? '?'}.`)
  }
  await checkLaneVerdicts(db, rows, logged, add)
  await checkStandings(db, rows, add)
  await checkHandovers(db, logged, add)
  return { windowSteps: rows.length }
}

function isStepOf(entry: SaidEntry, row: StepRow): boolean {
  if (
    entry.kind === 'handover' ||
    entry.crossing !== row.crossing ||
    entry.place !== row.place ||
    entry.says !== row.kind
  )
    return false
  if (row.account === null || row.by_salt === null || row.terms_salt === null)
    // What it says is compared with the verdict that it came from.
    return entry.kind === 'lane_verdict'
  return (
    entry.kind === 'window_step' &&
    entry.terms === commit(row.terms_salt, committedStep(row)) &&
    entry.by === commit(row.by_salt, row.account)
  )
}

/** Compares what lanes said with its entries, and with the steps that it became. */
async function checkLaneVerdicts(
  db: Db,
  steps: readonly StepRow[],
  logged: LoggedSteps,
  add: Add,
): Promise<void> {
  const rows = await db
    .selectFrom('lane_verdict')
    .selectAll()
    .where('log_index', 'is not', null)
    .execute()
  const ofLanes = new Map(steps.flatMap((row) => (row.account === null ? [[row.id, row]] : [])))
  for (const row of rows) {
    const found = logged.get(row.id)?.find(({ index }) => index === row.log_index)
    if (found?.entry.kind !== 'lane_verdict') {
      add(
        'window_step_not_in_log',
        row.id,
        `The row of a lane’s verdict says entry ${row.log_index ?? '?'}; the log does not.`,
      )
      continue
    }
    const { entry } = found
    const { kind: says, code, note, stated_name: name } = row
    const step = ofLanes.get(row.id)
    ofLanes.delete(row.id)
    const same =
      entry.crossing === row.crossing &&
      entry.device === row.device &&
      entry.place === (row.place ?? 0) &&
      entry.says === says &&
      entry.terms === commit(row.salt, committedLaneVerdict({ says, code, note, name })) &&
      (row.place === null
        ? step === undefined
        : step?.code === code && step.note === note && step.at.getTime() === row.given_at.getTime())
    if (!same)
      add('window_step_differs', row.id, `The row was changed since entry ${row.log_index ?? '?'}.`)
  }
  for (const id of ofLanes.keys())
    add('window_step_differs', id, 'It is nobody’s account’s, and no lane said it.')
}

async function checkHandovers(db: Db, logged: LoggedSteps, add: Add): Promise<void> {
  const rows = await db
    .selectFrom('handover_act')
    .innerJoin('handover', 'handover.id', 'handover_act.handover')
    .selectAll()
    .where('handover_act.log_index', 'is not', null)
    .execute()
  for (const row of rows) {
    const found = logged.get(row.handover)?.find(({ index }) => index === row.log_index)
    if (found?.entry.kind !== 'handover') {
      add(
        'window_step_not_in_log',
        row.handover,
        `A hand-over says entry ${row.log_index ?? '?'}; the log does not.`,
      )
      continue
    }
    const { entry } = found
    const same =
      entry.says === row.act &&
      entry.terms ===
        commit(row.terms_salt, committedHandover({ ...row, referrals: idsOf(row.referrals) })) &&
      entry.by === commit(row.salt, row.account)
    if (!same)
      add(
        'window_step_differs',
        row.handover,
        `It was changed since entry ${row.log_index ?? '?'}.`,
      )
  }
}

async function checkStandings(db: Db, rows: readonly StepRow[], add: Add): Promise<void> {
  const steps = new Map<string, StepRow[]>()
  for (const row of rows) steps.set(row.crossing, [...(steps.get(row.crossing) ?? []), row])
  for (const row of await db.selectFrom('window_standing').selectAll().execute()) {
    const own = steps.get(row.crossing)
    if (own === undefined) {
      add('window_standing_differs', row.crossing, 'Nobody said anything of this crossing.')
      continue
    }
    const { standing, place, verdict_at, opted_out_at } = standingColumns(
      windowState(own.map(asStep)),
    )
    const same =
      row.standing === standing &&
      row.place === place &&
      row.verdict_at?.getTime() === verdict_at?.getTime() &&
      row.opted_out_at?.getTime() === opted_out_at?.getTime()
    if (!same)
      add('window_standing_differs', row.crossing, 'It does not stand where its steps say.')
  }
}
