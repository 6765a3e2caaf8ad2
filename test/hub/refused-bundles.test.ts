/** Bundles that must not be taken: each has its code, none leaves a row, and the right ones still go in. */

import { randomBytes } from 'node:crypto'
import { connect } from 'node:net'

import { checkBundle } from '@sallyport/hub/intake/check'
import { limits } from '@sallyport/hub/limits'
import { generateSigningKey } from '@sallyport/proof/node/ed25519'
import { revokeDevice } from '@sallyport/store/lanes'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import { type BundleOptions, deliver, enrolTestDevice, type TestDevice } from '../support/device.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'

let hub: TestHub
beforeAll(async () => {
  hub = await startTestHub()
})
afterAll(() => hub.remove())

let lanes = 0
function freshDevice(): Promise<TestDevice> {
  lanes += 1
  return enrolTestDevice(hub, `lane-${lanes}`)
}

async function rows(device: TestDevice): Promise<number> {
  const found = await hub.hub.parts.db
    .selectFrom('crossing')
    .select('id')
    .where('device', '=', device.id)
    .execute()
  return found.length
}

async function openAlarms(device: TestDevice): Promise<string[]> {
  const found = await hub.hub.parts.db
    .selectFrom('alarm')
    .select('kind')
    .where('device', '=', device.id)
    .execute()
  return found.map(({ kind }) => kind)
}

async function codeOf(answer: Response): Promise<string> {
  return ((await answer.json()) as { code: string }).code
}

test('a bundle cut at any byte is refused with a clear code and leaves nothing', async () => {
  const device = await freshDevice()
  const { bytes } = device.bundle({ picture: randomBytes(300) })
  const codes = new Set<string>()
  for (let length = 0; length < bytes.length; length += length < 1200 ? 1 : 13) {
    const answer = await deliver(hub, bytes.subarray(0, length))
    expect([400, 422], `cut at ${length}`).toContain(answer.status)
    codes.add(await codeOf(answer))
  }
  expect(
    [...codes].every((code) =>
      ['truncated_bundle', 'not_a_bundle', 'malformed_manifest', 'body_mismatch'].includes(code),
    ),
    [...codes].join(),
  ).toBe(true)
  expect(await rows(device)).toBe(0)
  expect((await deliver(hub, bytes)).status).toBe(201)
})

function check(
  hazard: string,
  options: BundleOptions,
  status: number,
  code: string,
  alarm: string | null,
) {
  test(hazard, async () => {
    const device = await freshDevice()
    const answer = await deliver(hub, device.bundle(options).bytes)
    expect(answer.status).toBe(status)
    expect(answer.headers.get('content-type')).toContain('application/problem+json')
    expect(await codeOf(answer)).toBe(code)
    expect(await rows(device)).toBe(0)
    if (alarm !== null) expect(await openAlarms(device)).toContain(alarm)
  })
}

check(
  'a manifest signed by a key that was never enrolled',
  { seed: generateSigningKey().privateKey },
  403,
  'bad_signature',
  'bad_signature',
)
check(
  'a device that speaks for another lane',
  { change: (manifest) => ({ ...manifest, lane: 'lane-1' }) },
  403,
  'wrong_lane',
  'wrong_lane',
)
check(
  'a device nobody enrolled',
  { change: (manifest) => ({ ...manifest, device: 'f'.repeat(32) }) },
  401,
  'unknown_device',
  null,
)
check(
  'bodies sealed to a recipient that the agency never announced',
  { change: (manifest) => ({ ...manifest, epoch: { ...manifest.epoch, day: '2020-01-01' } }) },
  422,
  'unknown_epoch',
  null,
)

test('a body changed on its way', async () => {
  const device = await freshDevice()
  const { bytes } = device.bundle()
  const changed = new Uint8Array(bytes)
  changed[changed.length - 1] = (changed[changed.length - 1] ?? 0) ^ 1
  const answer = await deliver(hub, changed)
  expect(answer.status).toBe(422)
  expect(await codeOf(answer)).toBe('body_hash_mismatch')
  expect(await openAlarms(device)).toEqual(['body_mismatch'])
})

