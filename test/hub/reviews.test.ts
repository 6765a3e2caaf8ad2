/** The review of plates that were not read surely: who may say what, in which order it becomes true. */

import { commit } from '@sallyport/proof/entry'
import { committedText } from '@sallyport/proof/review-entry'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { enrolTestDevice, readsOf, type TestDevice } from '../support/device.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'
import {
  codeOf,
  crossingOf,
  crossWith,
  decide,
  entryAt,
  openForReview,
  queue,
  unreadableReads,
  unsureReads,
} from '../support/review.ts'

let hub: TestHub
let first: TestDevice
let second: TestDevice
let offsetMs = 0

beforeAll(async () => {
  hub = await startTestHub({ now: () => new Date(Date.now() + offsetMs) })
  first = await enrolTestDevice(hub, 'in-1')
  second = await enrolTestDevice(hub, 'in-2')
})
afterAll(() => hub.remove())

describe('the queue', () => {
  test('holds what was not read surely, newest first, with counts; a sure read is not in it', async () => {
    const officer = await hub.signIn(['officer'])
    const unsure = await crossWith(hub, first, unsureReads(['AB1', 'A81']))
    const sure = await crossWith(hub, first, readsOf('SURE1'))
    const none = await crossWith(hub, second, unreadableReads())
    // A lane of tomorrow may give reasons that this hub has no words for.
    const onFoot = await crossWith(hub, second, {
      ...unreadableReads(),
      plate: { kind: 'unreadable', reason: 'on_foot' },
    })
    const newer = await crossWith(hub, second, unsureReads(['XY2'], 'stencil_disagrees'))
    const { items, counts, lanes } = await queue(officer)
    expect(items.map(({ crossing }) => crossing.id)).toEqual([
      newer.crossing,
      none.crossing,
      unsure.crossing,
    ])
    expect(items.map(({ crossing }) => crossing.id)).not.toContain(sure.crossing)
    expect(items.map(({ crossing }) => crossing.id)).not.toContain(onFoot.crossing)
    expect(lanes).toBeNull()
    expect(counts.toSorted((a, b) => (a.reason < b.reason ? -1 : 1))).toEqual([
      { lane: 'in-1', reason: 'looks_disagree', count: 1 },
      { lane: 'in-2', reason: 'no_plate_found', count: 1 },
      { lane: 'in-2', reason: 'stencil_disagrees', count: 1 },
    ])
    expect((await queue(officer, '?reason=stencil_disagrees')).items).toHaveLength(1)
    expect((await queue(officer, '?lane=in-2')).items).toHaveLength(2)
    const page = await queue(officer, '?limit=2')
    expect(page.items).toHaveLength(2)
    const rest = await queue(officer, `?limit=2&cursor=${page.next ?? ''}`)
    expect(rest.items.map(({ crossing }) => crossing.id)).toEqual([unsure.crossing])
    expect(rest.next).toBeNull()
  })

  test('shows an officer on shift the own lane only', async () => {
    const officer = await hub.signIn(['officer'])
    await officer.request('/v1/shift', { method: 'PUT', body: '{"lane":"in-1"}' })
    const own = await queue(officer)
    expect(own.lanes).toEqual(['in-1'])
    expect(new Set(own.items.map(({ crossing }) => crossing.lane))).toEqual(new Set(['in-1']))
    expect(own.counts.every(({ lane }) => lane === 'in-1')).toBe(true)
    expect((await queue(officer, '?lane=in-2')).items).toEqual([])
    const elsewhere = await crossWith(hub, second, unsureReads(['ELSE1']))
    const refused = await officer.request(`/v1/captures/${elsewhere.plate}/openings`, {
      method: 'POST',
      body: '{"purpose":"review"}',
    })
    expect(await codeOf(refused)).toBe('other_lane')
  })

  test('is for officers and supervisors', async () => {
    for (const role of ['auditor', 'privacy', 'responder', 'integrator'] as const) {
      const person = await hub.signIn([role])
      expect((await person.request('/v1/reviews')).status, role).toBe(403)
    }
  })
})

