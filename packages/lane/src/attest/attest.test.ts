import * as crypto from 'node:crypto'
import * as fs from 'node:fs'
import * as path from 'node:path'

import { judgeAttestation } from '@sallyport/core/attestation'
import { fromHex } from '@sallyport/proof/bytes'
import {
  type DeviceAttestation,
  encodeDeviceAttestation,
  verifyDeviceAttestation,
} from '@sallyport/proof/device-attestation'
import { generateSigningKey, verify } from '@sallyport/proof/node/ed25519'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { type Clock, systemClock } from '../clock.ts'
import { durableFiles } from '../durable-files.ts'
import { ask } from '../http.ts'
import type { Machine } from '../machine/machine.ts'
import { FakeMachine } from '../testing/fake-machine.ts'
import { type LaneBench, openLaneBench, photograph, push } from '../testing/lane-bench.ts'
import { until } from '../testing/time.ts'
import { attest, type HubAsked } from './attest.ts'

const patience = 60_000
const order = 'ab'.repeat(16)
const software = { version: '0.1.0', files: 1, sha256: 'e'.repeat(64) }
let bench: LaneBench
let computer: FakeMachine
beforeEach(async () => {
  bench = await openLaneBench()
  computer = new FakeMachine()
})
afterEach(async () => {
  await bench.close()
  computer.remove()
})

const eager: Clock = {
  ...systemClock,
  sleep: (ms, signal) => systemClock.sleep(Math.min(ms, 50), signal),
}

const attested = (machine: Machine = computer.machine, hub: HubAsked = { kind: 'enrolled_with' }) =>
  attest(
    { directory: bench.directory, hub },
    {
      ...{ ask, files: durableFiles, clock: systemClock, random: crypto.randomBytes },
      ...{ machine, root: computer.root, software },
    },
  )

async function made(machine?: Machine): Promise<DeviceAttestation> {
  const page = await attested(machine)
  if (page.kind === 'refused') throw new Error(page.detail)
  return page.statement
}

const bad = (statement: DeviceAttestation) =>
  judgeAttestation(statement, null)
    .filter(({ weight }) => weight === 'bad')
    .map(({ code }) => code)

/** Runs the lane over one photograph while the hub takes nothing, and stops it. */
async function leaveOneBundle(): Promise<void> {
  bench.hub.misbehaviour = { kind: 'status', status: 503, code: 'busy' }
  const lane = await bench.start({}, { machine: computer.machine, clock: eager })
  expect((await push(lane, await photograph(1))).status).toBe(201)
  await until(() => lane.status().spool.bundles === 1, patience, 'a bundle')
  await bench.stop(lane)
}

test('R6: a clean lane says what is attached, which keys it has, and that only sealed bundles wait', async () => {
  await leaveOneBundle()
  computer.mount('sda', '/srv')
  const page = await attested()
  if (page.kind === 'refused') throw new Error(page.detail)
  const { statement, bytes, signature } = page
  expect(statement).toMatchObject({
    state: { kind: 'stopped' },
    clock: { kind: 'compared', challenge: 'c'.repeat(32) },
    drives: [{ name: 'sda', bus: 'other', mounts: ['/srv'] }],
    networks: [
      { name: 'eth0', kind: 'wired', link: 'up' },
      { name: 'lo', kind: 'virtual', link: 'unknown' },
    ],
    spool: { waiting: 1, refused: 0 },
    directory: { strays: 0, skipped: 0 },
    keys: { epochs: { kind: 'kept', recipients: 14 } },
    changes: [],
  })
  expect(bad(statement)).toEqual([])
  const key = fromHex(statement.keys.device_public_key) ?? new Uint8Array()
  expect(verifyDeviceAttestation(key, bytes, signature, verify).kind).toBe('trusted')
  // Whoever reads the page finds no secret on it.
  const seed = fs.readFileSync(path.join(bench.directory, 'device.key'), 'utf8').trim()
  expect(Buffer.from(bytes).toString()).not.toContain(seed)
})

test('one changed character, or another device’s key: nothing on the page is believed', async () => {
  const page = await attested()
  if (page.kind === 'refused') throw new Error(page.detail)
  const key = fromHex(page.statement.keys.device_public_key) ?? new Uint8Array()
  const believed = (bytes: Uint8Array, by: Uint8Array = key) =>
    verifyDeviceAttestation(by, bytes, page.signature, verify).kind
  expect(believed(page.bytes)).toBe('trusted')
  for (let at = 0; at < page.bytes.length; at += 37) {
    const changed = Uint8Array.from(page.bytes)
    changed[at] = (changed[at] ?? 0) ^ 1
    expect(believed(changed), `byte ${at}`).toBe('refused')
  }
  expect(believed(encodeDeviceAttestation({ ...page.statement, changes: ['boot'] }))).toBe(
    'refused',
  )
  expect(believed(page.bytes, generateSigningKey(crypto.randomBytes).publicKey)).toBe('refused')
})

