/**
 * The restore drill: a hub takes crossings while it is backed up, twice; the machine dies; the backup
 * is restored elsewhere. Whatever was acknowledged when the backup began is there once.
 */

import { chmod, cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { verifyReceipt } from '@sallyport/proof/tlog-proof'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { type Ran, sallyport } from '../support/command.ts'
import { enrolByCode, type TestDevice } from '../support/device.ts'
import { drawnJpeg, likeness } from '../support/drawn-picture.ts'
import { type HubProcess, signInByLink, startHubProcess } from '../support/hub-process.ts'
import { freePort } from '../support/hub.ts'

type Acknowledged = { readonly index: number; readonly capture: string; readonly picture: Buffer }

let place: string
let hub: HubProcess
let request: Awaited<ReturnType<typeof signInByLink>>
const acknowledged = new Map<string, Acknowledged>()
let going = true
let driving: Promise<void>

const inPlace = (name: string): string => path.join(place, name)

beforeAll(async () => {
  place = await mkdtemp(path.join(tmpdir(), 'sallyport-drill-'))
  await chmod(place, 0o711)
  hub = await startHubProcess(inPlace('data'), await freePort())
  request = await signInByLink(hub.link() ?? '')
  driving = drive(await enrol('in-1'))
  // Looked at where it is waited for; until then it is nobody's.
  driving.catch(() => undefined)
})
afterAll(async () => {
  going = false
  await hub.kill()
  await endDatabases()
  await rm(place, { recursive: true, force: true })
})

/** The servers of hubs that were killed live on. */
async function endDatabases(): Promise<void> {
  for (const name of await readdir(place)) {
    const text = await readFile(inPlace(`${name}/db/postmaster.pid`), 'utf8').catch(() => '')
    const pid = Number(text.split('\n')[0])
    if (pid > 0) process.kill(pid, 'SIGQUIT')
  }
}

async function enrol(lane: string): Promise<TestDevice> {
  await request('/v1/lanes', {
    method: 'POST',
    body: JSON.stringify({ id: lane, name: lane, direction: 'in' }),
  })
  const answer = await request(`/v1/lanes/${lane}/enrolment-codes`, { method: 'POST', body: '{}' })
  const { code } = (await answer.json()) as { code: string }
  return enrolByCode(code, lane, (where, init) =>
    fetch(`${hub.origin}${where}`, { ...init, headers: { 'content-type': 'application/json' } }),
  )
}

/** Sends crossings one after another until the machine dies, each until it is acknowledged. */
async function drive(device: TestDevice): Promise<void> {
  while (going) {
    const picture = drawnJpeg(20_000)
    const { bytes, manifest } = device.bundle({ picture, plate: `DRILL${acknowledged.size}` })
    for (;;) {
      const answer = await fetch(`${hub.origin}/v1/bundles`, {
        method: 'POST',
        body: new Uint8Array(bytes),
        headers: { 'content-type': 'application/octet-stream' },
      }).catch(() => null)
      if (answer === null) return
      if (answer.status === 201) {
        const { log_index: index } = (await answer.json()) as { log_index: number }
        acknowledged.set(manifest.crossing, {
          index,
          capture: manifest.bodies[0]?.id ?? '',
          picture,
        })
        break
      }
      if (answer.status !== 503) throw new Error(`${answer.status} ${await answer.text()}`)
    }
  }
}

/** Waits until so many more are acknowledged; what ended the driver ends the test. */
async function more(count: number): Promise<void> {
  const until = acknowledged.size + count
  const ended = driving.then(() => Promise.reject(new Error(`the hub is gone: ${hub.output()}`)))
  const enough = async () => {
    while (acknowledged.size < until) await new Promise((resolve) => setTimeout(resolve, 20))
  }
  await Promise.race([enough(), ended])
}

type Receipt = { readonly index: number; readonly entry: string; readonly receipt: string }

async function receiptOf(index: number): Promise<Receipt> {
  const answer = await request(`/v1/log/receipts/${index}`)
  expect(answer.status).toBe(200)
  return (await answer.json()) as Receipt
}

async function vkeyOfLog(): Promise<string> {
  return (await (await fetch(`${hub.origin}/log/vkey`)).text()).trim()
}

function checked({ receipt, entry }: Receipt, vkey: string) {
  return verifyReceipt(receipt, Buffer.from(entry, 'base64'), vkey)
}

async function backUp(): Promise<Ran & { readonly before: ReadonlySet<string> }> {
  const before = new Set(acknowledged.keys())
  const ran = await sallyport(['backup', inPlace('backup'), '--data', inPlace('data'), '--json'])
  expect(ran.code, ran.stderr).toBe(0)
  return { ...ran, before }
}

test('a hub that dies after its backup is there again with all that the backup has', async () => {
  await more(30)
  const first = await backUp()
  await writeFile(inPlace('identity'), `${String(first.json[0]?.['identity'])}\n`)
  const signer = String(first.json[0]?.['signer'])
  await more(30)
  const held = await receiptOf(3)
  const oldVkey = await vkeyOfLog()
  const second = await backUp()
  expect(second.json[0]).toMatchObject({
    snapshot: 2,
    hub: 'running',
    left_out: ['keys/epochs', 'keys/keystore'],
  })
  expect(second.json[0]).not.toHaveProperty('identity')
  expect(Number(second.json[0]?.['added_bytes'])).toBeLessThan(Number(second.json[0]?.['bytes']))
  await more(10)

  // What opens pictures is in no backup and has a copy of its own.
  await cp(inPlace('data/keys/keystore'), inPlace('keystore-copy'), { recursive: true })
  going = false
  await hub.kill()
  await driving
  await endDatabases()
  await rm(inPlace('data'), { recursive: true, force: true })

  const restored = await sallyport([
    'restore',
    inPlace('backup'),
    '--data',
    inPlace('elsewhere'),
    '--identity',
    inPlace('identity'),
    '--signer',
    signer,
    '--json',
  ])
  expect(restored.code, restored.stderr + restored.stdout).toBe(0)
  const report = restored.json.find((line) => 'sound' in line)
  expect(report).toMatchObject({ sound: true })
  expect(Number(report?.['crossings'])).toBeGreaterThanOrEqual(second.before.size)
  const port = await freePort()
  await expect(startHubProcess(inPlace('elsewhere'), port)).rejects.toThrow(/log continue/)
  const named = await sallyport([
    'log',
    'continue',
    '--data',
    inPlace('elsewhere'),
    '--as',
    'example.gov/after',
    '--json',
  ])
  expect(named.code, named.stderr).toBe(0)
  await writeFile(inPlace('settings.toml'), 'log_origin = "example.gov/after"\n')
  await cp(inPlace('keystore-copy'), inPlace('elsewhere/keys/keystore'), { recursive: true })
  hub = await startHubProcess(inPlace('elsewhere'), port, [
    '--settings',
    inPlace('settings.toml'),
    '--sign-in-link',
  ])
  request = await signInByLink(hub.link() ?? '')
  for (const [crossing, { index, capture, picture }] of acknowledged) {
    if (!second.before.has(crossing)) continue
    const found = (await (await request(`/v1/crossings/${crossing}`)).json()) as {
      log_index: number
    }
    expect(found.log_index).toBe(index)
    if (index % 7 > 0) continue
    const opening = await request(`/v1/captures/${capture}/openings`, {
      method: 'POST',
      body: '{"purpose":"investigation"}',
    })
    expect(opening.status, await opening.clone().text()).toBe(201)
    const { picture: opened } = (await opening.json()) as { picture: string }
    expect(await likeness(Buffer.from(opened, 'base64'), picture)).toBeGreaterThan(36)
  }
  // What somebody was given holds under the old key; the new log gives out the same entry under its own.
  const again = await receiptOf(3)
  const newVkey = await vkeyOfLog()
  expect(again.entry).toBe(held.entry)
  expect(newVkey).not.toBe(oldVkey)
  expect(checked(held, oldVkey)).toMatchObject({ kind: 'verified', index: 3 })
  expect(checked(again, newVkey)).toMatchObject({ kind: 'verified', index: 3 })
  expect(checked(again, oldVkey).kind).toBe('refused')
  expect(await hub.stop()).toBe(0)
  const after = await sallyport(['fsck', '--data', inPlace('elsewhere'), '--json'])
  expect([after.code, after.stdout]).toEqual([0, expect.stringContaining('"sound":true')])
}, 900_000)
