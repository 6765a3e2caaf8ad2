/**
 * Takes what was said at lanes while this hub was out of reach: a step where nobody has decided here
 * meanwhile, else kept beside the steps. Rows, log, and only then the lane may let go of it.
 */

import { createHash } from 'node:crypto'

import { openingLimits } from '@sallyport/core/opening'
import { decideLaneVerdict } from '@sallyport/core/window/lane-verdict'
import type { LogEntry } from '@sallyport/proof/entry'
import { onShiftAt } from '@sallyport/store/accounts'
import { crossingById, type CrossingRow } from '@sallyport/store/crossings'
import {
  dropConflict,
  insertLaneVerdict,
  laneVerdictById,
  type LaneVerdictRow,
  noteConflictLogged,
  pendingConflicts,
} from '@sallyport/store/window/lane-verdicts'
import { asStep, noteStepLogged, windowSteps } from '@sallyport/store/window/steps'

import { type Problem, problem } from '../problems.ts'
import { reportWords } from '../report-words.ts'
import type { CheckedLaneVerdict } from './check-lane-verdict.ts'
import type { WindowContext } from './window.ts'

export type TakenLaneVerdict = {
  readonly kind: 'taken'
  readonly verdict: string
  /** Among the crossing's steps; null: it came after people had decided here. */
  readonly place: number | null
  readonly logIndex: number
  readonly isNew: boolean
}

export type LaneVerdicts = {
  /** Keeps a verdict; sent again it is answered as before. */
  take(checked: CheckedLaneVerdict): Promise<TakenLaneVerdict | Problem>
  /** Finishes what was left of those that did not become a step. */
  recover(): Promise<void>
}

/** So often a place may be taken by somebody else meanwhile, before the lane is asked to come again. */
const tries = 3

type Shared = {
  /** Steps between row and log at this moment. */
  readonly underWay: Set<string>
  readonly settleLeftOver: (crossing: string) => Promise<void>
  readonly forget: (crossing: string) => Promise<void>
}

export function createLaneVerdicts(context: WindowContext, shared: Shared): LaneVerdicts {
  const { db, journal, alarms, events, now, report } = context
  const { underWay } = shared

  async function take(checked: CheckedLaneVerdict): Promise<TakenLaneVerdict | Problem> {
    const { verdict } = checked.statement
    if (underWay.has(verdict)) return busy
    underWay.add(verdict)
    try {
      return await takeOnce(checked)
    } finally {
      underWay.delete(verdict)
    }
  }

  async function takeOnce(checked: CheckedLaneVerdict): Promise<TakenLaneVerdict | Problem> {
    const { statement } = checked
    const before = await known(statement.verdict)
    if (before !== null)
      return before.statement.equals(checked.statementBytes) && before.log_index !== null
        ? takenOf(before, before.log_index, false)
        : problem('already_exists', 'Another verdict has this id.')
    const found = await crossingById(db, statement.crossing)
    if (found === null || found.crossing.log_index === null)
      return problem('not_found', 'There is no such crossing. Deliver it first.')
    const { crossing } = found
    if (crossing.device !== statement.device)
      return problem('wrong_lane', 'Another device recorded this crossing.')
    await shared.settleLeftOver(crossing.id)
    const onShift = await onShiftAt(db, {
      lane: crossing.lane,
      at: new Date(statement.given_at),
      hoursMax: openingLimits.shiftHoursMax,
    })
    for (let attempt = 0; attempt < tries; attempt += 1) {
      const steps = (await windowSteps(db, [crossing.id])).map(asStep)
      const decision = decideLaneVerdict(checked.said, steps)
      const place = decision.kind === 'step' ? decision.place : null
      const row = rowOf(checked, crossing, { place, onShift })
      if (await insertLaneVerdict(db, row, checked.said)) return record(row, checked, crossing)
    }
    return busy
  }

  /** The row of before, once the log has said whether it counts. */
  async function known(verdict: string): Promise<LaneVerdictRow | null> {
    const row = await laneVerdictById(db, verdict)
    if (row === null || row.log_index !== null) return row
    underWay.delete(verdict)
    if (row.place === null) await settleConflict(row)
    else await shared.settleLeftOver(row.crossing)
    underWay.add(verdict)
    return laneVerdictById(db, verdict)
  }

  function rowOf(
    { statement, statementBytes, signature, salt, said, note, name }: CheckedLaneVerdict,
    crossing: CrossingRow,
    { place, onShift }: { readonly place: number | null; readonly onShift: readonly string[] },
  ): LaneVerdictRow {
    return {
      id: statement.verdict,
      device: statement.device,
      crossing: crossing.id,
      received_at: crossing.received_at,
      kind: said.kind,
      code: said.kind === 'referred' ? said.reason : null,
      note,
      stated_name: name,
      on_shift: [...onShift],
      given_at: new Date(statement.given_at),
      arrived_at: now(),
      statement: statementBytes,
      signature,
      salt,
      place,
      log_from: journal.size(),
      log_index: null,
    }
  }

  async function record(
    row: LaneVerdictRow,
    { statement, said }: CheckedLaneVerdict,
    crossing: CrossingRow,
  ): Promise<TakenLaneVerdict | Problem> {
    let logIndex: number
    try {
      logIndex = await journal.append(entryOf(row, statement.terms))
    } catch (error) {
      // The rows stay as they are: what was rejected may turn up in the log after all.
      report(`window: the log did not take the entry: ${reportWords(error)}`)
      return problem('log_unavailable', 'The log cannot be written. Keep it and send it again.')
    }
    if (row.place === null) {
      await noteConflictLogged(db, row.id, logIndex)
      await alarms.raise(
        'lane_verdict_conflict',
        { device: row.device, lane: crossing.lane },
        `Crossing ${crossing.id}: said at the lane: ${row.kind}.`,
      )
    } else {
      await noteStepLogged(db, row, logIndex)
      if (said.kind === 'opted_out') await shared.forget(crossing.id)
    }
    events.publish('window', { crossing: crossing.id, lane: crossing.lane })
    context.decided(crossing.id)
    return takenOf(row, logIndex, true)
  }

  async function settleConflict(row: LaneVerdictRow): Promise<void> {
    await journal.settle()
    const logIndex = await journal.find(
      (entry) => entry.kind === 'lane_verdict' && entry.verdict === row.id,
      row.log_from,
    )
    if (logIndex === null) await dropConflict(db, row.id)
    else await noteConflictLogged(db, row.id, logIndex)
  }

  return {
    take,
    async recover() {
      for (const row of await pendingConflicts(db))
        if (!underWay.has(row.id)) await settleConflict(row)
    },
  }
}

const busy = problem('busy', 'Somebody decides on this crossing at this moment. Send it again.')

function takenOf(
  { id, place }: LaneVerdictRow,
  logIndex: number,
  isNew: boolean,
): TakenLaneVerdict {
  return { kind: 'taken', verdict: id, place, logIndex, isNew }
}

function entryOf(row: LaneVerdictRow, terms: string): LogEntry {
  return {
    v: 1,
    at: row.arrived_at.toISOString(),
    kind: 'lane_verdict',
    verdict: row.id,
    crossing: row.crossing,
    device: row.device,
    place: row.place ?? 0,
    says: row.kind,
    terms,
    statement_sha256: createHash('sha256').update(row.statement).digest('hex'),
  }
}