test('a sequence that is taken by another crossing is a conflict and the first one stays', async () => {
  const device = await freshDevice()
  const first = device.bundle()
  await deliver(hub, first.bytes)
  const second = device.bundle({ change: (manifest) => ({ ...manifest, sequence: 1 }) })
  const answer = await deliver(hub, second.bytes)
  expect(answer.status).toBe(409)
  expect(await codeOf(answer)).toBe('sequence_conflict')
  expect(await rows(device)).toBe(1)
  expect(await openAlarms(device)).toEqual(['sequence_conflict'])
})

test('a hole in the sequence is taken and raises an alarm; the late one still comes in', async () => {
  const device = await freshDevice()
  const [first, second, third] = [device.bundle(), device.bundle(), device.bundle()]
  expect((await deliver(hub, first.bytes)).status).toBe(201)
  expect((await deliver(hub, third.bytes)).status).toBe(201)
  expect(await openAlarms(device)).toEqual(['sequence_gap'])
  expect((await deliver(hub, second.bytes)).status).toBe(201)
  expect((await openAlarms(device)).toSorted()).toEqual(['sequence_gap', 'sequence_late'])
  expect(await rows(device)).toBe(3)
})

test('a device key in use twice breaks the chain and raises an alarm', async () => {
  const device = await freshDevice()
  await deliver(hub, device.bundle().bytes)
  const forged = device.bundle({
    change: (manifest) => ({ ...manifest, previous: 'ab'.repeat(32) }),
  })
  expect((await deliver(hub, forged.bytes)).status).toBe(201)
  expect(await openAlarms(device)).toEqual(['chain_broken'])
})

test('a capture from the future marks the clock and is kept', async () => {
  const device = await freshDevice()
  const ahead = (ms: number) => new Date(Date.now() + ms).toISOString()
  await deliver(
    hub,
    device.bundle({ change: (manifest) => ({ ...manifest, captured_at: ahead(20_000) }) }).bytes,
  )
  await deliver(
    hub,
    device.bundle({ change: (manifest) => ({ ...manifest, captured_at: ahead(3_600_000) }) }).bytes,
  )
  const found = await hub.hub.parts.db
    .selectFrom('crossing')
    .select('clock')
    .where('device', '=', device.id)
    .orderBy('sequence')
    .execute()
  expect(found.map(({ clock }) => clock)).toEqual(['skewed', 'review'])
})

test('reads that are not understood keep the crossing, without a plate, and raise an alarm', async () => {
  const device = await freshDevice()
  expect(
    (await deliver(hub, device.bundle({ reads: Buffer.from('{"version":2}') }).bytes)).status,
  ).toBe(201)
  expect(await openAlarms(device)).toEqual(['unreadable_reads'])
  const found = await hub.hub.parts.db
    .selectFrom('crossing')
    .select('plate_kind')
    .where('device', '=', device.id)
    .execute()
  expect(found).toEqual([{ plate_kind: 'unreadable' }])
})

test('a revoked device is refused from the next bundle on', async () => {
  const device = await freshDevice()
  await deliver(hub, device.bundle().bytes)
  const integrator = await hub.signIn(['integrator'])
  const revoked = await integrator.request(`/v1/devices/${device.id}/revocation`, {
    method: 'POST',
    body: JSON.stringify({ reason: 'stolen' }),
  })
  expect(revoked.status).toBe(204)
  const answer = await deliver(hub, device.bundle().bytes)
  expect(answer.status).toBe(403)
  expect(await codeOf(answer)).toBe('device_revoked')
  expect(await openAlarms(device)).toEqual(['revoked_device'])
})

