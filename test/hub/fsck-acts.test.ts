/** Rows of grants, incidents and models, changed behind the hub's back: fsck says which. */

import { createHash, randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

import type { CandidateReport } from '@sallyport/core/evaluation-candidate'
import { commit } from '@sallyport/proof/entry'
import { generateIdentity } from '@sallyport/proof/node/seal'
import { noteCandidateDone, reportSha256 } from '@sallyport/store/candidate-evaluations'
import { fsck } from '@sallyport/store/fsck'
import { folderTiles } from '@sallyport/store/log/folder-tiles'
import type { Db } from '@sallyport/store/postgres/database'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { deliver, enrolTestDevice } from '../support/device.ts'
import { grantInForce } from '../support/grants.ts'
import { type Person, startTestHub, type TestHub } from '../support/hub.ts'

let hub: TestHub

beforeAll(async () => {
  hub = await startTestHub({ settings: { siteType: 'campus' } })
  const { bytes, manifest } = (await enrolTestDevice(hub, 'in-1')).bundle()
  expect((await deliver(hub, bytes)).status).toBe(201)
  const scene = manifest.bodies.find((one) => one.class === 'scene')?.id ?? ''
  const grant = await grantInForce(hub, 'north-optics', { views: ['plate_crop', 'scene'] })
  const [keeper, responder, theirs] = [
    await hub.signIn(['supervisor'], { unit: 'operations' }),
    await hub.signIn(['responder']),
    await hub.signIn([], { party: 'north-optics' }),
  ]
  const ask = { grant, purpose: 'fault_analysis', reason: 'A character is hidden.' }
  const asked = await post(theirs, `/v1/captures/${scene}/secondings`, ask)
  await post(keeper, `/v1/secondings/${String(asked['id'])}/answer`, { agreed: true })

  const now = new Date().toISOString()
  const incident = await post(responder, '/v1/incidents', {
    title: 'Copies of a lane disk',
    suspected_at: now,
    known_at: now,
  })
  const room = `/v1/incidents/${String(incident['id'])}`
  await post(responder, '/v1/scopes', {
    suspicions: [{ kind: 'window' }],
    from: new Date(Date.now() - 86_400_000).toISOString(),
    to: new Date().toISOString(),
    why: 'all of it',
    incident: incident['id'],
  })
  await post(responder, `${room}/containment`, {
    cuts: [{ act: 'grants_suspended', target: 'north-optics' }],
  })
  await post(responder, `${room}/notices/cisa_1_hour/sendings`, sending)
  await post(await hub.signIn(['privacy']), '/v1/subject-requests', {
    plate: 'TEST123',
    reference: 'SR 7',
  })
  await post(hub, '/v1/reports', {
    organisation: 'North Optics',
    contact: 'duty desk',
    suspected_at: '2026-05-13T09:00:00.000Z',
    what: 'A demand for money.',
  })
  await post(keeper, '/v1/face-bases', ground)
  await post(keeper, '/v1/recipients', {
    party: 'district-court',
    name: 'District Court',
    contact: 'clerk',
    key: generateIdentity().recipient,
  })
  const search = await post(responder, '/v1/leak-searches', {
    reference: 'case 12',
    sources: ['x'],
  })
  await post(responder, `/v1/leak-searches/${String(search['id'])}/end`, {})
  await candidate()
}, 120_000)
afterAll(() => hub.remove())

const ground = { document: 'Order 12', responsible: 'Chief of the port', dated: '2026-11-01' }
const sending = {
  language: 'en',
  sent_to: 'the desk',
  proof: Buffer.from('a receipt').toString('base64'),
}

async function post(
  person: Pick<Person, 'request'>,
  where: string,
  body: unknown,
): Promise<Record<string, unknown>> {
  const answer = await person.request(where, { method: 'POST', body: JSON.stringify(body) })
  const text = await answer.text()
  expect(answer.ok, `${where}: ${text}`).toBe(true)
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>)
}

/** A model's evaluation as the hub leaves it: running one takes its sandbox and minutes. */
async function candidate(): Promise<void> {
  const { db, journal, now } = hub.hub.parts
  const account = await db.selectFrom('account').select('id').executeTakeFirstOrThrow()
  const [id, ownerSalt, accountSalt] = [
    randomBytes(16).toString('hex'),
    randomBytes(16),
    randomBytes(16),
  ]
  const model = createHash('sha256').update('a model').digest()
  const head = { v: 1, at: now().toISOString(), evaluation: id } as const
  const started = await journal.append({
    ...head,
    kind: 'candidate_evaluation',
    set: 'verdicts:2026-10',
    model_sha256: model.toString('hex'),
    owner: commit(ownerSalt, 'north-optics'),
    by: commit(accountSalt, account.id),
  })
  await db
    .insertInto('candidate_evaluation')
    .values({
      id,
      at: now(),
      account: account.id,
      owner: 'north-optics',
      label_set: 'verdicts:2026-10',
      name: 'theirs',
      model_sha256: model,
      model_bytes: 7,
      service: 'ours',
      standing: JSON.stringify({ files: true, network: true }),
      state: 'running',
      due_at: now(),
      report: null,
      owner_salt: ownerSalt,
      account_salt: accountSalt,
      log_index: started,
      report_log_index: null,
    })
    .execute()
  const report = { z: 1, a: { y: 0.25, b: [1, 2] } } as unknown as CandidateReport
  const told = await journal.append({
    ...head,
    kind: 'candidate_reported',
    report_sha256: reportSha256(report),
  })
  await noteCandidateDone(db, id, report, told)
}

