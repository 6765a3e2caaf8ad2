/** Galleries of those who cross often that go wrong: nobody comes back who should not, and nothing is half. */

import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'

import { enrolTestDevice } from '../support/device.ts'
import { addPhotographs, ask, facesOf } from '../support/face-hub.ts'
import { photographOf } from '../support/faces.ts'
import {
  documentOf,
  type FrequentHub,
  minutes,
  ruleTerms,
  settled,
  startFrequentHub,
} from '../support/frequent-hub.ts'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 })

let at: FrequentHub

beforeAll(async () => {
  at = await startFrequentHub()
  at.clock.now = minutes(-60)
  await enrolTestDevice(at.here.hub, 'in-2')
})
afterAll(() => at.remove())

/** Each begins before the hour, with no gallery, no rule and nobody who crossed. */
beforeEach(async () => {
  at.clock.now = minutes(-60)
  const { db } = parts()
  const { rules } = await ask<{ rules: readonly { id: string; state: string }[] }>(
    at.supervisor,
    '/v1/frequent-rules',
  )
  for (const { id, state } of rules)
    if (state === 'in_force') await ask(at.privacy, `/v1/frequent-rules/${id}/end`, {})
  const open = await db.selectFrom('gallery').select('id').where('ended_at', 'is', null).execute()
  for (const { id } of open) await ask(at.supervisor, `/v1/galleries/${id}/end`, {})
  await db.deleteFrom('stay_passage').execute()
  await db.deleteFrom('frequent_opt_out').execute()
})

const parts = () => at.here.hub.hub.parts
const crossingOf = async (...who: readonly number[]) => (await at.here.sealedCrossing(who))()
const kindsOf = async (crossing: string) =>
  (await facesOf(at.supervisor, crossing, at.here.hub)).map(({ outcome }) => outcome.kind)
const names = async (rule: string) =>
  ((await at.made(rule))?.entries ?? []).map(({ name }) => name.replace(' ANNA', ''))
const optOut = (crossing: string) =>
  ask(at.supervisor, `/v1/crossings/${crossing}/window`, { says: 'opted_out', seen: 0 })

/** A rule, people who crossed four times, and the hour just begun. */
async function begun(...who: readonly number[]) {
  const source = await at.source(who)
  for (const one of who) await at.confirmed(one, 4)
  const { id } = await at.rule()
  at.clock.now = minutes(1)
  await at.round()
  return { rule: id, source }
}

test('who opts out is found by nobody from then on, today or on any day that crossings from before count', async () => {
  const { rule } = await begun(3, 4)
  expect(await names(rule)).toEqual(['PERSON3', 'PERSON4'])
  const crossing = await crossingOf(3)
  expect(await kindsOf(crossing)).toEqual(['match'])
  expect(await optOut(crossing)).toMatchObject({ status: 201 })
  expect((await at.made(rule))?.searchable).toBe(1)
  expect(await kindsOf(await crossingOf(3))).toEqual(['no_match'])
  await settled(at.here)
  expect(await names(rule)).toEqual(['PERSON4'])
  // Nothing of the document stands in what is kept.
  const kept = await parts().db.selectFrom('frequent_opt_out').selectAll().execute()
  expect(kept).toHaveLength(1)
  at.clock.now = minutes(1441)
  await at.round()
  expect(await names(rule)).toEqual(['PERSON4'])
  at.clock.now = minutes(64 * 1440)
  await at.round()
  expect(await parts().db.selectFrom('frequent_opt_out').selectAll().execute()).toEqual([])
})

test('who opts out just after the hour is kept as well, though the gallery that found them is gone', async () => {
  const { rule } = await begun(3, 4)
  at.clock.now = minutes(179)
  const crossing = await crossingOf(3)
  expect(await kindsOf(crossing)).toEqual(['match'])
  at.clock.now = minutes(180.5)
  await at.round()
  expect(await at.made(rule)).toBeNull()
  await optOut(crossing)
  at.clock.now = minutes(1441)
  await at.round()
  expect(await names(rule)).toEqual(['PERSON4'])
})

test('a clock that is far ahead, and not believed, forgets nobody who opted out', async () => {
  const { rule } = await begun(3, 4)
  await optOut(await crossingOf(3))
  await settled(at.here)
  at.clock.now = minutes(64 * 1440)
  await parts().frequentGalleries.upkeep(false)
  at.clock.now = minutes(1441)
  await at.round()
  expect(await names(rule)).toEqual(['PERSON4'])
})

test('of two who may be it both are left out: nobody knows which one opted out', async () => {
  const { rule } = await begun(3, 4)
  const [entry] = (await at.made(rule))?.entries ?? []
  const crossing = await crossingOf(4)
  const row = await parts()
    .db.selectFrom('face')
    .select(['id', 'outcome'])
    .where('crossing', '=', crossing)
    .executeTakeFirstOrThrow()
  const [own] = 'candidates' in row.outcome ? row.outcome.candidates : []
  const both = [own, { entry: entry?.id, gallery: own?.gallery }]
  await parts()
    .db.updateTable('face')
    .set({ outcome: JSON.stringify({ kind: 'too_close', candidates: both }) })
    .where('id', '=', row.id)
    .execute()
  await optOut(crossing)
  await settled(at.here)
  expect(await names(rule)).toEqual([])
})

test('a hub that stopped right after an opt-out does not find them when it starts again', async () => {
  const { rule } = await begun(3)
  const crossing = await crossingOf(3)
  const stopped = vi.spyOn(parts().frequentGalleries, 'leaveOut').mockResolvedValue()
  expect(await optOut(crossing)).toMatchObject({ status: 201 })
  expect(await names(rule)).toEqual(['PERSON3'])
  stopped.mockRestore()
  await at.here.hub.restart()
  expect(await kindsOf(await crossingOf(3))).not.toEqual(['match'])
  expect(await names(rule)).toEqual([])
})

