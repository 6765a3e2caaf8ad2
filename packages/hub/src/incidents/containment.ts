/** Containment: cut off in one request, each step logged before it takes effect, and let back in. */

import { randomBytes } from 'node:crypto'

import { type Asker, decideDisabling } from '@sallyport/core/incident/room'
import { commit, type LogEntry } from '@sallyport/proof/entry'
import type { ContainmentAct } from '@sallyport/proof/incident-entry'
import { listAccounts } from '@sallyport/store/accounts'
import { listParties } from '@sallyport/store/grants/parties'
import {
  dropStep,
  insertStep,
  noteLifted,
  noteStepLogged,
  setDisabled,
  setQuarantined,
  stepById,
  stepsInForce,
  type StepRow,
  unloggedSteps,
} from '@sallyport/store/incidents/containment'
import { deviceById } from '@sallyport/store/lanes'
import type { Db } from '@sallyport/store/postgres/database'

import type { EpochEnds } from '../epoch-ends.ts'
import type { EpochKeys } from '../epoch-keys.ts'
import type { Events } from '../events.ts'
import type { HubClock } from '../hub-clock.ts'
import { newId } from '../ids.ts'
import type { Origins } from '../intake/origins.ts'
import type { Journal } from '../journal.ts'
import type { Policy } from '../policy/policy.ts'
import { type Problem, problem } from '../problems.ts'
import { isKeyAct, liftingOfKeyStep, refusalOfKeyStep, takeKeyStep } from './key-steps.ts'

export type ContainmentContext = {
  readonly db: Db
  readonly journal: Journal
  readonly origins: Pick<Origins, 'of' | 'forget'>
  readonly policy: Pick<Policy, 'grants'>
  readonly events: Pick<Events, 'askAgain'>
  readonly epochs: Pick<EpochKeys, 'kept' | 'rotate' | 'currentOf' | 'isBefore'>
  readonly ends: Pick<EpochEnds, 'declareLost' | 'destroyReplaced'>
  readonly clock: Pick<HubClock, 'doubt'>
  readonly port: { readonly id: string }
  readonly now: () => Date
}

export type Cut = { readonly act: ContainmentAct; readonly target: string }

/** How a step came out; `component` says whether its effect is there. */
type Taken =
  | { readonly kind: 'taken'; readonly step: string; readonly cut: Cut }
  | { readonly kind: 'refused'; readonly cut: Cut; readonly problem: Problem }

/** Takes the steps in their order; one that is refused stops none of the others. */
export async function contain(
  {
    incident,
    cuts,
    by,
  }: { readonly incident: string; readonly cuts: readonly Cut[]; readonly by: Asker },
  context: ContainmentContext,
): Promise<readonly Taken[]> {
  const taken: Taken[] = []
  for (const cut of cuts) {
    const refusal = await refusalOf(incident, cut, by, context)
    if (refusal !== null) {
      taken.push({ kind: 'refused', cut, problem: refusal })
      continue
    }
    taken.push(await takeStep(incident, cut, by, context))
  }
  return taken
}

async function refusalOf(
  incident: string,
  { act, target }: Cut,
  by: Asker,
  context: ContainmentContext,
): Promise<Problem | null> {
  const { db, port } = context
  if (isKeyAct(act)) return refusalOfKeyStep({ act, target, incident }, by.id, context)
  const missing = problem('not_found', `There is no such thing to cut off: ${target}.`)
  switch (act) {
    case 'grants_suspended':
      return (await listParties(db)).some(({ id, kind }) => id === target && kind !== 'agency')
        ? null
        : missing
    case 'account_disabled': {
      const account = (await listAccounts(db)).find(({ id }) => id === target)
      if (account === undefined) return missing
      const decision = decideDisabling(account, by)
      return decision.kind === 'allow' ? null : problem('inspector_stays', decision.detail)
    }
    case 'device_quarantined':
      return (await deviceById(db, target)) === null ? missing : null
    case 'retention_frozen':
      return target === port.id ? null : missing
  }
}

