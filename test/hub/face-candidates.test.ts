/** A contractor's face model comes to the pictures: refused, run, counted by people, told of nobody. */

import { encodeKey } from '@sallyport/core/stays/passage'
import { confirmedFaces } from '@sallyport/store/faces/confirmed'
import { putPassages } from '@sallyport/store/stays/passages'
import { shrink } from '@sallyport/vision/encode'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'

import { createCandidateEvaluations } from '../../packages/hub/src/candidates/evaluations.ts'
import { faceInService } from '../../packages/hub/src/candidates/face-service.ts'
import { candidateOpeners } from '../../packages/hub/src/sandbox/candidate.ts'
import * as faces from '../../packages/hub/src/sandbox/testing/face-models.ts'
import * as models from '../../packages/hub/src/sandbox/testing/models.ts'
import { deliver } from '../support/device.ts'
import {
  addPhotographs,
  ask,
  type FaceHub,
  facesOf,
  makeGallery,
  startFaceHub,
} from '../support/face-hub.ts'
import { headPicture, photographOf, sealedFaces, seenFaces } from '../support/faces.ts'
import { grantInForce } from '../support/grants.ts'
import type { Person } from '../support/hub.ts'

vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 })

const people = 20
const october = { from: new Date('2026-10-01T05:00:00Z'), to: new Date('2026-11-01T05:00:00Z') }
const clock = { now: new Date('2026-10-20T15:00:00Z') }
let here: FaceHub
let contractor: Person
let supervisor: Person

beforeAll(async () => {
  here = await startFaceHub({ now: () => clock.now })
  supervisor = await here.hub.signIn(['supervisor'])
})
afterAll(() => here.remove())

const confirmed = () => confirmedFaces(here.hub.hub.parts.db, october, 1_000)

test('somebody counts once a person let their crossing go on, and no more when it is taken back', async () => {
  const gallery = await makeGallery(supervisor, [{ who: 3, surname: 'PERSON3' }], {
    reference: 'DF042',
    now: clock.now,
  })
  await addPhotographs(supervisor, gallery.id, { P00003X: await photographOf(3) })
  const crossing = await (await here.sealedCrossing([3]))()
  expect((await facesOf(supervisor, crossing, here.hub))[0]?.outcome.kind).toBe('match')
  expect(await confirmed()).toEqual([])
  const say = async (body: object) => {
    expect((await ask(supervisor, `/v1/crossings/${crossing}/window`, body)).status).toBe(201)
    await here.hub.hub.parts.stays.settled()
  }
  await say({ says: 'admitted', seen: 0 })
  expect(await confirmed()).toMatchObject([{ camera: 'in-1', issuer: 'XXX' }])
  await say({ says: 'undone', seen: 1 })
  expect(await confirmed()).toEqual([])
})

/** Twenty people in two crossings each, as those whom officers confirmed stand in the rows. */
test('the month is filled', async () => {
  const { db, faces: faceParts, stays } = here.hub.hub.parts
  const seen = await seenFaces(here.reader, [await headPicture(5, { light: 0.7 })])
  const found = seen.found.map(async (one) => ({ ...one, picture: await shrink(one.picture, 180) }))
  const small = { ...seen, found: await Promise.all(found) }
  for (let each = 0; each < 2 * people; each++) {
    const sealed = await sealedFaces(small, here.device.recipient)
    const bundle = here.device.bundle({ faces: sealed, plate: `WALK${each}` })
    expect((await deliver(here.hub, bundle.bytes)).status).toBe(201)
    const { crossing } = bundle.manifest
    await ask(supervisor, `/v1/crossings/${crossing}/window`, { says: 'admitted', seen: 0 })
  }
  await faceParts.drain()
  await stays.settled()
  const rows = await db
    .selectFrom('face')
    .innerJoin('crossing', 'crossing.id', 'face.crossing')
    .innerJoin('window_standing', 'window_standing.crossing', 'face.crossing')
    .select(['face.id', 'face.crossing', 'crossing.received_at', 'crossing.captured_at'])
    .select(['crossing.direction', 'crossing.lane', 'crossing.clock'])
    .where('window_standing.verdict_at', 'is not', null)
    .orderBy('face.received_at')
    .execute()
  await db.transaction().execute((transaction) =>
    putPassages(
      transaction,
      rows.map(({ captured_at: at, ...row }, place) => ({
        ...row,
        at,
        jurisdiction: null,
        key: encodeKey({ kind: 'document', issuer: 'USA', number: `P${place % people}` }),
        ...{ text: null, verdict: null, near: null },
      })),
    ),
  )
  const labels = await confirmed()
  expect(labels).toHaveLength(2 * people)
  expect(new Set(labels.map(({ person }) => person)).size).toBe(people)
  clock.now = new Date('2026-11-05T15:00:00Z')
  await grantInForce(here.hub, 'north-optics')
  contractor = await here.hub.signIn([], { party: 'north-optics' })
})

async function refusal(
  model: Uint8Array,
  card: object = faces.faceCardFor(model),
  more: Readonly<Record<string, unknown>> = {},
) {
  const answer = await contractor.request('/v1/candidate-evaluations', {
    method: 'POST',
    body: JSON.stringify({
      on: 'verdicts:2026-10',
      card,
      model: Buffer.from(model).toString('base64'),
      ...more,
    }),
  })
  const { code, detail } = (await answer.json()) as { code: string; detail: string }
  return `${answer.status} ${code}: ${detail}`
}

