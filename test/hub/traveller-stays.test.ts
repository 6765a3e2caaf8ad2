/** Entries and exits of travellers: matched with a document that is expected, and confirmed by people. */

import type { PlateRead } from '@sallyport/core/plate'
import { insertLane } from '@sallyport/store/lanes'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import { deliver, enrolTestDevice, readsOf, type TestDevice } from '../support/device.ts'
import {
  addPhotographs,
  ask,
  type FaceHub,
  facesOf,
  makeGallery,
  startFaceHub,
} from '../support/face-hub.ts'
import { headPicture, photographOf, sealedFaces, seenFaces } from '../support/faces.ts'
import type { Person } from '../support/hub.ts'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 })

let here: FaceHub
let out: TestDevice
let officer: Person
let supervisor: Person
const start = new Date('2026-11-22T09:30:00Z')
const clock = { now: start }
const rule = {
  id: 'shore',
  name: 'Shore leave',
  subject: 'traveller',
  kind: 'permit_hours',
  hours: 3,
}

beforeAll(async () => {
  here = await startFaceHub({ now: () => clock.now, settings: { stayRules: [rule] as never } })
  const { hub } = here
  await insertLane(hub.hub.parts.db, {
    id: 'out-1',
    name: 'Lane out-1',
    port: 'test-port',
    direction: 'out',
    kind: 'walk',
    created_at: new Date(),
  })
  out = await enrolTestDevice(hub, 'out-1')
  officer = await hub.signIn(['officer'])
  supervisor = await hub.signIn(['supervisor'])
  const people = [3, 4, 5].map((who) => ({ who, surname: `PERSON${who}` }))
  const gallery = await makeGallery(supervisor, people, { reference: 'DF042', now: start })
  await addPhotographs(supervisor, gallery.id, {
    P00003X: await photographOf(3),
    P00004X: await photographOf(4),
    P00005X: await photographOf(5),
  })
})
afterAll(() => here.remove())

/** Somebody walks by; answers with the crossing once everything about it was told. */
async function walk(
  who: number,
  device: TestDevice,
  minutes: number,
  plate?: PlateRead,
): Promise<string> {
  clock.now = new Date(start.getTime() + minutes * 60_000)
  const seen = await seenFaces(here.reader, [await headPicture(who, { yaw: 5, light: 0.7 })])
  const faces = await sealedFaces(seen, device.recipient)
  const reads = {
    ...readsOf(`WALK${minutes}`),
    ...(plate === undefined ? {} : { plate, looks: [] }),
  }
  const bundle = device.bundle({
    faces,
    reads: Buffer.from(JSON.stringify({ ...reads, faces: faces.part })),
    change: (one) => ({ ...one, captured_at: clock.now.toISOString() }),
  })
  const answer = await deliver(here.hub, bundle.bytes)
  if (answer.status !== 201) throw new Error(await answer.text())
  const { crossing } = bundle.manifest
  const [face] = await facesOf(supervisor, crossing, here.hub)
  expect(face?.outcome.kind).toBe('match')
  return crossing
}

/** As at a walkway: no plate was looked for. */
async function walkOnFoot(who: number, device: TestDevice, minutes: number): Promise<string> {
  return walk(who, device, minutes, { kind: 'unreadable', reason: 'on_foot' })
}

async function say(crossing: string, body: object): Promise<number> {
  const { status } = await ask(supervisor, `/v1/crossings/${crossing}/window`, body)
  return status
}

type StayView = {
  readonly id: string
  readonly state: string
  readonly subject: string
  readonly plate: string | null
  readonly document: { readonly issuer: string; readonly number: string } | null
  readonly over: boolean
  readonly days: number | null
  readonly passages: readonly { readonly id: string; readonly crossing: string }[]
}

async function historyOf(document: string): Promise<readonly StayView[]> {
  await here.hub.hub.parts.stays.settled()
  const { stays } = await ask<{ stays: readonly StayView[] }>(
    supervisor,
    `/v1/stays/history?document=${document}`,
  )
  return stays
}

test('a match counts for nobody before a person let the crossing go on; then entry and exit pair', async () => {
  const entry = await walk(3, here.device, 0)
  expect(await historyOf('XXX:P00003X')).toEqual([])
  expect(await say(entry, { says: 'admitted', seen: 0 })).toBe(201)
  expect(await historyOf('XXX:P00003X')).toMatchObject([
    {
      state: 'open',
      subject: 'traveller',
      plate: null,
      document: { issuer: 'XXX', number: 'P00003X' },
      passages: [{ crossing: entry }],
    },
  ])
  const exit = await walk(3, out, 120)
  await say(exit, { says: 'admitted', seen: 0 })
  expect(await historyOf('XXX:P00003X')).toMatchObject([
    { state: 'closed', days: 1, over: false, passages: [{ crossing: entry }, { crossing: exit }] },
  ])
  // The vehicles or walkers of the same crossings have stays of their own.
  expect(await historyOf('XXX:P00004X')).toEqual([])
})

