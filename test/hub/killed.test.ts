/**
 * `kill -9` of hub and database at random moments under load: what was acknowledged is there once,
 * the three stores agree, and no picture lies unsealed on the disk. SLOW=1 kills 50 times.
 */

import { execFile } from 'node:child_process'
import { randomBytes, randomInt } from 'node:crypto'
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { enrolByCode, type TestDevice } from '../support/device.ts'
import { command, type HubProcess, signInByLink, startHubProcess } from '../support/hub-process.ts'
import { freePort } from '../support/hub.ts'

const kills = process.env['SLOW'] === '1' ? 50 : 12
/** Longer than any restart takes: a crossing that is not acknowledged by then never will be. */
const patienceMs = 600_000
const run = promisify(execFile)

let data: string
let port: number
let hub: HubProcess

beforeAll(async () => {
  data = await mkdtemp(path.join(tmpdir(), 'sallyport-killed-'))
  // So that root's database server, which is another user, may enter.
  await chmod(data, 0o711)
  port = await freePort()
  hub = await startHubProcess(data, port)
})
afterAll(async () => {
  await hub.kill()
  // The server of a killed hub lives on until the next one takes it over.
  const pid = await databasePid()
  if (pid !== null && (await isAlive(pid))) process.kill(pid, 'SIGQUIT')
  await sleep(500)
  await rm(data, { recursive: true, force: true })
})

async function isAlive(pid: number): Promise<boolean> {
  return readFile(`/proc/${pid}/stat`).then(
    () => true,
    () => false,
  )
}

async function databasePid(): Promise<number | null> {
  const text = await readFile(path.join(data, 'db', 'postmaster.pid'), 'utf8').catch(() => null)
  return text === null ? null : Number(text.split('\n')[0])
}

/** Sends crossings one after another, each until it is acknowledged, as a lane does. */
async function drive(
  device: TestDevice,
  pictures: Buffer[],
  acknowledged: Map<string, number>,
  going: () => boolean,
): Promise<void> {
  while (going()) {
    const picture = randomBytes(40_000)
    pictures.push(picture)
    const { bytes, manifest } = device.bundle({ picture })
    const giveUpAt = Date.now() + patienceMs
    for (;;) {
      const answer = await fetch(`http://localhost:${port}/v1/bundles`, {
        method: 'POST',
        body: new Uint8Array(bytes),
        headers: { 'content-type': 'application/octet-stream' },
      }).catch(() => null)
      if (answer?.status === 201 || answer?.status === 200) {
        const { log_index } = (await answer.json()) as { log_index: number }
        const before = acknowledged.get(manifest.crossing)
        if (before !== undefined && before !== log_index)
          throw new Error('acknowledged twice under two indexes')
        acknowledged.set(manifest.crossing, log_index)
        break
      }
      if (answer !== null && answer.status < 500 && answer.status !== 429) {
        throw new Error(`refused for good: ${answer.status} ${await answer.text()}`)
      }
      if (Date.now() > giveUpAt) {
        throw new Error(
          `not acknowledged: ${answer === null ? 'no answer' : await answer.text()}\n${hub.output()}`,
        )
      }
      await sleep(30)
    }
  }
}

test(`${kills} kills lose nothing that was acknowledged, and nothing is there twice`, async () => {
  const request = await signInByLink(hub.link() ?? '')
  const devices = []
  for (const lane of ['in-1', 'in-2', 'out-1']) {
    expect(
      (
        await request('/v1/lanes', {
          method: 'POST',
          body: JSON.stringify({ id: lane, name: lane, direction: 'in' }),
        })
      ).status,
    ).toBe(201)
    const { code } = (await (
      await request(`/v1/lanes/${lane}/enrolment-codes`, { method: 'POST', body: '{}' })
    ).json()) as { code: string }
    devices.push(
      await enrolByCode(code, lane, (where, init) =>
        fetch(`${hub.origin}${where}`, {
          ...init,
          headers: { 'content-type': 'application/json' },
        }),
      ),
    )
  }
  const acknowledged = new Map<string, number>()
  const pictures: Buffer[] = []
  let going = true
  const drivers = devices.map((device) => drive(device, pictures, acknowledged, () => going))
  try {
    for (let kill = 0; kill < kills; kill++) {
      await sleep(randomInt(50, 900))
      if (kill % 3 === 2) {
        const pid = await databasePid()
        if (pid !== null) process.kill(pid, 'SIGKILL')
      } else {
        await hub.kill()
        hub = await startHubProcess(data, port)
      }
    }
    await sleep(2_000)
  } finally {
    going = false
  }
  await Promise.all(drivers)
  expect(await hub.stop()).toBe(0)

  expect(acknowledged.size).toBeGreaterThan(kills)
  const { stdout } = await run(process.execPath, [command, 'fsck', '--data', data, '--json']).catch(
    // Exit code 1 means findings: they are what to look at.
    (error: { stdout: string }) => error,
  )
  const report = JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}') as {
    sound: boolean
    crossings: number
    log_entries: number
  }
  expect(report.sound, stdout).toBe(true)
  // One that was stored but whose answer was lost was sent again and is acknowledged by now.
  expect(report.crossings).toBe(acknowledged.size)

  await expectNoPictureOn(data, pictures)
  hub = await startHubProcess(data, port)
}, 7_200_000)

async function expectNoPictureOn(directory: string, pictures: readonly Buffer[]): Promise<void> {
  // Every 32-byte window that starts at a multiple of 4 KB, by its first 8 bytes.
  const windows = new Map<string, Buffer>()
  for (const picture of pictures) {
    for (let at = 0; at + 32 <= picture.length; at += 4096) {
      const window = picture.subarray(at, at + 32)
      windows.set(window.toString('latin1'), window)
    }
  }
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const bytes = await readFile(path.join(entry.parentPath, entry.name))
    for (const window of [...windows.values()].slice(0, 200))
      expect(bytes.includes(window), entry.name).toBe(false)
  }
}