async function found(db = hub.hub.parts.db): Promise<readonly string[]> {
  const { vault, journal } = hub.hub.parts
  const log = folderTiles(path.join(hub.data, 'log'))
  const { findings } = await fsck({ db, vault, log, vkey: journal.vkey })
  return findings.map(({ code, detail }) => `${code} ${detail}`)
}

test('what the hub wrote agrees', async () => {
  expect(await found()).toEqual([])
})

const other = `decode(repeat('ab', 32), 'hex')`

/** A change, and what is found of it. */
test.each([
  [
    'access_grant',
    `terms = jsonb_set(terms, '{pictures_per_day}', '2000')`,
    /row_differs .*access_grant/,
  ],
  ['access_grant', `terms = terms - 'views'`, /row_differs .*access_grant/],
  ['access_grant', `policy = policy || ' '`, /row_differs .*access_grant/],
  ['access_grant', `signed_log_index = log_index`, /row_not_in_log .*access_grant/],
  ['seconding', `agreed = false`, /row_differs .*seconding/],
  ['seconding', `log_index = 0`, /row_not_in_log .*seconding/],
  ['scope', `document = replace(document, 'all of it', 'nothing')`, /row_differs .*scope/],
  ['incident', `opened_by = (select max(id::text)::uuid from account)`, /row_differs .*incident/],
  ['incident', `closed_at = now(), closed_by = opened_by`, /row_not_in_log .*incident/],
  ['incident_report', `what = 'Nothing happened.'`, /row_differs .*incident_report/],
  ['containment_step', `target = 'somebody-else'`, /row_differs .*containment_step/],
  ['containment_step', `lifted_at = now()`, /row_not_in_log .*containment_step/],
  ['notice', `text = text || '!'`, /row_differs .*notice/],
  ['notice', `proof_sha256 = ${other}`, /row_differs .*notice/],
  ['face_basis', `document = 'another'`, /row_differs .*face_basis_act/],
  ['face_basis_act', `log_index = 0`, /row_not_in_log .*face_basis_act/],
  ['release_recipients', `party = 'north-optics'`, /row_differs .*release_recipients/],
  ['leak_search', `end_log_index = log_index`, /row_not_in_log .*leak_search/],
  ['subject_request', `answer_sha256 = ${other}`, /row_differs .*subject_request/],
  ['candidate_evaluation', `model_sha256 = ${other}`, /row_differs .*candidate_evaluation/],
  ['candidate_evaluation', `subject = 'faces'`, /row_differs .*candidate_evaluation/],
  [
    'candidate_evaluation',
    `report = jsonb_set(report, '{z}', '2')`,
    /row_differs .*candidate_evaluation/,
  ],
  ['candidate_evaluation', `report_log_index = log_index`, /row_not_in_log .*candidate_evaluation/],
])('%s: %s', async (table, change, finding) => {
  const { db } = hub.hub.parts
  await undone(db, async (changed) => {
    const { numAffectedRows } = await sql`
      update ${sql.table(table)} set ${sql.raw(change)}`.execute(changed)
    expect(numAffectedRows).toBeGreaterThan(0n)
    expect((await found(changed)).join('\n')).toMatch(finding)
  })
})

test('a grant that was revoked does not come back by its row', async () => {
  const grant = (await hub.hub.parts.policy.grants(new Date()))[0]?.id ?? ''
  await post(await hub.signIn(['privacy']), `/v1/grants/${grant}/revocation`, { reason: 'over' })
  expect(await found()).toEqual([])
  await undone(hub.hub.parts.db, async (changed) => {
    await sql`update access_grant set revoked_at = null`.execute(changed)
    expect((await found(changed)).join()).toMatch(/row_differs Entry \d+ revoked this grant/)
  })
})

/** How far a counting has come: nothing to look up. */
const noClaims = ['scope_cursor.verdict_log_index', 'stay_cursor.log_index']

test('every column that names an entry of the log is known to some check', async () => {
  const { rows } = await sql<{ table: string; column: string }>`
    select table_name as table, column_name as column from information_schema.columns
    where table_schema = 'public' and column_name like '%log_index'`.execute(hub.hub.parts.db)
  expect(rows.length).toBeGreaterThan(40)
  const folder = 'packages/store/src'
  const checks = readdirSync(folder)
    .filter((name) => /^fsck.*\.ts$/.test(name))
    .map((name) => readFileSync(path.join(folder, name), 'utf8'))
  const names = (word: string) => new RegExp(`\\b${word}\\b`)
  // Partitions have the columns of their table.
  const unknown = rows
    .filter(({ table }) => !/_\d{4}_\d{2}$|_default$/.test(table))
    .filter(
      ({ table, column }) =>
        !checks.some((text) => names(table).test(text) && names(column).test(text)),
    )
    .map(({ table, column }) => `${table}.${column}`)
  expect(unknown.toSorted()).toEqual(noClaims)
})

/** Runs with changes that nobody keeps. */
async function undone(db: Db, run: (changed: Db) => Promise<void>): Promise<void> {
  const ending = new Error('undone')
  await db
    .transaction()
    .execute(async (changed) => {
      await run(changed)
      throw ending
    })
    .catch((error: unknown) => {
      if (error !== ending) throw error
    })
}
