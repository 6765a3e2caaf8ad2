/** Under supervision nothing opens for a contractor but what a person of the agency approves live, once. */

import type { PolicyAnswer } from '@sallyport/hub/policy/policy'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'

import * as models from '../../packages/hub/src/sandbox/testing/models.ts'
import { findingsOf } from '../support/findings.ts'
import { type Body, json, send, startGrantHub } from '../support/grant-hub.ts'
import type { Person } from '../support/hub.ts'

let bench: Awaited<ReturnType<typeof startGrantHub>>
let grant: string
let capture: string
beforeAll(async () => {
  bench = await startGrantHub()
  grant = await bench.signed()
  capture = (await bench.cross())['scene'] ?? ''
})
afterAll(() => bench.hub.remove())

const scene = () => capture
const openNow = (person: Person, what = scene(), change: Body = {}) =>
  bench.open(person, what, grant, change)

async function waiting(): Promise<readonly Body[]> {
  const { secondings } = await json(bench.first.request('/v1/secondings'))
  return (secondings as readonly Body[]).filter((one) => one['live'] === true)
}

/** Begins to open, and resolves with the question that it waits for. */
async function held(person: Person, what = scene(), change: Body = {}) {
  const before = new Set((await waiting()).map(({ id }) => id))
  const leaving = new AbortController()
  const answer = json(
    person.request(`/v1/captures/${what}/openings`, {
      method: 'POST',
      body: JSON.stringify({ purpose: 'fault_analysis', grant, ...change }),
      signal: leaving.signal,
    }),
  )
  for (;;) {
    const asked = (await waiting()).find(({ id }) => !before.has(id))
    if (asked !== undefined) return { id: String(asked['id']), asked, answer, leaving }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

const say = (person: Person, id: string, agreed = true, reason = 'I sit beside them') =>
  send(person, `/v1/secondings/${id}/answer`, { agreed, reason })

async function entries(kind: string): Promise<readonly Body[]> {
  const found: Body[] = []
  for await (const { entry } of bench.hub.hub.parts.journal.entries(0))
    if (entry.kind === kind) found.push(entry as Body)
  return found
}

const findings = () => findingsOf(bench.hub)

/** Ends what still waits, so that the next test begins with nothing. */
async function leave(one: Awaited<ReturnType<typeof held>>): Promise<Body> {
  one.leaving.abort()
  const answer = await one.answer
  bench.clock.offsetMs += 300_000
  return answer
}

test('what was decided before supervision began does not open after it', async () => {
  const { policy, db } = bench.hub.hub.parts
  const at = bench.hub.hub.parts.now()
  const grants = await policy.grants(at)
  const mine = grants.find(({ id }) => id === grant) ?? null
  const answer: PolicyAnswer = {
    decision: { kind: 'allow' },
    view: 'plate_crop',
    part: {},
    grant: mine,
    supervised: false,
  }
  expect(await policy.stillHolds(answer, at)).toBe(true)
  const where = '/v1/parties/north-optics/supervision'
  expect((await send(bench.technician, where, { reason: 'x' })).status).toBe(403)
  expect((await send(bench.first, where, { reason: 'Left in 2019, came back' })).status).toBe(204)
  expect(await policy.stillHolds(answer, at)).toBe(false)
  expect(await entries('supervision_set')).toHaveLength(1)
  expect(JSON.stringify(await entries('supervision_set'))).not.toContain('north-optics')
  expect(await db.selectFrom('supervision').select('party').execute()).toHaveLength(1)
})

test('an opening waits for a live approval, opens with it, and the approval stands in the log first', async () => {
  const one = await held(bench.technician)
  expect(one.asked).toMatchObject({ capture, view: 'plate_crop', state: 'waiting', live: true })
  expect((await say(bench.second, one.id)).status).toBe(204)
  const opened = await one.answer
  expect(opened['picture']).toEqual(expect.any(String))
  const [approval] = await entries('seconding_answered')
  expect(approval).toMatchObject({ answer: 'agreed', action: expect.any(String) })
  const log = [...(await entries('opening'))]
  expect(Date.parse(String(approval?.['at']))).toBeLessThanOrEqual(
    Date.parse(String(log[0]?.['at'])),
  )
  expect(await findings()).toEqual([])
  // Used once: the next one waits again, and is refused when nobody answers.
  const again = await held(bench.technician)
  expect(await leave(again)).toMatchObject({ code: 'needs_live_approval' })
  expect(await entries('opening_refused')).toMatchObject([{ code: 'needs_live_approval' }])
})

test('an approval is for its person, picture, view and purpose, and for nobody else', async () => {
  const other = (await bench.cross())['scene'] ?? ''
  const one = await held(bench.technician)
  for (const [person, what, change] of [
    [bench.colleague, capture, {}],
    [bench.technician, other, {}],
    [bench.technician, capture, { view: 'original' }],
  ] as const) {
    const another = await held(person, what, change)
    expect(another.id).not.toBe(one.id)
    another.leaving.abort()
    expect(await another.answer).toMatchObject({ code: 'needs_live_approval' })
  }
  await say(bench.first, one.id)
  expect((await one.answer)['picture']).toEqual(expect.any(String))
  bench.clock.offsetMs += 300_000
})

test('declined, or asked too long ago, or by the contractor or its unit: nothing opens', async () => {
  const declined = await held(bench.technician)
  expect((await say(bench.colleague, declined.id)).status).toBe(403)
  expect((await say(bench.first, declined.id, false, 'Not now')).status).toBe(204)
  expect(await declined.answer).toMatchObject({ code: 'needs_live_approval' })
  const near = await bench.hub.signIn([], { party: 'north-optics', unit: 'operations' })
  const one = await held(near)
  expect(await json(say(bench.first, one.id))).toMatchObject({ code: 'signs_for_same_unit' })
  bench.clock.offsetMs += 121_000
  expect(await waiting()).toEqual([])
  expect(await json(say(bench.second, one.id))).toMatchObject({ code: 'already_answered' })
  await leave(one)
})

test('of two who approve at once one does, and the log has one answer', async () => {
  const before = (await entries('seconding_answered')).length
  const one = await held(bench.technician)
  const said = await Promise.all([say(bench.first, one.id), say(bench.second, one.id, false)])
  expect(new Set(said.map(({ status }) => status))).toEqual(new Set([204, 409]))
  await one.answer
  expect(await entries('seconding_answered')).toHaveLength(before + 1)
  bench.clock.offsetMs += 300_000
})

test('more than five that wait are told so; a hub that restarts meanwhile opens nothing by itself', async () => {
  const pictures = [capture]
  for (let more = 0; more < 5; more += 1) pictures.push((await bench.cross())['scene'] ?? '')
  const all = []
  for (const picture of pictures.slice(0, 5)) all.push(await held(bench.technician, picture))
  const sixth = await openNow(bench.technician, pictures[5])
  expect(sixth).toMatchObject({ code: 'needs_live_approval', detail: expect.stringContaining('5') })
  await bench.hub.restart()
  for (const { answer } of all) await answer.catch(() => undefined)
  const [first] = all
  expect((await say(bench.first, first?.id ?? '')).status).toBe(204)
  expect((await openNow(bench.technician))['picture']).toEqual(expect.any(String))
  bench.clock.offsetMs += 300_000
})

test('fsck finds an approval that somebody moved to another picture, and another reason', async () => {
  const { db } = bench.hub.hub.parts
  expect(await findings()).toEqual([])
  await sql`update seconding set view = 'scene' where live and agreed`.execute(db)
  expect(await findings()).toEqual(
    expect.arrayContaining([expect.objectContaining({ code: 'row_differs' })]),
  )
  await sql`update seconding set view = 'plate_crop' where live and agreed`.execute(db)
  await sql`update supervision set reason = 'another'`.execute(db)
  expect(await findings()).toMatchObject([{ code: 'row_differs' }])
  await sql`update supervision set reason = 'Left in 2019, came back'`.execute(db)
})

test('an evaluation is started by the agency: people of the party are refused, whatever they bring', async () => {
  const month = new Date(bench.hub.hub.parts.now())
  month.setUTCDate(1)
  month.setUTCDate(0)
  const asked = {
    on: `verdicts:${month.toISOString().slice(0, 7)}`,
    owner: 'north-optics',
    card: { name: 'quiet', input: models.madeFor.input, alphabet: '0123456789' },
    model: Buffer.from(models.quietModel()).toString('base64'),
  }
  const start = (person: Person) => json(send(person, '/v1/candidate-evaluations', asked))
  expect(await start(bench.technician)).toMatchObject({ code: 'needs_live_approval' })
  // The agency comes as far as the month, in which nothing was decided.
  expect(await start(bench.first)).toMatchObject({ code: 'too_few_labels' })
  expect(await entries('candidate_evaluation')).toEqual([])
})

test('one person asks to end it; the same, or one of their unit, does not end it', async () => {
  const lift = (person: Person) => send(person, '/v1/parties/north-optics/supervision/lifting')
  expect(await json(lift(bench.first))).toEqual({ state: 'asked' })
  expect(await json(lift(bench.first))).toMatchObject({ code: 'signs_own_proposal' })
  const beside = await bench.hub.signIn(['supervisor'], { unit: 'operations' })
  expect(await json(lift(beside))).toMatchObject({ code: 'signs_for_same_unit' })
  expect(await json(lift(bench.second))).toEqual({ state: 'lifted' })
  expect((await openNow(bench.technician))['picture']).toEqual(expect.any(String))
  expect(await findings()).toEqual([])
})
