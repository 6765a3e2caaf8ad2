/** Sure reads that are drawn for a person: honest figures need them, and nobody else may be let in by them. */

import { afterAll, beforeAll, expect, test } from 'vitest'

import { enrolTestDevice, readsOf, type TestDevice } from '../support/device.ts'
import { type Person, startTestHub, type TestHub } from '../support/hub.ts'
import { drawnCar } from '../support/reader-client.ts'
import { crossWith, decide, unsureReads, type Waiting } from '../support/review.ts'

let hub: TestHub
let device: TestDevice
let officer: Person
let sure: Waiting
let unsure: Waiting

beforeAll(async () => {
  hub = await startTestHub({ settings: { reviewSample: 1 } })
  device = await enrolTestDevice(hub, 'in-1')
  officer = await hub.signIn(['officer'])
  const picture = await drawnCar()
  sure = await crossWith(hub, device, readsOf('SURE1'), picture)
  unsure = await crossWith(hub, device, unsureReads(['GUESS1']), picture)
})
afterAll(() => hub.remove())

type Queue = {
  readonly items: readonly { readonly crossing: { readonly id: string }; readonly reason: string }[]
  readonly counts: readonly { readonly reason: string; readonly count: number }[]
}
const queue = async (query = ''): Promise<Queue> =>
  (await (await officer.request(`/v1/reviews${query}`)).json()) as Queue

test('a sure read that was drawn waits as "sample" beside what is unsure, and is found by that', async () => {
  const all = await queue()
  expect(all.items.map(({ crossing, reason }) => [crossing.id, reason])).toEqual([
    [unsure.crossing, 'looks_disagree'],
    [sure.crossing, 'sample'],
  ])
  expect(all.counts).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ reason: 'sample', count: 1 }),
      expect.objectContaining({ reason: 'looks_disagree', count: 1 }),
    ]),
  )
  expect((await queue('?reason=sample')).items.map(({ crossing }) => crossing.id)).toEqual([
    sure.crossing,
  ])
})

test('it is opened, decided on and evaluated like the others; the read stays sure', async () => {
  const detail = await officer.request(`/v1/reviews/${sure.crossing}`)
  expect(await detail.json()).toMatchObject({ reason: 'sample', plate: { kind: 'read' } })
  expect((await decide(officer, sure, 'SURE2')).status).toBe(201)
  expect((await decide(officer, unsure, 'GUESS1')).status).toBe(201)
  expect((await queue()).items).toEqual([])
  const after = await officer.request(`/v1/crossings/${sure.crossing}`)
  expect(await after.json()).toMatchObject({
    plate: { kind: 'read', text: 'SURE1', reason: null },
    verdict: { kind: 'corrected', text: 'SURE2' },
  })
  const auditor = await hub.signIn(['auditor'])
  for (const [sample, labels] of [
    [true, 1],
    [false, 2],
  ]) {
    const started = await auditor.request('/v1/evaluations', {
      method: 'POST',
      body: JSON.stringify({ sample }),
    })
    const { id } = (await started.json()) as { id: string }
    const look = async () =>
      (await (await auditor.request(`/v1/evaluations/${id}`)).json()) as { state: string }
    await expect.poll(async () => (await look()).state, { timeout: 60_000 }).toBe('done')
    expect(await look()).toMatchObject({ labels })
  }
}, 130_000)

test('a sure read that was not drawn opens for no review', async () => {
  await hub.hub.parts.db.updateTable('crossing').set({ sampled: false }).execute()
  const answer = await officer.request(`/v1/captures/${sure.plate}/openings`, {
    method: 'POST',
    body: JSON.stringify({ purpose: 'review' }),
  })
  expect(await answer.json()).toMatchObject({ code: 'not_in_review' })
  expect((await officer.request(`/v1/reviews/${sure.crossing}`)).status).toBe(404)
})
