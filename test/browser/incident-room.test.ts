/** The room of an incident: a scope is asked, counted again by the second engine, and goes out as evidence and letters. */

import { loadEngine } from '@sallyport/store/incidents/months/engine'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'

import { deliver, enrolTestDevice } from '../support/device.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'
import { picture, startVisits, type Visits } from '../support/visits.ts'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 })

/** An optional dependency: without it the room says how to get it. */
const duckdb = await loadEngine()
const day = (ahead: number) =>
  new Date(Date.now() + ahead * 86_400_000).toISOString().slice(0, 'YYYY-MM-DD'.length)
let hub: TestHub
let visits: Visits

beforeAll(async () => {
  hub = await startTestHub({ console: true })
  const device = await enrolTestDevice(hub, 'in-1')
  const { bytes, manifest } = device.bundle({ plate: 'ABC123' })
  expect((await deliver(hub, bytes)).status).toBe(201)
  const auditor = await hub.signIn(['auditor'])
  const opened = await auditor.request(`/v1/captures/${manifest.bodies[0]?.id}/openings`, {
    method: 'POST',
    body: '{"purpose":"audit"}',
  })
  expect(opened.status).toBe(201)
  visits = await startVisits(hub, 60_000)
})
afterAll(async () => {
  await visits.close()
  await hub.remove()
})
afterEach(() => visits.leave())

test('a responder states a scope, counts it again, and takes pack and letters with them', async () => {
  const room = await visits.come({ roles: ['responder'], expected: [409, 503] })
  const now = new Date().toISOString()
  const made = await room.request.post('/v1/incidents', {
    headers: { origin: hub.origin, 'content-type': 'application/json' },
    data: { title: 'Copies of a lane disk', suspected_at: now, known_at: now },
  })
  expect(made.status(), await made.text()).toBe(201)
  const { id } = (await made.json()) as { id: string }
  await room.goto(`/incidents/${id}`)

  await room.getByText('Nobody has asked yet').waitFor()
  await room.getByLabel('From', { exact: true }).fill(day(-1))
  await room.getByLabel('Up to, not included').fill(day(2))
  await room.getByLabel('Why', { exact: true }).fill('A disk is missing')
  const byFace = room.getByLabel('Tell people apart by their faces')
  await byFace.check()
  await room.getByRole('button', { name: 'Count it' }).click()
  // This hub compares no faces: it says so, and the question stays as it was typed.
  await room.getByText('Faces are off at this hub').waitFor()
  await byFace.uncheck()
  await room.getByRole('button', { name: 'Count it' }).click()
  await room.getByText('A disk is missing').waitFor()
  await room.getByRole('row', { name: 'Released in clear 1 1 1 1 1' }).waitFor()

  const again = room.getByRole('button', { name: 'Count again by a second engine' })
  await again.click()
  await room
    .getByText(duckdb === null ? 'DuckDB is not installed here' : 'Both engines agree.')
    .waitFor()
  await room.getByLabel('Party whose grants').fill('north optics & sons')
  const pack = room.getByRole('link', { name: 'Signed pack' })
  expect(await pack.getAttribute('href')).toBe(
    `/v1/incidents/${id}/pack?party=north%20optics%20%26%20sons`,
  )
  await room.getByLabel('Party whose grants').fill('')
  const packed = await room.request.get((await pack.getAttribute('href')) ?? '')
  expect(await packed.text()).toContain('"kind":"signature"')
  const letter = room.getByRole('link', { name: 'PDF es of the notice to' }).first()
  const file = await room.request.get((await letter.getAttribute('href')) ?? '')
  expect((await file.body()).subarray(0, 8).toString('latin1')).toBe('%PDF-1.7')

  for (const colorScheme of ['light', 'dark'] as const)
    for (const width of [1280, 390]) {
      await room.emulateMedia({ colorScheme })
      await room.setViewportSize({ width, height: 900 })
      await picture(room, `incident-room-${colorScheme}-${width}`)
      const wider = await room.evaluate(() => document.documentElement.scrollWidth > innerWidth)
      expect(wider, `${width} pixels, ${colorScheme}`).toBe(false)
    }
})