test('what is taken back, or opted out of, is nobody’s passage any more', async () => {
  const entry = await walk(4, here.device, 10)
  await say(entry, { says: 'admitted', seen: 0 })
  expect(await historyOf('XXX:P00004X')).toMatchObject([{ state: 'open' }])
  await say(entry, { says: 'undone', seen: 1 })
  expect(await historyOf('XXX:P00004X')).toEqual([])
  await say(entry, { says: 'admitted', seen: 2 })
  expect(await historyOf('XXX:P00004X')).toHaveLength(1)
  await say(entry, { says: 'opted_out', seen: 3 })
  expect(await historyOf('XXX:P00004X')).toEqual([])
})

test('double entry, and a stay that is too long with its computation', async () => {
  const first = await walk(4, here.device, 20)
  await say(first, { says: 'admitted', seen: 0 })
  const again = await walk(4, here.device, 25)
  await say(again, { says: 'admitted', seen: 0 })
  const stays = await historyOf('XXX:P00004X')
  expect(stays.length).toBeGreaterThan(1)
  expect(stays.flatMap(({ passages }) => passages.map(({ crossing }) => crossing))).toEqual(
    expect.arrayContaining([first, again]),
  )
  clock.now = new Date(start.getTime() + 6 * 3_600_000)
  const { stays: over } = await ask<{ stays: readonly StayView[] }>(
    supervisor,
    '/v1/stays/overstays',
  )
  const mine = over.find(({ document }) => document?.number === 'P00004X')
  expect(mine).toMatchObject({ over: true, subject: 'traveller' })
  const detail = await ask<{ assessment: { steps: readonly { step: string }[] } }>(
    supervisor,
    `/v1/stays/${mine?.id ?? ''}`,
  )
  expect(detail.assessment.steps.map(({ step }) => step)).toEqual(
    expect.arrayContaining(['rule', 'entry', 'due', 'over']),
  )
})

test('who is seen leaving and never entering is explained by people, not by plates; walkers are no vehicles', async () => {
  const { db } = here.hub.hub.parts
  const exit = await walkOnFoot(5, out, 100)
  await say(exit, { says: 'admitted', seen: 0 })
  const [stay] = await historyOf('XXX:P00005X')
  expect(stay).toMatchObject({ state: 'entry_missing', passages: [{ crossing: exit }] })
  const detail = await ask<{ explanation: { unknown: object } }>(
    supervisor,
    `/v1/stays/${stay?.id ?? ''}`,
  )
  // The one whose verdict was taken back by opting out entered in that time, and nobody says who it was.
  expect(detail.explanation.unknown).toMatchObject({ direction: 'in', count: 1 })
  const asVehicle = await db
    .selectFrom('stay_passage')
    .select('id')
    .where('id', '=', exit)
    .execute()
  expect(asVehicle).toEqual([])
})

test('two documents: a person states that entry and exit are one traveller’s', async () => {
  // Out under one document, in under another: nothing pairs by itself.
  const entry = await walk(3, here.device, 200)
  await say(entry, { says: 'admitted', seen: 0 })
  const exit = await walk(4, out, 210)
  await say(exit, { says: 'admitted', seen: 0 })
  const of = async (document: string, crossing: string) =>
    (await historyOf(document))
      .flatMap(({ passages }) => passages)
      .find((passage) => passage.crossing === crossing)?.id
  const passage = await of('XXX:P00003X', entry)
  const other = await of('XXX:P00004X', exit)
  const stated = await ask(supervisor, '/v1/stays/statements', {
    passage,
    claim: { kind: 'paired', exit: other },
    reason: 'Both passports shown at the exit',
  })
  expect(stated).toMatchObject({ status: 201 })
  const stays = await historyOf('XXX:P00003X')
  expect(stays).toEqual(expect.arrayContaining([expect.objectContaining({ state: 'corrected' })]))
})

test('a decision that a crash left unfollowed is taken up at the next upkeep', async () => {
  const entry = await walk(3, here.device, 300)
  await say(entry, { says: 'admitted', seen: 0 })
  const before = await historyOf('XXX:P00003X')
  const { db, stays } = here.hub.hub.parts
  const ids = before.flatMap(({ passages }) => passages.filter((one) => one.crossing === entry))
  expect(ids).toHaveLength(1)
  await db
    .deleteFrom('stay_passage')
    .where(
      'id',
      'in',
      ids.map(({ id }) => id),
    )
    .execute()
  await stays.upkeep()
  expect((await historyOf('XXX:P00003X')).flatMap(({ passages }) => passages)).toEqual(
    expect.arrayContaining([expect.objectContaining({ crossing: entry })]),
  )
})

test('a history names a plate or a document, and is not for those who keep lanes', async () => {
  const status = async (query: string, person = officer) =>
    (await person.request(`/v1/stays/history?${query}`)).status
  expect(await status('document=XXX:P00003X')).toBe(200)
  expect(await status('document=P00003X')).toBe(400)
  expect(await status('plate=ABC123&document=XXX:P00003X')).toBe(400)
  expect(await status('')).toBe(400)
  const integrator = await here.hub.signIn(['integrator'])
  expect(await status('document=XXX:P00003X', integrator)).toBe(403)
})
