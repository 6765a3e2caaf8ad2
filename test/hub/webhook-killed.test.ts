/** `kill -9` between a crossing and its delivery: the receiver learns of every acknowledged crossing. */

import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { enrolByCode } from '../support/device.ts'
import { type HubProcess, signInByLink, startHubProcess } from '../support/hub-process.ts'
import { freePort } from '../support/hub.ts'
import { isAuthentic, type Receiver, startReceiver } from '../support/receiver.ts'

let data: string
let port: number
let hub: HubProcess
let receiver: Receiver

beforeAll(async () => {
  data = await mkdtemp(path.join(tmpdir(), 'sallyport-hooks-'))
  // So that root's database server, which is another user, may enter.
  await chmod(data, 0o711)
  port = await freePort()
  await writeFile(path.join(data, 'hooks.toml'), 'private_targets = ["127.0.0.1"]\n')
  hub = await start()
  receiver = await startReceiver()
}, 180_000)
afterAll(async () => {
  await hub.kill()
  const pid = await readFile(path.join(data, 'db', 'postmaster.pid'), 'utf8').catch(() => null)
  if (pid !== null) {
    try {
      process.kill(Number(pid.split('\n')[0]), 'SIGQUIT')
    } catch {
      // It ended by itself.
    }
  }
  await receiver.close()
  await sleep(500)
  await rm(data, { recursive: true, force: true })
})

const start = () => startHubProcess(data, port, ['--settings', path.join(data, 'hooks.toml')])

test('crossings that were acknowledged while the receiver hung arrive after a kill, signed as before', async () => {
  const request = await signInByLink(hub.link() ?? '')
  await request('/v1/lanes', {
    method: 'POST',
    body: JSON.stringify({ id: 'in-1', name: 'in-1', direction: 'in' }),
  })
  const { code } = (await (
    await request('/v1/lanes/in-1/enrolment-codes', { method: 'POST', body: '{}' })
  ).json()) as { code: string }
  const send = (where: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers)
    if (!headers.has('content-type')) headers.set('content-type', 'application/json')
    return fetch(`${hub.origin}${where}`, { ...init, headers })
  }
  const device = await enrolByCode(code, 'in-1', send)
  const made = await request('/v1/subscriptions', {
    method: 'POST',
    body: JSON.stringify({ name: 'Display', purpose: 'operations', url: receiver.url }),
  })
  const { secret } = (await made.json()) as { secret: string }

  receiver.answer = () => undefined
  const acknowledged: string[] = []
  for (let sent = 0; sent < 8; sent++) {
    const { bytes, manifest } = device.bundle()
    const answer = await send('/v1/bundles', {
      method: 'POST',
      body: new Uint8Array(bytes),
      headers: { 'content-type': 'application/octet-stream' },
    })
    expect(answer.status).toBe(201)
    acknowledged.push(manifest.crossing)
  }
  await expect.poll(() => receiver.received.length, { timeout: 10_000 }).toBeGreaterThan(0)
  await hub.kill()

  receiver.answer = (_request, response) => response.writeHead(200).end()
  const before = receiver.received.splice(0)
  hub = await start()
  // What was under way when the hub died is due again when its lease ends.
  await expect
    .poll(() => new Set(receiver.received.map(({ event }) => event['subject'])).size, {
      timeout: 150_000,
      interval: 500,
    })
    .toBe(acknowledged.length)
  expect(new Set(receiver.received.map(({ event }) => event['subject']))).toEqual(
    new Set(acknowledged),
  )
  const [first] = before
  const again = receiver.received.find(({ event }) => event.id === first?.event.id)
  expect(again?.event).toEqual(first?.event)
  for (const one of receiver.received) expect(isAuthentic(one, secret, new Date())).toBe(true)
}, 300_000)
