/**
 * Bundles a hub takes in, every acknowledgement durable (segment, row, log entry).
 *
 *   npx tsx bench/intake.ts [--devices 32] [--bundles 12] [--kilobytes 150]
 *
 * A hub process on its embedded database takes bundles of three pictures from devices that each
 * send one after another, as lanes do. The reference of the same run writes the same bytes as one
 * file a bundle, each made durable by itself.
 */

import { randomBytes } from 'node:crypto'
import { mkdtemp, open, rm } from 'node:fs/promises'
import * as http from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'

import { enrolByCode, type TestDevice } from '../test/support/device.ts'
import { type HubProcess, signInByLink, startHubProcess } from '../test/support/hub-process.ts'
import { freePort } from '../test/support/hub.ts'
import { cpuMsOf } from './measure.ts'

const { values } = parseArgs({
  options: {
    devices: { type: 'string', default: '32' },
    bundles: { type: 'string', default: '12' },
    kilobytes: { type: 'string', default: '150' },
  },
})
const devicesCount = Number(values.devices)
const bundlesEach = Number(values.bundles)
const pictureBytes = Number(values.kilobytes) * 1000

const agent = new http.Agent({ keepAlive: true, maxSockets: devicesCount })
const data = await mkdtemp(path.join(tmpdir(), 'sallyport-bench-'))
const hub = await startHubProcess(path.join(data, 'hub'), await freePort())
try {
  const devices = await enrolAll(hub)
  const bundles = devices.map((device) =>
    Array.from(
      { length: bundlesEach + 1 },
      () => device.bundle({ picture: randomBytes(pictureBytes), third: true }).bytes,
    ),
  )
  // The first of each device warms code and connections up and is not counted.
  await Promise.all(bundles.map((own) => send(hub.origin, own.slice(0, 1))))
  const ownBefore = process.cpuUsage()
  const cpuBefore = await cpuMsOf(hub.pid)
  const started = performance.now()
  const latencies = (await Promise.all(bundles.map((own) => send(hub.origin, own.slice(1))))).flat()
  const wallMs = performance.now() - started
  const cpuMs = (await cpuMsOf(hub.pid)) - cpuBefore
  const own = process.cpuUsage(ownBefore)
  const count = devicesCount * bundlesEach
  const reference = await durableFiles(bundles.flat().slice(0, Math.min(count, 100)))
  console.table({
    hub: {
      bundles_per_second: Math.round((count / wallMs) * 1000),
      p50_ms: Math.round(quantile(latencies, 0.5)),
      p99_ms: Math.round(quantile(latencies, 0.99)),
      hub_cpu_ms_per_bundle: Math.round((cpuMs / count) * 100) / 100,
      sender_cpu_ms_per_bundle: Math.round((own.user + own.system) / count / 10) / 100,
    },
    'one durable file a bundle': { bundles_per_second: Math.round(reference) },
  })
  console.log(
    `${devicesCount} devices, ${count} bundles of 3 × ${values.kilobytes} KB, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}`,
  )
} finally {
  await hub.stop()
  await rm(data, { recursive: true, force: true })
}

async function enrolAll(hub: HubProcess): Promise<TestDevice[]> {
  const { origin } = hub
  const request = await signInByLink(hub.link() ?? '')
  const devices = []
  for (let index = 0; index < devicesCount; index++) {
    const lane = `lane-${index}`
    await request('/v1/lanes', {
      method: 'POST',
      body: JSON.stringify({ id: lane, name: lane, direction: 'in' }),
    })
    const { code } = (await (
      await request(`/v1/lanes/${lane}/enrolment-codes`, { method: 'POST', body: '{}' })
    ).json()) as { code: string }
    devices.push(
      await enrolByCode(code, lane, (where, init) =>
        fetch(`${origin}${where}`, { ...init, headers: { 'content-type': 'application/json' } }),
      ),
    )
  }
  return devices
}

/** Sends bundles one after another; throws unless each is acknowledged. Returns the waits, ms. */
async function send(origin: string, bundles: readonly Uint8Array[]): Promise<number[]> {
  const waits = []
  for (const bytes of bundles) {
    const started = performance.now()
    await post(`${origin}/v1/bundles`, bytes)
    waits.push(performance.now() - started)
  }
  return waits
}

/** Plain node:http: on two cores the sender's own work would be measured otherwise. */
function post(url: string, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/octet-stream', 'content-length': bytes.length }
    const request = http.request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume()
      response.once('end', () =>
        response.statusCode === 201
          ? resolve()
          : reject(new Error(`the hub answered ${response.statusCode}`)),
      )
    })
    request.once('error', reject)
    request.end(bytes)
  })
}

async function durableFiles(bundles: readonly Uint8Array[]): Promise<number> {
  const started = performance.now()
  for (const [index, bytes] of bundles.entries()) {
    const file = await open(path.join(data, `file-${index}`), 'w')
    await file.writeFile(bytes)
    await file.datasync()
    await file.close()
  }
  return (bundles.length / (performance.now() - started)) * 1000
}

function quantile(values: readonly number[], share: number): number {
  return (
    values.toSorted((a, b) => a - b)[
      Math.min(values.length - 1, Math.floor(values.length * share))
    ] ?? 0
  )
}
