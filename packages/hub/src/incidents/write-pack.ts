/** Writes what an incident rests on as one signed file that is verified offline (specs/pack.md). */

import { createHash } from 'node:crypto'

import { describeTerms } from '@sallyport/core/grants/grant-words'
import type { NoticeText } from '@sallyport/core/notices/compose'
import { openCheckpoint } from '@sallyport/proof/checkpoint'
import {
  type PackHead,
  type PackLine,
  packNoteText,
  type PackRecord,
  type PackSubject,
} from '@sallyport/proof/incident-pack'
import { verify } from '@sallyport/proof/node/ed25519'
import { signNote } from '@sallyport/proof/note'
import { listGrants } from '@sallyport/store/grants/grants'
import { listEquipment, listParties } from '@sallyport/store/grants/parties'
import { stepsOf } from '@sallyport/store/incidents/containment'
import { type IncidentRow, reportedText, reportsOf } from '@sallyport/store/incidents/incidents'
import { noticesOf } from '@sallyport/store/incidents/notices'
import { listScopes } from '@sallyport/store/incidents/scopes'

import type { KeyPair } from '../keys.ts'
import { termsOfRow } from '../policy/stored-terms.ts'
import { type Problem, problem } from '../problems.ts'
import type { ContainmentContext } from './containment.ts'
import { incidentLimits } from './limits.ts'
import { incidentView } from './room-view.ts'
import { documentOf } from './scopes.ts'
import { agencySigner, checkpointOf, proofLines } from './write-bundle.ts'

type Context = ContainmentContext & { readonly keys: { readonly agency: KeyPair } }

/** The lines of the pack, each without its line feed. `party`: whose grants and equipment go with it. */
export async function incidentPack(
  incident: IncidentRow,
  party: string | null,
  context: Context,
): Promise<{ readonly kind: 'pack'; readonly lines: AsyncGenerator<string> } | Problem> {
  const known = party === null || (await listParties(context.db)).some(({ id }) => id === party)
  if (!known) return problem('not_found', `There is no party ${party}.`)
  return { kind: 'pack', lines: signedLines(incident, party, context) }
}

async function* signedLines(
  incident: IncidentRow,
  party: string | null,
  context: Context,
): AsyncGenerator<string> {
  const digest = createHash('sha256')
  for await (const line of unsignedLines(incident, party, context)) {
    const text = JSON.stringify(line)
    digest.update(`${text}\n`)
    yield text
  }
  const note = signNote(packNoteText(incident.id, digest.digest()), [agencySigner(context)])
  yield JSON.stringify({ kind: 'signature', note } satisfies PackLine)
}

async function* unsignedLines(
  incident: IncidentRow,
  party: string | null,
  context: Context,
): AsyncGenerator<PackHead | PackLine> {
  const { journal, now } = context
  const records = [
    ...(await eventRecords(incident, context)),
    ...(await shownRecords(incident, context)),
    ...(party === null ? [] : await partyRecords(party, context)),
  ]
  // After the rows were read: whatever they name is in it.
  const checkpoint = await checkpointOf(journal.tiles)
  const opened = openCheckpoint(checkpoint, journal.vkey, verify)
  if (opened.kind === 'refused') throw new Error(`the log's own checkpoint: ${opened.detail}`)
  yield {
    kind: 'pack',
    v: 1,
    incident: incident.id,
    party,
    made_at: now().toISOString(),
    vkey: journal.vkey,
    agency: agencySigner(context).vkey,
    checkpoint,
  }
  yield* records
  const indexes = records.flatMap(({ entry }) => entry ?? [])
  yield* proofLines(indexes, opened.checkpoint.size, journal.tiles)
}

/** The incident and its timeline. Who of the agency did what stays in the room. */
async function eventRecords(
  incident: IncidentRow,
  context: Context,
): Promise<readonly PackRecord[]> {
  const { timeline, title, suspected_at, known_at, opened_at, closed_at } = await incidentView(
    incident,
    context,
  )
  const about = { title, suspected_at, known_at, opened_at, closed_at }
  return [
    record('incident', about, { entry: incident.log_index }),
    ...timeline.map(({ at, kind, text, log_index: entry }) =>
      record('event', { at, kind, text }, { entry }),
    ),
  ]
}

/** What the log has commitments to. */
async function shownRecords(
  incident: IncidentRow,
  { db }: Context,
): Promise<readonly PackRecord[]> {
  const [reports, scopes, steps, notices] = await Promise.all([
    reportsOf(db, incident.id),
    listScopes(db, { incident: incident.id, limit: incidentLimits.scopesListedMax }),
    stepsOf(db, incident.id),
    noticesOf(db, incident.id),
  ])
  return [
    ...reports.map((row) =>
      record(
        'report',
        { at: row.at, organisation: row.organisation, contact: row.contact, what: row.what },
        { entry: row.log_index, value: reportedText(row), salt: row.said_salt },
      ),
    ),
    ...scopes.toReversed().map((row) => {
      const { scope, version, why, question, result } = documentOf(row)
      return record(
        'scope',
        { scope, version, why, question, total: result.total, lines: result.lines },
        { entry: row.log_index, value: row.document, salt: row.document_salt },
      )
    }),
    ...steps.map((row) =>
      record(
        'step',
        { at: row.at, act: row.act, target: row.target, lifted_at: row.lifted_at },
        { entry: row.log_index, value: row.target, salt: row.target_salt },
      ),
    ),
    ...notices.map((row) =>
      record(
        'notice',
        {
          rule: row.rule,
          version: row.version,
          sent_at: row.sent_at,
          sent_to: row.sent_to,
          proof_sha256: row.proof_sha256.toString('hex'),
          title: (JSON.parse(row.text) as NoticeText).title,
        },
        { entry: row.log_index, value: row.text, salt: row.text_salt },
      ),
    ),
  ]
}

/** What a contractor was allowed, and what of theirs stands at lanes. */
async function partyRecords(party: string, { db }: Context): Promise<readonly PackRecord[]> {
  const grants = (await listGrants(db)).filter((row) => row.party === party)
  const equipment = (await listEquipment(db)).filter((row) => row.party === party)
  return [
    ...grants.map((row) =>
      record(
        'grant',
        {
          grant: row.id,
          version: row.version,
          sentences: describeTerms(termsOfRow(row.terms), party),
          signed_at: row.signed_at,
          revoked_at: row.revoked_at,
          revoked_reason: row.revoked_reason,
        },
        { entry: row.signed_log_index, value: row.policy },
      ),
    ),
    ...equipment.map((row) =>
      record(
        'equipment',
        {
          name: row.name,
          place: row.place,
          added_at: row.added_at,
          assessed_at: row.assessed_at,
          due_at: row.due_at,
        },
        { entry: null },
      ),
    ),
  ]
}

function record(
  of: PackSubject,
  text: object,
  shown: {
    readonly entry: number | null
    readonly value?: string
    readonly salt?: Uint8Array
  },
): PackRecord {
  const { entry, value = null, salt } = shown
  return {
    kind: 'record',
    of,
    text: JSON.stringify(text),
    entry,
    value,
    salt: salt === undefined ? null : Buffer.from(salt).toString('hex'),
  }
}
