/** An incident as its room sees it: people, what was reported, noted and done, in the order of time. */

import { listAccounts } from '@sallyport/store/accounts'
import { type StepRow, stepsOf } from '@sallyport/store/incidents/containment'
import {
  type IncidentRow,
  membersOf,
  notesOf,
  reportsOf,
  tasksOf,
} from '@sallyport/store/incidents/incidents'
import { listScopes } from '@sallyport/store/incidents/scopes'

import type { ContainmentContext } from './containment.ts'
import { effectOf } from './effects.ts'
import { incidentLimits } from './limits.ts'
import { documentOf } from './scopes.ts'

type Names = ReadonlyMap<string, string>

/** One line of the list. */
export function incidentLineView(row: IncidentRow) {
  return {
    id: row.id,
    title: row.title,
    suspected_at: row.suspected_at.toISOString(),
    known_at: row.known_at.toISOString(),
    opened_at: row.opened_at.toISOString(),
    closed_at: row.closed_at?.toISOString() ?? null,
  }
}

/** A step with what the part that has to obey it answers now. */
export async function stepView(row: StepRow, names: Names, context: ContainmentContext) {
  return {
    id: row.id,
    act: row.act,
    target: row.target,
    at: row.at.toISOString(),
    by: personOf(row.account, names),
    log_index: Number(row.log_index),
    lifted_at: row.lifted_at?.toISOString() ?? null,
    effect: await effectOf(row, context),
  }
}

export async function accountNames({ db }: Pick<ContainmentContext, 'db'>): Promise<Names> {
  return new Map((await listAccounts(db)).map(({ id, name }) => [id, name]))
}

export async function incidentView(row: IncidentRow, context: ContainmentContext) {
  const { db } = context
  const names = await accountNames(context)
  const [members, notes, tasks, reports, steps, scopes] = await Promise.all([
    membersOf(db, row.id),
    notesOf(db, row.id),
    tasksOf(db, row.id),
    reportsOf(db, row.id),
    stepsOf(db, row.id),
    listScopes(db, { incident: row.id, limit: incidentLimits.scopesListedMax }),
  ])
  const event = (
    at: Date,
    kind: TimelineKind,
    text: string,
    by: string | null,
    logIndex: number | null,
  ) => ({
    at: at.toISOString(),
    kind,
    text,
    by: by === null ? null : (names.get(by) ?? by),
    log_index: logIndex,
  })
  const timeline = [
    event(row.opened_at, 'opened', 'The incident was opened.', row.opened_by, row.log_index),
    ...reports.map((one) =>
      event(
        one.at,
        'reported',
        `${one.organisation} reported a suspicion of ${one.suspected_at.toISOString()}.`,
        null,
        one.log_index,
      ),
    ),
    ...notes.map((one) => event(one.happened_at, 'noted', one.text, one.account, null)),
    ...scopes.map((one) => {
      const { version, result } = documentOf(one)
      const { pictures, people } = result.total
      return event(
        one.at,
        'scope',
        `Scope, version ${version}. Pictures: ${pictures}; people: ${people.low === people.high ? people.low : `${people.low} to ${people.high}`}.`,
        one.account,
        one.log_index,
      )
    }),
    ...steps.flatMap((one) => [
      event(
        one.at,
        'cut',
        `${one.act.replaceAll('_', ' ')}: ${one.target}`,
        one.account,
        one.log_index,
      ),
      ...(one.lifted_at === null
        ? []
        : [
            event(
              one.lifted_at,
              'lifted',
              `let back in: ${one.target}`,
              one.lifted_by,
              one.lifted_log_index,
            ),
          ]),
    ]),
    ...(row.closed_at === null
      ? []
      : [event(row.closed_at, 'closed', 'The incident was closed.', row.closed_by, null)]),
  ]
  return {
    ...incidentLineView(row),
    about: row.about.map((one) => personOf(one, names)),
    members: members.map(({ account, name }) => ({ id: account, name })),
    reports: reports.map((one) => ({
      receipt: one.receipt,
      at: one.at.toISOString(),
      organisation: one.organisation,
      contact: one.contact,
      suspected_at: one.suspected_at.toISOString(),
      what: one.what,
    })),
    tasks: tasks.map((one) => ({
      id: one.id,
      what: one.what,
      due_at: one.due_at?.toISOString() ?? null,
      done_at: one.done_at?.toISOString() ?? null,
    })),
    steps: await Promise.all(steps.map((one) => stepView(one, names, context))),
    timeline: timeline.toSorted((a, b) => (a.at < b.at ? -1 : 1)),
  }
}

type TimelineKind = 'opened' | 'reported' | 'noted' | 'scope' | 'cut' | 'lifted' | 'closed'

function personOf(id: string, names: Names) {
  return { id, name: names.get(id) ?? id }
}
