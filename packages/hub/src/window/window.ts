/**
 * What people say of crossings at the window and in secondary: decide, write the row that holds the
 * place, log, and only then let it count. What a crash leaves between is settled by what the log says.
 */

import { randomBytes } from 'node:crypto'

import type { Role } from '@sallyport/core/opening'
import { decideStep } from '@sallyport/core/window/decide-step'
import { type Said, type StepRefusal, windowState } from '@sallyport/core/window/window'
import { commit, type LogEntry } from '@sallyport/proof/entry'
import { committedStep } from '@sallyport/proof/window-entry'
import { shiftOf } from '@sallyport/store/accounts'
import { crossingById } from '@sallyport/store/crossings'
import type { Db } from '@sallyport/store/postgres/database'
import {
  asStep,
  columnsOf,
  insertWindowStep,
  noteForgotten,
  noteStepFailed,
  noteStepLogged,
  pendingStepOf,
  pendingWindowSteps,
  unforgottenOptOuts,
  windowSteps,
  type WindowStepRow,
} from '@sallyport/store/window/steps'

import type { Alarms } from '../alarms.ts'
import type { Events } from '../events.ts'
import { newId } from '../ids.ts'
import type { Journal } from '../journal.ts'
import { type Problem, type ProblemCode, problem } from '../problems.ts'
import { reportWords } from '../report-words.ts'
import { createLaneVerdicts, type LaneVerdicts } from './lane-verdicts.ts'

/** What the window needs of whoever compares faces. */
export type FacesAtWindow = {
  /** Drops what was taken of the faces of a crossing; done again it changes nothing. */
  forget(crossing: string): Promise<void>
  /** Whether a face of it was searched among many. */
  searchedAmongMany(crossing: string): Promise<boolean>
}

export type WindowContext = {
  readonly db: Db
  readonly journal: Journal
  readonly events: Events
  readonly alarms: Alarms
  readonly faces: FacesAtWindow
  /** What people say of a crossing changed. */
  readonly decided: (crossing: string) => void
  readonly now: () => Date
  readonly report: (message: string) => void
}

export type StepAsk = {
  readonly crossing: string
  readonly account: { readonly id: string; readonly roles: readonly Role[] }
  readonly said: Said
  readonly note: string | null
  /** The place of the newest step that the person saw; 0: none. */
  readonly seen: number
}

export type GivenStep = { readonly kind: 'given'; readonly step: string; readonly logIndex: number }

export type Window = {
  /** Records one step by name, or says why not. */
  give(ask: StepAsk): Promise<GivenStep | Problem>
  /** What was said at lanes while the hub was out of reach. */
  readonly ofLanes: Pick<LaneVerdicts, 'take'>
  /** Finishes what was left between row and log, and between an opt-out and its forgetting. */
  recover(): Promise<void>
}

const codes: Readonly<Record<StepRefusal, ProblemCode>> = {
  window_conflict: 'window_conflict',
  verdict_of_another: 'verdict_of_another',
  role_missing: 'role_missing',
  no_shift: 'no_shift',
  other_lane: 'other_lane',
  outside_shift: 'outside_shift',
  undo_over: 'undo_over',
  look_first: 'look_first',
  needs_second_person: 'needs_second_person',
}

