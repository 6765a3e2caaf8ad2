/** Incidents: opened by a person or by a report from outside, and who is told of them. */

import { randomBytes } from 'node:crypto'

import { type Asker, firstSuspicion, mayEnter, type Room } from '@sallyport/core/incident/room'
import { commit } from '@sallyport/proof/entry'
import {
  closeIncident,
  countReports,
  incidentById,
  type IncidentRow,
  insertIncident,
  insertReport,
  listIncidents,
  membersOf,
  noteIncidentLogged,
  noteReportLogged,
  reportedText,
  unloggedIncidents,
} from '@sallyport/store/incidents/incidents'
import type { Db } from '@sallyport/store/postgres/database'

import type { Alarms } from '../alarms.ts'
import { newId } from '../ids.ts'
import type { Journal } from '../journal.ts'
import { type Problem, problem } from '../problems.ts'
import { incidentLimits } from './limits.ts'

export type IncidentContext = {
  readonly db: Db
  readonly journal: Journal
  readonly now: () => Date
}

type IncidentAsk = {
  readonly title: string
  readonly suspectedAt: Date
  readonly knownAt: Date
  readonly about: readonly string[]
  readonly members: readonly string[]
  readonly account: string
}

/** Opens an incident. Whoever opens it is in the room, unless it is about them. */
export async function openIncident(
  ask: IncidentAsk,
  { db, journal, now }: IncidentContext,
): Promise<{ readonly kind: 'opened'; readonly incident: string }> {
  const [id, at, salt] = [newId(), now(), randomBytes(16)]
  const members = [...new Set([ask.account, ...ask.members])].filter(
    (one) => !ask.about.includes(one),
  )
  await insertIncident(
    db,
    {
      id,
      title: ask.title,
      suspected_at: firstSuspicion(ask.knownAt, [ask.suspectedAt]),
      known_at: ask.knownAt,
      opened_at: at,
      opened_by: ask.account,
      by_salt: salt,
      about: [...ask.about],
      log_from: journal.size(),
      log_index: null,
      closed_at: null,
      closed_by: null,
    },
    members,
  )
  const logIndex = await journal.append(openedEntry(id, at, commit(salt, ask.account)))
  await noteIncidentLogged(db, id, logIndex)
  return { kind: 'opened', incident: id }
}

function openedEntry(incident: string, at: Date, by: string) {
  return { v: 1, at: at.toISOString(), kind: 'incident_opened', incident, by } as const
}

/** The log first: an incident that is closed is no longer followed. */
export async function endIncident(
  incident: string,
  account: string,
  { db, journal, now }: IncidentContext,
): Promise<void> {
  const at = now()
  await journal.append({
    v: 1,
    at: at.toISOString(),
    kind: 'incident_closed',
    incident,
    by: commit(randomBytes(16), account),
  })
  await closeIncident(db, incident, { at, account })
}

type ReportAsk = {
  readonly organisation: string
  readonly contact: string
  readonly suspectedAt: Date
  readonly what: string
}

const hourMs = 3_600_000

/**
 * Takes a report from somebody without an account, straight to the agency: an incident is opened, its clock
 * begins with their suspicion, and they get a receipt number once the log has it.
 */
export async function takeReport(
  ask: ReportAsk,
  context: IncidentContext & { readonly alarms: Alarms },
): Promise<{ readonly kind: 'taken'; readonly receipt: string; readonly at: Date } | Problem> {
  const { db, journal, now, alarms } = context
  const at = now()
  if (ask.suspectedAt > at)
    return problem('malformed_request', 'The first suspicion lies in the future.')
  if ((await countReports(db, new Date(at.getTime() - hourMs))) >= incidentLimits.reportsPerHour)
    return problem(
      'busy',
      'Too many reports arrived within the hour. Call the duty desk; this one was not kept.',
    )
  const [report, incident] = [newId(), newId()]
  const [salt, said] = [randomBytes(16), randomBytes(16)]
  const receipt = newReceipt()
  await insertIncident(
    db,
    {
      id: incident,
      title: `Report of ${ask.organisation}`,
      suspected_at: ask.suspectedAt,
      known_at: at,
      opened_at: at,
      opened_by: null,
      by_salt: salt,
      about: [],
      log_from: journal.size(),
      log_index: null,
      closed_at: null,
      closed_by: null,
    },
    [],
  )
  await insertReport(db, {
    id: report,
    incident,
    receipt,
    at,
    organisation: ask.organisation,
    contact: ask.contact,
    suspected_at: ask.suspectedAt,
    what: ask.what,
    said_salt: said,
    log_from: journal.size(),
    log_index: null,
  })
  const opened = await journal.append(openedEntry(incident, at, commit(salt, '')))
  await noteIncidentLogged(db, incident, opened)
  const logIndex = await journal.append({
    v: 1,
    at: at.toISOString(),
    kind: 'incident_reported',
    report,
    incident,
    said: commit(said, reportedText({ ...ask, suspected_at: ask.suspectedAt })),
  })
  await noteReportLogged(db, report, logIndex)
  // Who it comes from stands in the room alone: alarms are seen by more people.
  await alarms.raise('incident_reported', {}, 'A report arrived. Its incident has no member yet.')
  return { kind: 'taken', receipt, at }
}

/** Ten letters and digits that are not taken for one another: 45 bits. */
function newReceipt(): string {
  const alphabet = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'
  const letters = Array.from(randomBytes(10), (byte) => alphabet[byte % 32])
  return `R-${letters.slice(0, 5).join('')}-${letters.slice(5).join('')}`
}

/** The incident, for somebody who may know of it; null for everybody else. */
export async function enterRoom(
  id: string,
  asker: Asker,
  { db }: Pick<IncidentContext, 'db'>,
): Promise<{ readonly incident: IncidentRow; readonly room: Room } | null> {
  const incident = await incidentById(db, id)
  if (incident === null || incident.log_index === null) return null
  const room = await roomOf(incident, db)
  return mayEnter(room, asker) || isUnclaimed(room, asker) ? { incident, room } : null
}

/** Incidents that somebody may know of, newest first. */
export async function incidentsFor(
  asker: Asker,
  { db }: Pick<IncidentContext, 'db'>,
): Promise<readonly IncidentRow[]> {
  const rows = await listIncidents(db, incidentLimits.incidentsListedMax)
  const members = await membersOf(db)
  return rows.filter((row) => {
    const room = {
      about: row.about,
      members: members.filter(({ incident }) => incident === row.id).map(({ account }) => account),
    }
    return mayEnter(room, asker) || isUnclaimed(room, asker)
  })
}

/** A report that nobody has taken up is every responder's, or it would wait for an inspector. */
function isUnclaimed({ members, about }: Room, { id, roles }: Asker): boolean {
  return members.length === 0 && about.length === 0 && roles.includes('responder') && id !== ''
}

async function roomOf(incident: IncidentRow, db: Db): Promise<Room> {
  const members = await membersOf(db, incident.id)
  return { about: incident.about, members: members.map(({ account }) => account) }
}

/** Incidents whose entry a crash left out get it now. Call before serving. */
export async function recoverIncidents({ db, journal }: IncidentContext): Promise<void> {
  const rows = await unloggedIncidents(db)
  if (rows.length > 0) await journal.settle()
  for (const row of rows) {
    const found = await journal.find(
      (entry) => entry.kind === 'incident_opened' && entry.incident === row.id,
      row.log_from,
    )
    const by = commit(row.by_salt, row.opened_by ?? '')
    const logIndex = found ?? (await journal.append(openedEntry(row.id, row.opened_at, by)))
    await noteIncidentLogged(db, row.id, logIndex)
  }
}
