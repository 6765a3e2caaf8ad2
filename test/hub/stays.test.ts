/** Stays of a running hub: entries find their exits, whatever arrives late, unread or twice. */

import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import { enrolTestDevice } from '../support/device.ts'
import { type Person, startTestHub, type TestHub } from '../support/hub.ts'
import { decide, unreadableReads, unsureReads } from '../support/review.ts'
import { ask, enrolLanes, type Lanes, passBy, passWith, staysOf } from '../support/stays.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let hub: TestHub
let lanes: Lanes
let officer: Person
const now = new Date('2026-11-22T15:00:00Z')
const permit = {
  id: 'day',
  name: 'Day permit',
  subject: 'vehicle',
  kind: 'permit_hours',
  hours: 24,
}

beforeAll(async () => {
  hub = await startTestHub({ now: () => now, settings: { stayRules: [permit] as never } })
  lanes = await enrolLanes(hub)
  officer = await hub.signIn(['officer'])
})
afterAll(() => hub.remove())

const at = (text: string) => new Date(`2026-11-${text}:00Z`)
const told = async (...plates: readonly string[]) => {
  const found: string[] = []
  for (const plate of plates)
    for (const { state, days } of await staysOf(hub, officer, `?plate=${plate}`))
      found.push(`${plate} ${state} ${days}`)
  return found.toSorted()
}

test('an entry and its exit are a stay in days of the port, both ends counted', async () => {
  await passBy(hub, lanes.in, 'DAYS01', at('20T05:59'))
  await passBy(hub, lanes.out, 'DAYS01', at('21T06:01'))
  // 05:59 UTC is still the 19th in Chicago.
  expect(await told('DAYS01')).toEqual(['DAYS01 closed 3'])
})

test('a bundle that lay in a spool changes the stays as if it had come in time', async () => {
  await passBy(hub, lanes.in, 'SPOOL1', at('18T10:00'))
  await passBy(hub, lanes.in, 'SPOOL1', at('20T10:00'))
  await passBy(hub, lanes.out, 'SPOOL1', at('20T12:00'))
  expect(await told('SPOOL1')).toEqual(['SPOOL1 closed 1', 'SPOOL1 exit_missing null'])
  await passBy(hub, lanes.out, 'SPOOL1', at('18T20:00'))
  expect(await told('SPOOL1')).toEqual(['SPOOL1 closed 1', 'SPOOL1 closed 1'])
})

test('who stays too long is listed with a sum that can be done again', async () => {
  const entry = await passBy(hub, lanes.in, 'LATE01', at('21T14:59'))
  await passBy(hub, lanes.in, 'OKAY01', at('21T15:01'))
  await passBy(hub, lanes.in, 'LEFT01', at('18T10:00'))
  await passBy(hub, lanes.out, 'LEFT01', at('19T10:01'))
  const inside = await ask<{ stays: { id: string; plate: string }[] }>(
    hub,
    officer,
    '/v1/stays/overstays',
  )
  const own = ({ plate }: { plate: string }) => /^(LATE|OKAY|LEFT)/.test(plate)
  expect(inside.stays.filter(own)).toMatchObject([{ id: entry, plate: 'LATE01', over: true }])
  const left = await ask<{ stays: { plate: string }[] }>(
    hub,
    officer,
    '/v1/stays/overstays?where=left',
  )
  expect(left.stays.filter(own)).toMatchObject([{ plate: 'LEFT01', over: true }])
  const detail = await ask<{ assessment: unknown }>(hub, officer, `/v1/stays/${entry}`)
  expect(detail.assessment).toEqual({
    kind: 'over',
    reason: null,
    due_at: '2026-11-22T14:59:00.000Z',
    steps: [
      {
        step: 'rule',
        rule: {
          id: 'day',
          name: 'Day permit',
          subject: 'vehicle',
          terms: { kind: 'permit_hours', hours: 24 },
        },
      },
      { step: 'zone', zone: 'America/Chicago' },
      { step: 'entry', at: '2026-11-21T14:59:00.000Z', day: '2026-11-21' },
      { step: 'end', at: now.toISOString(), day: '2026-11-22', seen: false },
      { step: 'due', at: '2026-11-22T14:59:00.000Z', day: '2026-11-22' },
      { step: 'over', days: 1, seconds: 60 },
    ],
  })
})

