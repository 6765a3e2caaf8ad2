import * as crypto from 'node:crypto'
import * as fs from 'node:fs'
import * as path from 'node:path'

import { generateSigningKey } from '@sallyport/proof/node/ed25519'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { type Clock, systemClock } from '../clock.ts'
import { durableFiles } from '../durable-files.ts'
import { dutyAnswer } from '../testing/fake-device-desk.ts'
import { FakeMachine } from '../testing/fake-machine.ts'
import { type LaneBench, openLaneBench, photograph, push } from '../testing/lane-bench.ts'
import { until } from '../testing/time.ts'
import { Duty } from './duty.ts'

const patience = 60_000
const order = 'ab'.repeat(16)
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
const start = () => bench.start({}, { machine: computer.machine, clock: eager })
const kinds = () => bench.hub.events.map(({ event }) => event.kind)
const told = (kind: string) => until(() => kinds().includes(kind as never), patience, kind)

test('R6: in maintenance a picture is refused by name, nothing is kept, and drawn ones are read', async () => {
  const lane = await start()
  expect((await push(lane, await photograph(1))).status).toBe(201)
  bench.hub.order = order
  await told('maintenance_began')
  const refused = await push(lane, await photograph(2))
  expect(refused).toMatchObject({ status: 503, body: { code: 'in_maintenance' } })
  const tested = () => bench.events.some(({ event }) => event === 'test_picture')
  await until(tested, patience, 'a drawn picture')
  bench.hub.order = null
  await told('maintenance_ended')
  // The lane sees again a moment after it said so: its word is durable first.
  let after = await push(lane, await photograph(3))
  for (const late = Date.now() + patience; after.status === 503 && Date.now() < late;)
    after = await push(lane, await photograph(3))
  expect(after.status).toBe(201)
  await until(() => bench.hub.received.length === 2, patience, 'the second crossing')
  expect(bench.hub.events.at(-1)?.event).toMatchObject({
    ...{ kind: 'maintenance_ended', order, withheld: 1 },
    drawn: expect.toSatisfy((count: number) => count > 0),
  })
  expect(bench.hub.complaints).toEqual([])
})

test('a technician who starts the lane again, without the hub, is still in maintenance', async () => {
  const first = await start()
  bench.hub.order = order
  await told('maintenance_began')
  await bench.stop(first)
  await bench.hub.stop()
  const again = await start()
  const refused = await push(again, await photograph(1))
  expect(refused).toMatchObject({ status: 503, body: { code: 'in_maintenance' } })
  expect(again.status().spool.bundles).toBe(0)
  await bench.hub.start()
})

test('an old word, another agency’s, another device’s or a changed one turns nothing', async () => {
  const agency = generateSigningKey(crypto.randomBytes)
  const directory = path.join(bench.root, 'duty')
  fs.mkdirSync(directory)
  const device = 'd'.repeat(32)
  const duty = await Duty.open(directory, { device, agencyKey: agency.publicKey }, durableFiles)
  const at = (second: number) => new Date(Date.UTC(2026, 10, 22, 9, 0, second))
  const record = () => Promise.resolve()
  const take = (answer: unknown) => duty.take(answer, record)
  const say = (to: string, of: string | null, by: Uint8Array, second: number) =>
    dutyAnswer(to, of, by, at(second))

  expect(await take(say(device, order, agency.privateKey, 10))).toBe(true)
  expect(duty.order).toBe(order)
  const ends = say(device, null, agency.privateKey, 11)
  for (const refused of [
    say(device, null, agency.privateKey, 9),
    say(device, null, generateSigningKey(crypto.randomBytes).privateKey, 12),
    say('e'.repeat(32), null, agency.privateKey, 12),
    { ...ends, document: say(device, null, agency.privateKey, 12).document },
    { document: 'x', signature: 'y' },
    null,
  ]) {
    expect(await take(refused)).toBe(false)
    expect(duty.order).toBe(order)
  }
  expect(await take(ends)).toBe(true)
  expect(duty.order).toBeNull()
})

test('what cannot be kept still shuts the eyes, and is told again', async () => {
  const agency = generateSigningKey(crypto.randomBytes)
  const device = 'd'.repeat(32)
  let isFull = true
  const files = {
    ...durableFiles,
    write: (file: string, bytes: Uint8Array) =>
      isFull ? Promise.reject(new Error('full')) : durableFiles.write(file, bytes),
  }
  const duty = await Duty.open(bench.root, { device, agencyKey: agency.publicKey }, files)
  const said: string[] = []
  const record = (event: { kind: string }) => Promise.resolve(void said.push(event.kind))
  const begins = dutyAnswer(device, order, agency.privateKey, new Date())
  await expect(duty.take(begins, record)).rejects.toThrow('full')
  expect(duty.withholds({})).toBe(true)
  isFull = false
  expect(await duty.take(begins, record)).toBe(true)
  expect(said).toEqual(['maintenance_began', 'maintenance_began'])
})
