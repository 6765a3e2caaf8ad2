/** Calibrations from what a hub holds: who may, what the log has before, and nothing but totals. */

import { parseFaceCalibration } from '@sallyport/core/face-calibration-document'
import { verify } from '@sallyport/proof/node/ed25519'
import { openNote, parseVkey } from '@sallyport/proof/note'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import { galleryOf, type Listed, listed, passTogether } from '../support/confirmed-people.ts'
import { ask, type FaceHub, startFaceHub } from '../support/face-hub.ts'
import { findingsOf } from '../support/findings.ts'
import type { Person } from '../support/hub.ts'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 })

let here: FaceHub
let supervisor: Person
let auditor: Person
const now = new Date()
const people = listed(24)
const [first] = people as readonly [Listed]
const twin: Listed = { ...first, given: 'MAJA', document: 'P99999X' }

type Answer = {
  readonly code?: string
  readonly id: string
  readonly captures: number
  readonly people: number
  readonly vkey: string | null
  readonly log_index: number
  readonly report_log_index: number
  readonly classes: readonly {
    readonly kind: string
    readonly camera_class: string
    readonly counts: { people: number; genuine: number; impostors: number }
    readonly needed: { people: number; genuine: number; impostors: number }
    readonly calibration: string | null
    readonly groups: readonly { group: string; false_match: { kind: string } }[]
  }[]
}

const calibrate = (person: Person, body: object) =>
  ask<Answer>(person, '/v1/face-calibrations', body)
const logSize = () => here.hub.hub.parts.journal.size()

/** Together, and the officer who saw the matches lets them go on. */
async function pass(who: readonly Listed[]): Promise<string> {
  const crossing = await passTogether(here, here.device, who)
  const said = await ask(supervisor, `/v1/crossings/${crossing}/window`, {
    says: 'admitted',
    seen: 0,
  })
  expect(said).toMatchObject({ status: 201 })
  return crossing
}

beforeAll(async () => {
  here = await startFaceHub()
  supervisor = await here.hub.signIn(['supervisor'])
  auditor = await here.hub.signIn(['auditor'])
  await galleryOf(here, supervisor, [...people, twin], { reference: 'DF042', now })
})
afterAll(() => here.remove())

test('an officer does not learn what is in service; an auditor does, without a distance', async () => {
  const path = '/v1/face-calibrations/in-service'
  const officer = await here.hub.signIn(['officer'])
  expect(await ask(officer, path)).toMatchObject({ status: 403, code: 'role_missing' })
  const told = await ask<{ matching: object }>(auditor, path)
  expect(told).toMatchObject({
    status: 200,
    matching: {
      profile: 'evaluation',
      lanes: [{ kind: 'vehicle' }, { kind: 'walk' }, { kind: 'gate' }],
      calibrations: [{ signers: [], production: { code: 'evaluation_model' } }],
    },
  })
  expect(JSON.stringify(told.matching)).not.toContain('distance')
})

test.each([
  ['officer', 'evaluation', 'role_missing'],
  ['integrator', 'evaluation', 'role_missing'],
  ['supervisor', 'audit', 'purpose_not_for_role'],
  ['auditor', 'evaluation', 'purpose_not_for_role'],
  ['privacy', 'inspection', 'malformed_request'],
] as const)('refused: %s for %s', async (role, purpose, code) => {
  const before = logSize()
  const person = await here.hub.signIn([role])
  expect(await calibrate(person, { purpose })).toMatchObject({ code })
  const kinds = await kindsFrom(before)
  expect(kinds).not.toContain('face_calibration')
})

test('a machine’s match alone is the truth of nothing: too few, with what it takes', async () => {
  await passTogether(here, here.device, people.slice(0, 4))
  const answer = await calibrate(supervisor, { purpose: 'evaluation' })
  expect(answer).toMatchObject({ status: 201, captures: 0, people: 0, vkey: null })
  const vehicle = answer.classes.find((one) => one.camera_class === 'vehicle')
  expect(vehicle).toMatchObject({
    kind: 'too_few',
    counts: { people: 0, genuine: 0, impostors: 0 },
    needed: { people: 174, genuine: 60, impostors: 30_000 },
  })
})