test('a plate that was not read surely pairs with nothing until a person has said what it is', async () => {
  const entry = await passBy(hub, lanes.in, 'ABC123', at('21T10:00'))
  const exit = await passWith(hub, lanes.out, unsureReads(['ABC128', 'ABC123']), at('21T20:00'))
  await passWith(hub, lanes.out, unreadableReads(), at('21T21:00'))
  expect(await told('ABC123')).toEqual(['ABC123 open null'])
  const detail = await ask<{ candidates: unknown; explanation: unknown }>(
    hub,
    officer,
    `/v1/stays/${entry}`,
  )
  expect(detail.candidates).toMatchObject([
    {
      passage: { id: exit.crossing, text: 'ABC128', known: false },
      stay: null,
      nearness: 'one_character',
    },
  ])
  expect(detail.explanation).toMatchObject({ unknown: { direction: 'out', count: 2 } })

  const supervisor = await hub.signIn(['supervisor'])
  expect((await decide(supervisor, exit, 'ABC123')).status).toBe(201)
  expect(await told('ABC123')).toEqual(['ABC123 closed 1'])
})

test('plates read surely that differ by one character are offered to a person, not paired', async () => {
  const entry = await passBy(hub, lanes.in, 'KLM804', at('21T10:00'))
  const exit = await passBy(hub, lanes.out, 'KLN804', at('21T20:00'))
  expect(await told('KLM804', 'KLN804')).toEqual(['KLM804 open null', 'KLN804 entry_missing null'])
  const detail = await ask<{ candidates: unknown }>(hub, officer, `/v1/stays/${exit}`)
  expect(detail.candidates).toMatchObject([
    { passage: { id: entry }, stay: entry, nearness: 'one_character' },
  ])
})

test('one plate on two lanes at once is for a person to untangle, and no overstay', async () => {
  await passBy(hub, lanes.in, 'TWIN11', at('18T10:00'))
  const second = await enrolTestDevice(hub, 'in-2')
  await passBy(hub, second, 'TWIN11', at('18T10:03'))
  await passBy(hub, lanes.out, 'TWIN11', at('18T12:00'))
  expect(await told('TWIN11')).toEqual(['TWIN11 ambiguous null'])
  const { stays } = await ask<{ stays: { plate: string }[] }>(hub, officer, '/v1/stays/overstays')
  expect(stays.map(({ plate }) => plate)).not.toContain('TWIN11')
})

test('a hub that follows everything again comes to the same rows', async () => {
  for (const [index, plate] of ['AAA111', 'BBB222', 'CCC333'].entries()) {
    await passBy(hub, lanes.in, plate, at(`1${index}T10:00`))
    if (index !== 1) await passBy(hub, lanes.out, plate, at(`1${index}T20:00`))
  }
  const before = await staysOf(hub, officer, '?limit=100')
  expect(before.length).toBeGreaterThan(3)
  const { db } = hub.hub.parts
  // As after a crash between the first and the last step: the cursor is behind, half of the rows are gone.
  await db.updateTable('stay_cursor').set({ log_index: -1 }).execute()
  await db.deleteFrom('stay').where('key', '<>', 'plate:AAA111').execute()
  await db.deleteFrom('stay_passage').where('key', '=', 'plate:BBB222').execute()
  await hub.restart()
  expect(await staysOf(hub, officer, '?limit=100')).toEqual(before)
  expect(await hub.hub.parts.stays.waiting()).toBe(0)
})

test('other rules are in the log before stays are computed by them', async () => {
  const kinds: string[] = []
  for await (const { entry } of hub.hub.parts.journal.entries(0)) kinds.push(entry.kind)
  expect(kinds.filter((kind) => kind === 'stay_rules')).toHaveLength(1)
})

test('who keeps lanes running sees no stays, and officers recompute nothing', async () => {
  const integrator = await hub.signIn(['integrator'])
  expect((await integrator.request('/v1/stays')).status).toBe(403)
  expect((await integrator.request('/v1/stays/history?plate=ABC123')).status).toBe(403)
  expect(
    (await officer.request('/v1/stays/recomputations', { method: 'POST', body: '{}' })).status,
  ).toBe(403)
  expect(
    (await integrator.request('/v1/stays/recomputations', { method: 'POST', body: '{}' })).status,
  ).toBe(202)
})
