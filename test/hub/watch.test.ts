/** Watched plates: a possible match is a reason for a person to look, and nothing before that. */

import { skeletonOf } from '@sallyport/core/watch'
import { parseEntry } from '@sallyport/proof/entry'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { enrolTestDevice, readsOf, type TestDevice } from '../support/device.ts'
import { type Person, startTestHub, type TestHub } from '../support/hub.ts'
import { cross, hitsOf, inDays, judge, look, madeEntry, makeEntry, post } from '../support/watch.ts'

let hub: TestHub
let device: TestDevice
let supervisor: Person
let officer: Person
let aheadMs = 0
const now = () => new Date(Date.now() + aheadMs)

beforeAll(async () => {
  hub = await startTestHub({ now })
  device = await enrolTestDevice(hub, 'in-1')
  supervisor = await hub.signIn(['supervisor'])
  officer = await hub.signIn(['officer'])
})
afterAll(() => hub.remove())

const codeOf = async (answer: Response) => ((await answer.json()) as { code: string }).code

async function anHourLater(then: () => Promise<void>): Promise<void> {
  aheadMs = 3_600_000
  await then().finally(() => (aheadMs = 0))
}

async function entryOfLog(index: number) {
  const receipt = await hub.hub.parts.journal.receipt(index)
  const parsed = parseEntry(receipt?.entry ?? new Uint8Array())
  if (parsed.kind === 'refused') throw new Error(parsed.detail)
  return parsed.entry
}

describe('making an entry', () => {
  test('the preview lists every misread and counts the crossings that each would have hit', async () => {
    for (const plate of ['PRE8VW', 'PRE8VW', 'PREBVW', 'PRE3VW']) await cross(hub, device, plate)
    const answer = await supervisor.request('/v1/watch/previews', post({ plate: 'pre-bvw' }))
    expect(await answer.json()).toMatchObject({
      plate: 'PREBVW',
      tolerance: 1,
      accepts: 2,
      too_wide: false,
      accepted: [
        { text: 'PREBVW', positions: [], crossings: 1 },
        { text: 'PRE8VW', positions: [3], crossings: 2 },
      ],
      crossings: 3,
      alike_entries: 0,
    })
  })

  test('a plate without confusables accepts itself alone', async () => {
    const answer = await supervisor.request(
      '/v1/watch/previews',
      post({ plate: 'ACE379', tolerance: 2 }),
    )
    expect(await answer.json()).toMatchObject({ accepts: 1, accepted: [{ text: 'ACE379' }] })
  })

  test('an entry whose preview explodes is shown whole and refused', async () => {
    const plate = 'O0QDI1LTO0QD'
    const answer = await supervisor.request('/v1/watch/previews', post({ plate, tolerance: 2 }))
    const preview = (await answer.json()) as { accepted: unknown[]; too_wide: boolean }
    expect(preview.accepted).toHaveLength(631)
    expect(preview.too_wide).toBe(true)
    const refused = await makeEntry(supervisor, { plate, tolerance: 2 })
    expect(refused.status).toBe(422)
    expect(await codeOf(refused)).toBe('watch_too_wide')
  })

  test.each<[string, Record<string, unknown>, number, string]>([
    ['without issuer', { issuer: ' ' }, 400, 'malformed_request'],
    ['without reason', { reason: undefined }, 400, 'malformed_request'],
    ['without expiry', { expires_at: undefined }, 400, 'malformed_request'],
    ['with an expiry in the past', { expires_at: inDays(-1) }, 422, 'watch_expiry'],
    ['for longer than a year', { expires_at: inDays(366) }, 422, 'watch_expiry'],
    ['for a plate with a wildcard', { plate: 'AB%' }, 400, 'malformed_request'],
    ['with a tolerance of three', { tolerance: 3, accepts: 1 }, 400, 'malformed_request'],
    ['with a jurisdiction in words', { jurisdiction: 'Texas' }, 400, 'malformed_request'],
    ['whose maker did not see the preview', { accepts: 1 }, 409, 'watch_preview_differs'],
    ['with a reason that no row can hold', { reason: 'a\u0000bc' }, 400, 'malformed_request'],
  ])('an entry %s is refused', async (_hazard, change, status, code) => {
    const answer = await makeEntry(supervisor, { plate: 'NEVER1', ...change })
    expect({ status: answer.status, code: await codeOf(answer) }).toEqual({ status, code })
  })

  test('only a supervisor makes, withdraws and imports; officers do not read the list', async () => {
    for (const role of ['officer', 'auditor', 'privacy', 'integrator', 'responder'] as const) {
      const person = await hub.signIn([role])
      const id = '0'.repeat(32)
      for (const [path, body] of [
        ['/v1/watch/entries', {}],
        ['/v1/watch/previews', { plate: 'A' }],
        ['/v1/watch/imports', { csv: 'x' }],
        [`/v1/watch/entries/${id}/withdrawal`, { reason: 'none' }],
      ] as const)
        expect((await person.request(path, post(body))).status, `${role} ${path}`).toBe(403)
      const reads = role === 'auditor' || role === 'privacy'
      expect((await person.request('/v1/watch/entries')).status).toBe(reads ? 200 : 403)
      const hits = reads || role === 'officer'
      expect((await person.request('/v1/watch/hits')).status).toBe(hits ? 200 : 403)
    }
    expect((await hub.request('/v1/watch/hits')).status).toBe(401)
  })

  test('two that are made at once for one plate by one issuer are one', async () => {
    const both = await Promise.all(
      [1, 2].map(() => makeEntry(supervisor, { plate: 'TWIN11', issuer: 'Customs' })),
    )
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409])
    expect((await makeEntry(supervisor, { plate: 'TWIN11', issuer: 'Port' })).status).toBe(201)
  })
})

