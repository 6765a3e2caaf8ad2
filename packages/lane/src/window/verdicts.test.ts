/** Verdicts at the lane's own page: on the disk before they count, sealed there, and with the hub in the end. */

import * as fs from 'node:fs'
import * as path from 'node:path'

import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { durableFiles } from '../durable-files.ts'
import type { Lane } from '../lane.ts'
import { type LaneBench, openLaneBench, photograph, push } from '../testing/lane-bench.ts'
import { openKeptVerdicts } from './kept-verdicts.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const patience = { timeout: 60_000, interval: 50 }
let bench: LaneBench
beforeEach(async () => {
  bench = await openLaneBench()
})
afterEach(async () => {
  await bench.close()
  expect(bench.hub.complaints).toEqual([])
})

type State = {
  readonly local_since: string | null
  readonly verdicts: { readonly waiting: number; readonly refused: number }
  readonly plates: readonly { crossing: string | null; said: { says: string; name: string }[] }[]
}

const at = (lane: Lane, where: string) => `http://127.0.0.1:${lane.status().window}${where}`
const stateOf = async (lane: Lane) => (await (await fetch(at(lane, '/state'))).json()) as State

async function say(lane: Lane, body: unknown, headers: Record<string, string> = {}) {
  const answer = await fetch(at(lane, '/verdicts'), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  return {
    status: answer.status,
    ...((await answer.json()) as { code?: string; verdict?: string }),
  }
}

/** A lane whose hub went away, with one crossing in its memory. */
async function alone(parts: Parameters<LaneBench['start']>[1] = {}) {
  const lane = await bench.start({ window: 0 }, parts)
  // Without a recipient nothing is sealed, and nothing can be said of it.
  await vi.waitUntil(() => lane.status().epochsUntil !== null, patience)
  await bench.hub.stop()
  await vi.waitUntil(async () => (await stateOf(lane)).local_since !== null, patience)
  await push(lane, await photograph())
  const crossing = (await stateOf(lane)).plates[0]?.crossing ?? ''
  return { lane, crossing }
}

const verdictFiles = (name = '') => {
  const folder = path.join(bench.directory, 'verdicts', name)
  return fs.readdirSync(folder).filter((one) => one.endsWith('.json'))
}

test('given without the hub, kept sealed, delivered after their crossing, and gone from the disk', async () => {
  const { lane, crossing } = await alone()
  const ann = { crossing, name: 'Ann Ruiz' }
  const first = await say(lane, { ...ann, says: 'admitted' })
  expect(first.status).toBe(201)
  const corrected = { ...ann, says: 'referred', reason: 'document', note: ' Torn page ' }
  expect((await say(lane, corrected)).status).toBe(201)
  expect((await say(lane, { ...ann, says: 'opted_out' })).status).toBe(201)
  const state = await stateOf(lane)
  expect(state.verdicts).toEqual({ waiting: 3, refused: 0 })
  expect(state.plates[0]?.said.map(({ says }) => says)).toEqual([
    'admitted',
    'referred',
    'opted_out',
  ])
  expect(verdictFiles()).toHaveLength(3)
  for (const name of verdictFiles()) {
    const text = fs.readFileSync(path.join(bench.directory, 'verdicts', name), 'utf8')
    const clear = `${text} ${Buffer.from((JSON.parse(text) as { statement: string }).statement, 'base64').toString()}`
    expect(clear).not.toMatch(/Ruiz|Torn|document|referred|admitted|SECRET7/)
  }
  await bench.hub.start()
  await vi.waitUntil(() => bench.hub.verdicts.length === 3, patience)
  expect(bench.hub.verdicts).toMatchObject([
    {
      verdict: first.verdict,
      crossing,
      says: 'admitted',
      code: null,
      note: null,
      name: 'Ann Ruiz',
    },
    { crossing, says: 'referred', code: 'document', note: 'Torn page' },
    { crossing, says: 'opted_out' },
  ])
  await vi.waitUntil(() => verdictFiles().length === 0, patience)
  await vi.waitUntil(async () => (await stateOf(lane)).local_since === null, patience)
  expect(await say(lane, { ...ann, says: 'admitted' })).toMatchObject({
    status: 409,
    code: 'hub_answers',
  })
})

test('a lane that is started again without its page still delivers what an earlier run kept', async () => {
  const { lane, crossing } = await alone()
  await say(lane, { crossing, name: 'Ann Ruiz', says: 'admitted' })
  await bench.stop(lane)
  await bench.hub.start()
  await bench.start()
  await vi.waitUntil(() => bench.hub.verdicts.length === 1, patience)
  expect(bench.hub.verdicts).toMatchObject([{ crossing, says: 'admitted' }])
})

const bad: readonly (readonly [string, string | object, string])[] = [
  ['no JSON', 'admit it', 'malformed_request'],
  ['nobody’s name', { says: 'admitted', name: ' ' }, 'malformed_request'],
  ['a name that is a page', { says: 'admitted', name: 'x'.repeat(81) }, 'malformed_request'],
  ['a referral without a reason', { says: 'referred', name: 'Ann' }, 'malformed_request'],
  ['a reason that is none', { says: 'referred', reason: 'ugly', name: 'Ann' }, 'malformed_request'],
  ['a verb that is none', { says: 'refused', name: 'Ann' }, 'malformed_request'],
  ['something beside it', { says: 'admitted', name: 'Ann', force: true }, 'malformed_request'],
  ['control characters', { says: 'admitted', name: 'Ann\u0007' }, 'malformed_request'],
  [
    'more than a verdict',
    { says: 'admitted', name: 'Ann', note: 'x'.repeat(5000) },
    'malformed_request',
  ],
  [
    'a crossing nobody saw',
    { says: 'admitted', name: 'Ann', crossing: 'f'.repeat(32) },
    'not_here',
  ],
]

test('what is no verdict is refused in words, and nothing is kept', async () => {
  const { lane, crossing } = await alone()
  for (const [about, body, code] of bad) {
    const answer = await say(lane, typeof body === 'string' ? body : { crossing, ...body })
    expect(answer, about).toMatchObject({ status: code === 'not_here' ? 404 : 400, code })
  }
  expect(verdictFiles()).toEqual([])
})

test('a page of another site cannot decide, and the same is not said twice', async () => {
  const { lane, crossing } = await alone()
  const body = { crossing, name: 'Ann Ruiz', says: 'admitted' }
  expect((await say(lane, body, { origin: 'http://evil.example' })).status).toBe(400)
  expect((await say(lane, body, { 'content-type': 'text/plain' })).status).toBe(400)
  expect((await say(lane, body)).status).toBe(201)
  expect(await say(lane, body)).toMatchObject({ status: 409, code: 'said_already' })
})

test('a disk that takes nothing: not given, said so, and not shown as said', async () => {
  let full = false
  const files = {
    ...durableFiles,
    write: (file: string, bytes: Uint8Array) =>
      full && file.includes('verdicts')
        ? Promise.reject(new Error('ENOSPC'))
        : durableFiles.write(file, bytes),
  }
  const { lane, crossing } = await alone({ files })
  full = true
  const body = { crossing, name: 'Ann Ruiz', says: 'admitted' }
  expect(await say(lane, body)).toMatchObject({ status: 503, code: 'not_written' })
  expect((await stateOf(lane)).plates[0]?.said).toEqual([])
  full = false
  expect((await say(lane, body)).status).toBe(201)
})

test('what the hub will never take is kept aside, with an alarm, and what follows goes on', async () => {
  const { lane, crossing } = await alone()
  await say(lane, { crossing, name: 'Ann Ruiz', says: 'admitted' })
  await push(lane, await photograph(1))
  await bench.hub.start()
  await vi.waitUntil(() => bench.hub.received.length === 2, patience)
  await vi.waitUntil(() => bench.hub.verdicts.length === 1, patience)
  await bench.hub.stop()
  await vi.waitUntil(async () => (await stateOf(lane)).local_since !== null, patience)
  await say(lane, { crossing, name: 'Ann Ruiz', says: 'opted_out' })
  bench.hub.misbehaviour = { kind: 'status', status: 403, code: 'device_revoked' }
  await bench.hub.start()
  await vi.waitUntil(() => verdictFiles('refused').length === 1, patience)
  const alarmed = () => /verdict_refused.*device_revoked/.test(lane.status().alarms.join())
  await vi.waitUntil(alarmed, patience)
  expect((await stateOf(lane)).verdicts).toEqual({ waiting: 0, refused: 1 })
})

test('a damaged file is moved aside and no number is used twice', async () => {
  const directory = path.join(bench.root, 'kept')
  const kept = await openKeptVerdicts(directory, durableFiles)
  const verdict = {
    ...{ sequence: 1, statement: 'AA==', signature: '0'.repeat(128), seal: 'AA==' },
    epoch: { day: '2026-11-21', recipient: 'age1x' },
  }
  await kept.keep('a'.repeat(32), verdict)
  await kept.keep('b'.repeat(32), { ...verdict, sequence: 2 })
  expect([kept.waitsOf('2026-11-20'), kept.waitsOf('2026-11-21')]).toEqual([false, true])
  const [first = ''] = fs.readdirSync(directory).toSorted()
  fs.writeFileSync(path.join(directory, first), '{"sequence":')
  fs.writeFileSync(path.join(directory, `${first}.7.tmp`), 'half')
  const again = await openKeptVerdicts(directory, durableFiles)
  expect([again.waiting, again.refused, again.oldest()?.sequence]).toEqual([1, 1, 2])
  await again.keep('c'.repeat(32), verdict)
  expect(fs.readdirSync(directory).toSorted().at(-2)).toMatch(/^0{15}3-c/)
})