describe('a face model that is not taken is refused clearly, before any picture is opened', () => {
  test.for([
    ['no numbers', () => faces.nanModel(), /^422 model_refused: .*no number/],
    ['zeros', () => faces.zeroModel(), /^422 model_refused: .*without a direction/],
    ['the same numbers for everybody', () => faces.constantModel(), /^422 .*tells nobody apart/],
    ['fewer numbers than its card promises', () => faces.shortModel(), /^422 .*promises/],
    ['custom operators', () => models.customModel(), /^422 .*evil\.example/],
    ['external data', () => models.externalModel(), /^422 .*another file/],
    ['a plate reader', () => models.quietModel(), /^422 .*by its card it takes input/],
    ['a file that is cut off', () => faces.meansModel().subarray(0, 200), /^422 model_refused: /],
  ] as const)('%s', async ([, bytes, says]) => {
    expect(await refusal(bytes())).toMatch(says)
    const { db } = here.hub.hub.parts
    expect(await db.selectFrom('candidate_evaluation').selectAll().execute()).toEqual([])
    const opened = await db
      .selectFrom('opening')
      .select('id')
      .where('purpose', '=', 'evaluation')
      .execute()
    expect(opened).toEqual([])
  })

  test('cards and questions that do not fit', async () => {
    const model = faces.meansModel()
    const card = faces.faceCardFor(model)
    const other = faces.faceCardFor(models.quietModel())
    expect(await refusal(model, other)).toMatch(/^422 model_refused: .*other weights/)
    const short = faces.faceCardFor(model, { alignment: [[1, 2]] })
    expect(await refusal(model, short)).toMatch(/^400 .*five points/)
    const input = { name: 'picture', width: 112, height: 112 }
    expect(await refusal(model, faces.faceCardFor(model, { input }))).toMatch(/^422 .*picture/)
    const detector = { ...card.describer, output: 'faces', scoreCut: 0.5 }
    expect(await refusal(model, { ...card, detector })).toMatch(/^422 .*without `detector`/)
    expect(await refusal(model, card, { cuts: [1, 0.5] })).toMatch(/^400 .*rise/)
    expect(await refusal(model, card, { rates: [0] })).toMatch(/^400/)
    expect(await refusal(model, card, { on: 'verdicts:2026-09' })).toMatch(/^409 too_few_labels/)
  })
})

test('it is laid beside the one in service, and what comes out names nobody', async () => {
  const { parts } = here.hub.hub
  const { db, journal } = parts
  const candidates = createCandidateEvaluations({
    ...parts,
    open: candidateOpeners,
    faceService: () => faceInService(parts.faces, { data: here.hub.data }),
    paceMs: 1,
  })
  const { id: account } = await db
    .selectFrom('account')
    .select('id')
    .where('party', '=', 'north-optics')
    .executeTakeFirstOrThrow()
  const model = faces.meansModel()
  const before = journal.size()
  const card = faces.faceCardFor(model)
  const started = await candidates.start({
    account: { id: account, roles: [], party: 'north-optics' },
    owner: 'north-optics',
    set: 'verdicts:2026-10',
    model,
    of: {
      subject: 'faces',
      card: { ...card, evaluation: false, detector: null } as never,
      questions: { rates: [0.01], cuts: [0.2, 0.5, 1] },
    },
  })
  if (started.kind !== 'started') throw new Error(started.detail)
  const view = async () =>
    (await (await contractor.request(`/v1/candidate-evaluations/${started.id}`)).json()) as {
      state: string
      subject: string
      report: null
      face_report: {
        pictures: number
        candidate: { cells: unknown[]; rates: { kind: string }[] }
        service: { cells: unknown[] }
        at_rate: null
      }
    }
  await expect.poll(async () => (await view()).state, { timeout: 500_000 }).toBe('done')
  const { subject, report, face_report: told } = await view()
  expect([subject, report]).toEqual(['faces', null])
  // Twenty people are too few for any rate: the noise says so.
  expect(told.candidate.rates).toEqual([{ kind: 'too_few_people', rate: 0.01 }])
  expect(told.at_rate).toBeNull()
  expect(told.candidate.cells).toHaveLength(4)

  const entries = await Promise.all(
    Array.from({ length: journal.size() - before }, async (_, at) => {
      const found = await journal.receipt(before + at)
      return JSON.parse(Buffer.from(found?.entry ?? []).toString()) as Record<string, unknown>
    }),
  )
  expect(entries[0]).toMatchObject({ kind: 'candidate_evaluation', subject: 'faces' })
  const opened = entries.filter(({ kind }) => kind === 'opening')
  expect(opened).toHaveLength(2 * people)
  expect(opened.every((one) => one['class'] === 'face')).toBe(true)
  expect(entries.at(-1)).toMatchObject({ kind: 'candidate_reported' })
  expect(JSON.stringify([entries, told])).not.toMatch(/USA:|document|north-optics/)
  await candidates.stop()
})
