/** Incidents, who knows of them, and what people note and do. */

import type { Insertable, Selectable } from 'kysely'

import type { Db } from '../postgres/database.ts'
import type { Database } from '../schema.ts'

export type IncidentRow = Selectable<Database['incident']>
export type IncidentNoteRow = Selectable<Database['incident_note']> & {
  readonly account_name: string
}
export type IncidentTaskRow = Selectable<Database['incident_task']>
export type IncidentReportRow = Selectable<Database['incident_report']>

/** An incident with the people who need to know. It counts when the log has it. */
export async function insertIncident(
  db: Db,
  incident: Insertable<Database['incident']>,
  members: readonly string[],
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await transaction.insertInto('incident').values(incident).execute()
    for (const account of members)
      await addMember(transaction, {
        incident: incident.id,
        account,
        at: incident.opened_at as Date,
        by: incident.opened_by ?? null,
      })
  })
}

export async function noteIncidentLogged(db: Db, id: string, logIndex: number): Promise<void> {
  await db.updateTable('incident').set({ log_index: logIndex }).where('id', '=', id).execute()
}

export async function incidentById(db: Db, id: string): Promise<IncidentRow | null> {
  const row = await db.selectFrom('incident').selectAll().where('id', '=', id).executeTakeFirst()
  return row ?? null
}

/** Newest first. */
export async function listIncidents(db: Db, limit: number): Promise<readonly IncidentRow[]> {
  return db
    .selectFrom('incident')
    .selectAll()
    .where('log_index', 'is not', null)
    .orderBy('opened_at', 'desc')
    .orderBy('id')
    .limit(limit)
    .execute()
}

/** What a crash left without its entry. */
export async function unloggedIncidents(db: Db): Promise<readonly IncidentRow[]> {
  return db.selectFrom('incident').selectAll().where('log_index', 'is', null).execute()
}

export async function setAbout(db: Db, id: string, about: readonly string[]): Promise<void> {
  await db
    .updateTable('incident')
    .set({ about: [...about] })
    .where('id', '=', id)
    .execute()
}

/** An earlier suspicion moves the clocks back, never forward. */
export async function noteSuspicion(db: Db, id: string, suspectedAt: Date): Promise<void> {
  await db
    .updateTable('incident')
    .set({ suspected_at: suspectedAt })
    .where('id', '=', id)
    .where('suspected_at', '>', suspectedAt)
    .execute()
}

export async function closeIncident(
  db: Db,
  id: string,
  by: { readonly at: Date; readonly account: string },
): Promise<void> {
  await db
    .updateTable('incident')
    .set({ closed_at: by.at, closed_by: by.account })
    .where('id', '=', id)
    .where('closed_at', 'is', null)
    .execute()
}

/** Accounts that need to know, now; of all incidents when none is named. */
export async function membersOf(
  db: Db,
  incident?: string,
): Promise<
  readonly { readonly incident: string; readonly account: string; readonly name: string }[]
> {
  let query = db
    .selectFrom('incident_member')
    .innerJoin('account', 'account.id', 'incident_member.account')
    .select(['incident', 'account', 'account.name'])
    .where('removed_at', 'is', null)
  if (incident !== undefined) query = query.where('incident', '=', incident)
  return query.orderBy('account.name').execute()
}

export async function addMember(
  db: Db,
  member: {
    readonly incident: string
    readonly account: string
    readonly at: Date
    readonly by: string | null
  },
): Promise<void> {
  const { incident, account, at, by } = member
  await db
    .insertInto('incident_member')
    .values({ incident, account, added_at: at, added_by: by, removed_at: null })
    .onConflict((conflict) =>
      conflict
        .columns(['incident', 'account'])
        .doUpdateSet({ removed_at: null, added_at: at, added_by: by }),
    )
    .execute()
}

export async function removeMember(
  db: Db,
  { incident, account }: { readonly incident: string; readonly account: string },
  at: Date,
): Promise<void> {
  await db
    .updateTable('incident_member')
    .set({ removed_at: at })
    .where('incident', '=', incident)
    .where('account', '=', account)
    .execute()
}

export async function insertNote(
  db: Db,
  row: Insertable<Database['incident_note']>,
): Promise<void> {
  await db.insertInto('incident_note').values(row).execute()
}

export async function notesOf(db: Db, incident: string): Promise<readonly IncidentNoteRow[]> {
  return db
    .selectFrom('incident_note')
    .innerJoin('account', 'account.id', 'incident_note.account')
    .selectAll('incident_note')
    .select('account.name as account_name')
    .where('incident', '=', incident)
    .orderBy('happened_at')
    .execute()
}

export async function insertTask(
  db: Db,
  row: Insertable<Database['incident_task']>,
): Promise<void> {
  await db.insertInto('incident_task').values(row).execute()
}

/** False when there is no such open task. */
export async function finishTask(
  db: Db,
  { incident, task }: { readonly incident: string; readonly task: string },
  by: { readonly at: Date; readonly account: string },
): Promise<boolean> {
  const done = await db
    .updateTable('incident_task')
    .set({ done_at: by.at, done_by: by.account })
    .where('id', '=', task)
    .where('incident', '=', incident)
    .where('done_at', 'is', null)
    .executeTakeFirst()
  return done.numUpdatedRows > 0n
}

export async function tasksOf(db: Db, incident: string): Promise<readonly IncidentTaskRow[]> {
  return db
    .selectFrom('incident_task')
    .selectAll()
    .where('incident', '=', incident)
    .orderBy('made_at')
    .execute()
}

export async function insertReport(
  db: Db,
  row: Insertable<Database['incident_report']>,
): Promise<void> {
  await db.insertInto('incident_report').values(row).execute()
}

export async function noteReportLogged(db: Db, id: string, logIndex: number): Promise<void> {
  await db
    .updateTable('incident_report')
    .set({ log_index: logIndex })
    .where('id', '=', id)
    .execute()
}

export async function reportsOf(db: Db, incident: string): Promise<readonly IncidentReportRow[]> {
  return db
    .selectFrom('incident_report')
    .selectAll()
    .where('incident', '=', incident)
    .where('log_index', 'is not', null)
    .orderBy('at')
    .execute()
}

/** Reports since `since`: what the limit on a page without accounts counts. */
export async function countReports(db: Db, since: Date): Promise<number> {
  const row = await db
    .selectFrom('incident_report')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('at', '>=', since)
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

/** What a report's entry commits to: its words, in this order. */
export function reportedText(report: {
  readonly organisation: string
  readonly contact: string
  readonly what: string
  readonly suspected_at: Date
}): string {
  const { organisation, contact, what, suspected_at: at } = report
  return JSON.stringify({ organisation, contact, what, suspectedAt: at.toISOString() })
}