describe('a verdict', () => {
  test('counts beside the read, which stays as it was, and takes the plate out of the queue', async () => {
    const officer = await hub.signIn(['officer'])
    const item = await crossWith(hub, first, unsureReads(['KO0L42', 'K00L42', 'K0OL4Z']))
    const detail = (await (await officer.request(`/v1/reviews/${item.crossing}`)).json()) as {
      candidates: { text: string }[]
      head: string | null
      manifest: string
      captures: { id: string; sha256: string }[]
    }
    expect(detail.candidates.map(({ text }) => text)).toEqual(['KO0L42', 'K00L42', 'K0OL4Z'])
    expect(detail.head).toBeNull()
    const manifest = JSON.parse(Buffer.from(detail.manifest, 'base64').toString()) as {
      bodies: { id: string; sha256: string }[]
    }
    for (const { id, sha256 } of detail.captures)
      expect(manifest.bodies.find((body) => body.id === id)?.sha256).toBe(sha256)

    const before = await crossingOf(officer, item.crossing)
    const answer = await decide(officer, item, 'kool-4z', { jurisdiction: 'US-TX' })
    expect(answer.status).toBe(201)
    const after = await crossingOf(officer, item.crossing)
    expect(after).toMatchObject({ plate: before.plate, looks: before.looks })
    expect(after.verdict).toMatchObject({
      kind: 'corrected',
      text: 'KOOL4Z',
      jurisdiction: 'us-tx',
    })
    const waiting = (await queue(officer)).items.map(({ crossing }) => crossing.id)
    expect(waiting).not.toContain(item.crossing)
    // Both what the machine said and what the person says find it.
    for (const part of ['k0-0l4z', 'KO0L42']) {
      const { crossings } = (await (
        await officer.request(`/v1/crossings?plate=${part}`)
      ).json()) as { crossings: { id: string }[] }
      expect(crossings.map(({ id }) => id)).toContain(item.crossing)
    }
  })

  test('that says what the machine said confirms it, however it was typed', async () => {
    const officer = await hub.signIn(['officer'])
    const item = await crossWith(hub, first, unsureReads(['CONF1', 'C0NF1']))
    expect((await decide(officer, item, 'con f1')).status).toBe(201)
    expect((await crossingOf(officer, item.crossing)).verdict).toMatchObject({
      kind: 'confirmed',
      text: 'CONF1',
    })
  })

  test('stands in the log before it counts, without a plate or a name', async () => {
    const officer = await hub.signIn(['officer'])
    const item = await crossWith(hub, first, unsureReads(['SECRET1', 'SECRETI']))
    const { verdict, log_index } = (await (await decide(officer, item, 'SECRETI')).json()) as {
      verdict: string
      log_index: number
    }
    const entry = await entryAt(hub, log_index)
    expect(entry).toMatchObject({ kind: 'verdict', verdict, says: 'corrected' })
    expect(JSON.stringify(entry)).not.toMatch(/SECRET|officer/i)
    const row = await hub.hub.parts.db
      .selectFrom('verdict')
      .selectAll()
      .where('id', '=', verdict)
      .executeTakeFirstOrThrow()
    expect(entry['text']).toBe(commit(row.text_salt, committedText('SECRETI', null)))
    expect(entry['by']).toBe(commit(row.by_salt, row.account))
    expect(entry['sha256']).toBe(row.picture_sha256?.toString('hex'))
    // Who shows what was said must not show who said it.
    expect(row.text_salt.equals(row.by_salt)).toBe(false)
  })

  test('needs a picture of that crossing that this person opened', async () => {
    const [ada, ben] = [await hub.signIn(['officer']), await hub.signIn(['officer'])]
    const item = await crossWith(hub, first, unsureReads(['SEEN1']))
    const other = await crossWith(hub, first, unsureReads(['SEEN2']))
    const openings = {
      none: null,
      'of another crossing': await openForReview(ada, other.plate),
      'of somebody else': await openForReview(ben, item.plate),
      'that never was': 'f'.repeat(32),
    }
    for (const [which, opening] of Object.entries(openings)) {
      const answer = await decide(ada, item, 'SEEN1', { opening })
      expect(await codeOf(answer), which).toBe('picture_not_seen')
    }
    expect((await decide(ada, item, 'SEEN1')).status).toBe(201)
  })

  test('is not given on a sure read, and no picture opens for it', async () => {
    const officer = await hub.signIn(['officer'])
    const sure = await crossWith(hub, first, readsOf('SURE2'))
    const refused = await officer.request(`/v1/captures/${sure.plate}/openings`, {
      method: 'POST',
      body: '{"purpose":"review"}',
    })
    expect(await codeOf(refused)).toBe('not_in_review')
    expect(await codeOf(await decide(officer, sure, 'SURE2', { opening: null }))).toBe(
      'not_in_review',
    )
    expect((await officer.request(`/v1/reviews/${sure.crossing}`)).status).toBe(404)
  })

  test.for([
    ['', 'a plate'],
    ['ABCDEFGHIJKLM', 'a plate'],
    ['ÄÖ1', 'a plate'],
    ["A'; drop table verdict", 'a plate'],
  ])('a text that is no plate is refused: %j', async ([text]) => {
    const officer = await hub.signIn(['officer'])
    const item = await crossWith(hub, first, unsureReads(['FORM1']))
    const answer = await decide(officer, item, text ?? '')
    expect(await codeOf(answer)).toBe('malformed_request')
    expect((await crossingOf(officer, item.crossing)).verdict).toBeNull()
  })
})
