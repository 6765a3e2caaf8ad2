/** What the rows of scopes, incidents, reports, steps, notices and answers to travellers say of the log. */

import { commit } from '@sallyport/proof/entry'
import { peopleHash } from '@sallyport/proof/scope-people'

import type { Claim, LoggedActs } from './fsck-acts.ts'
import { reportedText } from './incidents/incidents.ts'
import type { Db } from './postgres/database.ts'

export async function incidentClaims(db: Db, logged: LoggedActs): Promise<readonly Claim[]> {
  return [
    ...(await scopes(db)),
    ...(await scopeFaces(db)),
    ...(await incidents(db, logged)),
    ...(await reports(db)),
    ...(await steps(db)),
    ...(await notices(db)),
    ...(await requests(db)),
  ]
}

async function scopes(db: Db): Promise<readonly Claim[]> {
  const rows = await db.selectFrom('scope').selectAll().where('log_index', 'is not', null).execute()
  return rows.map((row) => ({
    table: 'scope',
    id: row.id,
    at: row.log_index ?? 0,
    is: { kind: 'scope_stated', scope: row.id },
    says: {
      version: row.version,
      document: commit(row.document_salt, row.document),
      by: commit(row.by_salt, row.account),
      incident: row.incident ?? undefined,
      revises: row.revises ?? undefined,
    },
  }))
}

/** Templates were opened for it, and the document commits to the rows that came of it. */
async function scopeFaces(db: Db): Promise<readonly Claim[]> {
  const rows = await db
    .selectFrom('scope')
    .leftJoin('scope_faces', 'scope_faces.scope', 'scope.id')
    .selectAll('scope')
    .select(['scope_faces.rows', 'scope_faces.log_index as opened'])
    .where('scope.log_index', 'is not', null)
    .execute()
  return rows.flatMap((row): Claim[] => {
    const about = { table: 'scope_faces', id: row.id }
    const { faces, ...document } = JSON.parse(row.document) as { readonly faces?: object }
    if (faces === undefined && row.rows === null) return []
    const stated = JSON.stringify({
      ...document,
      faces: { ...faces, rows_sha256: peopleHash(row.rows ?? '') },
    })
    return [
      {
        ...about,
        at: row.opened ?? -1,
        is: { kind: 'scope_faces_opened', scope: row.id },
        says: { by: commit(row.by_salt, row.account) },
      },
      {
        ...about,
        at: row.log_index ?? 0,
        is: { kind: 'scope_stated', scope: row.id },
        says: { document: commit(row.document_salt, stated) },
      },
    ]
  })
}

/** An incident that is closed has an entry that says so, which was there before. */
async function incidents(db: Db, logged: LoggedActs): Promise<readonly Claim[]> {
  const closed = new Map<string, number>()
  for (const [index, entry] of logged)
    if (entry.kind === 'incident_closed') closed.set(entry.incident, index)
  const rows = await db
    .selectFrom('incident')
    .selectAll()
    .where('log_index', 'is not', null)
    .execute()
  return rows.flatMap((row): Claim[] => {
    const about = { table: 'incident', id: row.id }
    return [
      {
        ...about,
        at: row.log_index ?? 0,
        is: { kind: 'incident_opened', incident: row.id },
        says: { by: commit(row.by_salt, row.opened_by ?? '') },
      },
      ...(row.closed_at === null
        ? []
        : [
            {
              ...about,
              at: closed.get(row.id) ?? -1,
              is: { kind: 'incident_closed', incident: row.id },
              says: {},
            } as const,
          ]),
    ]
  })
}

async function reports(db: Db): Promise<readonly Claim[]> {
  const rows = await db
    .selectFrom('incident_report')
    .selectAll()
    .where('log_index', 'is not', null)
    .execute()
  return rows.map((row) => ({
    table: 'incident_report',
    id: row.id,
    at: row.log_index ?? 0,
    is: { kind: 'incident_reported', report: row.id },
    says: { incident: row.incident, said: commit(row.said_salt, reportedText(row)) },
  }))
}

async function steps(db: Db): Promise<readonly Claim[]> {
  const rows = await db
    .selectFrom('containment_step')
    .selectAll()
    .where('log_index', 'is not', null)
    .execute()
  return rows.flatMap((row): Claim[] => [
    {
      table: 'containment_step',
      id: row.id,
      at: row.log_index ?? 0,
      is: { kind: 'containment', step: row.id },
      says: {
        incident: row.incident,
        act: row.act,
        target: commit(row.target_salt, row.target),
        by: commit(row.by_salt, row.account),
      },
    },
    // What was let back in by hand alone has no entry to name.
    ...(row.lifted_at === null
      ? []
      : [
          {
            table: 'containment_step',
            id: row.id,
            at: row.lifted_log_index ?? -1,
            is: { kind: 'containment_lifted', step: row.id },
            says: {},
          } as const,
        ]),
  ])
}

async function notices(db: Db): Promise<readonly Claim[]> {
  const rows = await db
    .selectFrom('notice')
    .selectAll()
    .where('log_index', 'is not', null)
    .execute()
  return rows.map((row) => ({
    table: 'notice',
    id: row.id,
    at: row.log_index ?? 0,
    is: { kind: 'notice_sent', notice: row.id },
    says: {
      incident: row.incident,
      rule: row.rule,
      version: row.version,
      text: commit(row.text_salt, row.text),
      proof_sha256: row.proof_sha256.toString('hex'),
      by: commit(row.by_salt, row.sent_by),
    },
  }))
}

async function requests(db: Db): Promise<readonly Claim[]> {
  const rows = await db
    .selectFrom('subject_request')
    .selectAll()
    .where('log_index', 'is not', null)
    .execute()
  return rows.map((row) => ({
    table: 'subject_request',
    id: row.id,
    at: row.log_index ?? 0,
    is: { kind: 'subject_request', request: row.id },
    says: {
      answer: commit(row.answer_salt, row.answer_sha256.toString('hex')),
      by: commit(row.by_salt, row.account),
    },
  }))
}