test('a bundle that was checked before its device was revoked is not stored after it', async () => {
  const device = await freshDevice()
  await deliver(hub, device.bundle().bytes)
  const { parts } = hub.hub
  const checked = await checkBundle(device.bundle().bytes, parts)
  if (checked.kind !== 'checked') throw new Error(checked.kind)
  const integrator = await hub.signIn(['integrator'])
  await integrator.request(`/v1/devices/${device.id}/revocation`, {
    method: 'POST',
    body: JSON.stringify({ reason: 'stolen' }),
  })
  expect(await parts.intake.submit(checked)).toMatchObject({ code: 'device_revoked' })
  expect(await rows(device)).toBe(1)
  expect(await openAlarms(device)).toEqual(['revoked_device'])
})

test('a device revoked behind the back of this hub is refused although its row is remembered', async () => {
  const device = await freshDevice()
  const first = device.bundle()
  expect((await deliver(hub, first.bytes)).status).toBe(201)
  await revokeDevice(hub.hub.parts.db, device.id, 'stolen', new Date())
  for (const bytes of [device.bundle().bytes, first.bytes, device.bundle().bytes]) {
    const answer = await deliver(hub, bytes)
    expect(answer.status).toBe(403)
    expect(await codeOf(answer)).toBe('device_revoked')
  }
  expect(await rows(device)).toBe(1)
  expect(await openAlarms(device)).toEqual(['revoked_device'])
})

test('an enrolment code works once', async () => {
  const device = await freshDevice()
  const integrator = await hub.signIn(['integrator'])
  const { code } = (await (
    await integrator.request(`/v1/lanes/${device.lane}/enrolment-codes`, {
      method: 'POST',
      body: '{}',
    })
  ).json()) as { code: string }
  const enrol = (seed: Uint8Array) =>
    hub.request('/v1/devices/enrol', {
      method: 'POST',
      body: JSON.stringify({ code, public_key: Buffer.from(seed).toString('hex') }),
    })
  const first = generateSigningKey().publicKey
  expect((await enrol(first)).status).toBe(201)
  // The same key again: its answer may have been lost.
  expect((await enrol(first)).status).toBe(201)
  const answer = await enrol(generateSigningKey().publicKey)
  expect(answer.status).toBe(409)
  expect(await codeOf(answer)).toBe('code_not_valid')
})

test('a declared size beyond the limit is refused before it is read', async () => {
  const answer = await hub.request('/v1/bundles', {
    method: 'POST',
    body: new Uint8Array(10),
    headers: { 'content-type': 'application/octet-stream', 'content-length': String(10 ** 9) },
  })
  expect(answer.status).toBe(413)
  expect(await codeOf(answer)).toBe('bundle_too_large')
})

test('bundles whose sender goes away halfway do not use up what may be received at once', async () => {
  const device = await freshDevice()
  const { bytes } = device.bundle()
  const size = limits.bundleBytesMax
  const senders = Math.floor(limits.receivingBytesMax / size) + 1
  for (let sender = 0; sender < senders; sender++) {
    const { hostname, port } = new URL(hub.origin)
    const socket = connect(Number(port), hostname === 'localhost' ? '127.0.0.1' : hostname)
    socket.on('error', () => undefined)
    socket.write(
      `POST /v1/bundles HTTP/1.1\r\nhost: localhost:${port}\r\ncontent-length: ${size}\r\ncontent-type: application/octet-stream\r\n\r\nSPB1`,
    )
    await new Promise((resolve) => setTimeout(resolve, 30))
    socket.destroy()
  }
  await vi.waitFor(async () => {
    const answer = await fetch(`${hub.origin}/v1/bundles`, {
      method: 'POST',
      body: new Uint8Array(bytes),
      headers: { 'content-type': 'application/octet-stream' },
    })
    expect([200, 201]).toContain(answer.status)
  }, 5_000)
  expect(await rows(device)).toBe(1)
})

test('no bundle of this file made the hub report a bug', () => {
  expect(hub.reports).toEqual([])
})
