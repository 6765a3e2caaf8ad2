/** Verdicts among people: who comes first, who looks already, who may change what another said, undo. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { enrolTestDevice, type TestDevice } from '../support/device.ts'
import { type Person, startTestHub, type TestHub } from '../support/hub.ts'
import {
  codeOf,
  crossingOf,
  crossWith,
  decide,
  entryAt,
  openForReview,
  queue,
  unsureReads,
} from '../support/review.ts'

let hub: TestHub
let first: TestDevice
let offsetMs = 0

beforeAll(async () => {
  hub = await startTestHub({ now: () => new Date(Date.now() + offsetMs) })
  first = await enrolTestDevice(hub, 'in-1')
})
afterAll(() => hub.remove())

describe('two people', () => {
  test('who decide at the same moment: one counts, the other is told who was first', async () => {
    const people = await Promise.all([1, 2, 3, 4, 5].map(() => hub.signIn(['officer'])))
    const item = await crossWith(hub, first, unsureReads(['RACE1', 'RACEI']))
    const openings = await Promise.all(people.map((one) => openForReview(one, item.plate)))
    const answers = await Promise.all(
      people.map((one, at) =>
        decide(one, item, at % 2 === 0 ? 'RACE1' : 'RACEI', { opening: openings[at] }),
      ),
    )
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    const refused = answers.filter(({ status }) => status !== 201)
    for (const answer of refused) {
      expect(answer.status).toBe(409)
      expect(await answer.json()).toMatchObject({
        code: 'verdict_conflict',
        detail: expect.stringMatching(/^Test officer (confirmed|corrected) it at .* not recorded/),
      })
    }
    const [ada] = people
    if (ada === undefined) throw new Error('somebody is there')
    expect((await crossingOf(ada, item.crossing)).verdicts).toHaveLength(1)
    const rows = await hub.hub.parts.db
      .selectFrom('verdict')
      .select('state')
      .where('crossing', '=', item.crossing)
      .execute()
    expect(rows).toEqual([{ state: 'logged' }])
  })

  test('do not look at the same plate: the second is told, until the first has gone', async () => {
    const [ada, ben] = [await hub.signIn(['officer']), await hub.signIn(['supervisor'])]
    const item = await crossWith(hub, first, unsureReads(['CLAIM1']))
    const claim = (person: Person) =>
      person.request(`/v1/reviews/${item.crossing}/claim`, { method: 'PUT' })
    expect((await claim(ada)).status).toBe(200)
    expect((await claim(ada)).status).toBe(200)
    const refused = await claim(ben)
    expect(refused.status).toBe(409)
    expect(await refused.json()).toMatchObject({
      code: 'claimed',
      detail: expect.stringMatching(/^Test officer is looking/),
    })
    expect(await codeOf(await decide(ben, item, 'CLAIM1'))).toBe('claimed')
    const seen = (await queue(ben)).items.find(({ crossing }) => crossing.id === item.crossing)
    expect(seen?.claim).toMatchObject({ by: { name: 'Test officer' } })
    // Nobody lets go for another.
    await ben.request(`/v1/reviews/${item.crossing}/claim`, { method: 'DELETE' })
    expect((await claim(ben)).status).toBe(409)
    try {
      offsetMs = 121_000
      expect((await claim(ben)).status).toBe(200)
    } finally {
      offsetMs = 0
    }
  })

  test('a verdict of another is changed by a supervisor only, and both stay', async () => {
    const [ada, ben] = [await hub.signIn(['officer']), await hub.signIn(['officer'])]
    const supervisor = await hub.signIn(['supervisor'])
    const item = await crossWith(hub, first, unsureReads(['OVER1', 'OVERI']))
    const { verdict } = (await (await decide(ada, item, 'OVER1')).json()) as { verdict: string }
    const changed = (person: Person) => decide(person, item, 'OVERI', { supersedes: verdict })
    expect(await codeOf(await changed(ben))).toBe('verdict_of_another')
    expect((await changed(supervisor)).status).toBe(201)
    const after = await crossingOf(ben, item.crossing)
    expect(after.verdict).toMatchObject({ text: 'OVERI', by: { name: 'Test supervisor' } })
    expect(after.verdicts.map(({ text }) => text)).toEqual(['OVER1', 'OVERI'])
  })
})

describe('undo', () => {
  test('brings the plate back into the queue; the verdict and its withdrawal both stay', async () => {
    const officer = await hub.signIn(['officer'])
    const item = await crossWith(hub, first, unsureReads(['UNDO1', 'UNDOI']))
    const { verdict } = (await (await decide(officer, item, 'UNDOI')).json()) as { verdict: string }
    const undo = () =>
      officer.request(`/v1/reviews/${item.crossing}/verdicts/${verdict}/withdrawal`, {
        method: 'POST',
      })
    const undone = await undo()
    expect(undone.status).toBe(201)
    const { log_index } = (await undone.json()) as { log_index: number }
    expect(await entryAt(hub, log_index)).toMatchObject({ says: 'withdrawn', supersedes: verdict })
    const after = await crossingOf(officer, item.crossing)
    expect(after.verdict).toBeNull()
    expect(after.verdicts.map(({ kind }) => kind)).toEqual(['corrected', 'withdrawn'])
    expect((await queue(officer)).items.map(({ crossing }) => crossing.id)).toContain(item.crossing)
    const { crossings } = (await (await officer.request('/v1/crossings?plate=UNDOI')).json()) as {
      crossings: unknown[]
    }
    expect(crossings).toEqual([])
    // Twice is once.
    expect(await codeOf(await undo())).toBe('verdict_conflict')
    const head = after.verdicts.at(-1)?.id
    expect((await decide(officer, item, 'UNDO1', { supersedes: head })).status).toBe(201)
  })
})

test('whoever watches hears of verdicts and of who is looking', async () => {
  const heard: { name: string; data: string }[] = []
  const stop = hub.hub.parts.events.subscribe((event) => heard.push(event))
  const officer = await hub.signIn(['officer'])
  const item = await crossWith(hub, first, unsureReads(['LIVE1']))
  await officer.request(`/v1/reviews/${item.crossing}/claim`, { method: 'PUT' })
  expect((await decide(officer, item, 'LIVE1')).status).toBe(201)
  // The last word on the crossing of an earlier test may still be on its way.
  const ofThis = () =>
    heard
      .filter(({ name, data }) => name === 'review' && data.includes(item.crossing))
      .map(({ data }): unknown => JSON.parse(data))
  await expect.poll(ofThis, { timeout: 15_000 }).toMatchObject([
    { crossing: item.crossing, verdict: null, claim: { by: { name: 'Test officer' } } },
    { crossing: item.crossing, verdict: { kind: 'confirmed', text: 'LIVE1' }, claim: null },
  ])
  stop?.()
})