describe('matching', () => {
  test('a misread is a hit that says what disagrees, and nothing more', async () => {
    await madeEntry(supervisor, { plate: 'HITB00', jurisdiction: 'mx-bcn' })
    const crossing = await cross(hub, device, 'H1TB00')
    const [hit] = await hitsOf(hub, officer)
    expect(hit).toMatchObject({
      state: 'unconfirmed',
      basis: 'read',
      text: 'H1TB00',
      positions: [1],
      // The reader saw a plate of the United States.
      jurisdiction: 'disagrees',
      entry: { plate: 'HITB00', issuer: 'State police', reason: 'Reported stolen' },
      crossing: { id: crossing, lane: 'in-1', plate: { text: 'H1TB00' } },
      judged: null,
    })
  })

  test('more mistakes than the entry tolerates are no hit', async () => {
    await madeEntry(supervisor, { plate: 'NOHIT5', tolerance: 0 })
    await cross(hub, device, 'NOHITS')
    expect((await hitsOf(hub, officer)).filter(({ text }) => text === 'NOHITS')).toEqual([])
  })

  test('what a look listed beside the read is compared too, and said to be that', async () => {
    await madeEntry(supervisor, { plate: 'ALT777', tolerance: 0 })
    const reads = structuredClone(readsOf('ALT177')) as unknown as {
      looks: { alternatives: unknown[] }[]
    }
    reads.looks[0]?.alternatives.push({ text: 'ALT777', confidence: 0.2 })
    await cross(hub, device, '', reads)
    const [hit] = await hitsOf(hub, officer)
    expect(hit).toMatchObject({ basis: 'alternative', text: 'ALT777', positions: [] })
  })

  test('an entry stops at its expiry by the clock of the hub', async () => {
    await madeEntry(supervisor, { plate: 'ENDS33', expires_at: inDays(1 / 24) })
    await anHourLater(async () => {
      await cross(hub, device, 'ENDS33')
      expect((await hitsOf(hub, officer)).filter(({ text }) => text === 'ENDS33')).toEqual([])
    })
  })

  test('a withdrawn entry matches nothing and stays on record with who and why', async () => {
    const id = await madeEntry(supervisor, { plate: 'GONE44' })
    const withdrawal = `/v1/watch/entries/${id}/withdrawal`
    expect((await supervisor.request(withdrawal, post({ reason: 'x' }))).status).toBe(400)
    const both = await Promise.all(
      [1, 2].map(() => supervisor.request(withdrawal, post({ reason: 'Found again' }))),
    )
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([204, 404])
    await cross(hub, device, 'GONE44')
    expect((await hitsOf(hub, officer)).filter(({ text }) => text === 'GONE44')).toEqual([])
    const list = await supervisor.request('/v1/watch/entries?state=withdrawn&plate=gone')
    const { entries } = (await list.json()) as { entries: { withdrawn: { log_index: number } }[] }
    expect(entries).toMatchObject([
      {
        id,
        state: 'withdrawn',
        withdrawn: { reason: 'Found again', by: { name: 'Test supervisor' } },
      },
    ])
    expect(await entryOfLog(entries[0]?.withdrawn.log_index ?? -1)).toMatchObject({
      kind: 'watch_entry_withdrawn',
      entry: id,
    })
    expect((await supervisor.request(`/v1/watch/entries/${id}`, { method: 'DELETE' })).status).toBe(
      404,
    )
  })

  test('the database makes the same skeletons as the code', async () => {
    const all = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
    const { rows } = await sql<{ skeleton: string }>`
      select translate(${all}, 'ODQILTBSZG', '0001118526') as skeleton`.execute(hub.hub.parts.db)
    expect(rows[0]?.skeleton).toBe(skeletonOf(all))
  })
})