test('who is taken off the list, gets another photograph or whose list ends is gone from the hour at once', async () => {
  const { rule, source } = await begun(3, 4, 5)
  const entryOf = (name: string) => source.entries.find((one) => one.name.startsWith(name))?.id
  await ask(at.supervisor, `/v1/galleries/${source.id}/entries/${entryOf('PERSON3')}/removal`, {})
  expect(await names(rule)).toEqual(['PERSON4', 'PERSON5'])
  expect(await kindsOf(await crossingOf(3))).toEqual(['no_match'])
  const [again] = await addPhotographs(at.supervisor, source.id, {
    [documentOf(4)]: await photographOf(4, { yaw: 2 }),
  })
  expect(again?.result).toBe('described')
  expect(await names(rule)).toEqual(['PERSON5'])
  await ask(at.supervisor, `/v1/galleries/${source.id}/end`, {})
  expect(await at.made(rule)).toMatchObject({ people: 0, searchable: 0 })
  expect(await kindsOf(await crossingOf(5))).toEqual(['no_gallery'])
})

test('one person ends the rule, and its gallery is over before they are told so', async () => {
  const { rule } = await begun(3)
  expect(await ask(at.supervisor, `/v1/frequent-rules/${rule}/end`, {})).toMatchObject({
    state: 'ended',
    gallery: null,
  })
  expect(await kindsOf(await crossingOf(3))).toEqual(['no_gallery'])
  at.clock.now = minutes(1441)
  await at.round()
  expect(await at.made(rule)).toBeNull()
})

test('a rule that expires within the hour ends its gallery with it', async () => {
  await at.source([3])
  await at.confirmed(3, 3)
  const { id } = await at.rule({ expires_at: minutes(30).toISOString() })
  at.clock.now = minutes(-3)
  await at.round()
  expect(await at.made(id)).toMatchObject({ expires_at: minutes(30).toISOString(), people: 1 })
  at.clock.now = minutes(30)
  expect(await kindsOf(await crossingOf(3))).toEqual(['no_gallery'])
  await at.round()
  expect(await at.made(id)).toBeNull()
})

test('what was erased between choosing and copying is not copied, and the log says so', async () => {
  await at.source([3, 4])
  await at.confirmed(3, 4)
  await at.confirmed(4, 4)
  const { id } = await at.rule()
  at.clock.now = minutes(1)
  const { journal, db } = parts()
  const append = journal.append.bind(journal)
  const logged: object[] = []
  const spy = vi.spyOn(journal, 'append').mockImplementation(async (entry) => {
    const index = await append(entry)
    logged.push(entry)
    if (entry.kind === 'gallery_opened')
      await db
        .deleteFrom('stay_passage')
        .where('key', 'like', `%${documentOf(3)}`)
        .execute()
    return index
  })
  await at.round()
  spy.mockRestore()
  expect(await names(id)).toEqual(['PERSON4'])
  expect(logged.slice(-2)).toMatchObject([
    { kind: 'gallery_opened', entries: 2, rule: id },
    { kind: 'gallery_changed', described: 1, removed: 1 },
  ])
  expect(JSON.stringify(logged)).not.toMatch(/PERSON|P0000|Commuters/)
})

test.each(['gallery_opened', 'gallery_changed'])(
  'a hub that stops before %s stands in the log makes one whole gallery afterwards',
  async (kind) => {
    await at.source([3])
    await at.confirmed(3, 4)
    const { id } = await at.rule()
    at.clock.now = minutes(1)
    const append = parts().journal.append.bind(parts().journal)
    const spy = vi.spyOn(parts().journal, 'append').mockImplementation((entry) => {
      if (entry.kind === kind) throw new Error('stopped here')
      return append(entry)
    })
    await at.round()
    spy.mockRestore()
    expect(await kindsOf(await crossingOf(3))).toEqual(['no_gallery'])
    await at.here.hub.restart()
    at.clock.now = minutes(3)
    await at.round()
    expect(await at.made(id)).toMatchObject({ people: 1, described: 1, searchable: 1 })
    const all = await parts().db.selectFrom('gallery').select('id').where('rule', '=', id).execute()
    expect(all).toHaveLength(1)
  },
)

test('the largest size takes the most frequent; a doubted clock or an opted-out crossing counts for nobody', async () => {
  const source = await at.source([3, 4, 5, 6])
  await at.confirmed(3, 4)
  await at.confirmed(4, 5)
  const [crossing] = await at.confirmed(5, 3)
  await parts()
    .db.updateTable('stay_passage')
    .set({ clock: 'review' })
    .where('crossing', '=', crossing ?? '')
    .execute()
  // At another hour of the day, and long ago.
  await at.confirmed(6, 9, (day) => minutes(-300 - day * 1440))
  await at.confirmed(6, 9, (day) => minutes(10 - (30 + day) * 1440))
  const [one, all] = [await at.rule({ people: 1 }), await at.rule()]
  at.clock.now = minutes(1)
  await at.round(false)
  expect(await at.made(one.id)).toBeNull()
  await at.round()
  expect(await names(one.id)).toEqual(['PERSON4'])
  expect(await names(all.id)).toEqual(['PERSON4', 'PERSON3'])
  expect(source.people).toBe(4)
})

test('terms that would make a register of everybody are refused with what to do', async () => {
  const wrong = { ...ruleTerms, from_hour: 6, to_hour: 20 }
  expect(await ask(at.supervisor, '/v1/frequent-rules', wrong)).toMatchObject({
    status: 422,
    code: 'gallery_not_taken',
    detail: expect.stringContaining('At most 6 hours') as unknown,
  })
})
