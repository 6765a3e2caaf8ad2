/** What drawings may know of a port's traffic: percents of groups, never a crossing. */

import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import { deliver, enrolTestDevice, readsOf } from '../support/device.ts'
import { grantInForce } from '../support/grants.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let hub: TestHub
let now = new Date('2026-10-20T15:00:00Z')

beforeAll(async () => {
  hub = await startTestHub({ now: () => now })
  const device = await enrolTestDevice(hub, 'in-1')
  const cross = async (code: string): Promise<void> => {
    const sure = readsOf('ABC123')
    if (sure.plate.kind === 'unreadable') throw new Error('a sure plate')
    const reads = { ...sure, plate: { ...sure.plate, jurisdiction: { code, confidence: 0.9 } } }
    const { bytes } = device.bundle({ reads: Buffer.from(JSON.stringify(reads)) })
    expect((await deliver(hub, bytes)).status).toBe(201)
  }
  for (let each = 0; each < 24; each++) await cross('us-tx')
  await cross('br')
  now = new Date('2026-11-05T15:00:00Z')
})
afterAll(() => hub.remove())

const shape = async (month: string) => {
  const auditor = await hub.signIn(['auditor'])
  const answer = await auditor.request(`/v1/traffic-shapes/${month}`)
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
}

test('a single crossing of a jurisdiction is not told, not even as what is left', async () => {
  const { status, body } = await shape('2026-10')
  expect(status).toBe(200)
  expect(body['jurisdictions']).toEqual([{ value: 'others', percent: 100 }])
  expect(JSON.stringify(body)).not.toMatch(/ABC123|"br"/)
})

test('months that are not over, none, or empty', async () => {
  expect(await shape('2026-11')).toMatchObject({ status: 409, body: { code: 'set_not_over' } })
  expect((await shape('october')).status).toBe(400)
  expect((await shape('2026-09')).body).toEqual({ jurisdictions: [], light: [], widths: [] })
})

test('a contractor may ask, an officer has no need', async () => {
  await grantInForce(hub, 'north-optics')
  const contractor = await hub.signIn([], { party: 'north-optics' })
  expect((await contractor.request('/v1/traffic-shapes/2026-10')).status).toBe(200)
  const officer = await hub.signIn(['officer'])
  expect((await officer.request('/v1/traffic-shapes/2026-10')).status).toBe(403)
})
