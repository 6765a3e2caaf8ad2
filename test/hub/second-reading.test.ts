/** Hazards that a second reading of the hub found: each was a defect once. */

import { cp, rm } from 'node:fs/promises'
import path from 'node:path'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { deliver, enrolTestDevice } from '../support/device.ts'
import { drawnJpeg } from '../support/drawn-picture.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'

let hub: TestHub
beforeEach(async () => {
  hub = await startTestHub()
})
afterEach(() => hub.remove())

async function openScene(crossing: string): Promise<number> {
  const supervisor = await hub.signIn(['supervisor'])
  const found = (await (await supervisor.request(`/v1/crossings/${crossing}`)).json()) as {
    captures: { id: string }[]
  }
  const opened = await supervisor.request(`/v1/captures/${found.captures[0]?.id}/openings`, {
    method: 'POST',
    body: JSON.stringify({ purpose: 'investigation', note: 'case 7' }),
  })
  return opened.status
}

test('a log rolled back to before the last opening is refused, though no crossing is missing', async () => {
  const device = await enrolTestDevice(hub, 'in-1')
  const { bytes, manifest } = device.bundle()
  await deliver(hub, bytes)
  const log = path.join(hub.data, 'log')
  await hub.stop()
  await cp(log, `${log}.old`, { recursive: true })
  await hub.restart()
  expect(await openScene(manifest.crossing)).toBe(201)
  await hub.stop()
  await rm(log, { recursive: true })
  await cp(`${log}.old`, log, { recursive: true })
  await expect(hub.restart()).rejects.toThrow(/entries/)
})

test("a device cannot put a crossing or a picture under another device's id", async () => {
  const first = await enrolTestDevice(hub, 'in-1')
  const second = await enrolTestDevice(hub, 'in-2')
  const genuine = first.bundle()
  expect((await deliver(hub, genuine.bytes)).status).toBe(201)
  const sameCrossing = second.bundle({
    change: (manifest) => ({ ...manifest, crossing: genuine.manifest.crossing }),
  })
  expect((await deliver(hub, sameCrossing.bytes)).status).toBe(409)
  const sameBody = second.bundle({
    change: (manifest) => ({
      ...manifest,
      sequence: 1,
      bodies: manifest.bodies.map((body, index) =>
        index === 0 ? { ...body, id: genuine.manifest.bodies[0]?.id ?? '' } : body,
      ),
    }),
  })
  expect((await deliver(hub, sameBody.bytes)).status).toBe(409)
  const rows = await hub.hub.parts.db.selectFrom('crossing').select('device').execute()
  expect(rows).toEqual([{ device: first.id }])
})

test('an officer does not read who else opened a crossing, nor why', async () => {
  const device = await enrolTestDevice(hub, 'in-1')
  const { bytes, manifest } = device.bundle({ picture: drawnJpeg(500) })
  await deliver(hub, bytes)
  expect(await openScene(manifest.crossing)).toBe(201)
  const openingsFor = async (role: 'officer' | 'auditor') => {
    const person = await hub.signIn([role])
    const answer = await person.request(`/v1/crossings/${manifest.crossing}`)
    return ((await answer.json()) as { openings: unknown[] }).openings.length
  }
  expect(await openingsFor('officer')).toBe(0)
  expect(await openingsFor('auditor')).toBe(1)
})

test('a live stream ends with its hub, which does not wait for it', async () => {
  const person = await hub.signIn(['supervisor'])
  const stream = await person.request('/v1/events')
  const reading = stream.text()
  await hub.stop()
  expect(await reading).toContain('event: hello')
})
