import * as crypto from 'node:crypto'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'

import { fromHex } from '@sallyport/proof/bytes'
import { publicKeyOf } from '@sallyport/proof/node/ed25519'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { systemClock } from './clock.ts'
import { loadDevice } from './device.ts'
import { durableFiles } from './durable-files.ts'
import { enrol } from './enrolment.ts'
import { type Ask, ask } from './http.ts'
import { FakeHub } from './testing/fake-hub.ts'

let root = ''
let directory = ''
let hub = new FakeHub()
beforeEach(async () => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'enrolment-'))
  directory = path.join(root, 'lane')
  hub = new FakeHub()
  await hub.start()
})
afterEach(async () => {
  await hub.stop()
  fs.rmSync(root, { recursive: true, force: true })
})

const parts = (change: { ask?: Ask } = {}) => ({
  ask,
  files: durableFiles,
  clock: systemClock,
  random: crypto.randomBytes,
  ...change,
})

test('a one-time code makes a device whose key never left its directory', async () => {
  const enrolled = await enrol(
    { hub: `${hub.url}/`, code: ` ${hub.code.toLowerCase()}\n`, directory },
    parts(),
  )
  expect(enrolled).toMatchObject({ kind: 'enrolled', device: { device: hub.device, hub: hub.url } })
  const loaded = await loadDevice(directory)
  if (loaded.kind === 'refused') throw new Error(loaded.detail)
  expect(loaded.device.agencyKey).toEqual(hub.agency.publicKey)
  expect(fs.statSync(directory).mode & 0o777).toBe(0o700)
  expect(fs.statSync(path.join(directory, 'device.key')).mode & 0o777).toBe(0o600)
  const seed =
    fromHex(fs.readFileSync(path.join(directory, 'device.key'), 'utf8').trim()) ?? new Uint8Array()
  expect(publicKeyOf(loaded.device.signingSeed)).toEqual(publicKeyOf(seed))
  expect(fs.readFileSync(path.join(directory, 'device.json'), 'utf8')).not.toContain(hub.code)
})

test('a hub without the pinned key is refused, and no device is left behind', async () => {
  const impostor = new FakeHub()
  await impostor.start()
  try {
    const answer = await enrol({ hub: impostor.url, code: hub.code, directory }, parts())
    expect(answer).toMatchObject({ kind: 'refused', code: 'other_agency' })
    expect(await loadDevice(directory)).toMatchObject({ code: 'not_enrolled' })
  } finally {
    await impostor.stop()
  }
})

test('a failed enrolment can be tried again, with the same key', async () => {
  const down = parts({
    ask: () => Promise.resolve({ kind: 'unreachable', reason: 'ECONNREFUSED' }),
  })
  expect(await enrol({ hub: hub.url, code: hub.code, directory }, down)).toMatchObject({
    code: 'hub_unreachable',
  })
  const key = fs.readFileSync(path.join(directory, 'device.key'), 'utf8')
  expect(await enrol({ hub: hub.url, code: hub.code, directory }, parts())).toMatchObject({
    kind: 'enrolled',
  })
  expect(fs.readFileSync(path.join(directory, 'device.key'), 'utf8')).toBe(key)
})

test('an enrolled directory is not enrolled twice', async () => {
  await enrol({ hub: hub.url, code: hub.code, directory }, parts())
  const before = fs.readFileSync(path.join(directory, 'device.json'), 'utf8')
  expect(await enrol({ hub: hub.url, code: hub.code, directory }, parts())).toMatchObject({
    code: 'already_enrolled',
  })
  expect(fs.readFileSync(path.join(directory, 'device.json'), 'utf8')).toBe(before)
})

test.each([
  ['a used code', { status: 403, json: { code: 'code_not_valid' } }, 'hub_refused'],
  ['something that is no hub', { status: 201, json: { hello: 'world' } }, 'malformed_answer'],
  [
    'a device id that is a path',
    { status: 201, json: { device: '../../etc' } },
    'malformed_answer',
  ],
])('%s is refused', async (_, { status, json }, code) => {
  const told = parts({
    ask: () => Promise.resolve({ kind: 'answer', status, json, retryAfter: null }),
  })
  expect(await enrol({ hub: hub.url, code: hub.code, directory }, told)).toMatchObject({
    kind: 'refused',
    code,
  })
  expect(fs.existsSync(path.join(directory, 'device.json'))).toBe(false)
})

test.each([
  ['ftp://hub', 'malformed_hub'],
  ['hub', 'malformed_hub'],
  ['http://user:secret@hub', 'malformed_hub'],
])('the hub %s is %s', async (address, code) => {
  expect(await enrol({ hub: address, code: hub.code, directory }, parts())).toMatchObject({ code })
})

test.each([
  ['no key', (at: string) => fs.rmSync(path.join(at, 'device.key'))],
  ['half a key', (at: string) => fs.writeFileSync(path.join(at, 'device.key'), 'abcd')],
  [
    'a device file of another kind',
    (at: string) => fs.writeFileSync(path.join(at, 'device.json'), '{}'),
  ],
])('a directory with %s is damaged, not started', async (_, damage) => {
  await enrol({ hub: hub.url, code: hub.code, directory }, parts())
  damage(directory)
  expect(await loadDevice(directory)).toMatchObject({ kind: 'refused', code: 'device_damaged' })
})
