/** The lane's own page: nothing while the hub answers, the lane's memory while it does not. */

import * as http from 'node:http'

import { decodePicture } from '@sallyport/vision/picture'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { type LaneBench, openLaneBench, photograph, push } from '../testing/lane-bench.ts'
import { until } from '../testing/time.ts'

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

type State = { readonly local_since: string | null; readonly plates: readonly { text: string }[] }

const at = (port: number | null, where: string) => `http://127.0.0.1:${port}${where}`
const stateOf = async (port: number | null): Promise<State> =>
  (await (await fetch(at(port, '/state'))).json()) as State

test('while the hub answers the page tells no plate and gives no picture; then both, and then not again', async () => {
  const lane = await bench.start({ window: 0 })
  const { window: port } = lane.status()
  await push(lane, await photograph())
  await until(() => bench.hub.received.length === 1)
  expect(await stateOf(port)).toMatchObject({ local_since: null, plates: [] })
  expect((await fetch(at(port, '/picture'))).status).toBe(409)

  await bench.hub.stop()
  await vi.waitUntil(async () => (await stateOf(port)).local_since !== null, patience)
  expect((await push(lane, await photograph(1))).status).toBe(201)
  const local = await stateOf(port)
  expect(local.plates.map(({ text }) => text)).toEqual(['SECRET7', 'SECRET7'])
  const picture = await fetch(at(port, '/picture'))
  expect(await decodePicture(new Uint8Array(await picture.arrayBuffer()))).toMatchObject({
    kind: 'picture',
  })
  // "Since" is when the silence began, not when somebody last asked.
  expect((await stateOf(port)).local_since).toBe(local.local_since)

  await bench.hub.start()
  await vi.waitUntil(async () => (await stateOf(port)).local_since === null, patience)
  await until(() => bench.hub.received.length === 2)
  expect((await fetch(at(port, '/picture'))).status).toBe(409)
})

test('a page elsewhere cannot read it under a name of its own, and nothing can be posted', async () => {
  const lane = await bench.start({ window: 0 })
  const { window: port } = lane.status()
  const rebound = await new Promise<number | undefined>((resolve, reject) => {
    http
      .get(at(port, '/state'), { headers: { host: 'attacker.example' } }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
      .on('error', reject)
  })
  expect(rebound).toBe(421)
  expect((await fetch(at(port, '/state'), { method: 'POST' })).status).toBe(405)
  const page = await fetch(at(port, '/'))
  expect(page.headers.get('content-security-policy')).toMatch(/default-src 'self'/)
  expect(await page.text()).not.toMatch(/https?:\/\//)
})

test('a port that is taken is said before the lane films, and its directory is free again', async () => {
  const first = await bench.start({ window: 0 })
  const { window: port } = first.status()
  await bench.stop(first)
  const blocker = http.createServer().listen(port ?? 0, '127.0.0.1')
  await new Promise((resolve) => blocker.once('listening', resolve))
  await expect(bench.start({ window: port ?? 0 })).rejects.toThrow(/port_in_use/)
  await new Promise((resolve) => blocker.close(resolve))
  await bench.start({ window: port ?? 0 })
})

test('a lane without the setting serves no page', async () => {
  const lane = await bench.start()
  expect(lane.status().window).toBeNull()
})
