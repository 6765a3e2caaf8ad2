/** A contractor's model comes to the pictures: refused, run, counted, and never told of single ones. */

import { readFile } from 'node:fs/promises'

import { drawnPicture } from '@sallyport/marks/drawn'
import { reserveCandidate } from '@sallyport/store/candidate-evaluations'
import { encodeJpeg } from '@sallyport/vision/encode'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'

import { createCandidateEvaluations } from '../../packages/hub/src/candidates/evaluations.ts'
import { newId } from '../../packages/hub/src/ids.ts'
import { candidateOpeners } from '../../packages/hub/src/sandbox/candidate.ts'
import { plateCard } from '../../packages/hub/src/sandbox/plate-card.ts'
import * as models from '../../packages/hub/src/sandbox/testing/models.ts'
import { enrolTestDevice } from '../support/device.ts'
import { grantInForce } from '../support/grants.ts'
import { type Person, startTestHub, type TestHub } from '../support/hub.ts'
import { crossWith, decide, unsureReads } from '../support/review.ts'

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

const shipped = new URL('../../packages/vision/models/', import.meta.url)
const model = await readFile(new URL('plate-reader.onnx', shipped))
const card = {
  ...(JSON.parse(await readFile(new URL('plate-reader.json', shipped), 'utf8')) as object),
  name: 'candidate 1',
}
const quietCard = {
  name: 'quiet',
  input: models.madeFor.input,
  alphabet: '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ',
}

let hub: TestHub
let contractor: Person
/** Verdicts are given in October; everything else happens in November. */
let now = new Date('2026-10-20T15:00:00Z')

beforeAll(async () => {
  hub = await startTestHub({ now: () => now })
  const device = await enrolTestDevice(hub, 'in-1')
  const officer = await hub.signIn(['officer'])
  const picture = await encodeJpeg(drawnPicture(64, 32, 1), 80)
  for (let each = 0; each < 22; each++) {
    const item = await crossWith(hub, device, unsureReads(['GUESS1']), picture)
    expect((await decide(officer, item, `ABC${100 + each}`)).status).toBe(201)
  }
  now = new Date('2026-11-05T15:00:00Z')
  await grantInForce(hub, 'north-optics')
  contractor = await hub.signIn([], { party: 'north-optics' })
})
afterAll(() => hub.remove())

const post = (person: Person, change: Readonly<Record<string, unknown>> = {}) =>
  person.request('/v1/candidate-evaluations', {
    method: 'POST',
    body: JSON.stringify({
      on: 'verdicts:2026-10',
      card: quietCard,
      model: Buffer.from(models.quietModel()).toString('base64'),
      ...change,
    }),
  })