/** Row, log entry, and only then the effect. */
async function takeStep(
  incident: string,
  cut: Cut,
  by: Asker,
  context: ContainmentContext,
): Promise<Taken> {
  const { db, journal, now } = context
  const row = {
    id: newId(),
    incident,
    ...cut,
    at: now(),
    account: by.id,
    by_salt: randomBytes(16),
    target_salt: randomBytes(16),
    log_from: journal.size(),
    log_index: null,
    lifted_at: null,
    lifted_by: null,
    lifted_log_index: null,
  }
  if (!(await insertStep(db, row)))
    return {
      kind: 'refused',
      cut,
      problem: problem('already_exists', 'It is cut off already, in this incident or another.'),
    }
  let logIndex: number
  try {
    logIndex = await journal.append(stepEntry(row))
  } catch (error) {
    await recoverSteps(context).catch(() => undefined)
    throw error
  }
  await noteStepLogged(db, row.id, logIndex)
  const refusal = await takeEffect(row, true, context)
  if (refusal === null) return { kind: 'taken', step: row.id, cut }
  await lift(row, by.id, context)
  return { kind: 'refused', cut, problem: refusal }
}

/** Makes rows and memory agree with a step. Done again it changes nothing. */
async function takeEffect(
  row: StepRow,
  inForce: boolean,
  context: ContainmentContext,
): Promise<Problem | null> {
  const { act, target, at } = row
  const { db, origins, events } = context
  // Nothing of a key comes back: lanes go on with the new ones, and what is destroyed is gone.
  if (isKeyAct(act)) return inForce ? takeKeyStep({ ...row, act }, context) : null
  switch (act) {
    case 'account_disabled':
      await setDisabled(db, target, inForce ? at : null)
      // What they have open shows nothing of what comes from here on.
      events.askAgain()
      return null
    case 'device_quarantined':
      await setQuarantined(db, target, inForce ? at : null)
      origins.forget(target)
      return null
    case 'grants_suspended':
    case 'retention_frozen':
      // Whoever decides asks the rows each time.
      return null
  }
}

/** Lets back in what a step cut off. */
export async function liftStep(
  id: string,
  by: string,
  context: ContainmentContext,
): Promise<{ readonly kind: 'lifted' } | Problem> {
  const row = await stepById(context.db, id)
  if (row === null) return problem('not_found', 'There is no such step.')
  if (row.lifted_at !== null) return { kind: 'lifted' }
  const { act } = row
  const refusal = isKeyAct(act) ? await liftingOfKeyStep({ ...row, act }, context) : null
  if (refusal !== null) return refusal
  await lift(row, by, context)
  return { kind: 'lifted' }
}

/** Entry, effect, row: what fails in between is cut off still, and is lifted again. */
async function lift(row: StepRow, account: string, context: ContainmentContext): Promise<void> {
  const { db, journal, now } = context
  const at = now()
  const logIndex = await journal.append({
    v: 1,
    at: at.toISOString(),
    kind: 'containment_lifted',
    step: row.id,
    by: commit(randomBytes(16), account),
  })
  await takeEffect(row, false, context)
  await noteLifted(db, row.id, { at, account, logIndex })
}

/** What a crash left between row, log and effect. Call before serving. */
export async function recoverSteps(context: ContainmentContext): Promise<void> {
  const { db, journal } = context
  const rows = await unloggedSteps(db)
  if (rows.length > 0) await journal.settle()
  for (const row of rows) {
    const isIts = (entry: LogEntry) => entry.kind === 'containment' && entry.step === row.id
    const logIndex = await journal.find(isIts, row.log_from)
    if (logIndex === null) {
      await dropStep(db, row.id)
      continue
    }
    await noteStepLogged(db, row.id, logIndex)
  }
  for (const row of await stepsInForce(db)) await takeEffect(row, true, context)
}

function stepEntry(
  row: Pick<
    StepRow,
    'id' | 'incident' | 'act' | 'target' | 'at' | 'account' | 'by_salt' | 'target_salt'
  >,
) {
  return {
    v: 1,
    at: row.at.toISOString(),
    kind: 'containment',
    step: row.id,
    incident: row.incident,
    act: row.act,
    target: commit(row.target_salt, row.target),
    by: commit(row.by_salt, row.account),
  } as const
}