export function createWindow(context: WindowContext): Window {
  const { db, journal, faces, now, report } = context
  const underWay = new Set<string>()

  async function give(ask: StepAsk): Promise<GivenStep | Problem> {
    const found = await crossingById(db, ask.crossing)
    if (found === null || found.crossing.log_index === null)
      return problem('not_found', 'There is no such crossing.')
    const { crossing } = found
    await settleLeftOver(crossing.id)
    const steps = (await windowSteps(db, [crossing.id])).map(asStep)
    const at = now()
    const decision = decideStep(
      {
        said: ask.said,
        state: windowState(steps),
        seen: ask.seen,
        account: ask.account,
        shift: await shiftOf(db, ask.account.id),
        lane: crossing.lane,
        receivedAt: crossing.received_at,
        searchedAmongMany: await faces.searchedAmongMany(crossing.id),
      },
      at,
    )
    if (decision.kind === 'refuse') return problem(codes[decision.code], decision.detail)
    const row = {
      id: newId(),
      crossing: crossing.id,
      received_at: crossing.received_at,
      place: ask.seen + 1,
      ...columnsOf(ask.said),
      note: ask.note,
      account: ask.account.id,
      at,
      by_salt: randomBytes(16),
      terms_salt: randomBytes(16),
      state: 'pending' as const,
      log_from: journal.size(),
      log_index: null,
    }
    const given = await record(row)
    if (given.kind === 'given') {
      if (ask.said.kind === 'opted_out') await forget(crossing.id)
      context.events.publish('window', { crossing: crossing.id, lane: crossing.lane })
      context.decided(crossing.id)
    }
    return given
  }

  async function record(row: NewStep): Promise<GivenStep | Problem> {
    underWay.add(row.id)
    try {
      if (!(await insertWindowStep(db, row)))
        return problem(
          'window_conflict',
          'Somebody decided on this crossing at this moment. Look again.',
        )
      let logIndex: number
      try {
        logIndex = await journal.append(stepEntry(row))
      } catch (error) {
        // The row stays pending: what was rejected may turn up in the log after all.
        report(`window: the log did not take the entry: ${reportWords(error)}`)
        return problem(
          'log_unavailable',
          'The log cannot be written, so no verdict counts. Decide by hand and note it; the cause is in the report of the hub.',
        )
      }
      await noteStepLogged(db, row, logIndex)
      return { kind: 'given', step: row.id, logIndex }
    } finally {
      underWay.delete(row.id)
    }
  }

  /** The faces go after the log has it. What fails here is done again by `recover`: the opt-out stands. */
  async function forget(crossing: string): Promise<void> {
    try {
      await faces.forget(crossing)
      await noteForgotten(db, crossing, now())
    } catch (error) {
      report(`window: faces of an opt-out are forgotten later: ${reportWords(error)}`)
    }
  }

  async function settleLeftOver(crossing: string): Promise<void> {
    const row = await pendingStepOf(db, crossing)
    if (row !== null && !underWay.has(row.id)) await settle(row)
  }

  /** The log decides: what it has counts, what it has not was never said. */
  async function settle(row: WindowStepRow): Promise<void> {
    await journal.settle()
    const logIndex = await journal.find(
      (entry) =>
        (entry.kind === 'window_step' && entry.step === row.id) ||
        (entry.kind === 'lane_verdict' && entry.verdict === row.id),
      row.log_from,
    )
    if (logIndex === null) await noteStepFailed(db, row.id)
    else await noteStepLogged(db, row, logIndex)
  }

  const ofLanes = createLaneVerdicts(context, { underWay, settleLeftOver, forget })
  return {
    give,
    ofLanes,
    async recover() {
      await ofLanes.recover()
      for (const row of await pendingWindowSteps(db)) if (!underWay.has(row.id)) await settle(row)
      for (const crossing of await unforgottenOptOuts(db)) await forget(crossing)
    },
  }
}

type NewStep = Parameters<typeof insertWindowStep>[1] &
  Pick<WindowStepRow, 'code' | 'wrong' | 'note' | 'kind' | 'at'> & {
    readonly account: string
    readonly by_salt: Buffer
    readonly terms_salt: Buffer
  }

function stepEntry(row: NewStep): LogEntry {
  return {
    v: 1,
    at: row.at.toISOString(),
    kind: 'window_step',
    step: row.id,
    crossing: row.crossing,
    place: row.place,
    says: row.kind,
    terms: commit(row.terms_salt, committedStep(row)),
    by: commit(row.by_salt, row.account),
  }
}