async function refusal(person: Person, change: Readonly<Record<string, unknown>> = {}) {
  const answer = await post(person, change)
  const { code, detail } = (await answer.json()) as { code: string; detail: string }
  return `${answer.status} ${code}: ${detail}`
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')

describe('a model that is not taken is refused clearly, before any picture is opened', () => {
  const openings = () =>
    hub.hub.parts.db
      .selectFrom('opening')
      .select((select) => select.fn.countAll<number>().as('count'))
      .where('purpose', '=', 'evaluation')
      .executeTakeFirstOrThrow()

  test.for([
    ['custom operators', () => models.customModel(), /^422 model_refused: .*evil\.example/],
    ['external data', () => models.externalModel(), /^422 model_refused: .*another file/],
    ['a tensor of any size', () => models.boastingModel(), /^422 model_refused: .*elements/],
    ['an endless loop', () => models.endlessModel(), /^422 model_refused: .*too long/],
    ['swelling memory', () => models.swellingModel(), /^422 model_refused: /],
    ['another shape than promised', () => models.lyingModel(), /^422 model_refused: .*promises/],
    [
      'a model that is cut off',
      () => model.subarray(0, model.length / 2),
      /^422 model_refused: .*cut off/,
    ],
    ['a text file', () => Buffer.from('hello, this is a text'), /^422 model_refused: /],
  ] as const)('%s', async ([, bytes, says]) => {
    expect(await refusal(contractor, { model: base64(bytes()) })).toMatch(says)
    expect(Number((await openings()).count)).toBe(0)
    // The hub goes on, and nothing was taken from the budget.
    expect((await hub.request('/healthz')).status).toBe(200)
    const rows = await hub.hub.parts.db.selectFrom('candidate_evaluation').selectAll().execute()
    expect(rows).toEqual([])
  })

  test('a card that is none, a set that is none or not over, a stranger’s model', async () => {
    expect(await refusal(contractor, { card: { ...quietCard, alphabet: 'AA' } })).toMatch(/^400/)
    expect(await refusal(contractor, { on: 'verdicts:2026' })).toMatch(/^400 malformed_request/)
    expect(await refusal(contractor, { on: 'verdicts:2026-11' })).toMatch(/^409 set_not_over/)
    expect(await refusal(contractor, { on: 'verdicts:2026-09' })).toMatch(/^409 too_few_labels/)
    expect(await refusal(contractor, { owner: 'agency' })).toMatch(/^403 role_missing/)
    const officer = await hub.signIn(['officer'])
    expect(await refusal(officer)).toMatch(/^403 role_missing/)
    expect((await officer.request('/v1/candidate-evaluations')).status).toBe(403)
  })
})

test('the reader in service against itself agrees on every picture, in counts with noise, and the budget ends', async () => {
  const { parts } = hub.hub
  const { db, journal } = parts
  const candidates = createCandidateEvaluations({
    ...parts,
    open: candidateOpeners,
    faceService: () => null,
    paceMs: 1,
  })
  const { id: account } = await db
    .selectFrom('account')
    .select('id')
    .where('party', '=', 'north-optics')
    .executeTakeFirstOrThrow()
  const ask = {
    account: { id: account, roles: [], party: 'north-optics' },
    owner: 'north-optics',
    set: 'verdicts:2026-10',
    model,
    of: { subject: 'plates', card: plateCard.parse(card) },
  } as const
  const before = journal.size()
  const started = await candidates.start(ask)
  if (started.kind !== 'started') throw new Error(started.detail)
  expect(await candidates.start(ask)).toMatchObject({ code: 'busy' })
  const view = async () =>
    (await (await contractor.request(`/v1/candidate-evaluations/${started.id}`)).json()) as {
      state: string
      sandbox: { files: boolean }
      report: { against: Record<string, number>; silent: number; by_camera: { cohort: string }[] }
    }
  await expect.poll(async () => (await view()).state, { timeout: 120_000 }).toBe('done')
  const { report, sandbox } = await view()
  expect(sandbox.files).toBe(true)
  expect(report.by_camera.map(({ cohort }) => cohort)).toEqual(['in-1'])
  expect(JSON.stringify(report)).not.toMatch(/ABC1\d\d|GUESS/)

  // Its beginning, every picture, its report: each in the log, without a plate.
  const entries = await Promise.all(
    Array.from({ length: journal.size() - before }, async (_, at) => {
      const found = await journal.receipt(before + at)
      return JSON.parse(Buffer.from(found?.entry ?? []).toString()) as Record<string, unknown>
    }),
  )
  const kinds = entries.map(({ kind }) => kind)
  expect(kinds[0]).toBe('candidate_evaluation')
  expect(kinds.filter((kind) => kind === 'opening')).toHaveLength(22)
  expect(kinds.at(-1)).toBe('candidate_reported')
  expect(JSON.stringify(entries)).not.toMatch(/ABC1\d\d|north-optics/)

  // Two more, and it is over for this owner, whatever the model is called; what was given out stays.
  const first = await db.selectFrom('candidate_evaluation').selectAll().executeTakeFirstOrThrow()
  const reserve = (name: string) =>
    reserveCandidate(
      db,
      {
        ...first,
        id: newId(),
        name,
        standing: JSON.stringify(first.standing),
        report: JSON.stringify(first.report),
      },
      { byOwner: 3, byAll: 12 },
    )
  // Three ask at once for the two that are left.
  const taken = await Promise.all(['other 0', 'other 1', 'other 2'].map(reserve))
  expect(taken.filter((one) => one)).toHaveLength(2)
  expect(await refusal(contractor)).toMatch(/^403 evaluation_budget: .*3 times/)
  const auditor = await hub.signIn(['auditor'])
  expect(await refusal(auditor, { owner: 'north-optics' })).toMatch(/^403 evaluation_budget/)
  await candidates.stop()
})

test('others’ evaluations are seen by the agency and by nobody else', async () => {
  const auditor = await hub.signIn(['auditor'])
  const list = async (person: Person) =>
    (await (await person.request('/v1/candidate-evaluations')).json()) as {
      evaluations: { id: string; owner: string }[]
    }
  const { evaluations } = await list(auditor)
  expect(evaluations).toHaveLength(3)
  await grantInForce(hub, 'gate-works')
  const other = await hub.signIn([], { party: 'gate-works' })
  expect((await list(other)).evaluations).toEqual([])
  const theirs = await other.request(`/v1/candidate-evaluations/${evaluations[0]?.id ?? ''}`)
  expect(theirs.status).toBe(404)
})

test('a crash leaves an evaluation failed and its use of the budget taken', async () => {
  const { db } = hub.hub.parts
  await db
    .updateTable('candidate_evaluation')
    .set({ state: 'running', report: null })
    .where('name', '=', card.name)
    .execute()
  await hub.restart()
  const states = await hub.hub.parts.db
    .selectFrom('candidate_evaluation')
    .select('state')
    .orderBy('state')
    .execute()
  expect(states.map(({ state }) => state)).toEqual(['done', 'done', 'failed'])
  contractor = await hub.signIn([], { party: 'north-optics' })
  expect(await refusal(contractor)).toMatch(/^403/)
})