describe('judging', () => {
  test('nobody confirms unseen; whoever opened the picture does, by name, and the log has it', async () => {
    await madeEntry(supervisor, { plate: 'JUDGE1' })
    await cross(hub, device, 'JUDGE1')
    const [hit] = await hitsOf(hub, officer)
    if (hit === undefined) throw new Error('no hit')
    const unseen = await judge(officer, hit, 'confirmed')
    expect(unseen.status).toBe(409)
    expect(await codeOf(unseen)).toBe('picture_not_seen')
    // Somebody else's look is not the officer's own.
    expect((await look(supervisor, hit)).status).toBe(201)
    expect((await judge(officer, hit, 'confirmed')).status).toBe(409)
    expect((await look(officer, hit)).status).toBe(201)
    const judged = await judge(officer, hit, 'confirmed', 'same car')
    expect(judged.status).toBe(200)
    const answer = (await judged.json()) as typeof hit
    expect(answer).toMatchObject({
      state: 'confirmed',
      judged: { by: { name: 'Test officer' }, note: 'same car' },
    })
    expect(await entryOfLog(answer.judged?.log_index ?? -1)).toMatchObject({
      kind: 'watch_hit_judged',
      hit: hit.id,
      verdict: 'confirmed',
    })
    expect((await hitsOf(hub, officer)).some(({ id }) => id === hit.id)).toBe(false)
    expect((await hitsOf(hub, officer, '?state=judged'))[0]?.id).toBe(hit.id)
  })

  test('of two people who judge one hit at once the second is told', async () => {
    await madeEntry(supervisor, { plate: 'RACE22' })
    await cross(hub, device, 'RACE22')
    const [hit] = await hitsOf(hub, officer)
    if (hit === undefined) throw new Error('no hit')
    await look(officer, hit)
    const before = hub.hub.parts.journal.size()
    const both = await Promise.all([
      judge(officer, hit, 'confirmed'),
      judge(supervisor, hit, 'rejected'),
    ])
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409])
    expect(await codeOf(both.find(({ status }) => status === 409)!)).toBe('hit_already_judged')
    expect(hub.hub.parts.journal.size()).toBe(before + 1)
  })

  test('an entry that expires between match and judgement confirms nothing; rejecting still ends it', async () => {
    await madeEntry(supervisor, { plate: 'MEAN77', expires_at: inDays(1 / 24) })
    await cross(hub, device, 'MEAN77')
    const [hit] = await hitsOf(hub, officer)
    if (hit === undefined) throw new Error('no hit')
    await look(officer, hit)
    await anHourLater(async () => {
      expect(await codeOf(await judge(officer, hit, 'confirmed'))).toBe('watch_entry_over')
      expect((await hitsOf(hub, officer))[0]?.entry.state).toBe('expired')
      expect((await judge(officer, hit, 'rejected')).status).toBe(200)
    })
  })

  test('an auditor sees possible matches and judges none', async () => {
    const auditor = await hub.signIn(['auditor'])
    await madeEntry(supervisor, { plate: 'AUDIT1' })
    await cross(hub, device, 'AUDIT1')
    const [hit] = await hitsOf(hub, auditor)
    if (hit === undefined) throw new Error('no hit')
    expect((await judge(auditor, hit, 'rejected')).status).toBe(403)
  })
})

test('no request of the API refuses or detains', async () => {
  const document = (await (await hub.request('/openapi.json')).json()) as {
    paths: Record<string, unknown>
  }
  const paths = Object.keys(document.paths)
  expect(paths).toContain('/v1/watch/hits/{hit}/judgement')
  expect(paths.filter((path) => /refus|detain|deny|arrest|barrier/i.test(path))).toEqual([])
})
