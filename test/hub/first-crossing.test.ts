/** The road of one crossing through the hub: bundle in, row, vault, log, opening, receipt. */

import { randomBytes } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'

import { verifyReceipt } from '@sallyport/proof/tlog-proof'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { deliver, enrolTestDevice, type TestDevice } from '../support/device.ts'
import { drawnJpeg, likeness } from '../support/drawn-picture.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'

let hub: TestHub
let device: TestDevice

beforeAll(async () => {
  hub = await startTestHub()
  device = await enrolTestDevice(hub, 'in-1')
})
afterAll(() => hub.remove())

test('a delivered crossing is acknowledged once, found by its plate, and opens with a receipt that verifies', async () => {
  const picture = drawnJpeg(20_000)
  const { bytes, manifest } = device.bundle({ plate: 'KO0L42', picture })
  const first = await deliver(hub, bytes)
  expect(first.status, await first.clone().text()).toBe(201)
  const acknowledged = (await first.json()) as { crossing: string; log_index: number }
  expect(acknowledged.crossing).toBe(manifest.crossing)

  const again = await deliver(hub, bytes)
  expect(again.status).toBe(200)
  expect(await again.json()).toEqual(acknowledged)

  const supervisor = await hub.signIn(['supervisor'])
  // O typed for 0, a separator, part of the plate only.
  const found = (await (await supervisor.request('/v1/crossings?plate=K0-OL')).json()) as {
    crossings: { id: string; captures: { id: string; class: string }[] }[]
  }
  expect(found.crossings.map(({ id }) => id)).toEqual([manifest.crossing])

  const scene = found.crossings[0]?.captures.find((capture) => capture.class === 'scene')
  const opened = await supervisor.request(`/v1/captures/${scene?.id}/openings`, {
    method: 'POST',
    body: JSON.stringify({ purpose: 'investigation', note: 'test' }),
  })
  expect(opened.status, await opened.clone().text()).toBe(201)
  const answer = (await opened.json()) as {
    picture: string
    receipt: string
    entry: string
    log_index: number
  }
  // What is shown is a marked copy.
  const shown = Buffer.from(answer.picture, 'base64')
  expect(shown.equals(picture)).toBe(false)
  expect(await likeness(shown, picture)).toBeGreaterThan(36)
  const verified = verifyReceipt(
    answer.receipt,
    Buffer.from(answer.entry, 'base64'),
    hub.hub.parts.journal.vkey,
  )
  expect(verified).toMatchObject({ kind: 'verified', index: answer.log_index })
  const entry = JSON.parse(Buffer.from(answer.entry, 'base64').toString('utf8')) as Record<
    string,
    unknown
  >
  expect(entry).toMatchObject({ kind: 'opening', purpose: 'investigation', capture: scene?.id })
})

test('a refused opening stands in the log as a refusal and gives no picture', async () => {
  const { bytes } = device.bundle()
  await deliver(hub, bytes)
  const officer = await hub.signIn(['officer'])
  const { crossings } = (await (await officer.request('/v1/crossings')).json()) as {
    crossings: { captures: { id: string }[] }[]
  }
  const capture = crossings[0]?.captures[0]?.id
  const refused = await officer.request(`/v1/captures/${capture}/openings`, {
    method: 'POST',
    body: JSON.stringify({ purpose: 'inspection' }),
  })
  expect(refused.status).toBe(403)
  const problem = (await refused.json()) as { code: string; log_index: number; picture?: string }
  expect(problem.code).toBe('no_shift')
  expect(problem.picture).toBeUndefined()
  const receipt = (await (
    await officer.request(`/v1/log/receipts/${problem.log_index}`)
  ).json()) as { entry: string }
  expect(JSON.parse(Buffer.from(receipt.entry, 'base64').toString('utf8'))).toMatchObject({
    kind: 'opening_refused',
    code: 'no_shift',
    capture,
  })
})

test('no file of the hub holds a window of the picture it was given', async () => {
  const picture = randomBytes(50_000)
  await deliver(hub, device.bundle({ picture }).bytes)
  const windows = Array.from({ length: 40 }, (_, at) => picture.subarray(at * 1000, at * 1000 + 32))
  for (const file of await readdir(hub.data, { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue
    const bytes = await readFile(path.join(file.parentPath, file.name))
    for (const window of windows) expect(bytes.includes(window), file.name).toBe(false)
  }
})
