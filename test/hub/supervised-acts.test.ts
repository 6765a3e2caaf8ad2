/** Under supervision people of a contractor do nothing at the hub that a person of the agency does not watch. */

import { randomUUID } from 'node:crypto'
import path from 'node:path'

import { supervisedWay } from '@sallyport/hub/policy/supervised-routes'
import { fsck } from '@sallyport/store/fsck'
import { insertSupervisedAct } from '@sallyport/store/grants/supervised-acts'
import { folderTiles } from '@sallyport/store/log/folder-tiles'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

import { findingsOf } from '../support/findings.ts'
import { type Body, json, send, startGrantHub } from '../support/grant-hub.ts'
import type { Person } from '../support/hub.ts'

let bench: Awaited<ReturnType<typeof startGrantHub>>
let capture: string
beforeAll(async () => {
  bench = await startGrantHub()
  await bench.signed()
  capture = (await bench.cross())['scene'] ?? ''
  const where = '/v1/parties/north-optics/supervision'
  expect((await send(bench.first, where, { reason: 'Left in 2019' })).status).toBe(204)
})
afterAll(() => bench.hub.remove())
// What earlier tests asked is over.
beforeEach(() => {
  bench.clock.offsetMs += 300_000
})

async function acts(person = bench.first): Promise<readonly Body[]> {
  return (await json(person.request('/v1/supervised-acts')))['acts'] as readonly Body[]
}

type Ask = { readonly path: string; readonly method?: string; readonly body?: unknown }
const link: Ask = { path: '/v1/session/links', method: 'POST', body: {} }