test.each([
  ['a photograph in the spool', 'spool/photo.jpg', async () => photograph(3), 'picture'],
  ['one under a bundle’s name', 'spool/0000000000000009.spb', async () => photograph(3), 'picture'],
  [
    'one behind other bytes',
    'events/old.dat',
    async () => Buffer.concat([crypto.randomBytes(5000), await photograph(3)]),
    'picture',
  ],
  [
    'the half of one',
    'half.tmp',
    async () => Buffer.from(await photograph(3)).subarray(0, 900),
    'picture',
  ],
  ['notes', 'plates.csv', async () => Buffer.from('ABC123,10:40\n'), 'unknown'],
  [
    'a private key among the settings',
    'duty.json',
    async () => Buffer.from('{"order":null,"issued_at":"","x":"AGE-SECRET-KEY-1QQ"}'),
    'private_key',
  ],
  [
    'reads under an event’s name',
    'events/0000000000000004.event',
    async () => Buffer.from('{"plate":"A"}'),
    'unsealed',
  ],
] as const)('%s is found and named', async (_, name, content, kind) => {
  const file = path.join(bench.directory, name)
  fs.mkdirSync(path.dirname(file), { recursive: true })
  fs.writeFileSync(file, await content())
  const statement = await made()
  expect(statement.directory).toMatchObject({ strays: 1, named: [{ kind, name }] })
  expect(bad(statement)).toEqual([kind === 'unknown' ? 'strays' : 'unsealed_on_disk'])
})

test('a link out of the directory is named and not followed', async () => {
  fs.symlinkSync('/etc', path.join(bench.directory, 'spool/elsewhere'))
  const { directory } = await made()
  expect(directory).toMatchObject({ strays: 1, named: [{ kind: 'link' }] })
})

test('a drive that is plugged in while the page is made stands on it', async () => {
  let looks = 0
  const machine: Machine = {
    look(sensor) {
      looks += 1
      if (looks === 2) computer.plugDrive('sdb')
      return computer.machine.look(sensor)
    },
  }
  const statement = await made(machine)
  expect(statement.changes).toEqual(['media_inserted'])
  expect(bad(statement)).toEqual(['changed_meanwhile'])
})

test('a drive that is in, and what is mounted of it through a mapping, is named', async () => {
  computer.plugDrive('sdb')
  computer.mount('sdb', '/mnt/carry', 'dm-0')
  const statement = await made()
  expect(statement.drives.at(-1)).toMatchObject({ bus: 'usb', mounts: ['/mnt/carry'] })
  expect(bad(statement)).toEqual(['drive_attached'])
})

test('a lane in service is not attested; in maintenance it is, while it runs', async () => {
  const lane = await bench.start({}, { machine: computer.machine, clock: eager })
  expect(await attested()).toMatchObject({ kind: 'refused', code: 'in_service' })
  bench.hub.order = order
  const isTold = () => bench.hub.events.some(({ event }) => event.kind === 'maintenance_began')
  await until(isTold, patience, 'the maintenance')
  await until(() => fs.existsSync(path.join(bench.directory, 'duty.json')), patience, 'its file')
  expect((await made()).state).toEqual({ kind: 'in_maintenance', order })
  await bench.stop(lane)
})

test('a clock that is an hour ahead of the hub, and a hub that is away', async () => {
  bench.hub.behindMs = 3_600_000
  expect(bad(await made())).toEqual(['clock_off'])
  await bench.hub.stop()
  expect(await attested()).toMatchObject({ kind: 'refused', code: 'hub_unreachable' })
  const page = await attested(computer.machine, { kind: 'none' })
  expect(page).toMatchObject({ kind: 'attested', statement: { clock: { kind: 'alone' } } })
})

test('more drives than a page can carry are counted, and a system that tells nothing says so', async () => {
  for (let number = 0; number < 60; number += 1)
    computer.disk(`sd${number}`, `sys/devices/pci0/x${number}/block/sd${number}`, { size: '8' })
  const statement = await made()
  expect(statement.left_out).toBe(37)
  expect(bad(statement)).toEqual(['not_all_looked_at'])
  const blind: Machine = {
    look: () => Promise.resolve({ boot: null, drives: null, usb: null, enclosure: null }),
  }
  expect((await made(blind)).unread).toEqual(['boot', 'drives', 'usb'])
})