test('people, what they said, and totals with a signed calibration; nothing of anybody', async () => {
  // Everybody three times, each time with others.
  for (const stride of [1, 5, 7])
    for (let at = 0; at < 24; at += 4)
      await pass([0, 1, 2, 3].map((step) => people[((at + step) * stride) % 24] ?? twin))
  const before = logSize()
  const answer = await calibrate(supervisor, {
    purpose: 'evaluation',
    camera_class: 'vehicle',
    false_match_rate: 0.05,
  })
  const [found] = answer.classes
  expect(found).toMatchObject({ kind: 'measured', promised: 0.05, not_opened: 0 })
  // Of those who last passed together nobody is compared with the others of that vehicle.
  expect(found?.counts).toEqual({ people: 24, genuine: 72, impostors: 72 * 23 - 24 * 3 })
  expect(answer).toMatchObject({ captures: 72, people: 24 })
  // Signed, for this class, and as the settings of a hub take it.
  const key = parseVkey(answer.vkey ?? '')
  const note = openNote(Buffer.from(found?.calibration ?? ''), key === null ? [] : [key], verify)
  if (note.kind !== 'note') throw new Error(note.detail)
  const parsed = parseFaceCalibration(note.text)
  expect(parsed).toMatchObject({
    kind: 'calibration',
    calibration: { model: here.reader.model.identity, camera_class: 'vehicle' },
  })
  // The log has for what before, and what was told after.
  expect(await kindsFrom(before)).toEqual(['face_calibration', 'face_calibration_reported'])
  expect(answer.log_index).toBeLessThan(answer.report_log_index)
  const text = JSON.stringify(answer)
  for (const { surname, document } of people) {
    expect(text).not.toContain(surname)
    expect(text).not.toContain(document)
  }
  expect(found?.groups.map(({ group }) => group)).toEqual(
    expect.arrayContaining(['sex F', 'sex M', 'age 30 to 59']),
  )
})

test('an audit says what the calibration in service does, of fewer people, and signs nothing', async () => {
  const answer = await calibrate(auditor, { purpose: 'audit', camera_class: 'vehicle' })
  // The rule of three at one in a thousand: 3,000 strangers. 24 people give half of it.
  expect(answer.classes).toMatchObject([
    { kind: 'too_few', needed: { people: 56, genuine: 1, impostors: 3_000 } },
  ])
  expect(answer.vkey).toBeNull()
})

test('twins are no strangers, who opted out is nobody, and a shredded picture is compared with nothing', async () => {
  const asked = { purpose: 'evaluation', camera_class: 'vehicle', false_match_rate: 0.4 } as const
  const counts = async () => (await calibrate(supervisor, asked)).classes[0]?.counts
  const before = await counts()
  const crossing = await pass([twin])
  const withTwin = await counts()
  // The twin with 24 photographs but not the first one's, and everybody's but the first one's with the twin's.
  expect(withTwin).toMatchObject({
    people: (before?.people ?? 0) + 1,
    genuine: (before?.genuine ?? 0) + 1,
    impostors: (before?.impostors ?? 0) + 23 + 69,
  })
  expect(
    await ask(supervisor, `/v1/crossings/${crossing}/window`, { says: 'opted_out', seen: 1 }),
  ).toMatchObject({ status: 201 })
  expect(await counts()).toEqual(before)
  const { db } = here.hub.hub.parts
  const due = sql`update capture set shredding = ${crossing}::uuid`
  await sql`${due} where class = 'face' and shredding is null`.execute(db)
  expect(await counts()).toEqual({ people: 0, genuine: 0, impostors: 0 })
  await sql`update capture set shredding = null where shredding = ${crossing}::uuid`.execute(db)
})

test('a row of a calibration that was changed is found', async () => {
  const { db } = here.hub.hub.parts
  const codes = async () =>
    (await findings()).map(({ code }) => code).filter((code) => code.startsWith('row_'))
  const { id: changed } = await db
    .selectFrom('face_calibration')
    .select('id')
    .where('report', 'is not', null)
    .orderBy('people', 'desc')
    .executeTakeFirstOrThrow()
  expect(await codes()).toEqual([])
  await sql`update face_calibration set people = people + 1 where id = ${changed}`.execute(db)
  expect(await codes()).toEqual(['row_differs'])
  await sql`update face_calibration set people = people - 1, report = '{"classes":[],"vkey":null}' where id = ${changed}`.execute(
    db,
  )
  expect(await codes()).toEqual(['row_differs'])
})

async function kindsFrom(index: number): Promise<readonly string[]> {
  const kinds: string[] = []
  for await (const { entry } of here.hub.hub.parts.journal.entries(index))
    if (entry.kind.startsWith('face_calibration')) kinds.push(entry.kind)
  return kinds
}

const findings = () => findingsOf(here.hub)