/** Begins to ask, and resolves with the question that it waits for. */
async function held(person: Person, { path: where, method = 'GET', body }: Ask) {
  const before = new Set((await acts()).map(({ id }) => id))
  const leaving = new AbortController()
  const answer = json(
    person.request(where, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: leaving.signal,
    }),
  )
  for (;;) {
    const asked = (await acts()).find(({ id }) => !before.has(id))
    if (asked !== undefined) return { id: String(asked['id']), asked, answer, leaving }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

const say = (person: Person, id: string, agreed = true) =>
  send(person, `/v1/supervised-acts/${id}/answer`, { agreed, reason: 'I sit beside them' })

async function entries(kind: string): Promise<readonly Body[]> {
  const found: Body[] = []
  for await (const { entry } of bench.hub.hub.parts.journal.entries(0))
    if (entry.kind === kind) found.push(entry as Body)
  return found
}

const findings = () => findingsOf(bench.hub)

test('a way in for later is not made unless somebody of the agency approves it, and the log has that first', async () => {
  const one = await held(bench.technician, link)
  expect(one.asked).toMatchObject({
    act: 'make_link',
    request: 'POST /v1/session/links',
    state: 'waiting',
    asked_by: { party: 'north-optics' },
  })
  expect((await say(bench.second, one.id)).status).toBe(204)
  expect(await one.answer).toMatchObject({ url: expect.any(String) })
  expect(await entries('supervised_act_answered')).toMatchObject([
    { question: one.id, act: 'make_link', answer: 'agreed' },
  ])
  expect((await acts()).find(({ id }) => id === one.id)).toMatchObject({ state: 'used' })
  // Used once: the same again waits again.
  const again = await held(bench.technician, link)
  expect(again.id).not.toBe(one.id)
  expect((await say(bench.second, again.id, false)).status).toBe(204)
  expect(await again.answer).toMatchObject({ code: 'needs_live_approval' })
  expect(await findings()).toEqual([])
})

test('an approval is for its person and its request, to the last character', async () => {
  const one = await held(bench.technician, { path: '/v1/traffic-shapes/2026-08' })
  expect(one.asked).toMatchObject({ act: 'read_traffic_shape' })
  const other = await held(bench.technician, { path: '/v1/traffic-shapes/2026-07' })
  const colleague = await held(bench.colleague, { path: '/v1/traffic-shapes/2026-08' })
  expect((await say(bench.first, one.id)).status).toBe(204)
  expect(await one.answer).toMatchObject({ jurisdictions: expect.any(Array) })
  for (const { leaving, answer } of [other, colleague]) {
    leaving.abort()
    expect(await answer).toMatchObject({ code: 'needs_live_approval' })
  }
})

test('a request that is too long to be shown whole is refused: nobody approves what they do not see', async () => {
  const where = `/v1/traffic-shapes/2026-08?pad=${'a'.repeat(500)}`
  const leaving = AbortSignal.timeout(20_000)
  expect(await json(bench.technician.request(where, { signal: leaving }))).toMatchObject({
    code: 'malformed_request',
  })
  expect(await acts()).not.toContainEqual(expect.objectContaining({ state: 'waiting' }))
})

test('a hundred requests of before that nobody answered do not hide one that waits now', async () => {
  const { db, now } = bench.hub.hub.parts
  const one = await held(bench.technician, link)
  const before = now().getTime() - 600_000
  const row = await db
    .selectFrom('supervised_act')
    .selectAll()
    .where('id', '=', one.id)
    .executeTakeFirstOrThrow()
  for (let count = 0; count < 100; count += 1)
    await insertSupervisedAct(db, {
      ...row,
      id: randomUUID(),
      asked_at: new Date(before + count),
    })
  const shown = await acts()
  expect(shown.find((act) => act['id'] === row.id)).toMatchObject({ state: 'waiting' })
  const times = shown.map((act) => String(act['asked_at']))
  expect(times).toEqual(times.toSorted())
  expect((await say(bench.second, one.id)).status).toBe(204)
  expect(await one.answer).toMatchObject({ url: expect.any(String) })
})

test('who asks twice at once is approved once', async () => {
  const where = { path: '/v1/traffic-shapes/2026-06' }
  const one = await held(bench.technician, where)
  const leaving = new AbortController()
  const twin = json(bench.technician.request(where.path, { signal: leaving.signal }))
  await say(bench.first, one.id)
  const first = await one.answer
  // The twin may have come after the approval was used up, and waits then for one of its own.
  leaving.abort()
  const codes = [first, await twin].map(({ code }) => code ?? 'done')
  expect(codes.filter((code) => code === 'done')).toHaveLength(1)
})

test('nobody of the contractor, nor of the unit, approves; nor anybody after two minutes', async () => {
  const near = await bench.hub.signIn([], { party: 'north-optics', unit: 'operations' })
  const one = await held(near, link)
  expect((await say(bench.colleague, one.id)).status).toBe(403)
  expect(await json(say(bench.first, one.id))).toMatchObject({ code: 'signs_for_same_unit' })
  expect((await acts(bench.colleague)).map(({ id }) => id)).not.toContain(one.id)
  bench.clock.offsetMs += 121_000
  expect((await acts()).find(({ id }) => id === one.id)).toMatchObject({ state: 'over' })
  expect(await json(say(bench.second, one.id))).toMatchObject({ code: 'already_answered' })
  one.leaving.abort()
  expect(await one.answer).toMatchObject({ code: 'needs_live_approval' })
})

test('an account that was cut off while it waited does nothing, approved or not', async () => {
  const leaver = await bench.hub.signIn([], { party: 'north-optics' })
  const one = await held(leaver, link)
  await leaver.request('/v1/session', { method: 'DELETE' })
  expect((await say(bench.first, one.id)).status).toBe(204)
  expect(await one.answer).toMatchObject({ code: 'not_signed_in' })
})

test('a supervised technician asks for a release, an original or an evaluation: refused before anything is looked at', async () => {
  const asks: readonly string[] = [
    '/v1/releases',
    `/v1/releases/${'0'.repeat(32)}/answer`,
    `/v1/releases/${'0'.repeat(32)}/making`,
    `/v1/captures/${capture}/secondings`,
    '/v1/candidate-evaluations',
  ]
  for (const where of asks)
    expect(await json(send(bench.technician, where, {})), where).toMatchObject({
      code: 'needs_live_approval',
    })
  expect(await acts()).not.toContainEqual(expect.objectContaining({ state: 'waiting' }))
})

test('a supervised technician listens to what happens at the port: there is no live stream for them', async () => {
  expect((await bench.technician.request('/v1/events')).status).toBe(403)
})

test('what they did and may do, and leaving, wait for nobody; a suspicion is reported without an account', async () => {
  for (const where of ['/v1/session', '/v1/grants', '/v1/policy', '/v1/candidate-evaluations'])
    expect((await bench.technician.request(where)).status, where).toBe(200)
  expect((await bench.hub.request('/v1/reports', { method: 'POST', body: '{}' })).status).toBe(400)
  const leaver = await bench.hub.signIn([], { party: 'north-optics' })
  expect((await leaver.request('/v1/session', { method: 'DELETE' })).status).toBe(204)
})

test('a route that nobody thought of is refused to them, not let through', async () => {
  expect(supervisedWay('POST', '/v1/something/new')).toBe('refused')
  const { paths } = (await json(bench.hub.request('/openapi.json'))) as {
    paths: Record<string, Record<string, unknown>>
  }
  const reached: string[] = []
  for (const [where, methods] of Object.entries(paths))
    for (const method of Object.keys(methods)) {
      const way = supervisedWay(method.toUpperCase(), where)
      if (way === 'own') reached.push(`${method} ${where}`)
    }
  expect(reached.toSorted()).toEqual([
    'delete /v1/session',
    'get /v1/candidate-evaluations',
    'get /v1/grants',
    'get /v1/grants/{grant}/openings',
    'get /v1/log/receipts/{index}',
    'get /v1/log/witnesses',
    'get /v1/policy',
    'get /v1/secondings',
    'get /v1/session',
    'get /v1/supervised-acts',
    'post /v1/passkeys/registration/options',
    'post /v1/policy/decisions',
  ])
})

test('a supervised technician’s work begins only with somebody of another unit beside it, and the log says so', async () => {
  const now = bench.hub.hub.parts.now().getTime()
  const { order } = await json(
    send(bench.first, '/v1/maintenance', {
      ...{ lane: 'in-1', number: 'WO-1', technician: 'J. Doe', party: 'north-optics' },
      from: new Date(now - 60_000).toISOString(),
      until: new Date(now + 3_600_000).toISOString(),
    }),
  )
  const where = `/v1/maintenance/${String(order)}/beginning`
  const elsewhere = await bench.hub.signIn(['integrator'], { unit: 'lanes' })
  const near = await bench.hub.signIn(['integrator'], { unit: 'operations' })
  expect(await json(send(elsewhere, where))).toMatchObject({ code: 'needs_live_approval' })
  expect(await json(send(near, where, { watching: true }))).toMatchObject({
    code: 'signs_for_same_unit',
  })
  expect((await send(elsewhere, where, { watching: true })).status).toBe(204)
  expect(await entries('maintenance_begun')).toMatchObject([{ watch: 'beside' }])
  expect(await findings()).toEqual([])
  await send(elsewhere, `/v1/maintenance/${String(order)}/ending`)
})

test.each([
  [
    'an approval that was moved to another act',
    `update supervised_act set act = 'add_passkey' where agreed`,
  ],
  ['a request that was rewritten', `update supervised_act set request = 'GET /' where agreed`],
  ['a watch that was invented', `update maintenance_order set watched = not watched`],
])('fsck finds %s', async (_, change) => {
  const { db } = bench.hub.hub.parts
  await db
    .transaction()
    .execute(async (transaction) => {
      await sql.raw(change).execute(transaction)
      const { vault, journal } = bench.hub.hub.parts
      const log = folderTiles(path.join(bench.hub.data, 'log'))
      const { findings: found } = await fsck({ db: transaction, vault, log, vkey: journal.vkey })
      expect(found).toContainEqual(expect.objectContaining({ code: 'row_differs' }))
      throw new Error('undone')
    })
    .catch((error: unknown) => {
      if (!(error instanceof Error && error.message === 'undone')) throw error
    })
  expect(await findings()).toEqual([])
})
