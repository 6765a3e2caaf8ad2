/** A lane that sees a vehicle from both ends: one crossing, both plates, and a difference that shows. */

import { afterAll, beforeAll, expect, test } from 'vitest'

import { deliver, enrolTestDevice } from '../support/device.ts'
import { type DrawnPass, drawnPass, passSealer } from '../support/drawn-lane.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'
import { hitsOf, makeEntry } from '../support/watch.ts'

type Detail = {
  readonly plate: {
    readonly kind: string
    readonly text: string | null
    readonly reason: string | null
  }
  readonly captures: readonly {
    readonly id: string
    readonly class: string
    readonly rear: boolean
  }[]
  readonly ends: {
    readonly pair: string
    readonly front: { readonly text: string | null }
    readonly rear: { readonly text: string | null }
    readonly rear_looks: readonly { readonly text: string }[]
  } | null
}

let hub: TestHub
let seal: ReturnType<typeof passSealer>
let front: DrawnPass
let rear: DrawnPass
beforeAll(async () => {
  hub = await startTestHub()
  seal = passSealer(await enrolTestDevice(hub, 'in-1'))
  front = await drawnPass('both:front', 0)
  rear = await drawnPass('both:rear', 1)
})
afterAll(() => hub.remove())

async function cross(one: DrawnPass, other: DrawnPass | null): Promise<string> {
  const { bytes, crossing } = await seal(one, other)
  const answer = await deliver(hub, bytes)
  expect(answer.status).toBe(201)
  return crossing
}

async function detailOf(crossing: string): Promise<Detail> {
  const officer = await hub.signIn(['supervisor'])
  return (await (await officer.request(`/v1/crossings/${crossing}`)).json()) as Detail
}

test('two ends that say the same are one crossing with both pairs of pictures, the front ones first', async () => {
  const crossing = await cross(front, { ...rear, plate: front.plate })
  const { plate, captures, ends } = await detailOf(crossing)
  expect(plate).toMatchObject({ kind: 'read', text: front.plate })
  expect(captures.map((one) => [one.class, one.rear])).toEqual([
    ['plate', false],
    ['plate', true],
    ['scene', false],
    ['scene', true],
  ])
  expect(ends).toMatchObject({ pair: 'equal', front: { text: front.plate } })
  expect(ends?.rear_looks.map(({ text }) => text)).toEqual([front.plate])
})

test('a rear plate of another vehicle goes to a person, who may choose either', async () => {
  const crossing = await cross(front, rear)
  const { plate, ends } = await detailOf(crossing)
  expect(plate).toMatchObject({ kind: 'unsure', text: front.plate, reason: 'plates_differ' })
  expect(ends).toMatchObject({ pair: 'different', rear: { text: rear.plate } })
  const supervisor = await hub.signIn(['supervisor'])
  const item = (await (await supervisor.request(`/v1/reviews/${crossing}`)).json()) as {
    reason: string
    candidates: readonly { text: string }[]
  }
  expect(item.reason).toBe('plates_differ')
  expect(item.candidates.map(({ text }) => text)).toEqual(
    expect.arrayContaining([front.plate, rear.plate]),
  )
})

test('a plate that is looked for is found at either end', async () => {
  const supervisor = await hub.signIn(['supervisor'])
  expect((await makeEntry(supervisor, { plate: rear.plate })).status).toBe(201)
  const crossing = await cross(front, rear)
  const hits = await hitsOf(hub, supervisor)
  expect(hits.map((hit) => [hit.crossing.id, hit.text])).toEqual([[crossing, rear.plate]])
})

test('a crossing that one camera saw says nothing of another end', async () => {
  const { ends, captures } = await detailOf(await cross(front, null))
  expect(ends).toBeNull()
  expect(captures.every(({ rear: behind }) => !behind)).toBe(true)
})
