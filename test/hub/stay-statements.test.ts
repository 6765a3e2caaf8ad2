/** What people state about entries and exits: it counts by name, in the log, and erases nothing. */

import { commit, parseEntry } from '@sallyport/proof/entry'
import { forgetCrossings } from '@sallyport/store/stays/forget'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import { findingsOf } from '../support/findings.ts'
import { type Person, startTestHub, type TestHub } from '../support/hub.ts'
import { ask, enrolLanes, type Lanes, passBy, staysOf } from '../support/stays.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let hub: TestHub
let lanes: Lanes
let officer: Person
const now = new Date('2026-11-22T15:00:00Z')
const until = { id: 'visit', name: 'Visit', subject: 'vehicle', kind: 'admitted_until' } as const

beforeAll(async () => {
  hub = await startTestHub({ now: () => now, settings: { stayRules: [until] } })
  lanes = await enrolLanes(hub)
  officer = await hub.signIn(['officer'])
})
afterAll(() => hub.remove())

const at = (text: string) => new Date(`2026-11-${text}:00Z`)
const told = async (plate: string) =>
  (await staysOf(hub, officer, `?plate=${plate}`)).map(({ state, days }) => `${state} ${days}`)

async function post(person: Person, where: string, body: unknown) {
  const answer = await person.request(where, { method: 'POST', body: JSON.stringify(body) })
  const json = (await answer.json()) as { statement?: string; log_index?: number; code?: string }
  return { status: answer.status, ...json }
}

function state(passage: string, claim: unknown, more: Readonly<Record<string, unknown>> = {}) {
  return post(officer, '/v1/stays/statements', {
    passage,
    claim,
    reason: 'Seen by hand',
    supersedes: null,
    ...more,
  })
}

const findings = async () => (await findingsOf(hub)).map(({ code }) => code)

test('an entry paired with an exit that was misread; taken back, both are as the cameras saw them', async () => {
  const entry = await passBy(hub, lanes.in, 'PAIR01', at('20T10:00'))
  const exit = await passBy(hub, lanes.out, 'PA1R01', at('21T10:00'))
  const made = await state(entry, { kind: 'paired', exit })
  expect(made.status).toBe(201)
  expect(await told('PAIR01')).toEqual(['corrected 2'])
  expect(await told('PA1R01')).toEqual([])
  // What was read stays as it was.
  const { db } = hub.hub.parts
  const rows = await db
    .selectFrom('crossing')
    .select('plate_text')
    .where('id', 'in', [entry, exit])
    .execute()
  expect(new Set(rows.map((row) => row.plate_text))).toEqual(new Set(['PA1R01', 'PAIR01']))

  const back = await post(officer, `/v1/stays/statements/${made.statement}/withdrawal`, {
    passage: entry,
    class: 'correction',
    reason: 'It was another car',
  })
  expect(back.status).toBe(201)
  expect(await told('PAIR01')).toEqual(['open null'])
  expect(await told('PA1R01')).toEqual(['entry_missing null'])
  const history = await ask<{
    statements: { kind: string; reason: string; by: { name: string } }[]
  }>(hub, officer, '/v1/stays/history?plate=PAIR01')
  expect(history.statements).toMatchObject([
    { kind: 'paired', reason: 'Seen by hand', by: { name: 'Test officer' } },
    { kind: 'withdrawn', reason: 'It was another car' },
  ])
})

test('the log has the statement before it counts, and tells neither exit nor reason', async () => {
  const entry = await passBy(hub, lanes.in, 'LOGS01', at('20T10:00'))
  const made = await state(entry, { kind: 'left', at: '2026-11-20T12:00:00+01:00' })
  const receipt = await hub.hub.parts.journal.receipt(made.log_index ?? -1)
  const parsed = parseEntry(receipt?.entry ?? new Uint8Array())
  const row = await hub.hub.parts.db
    .selectFrom('stay_statement')
    .selectAll()
    .where('passage', '=', entry)
    .executeTakeFirstOrThrow()
  const terms =
    '{"other":null,"instant":"2026-11-20T11:00:00.000Z","day":null,"reason":"Seen by hand"}'
  expect(parsed).toEqual({
    kind: 'entry',
    entry: {
      v: 1,
      at: now.toISOString(),
      kind: 'stay_statement',
      statement: made.statement,
      passage: entry,
      says: 'left',
      terms: commit(row.terms_salt, terms),
      by: commit(row.by_salt, row.account),
    },
  })
  expect(await told('LOGS01')).toEqual(['corrected 1'])
})

test('of two people who state something at once one is told to look again', async () => {
  const entry = await passBy(hub, lanes.in, 'RACE01', at('20T10:00'))
  const both = await Promise.all([
    state(entry, { kind: 'left', at: '2026-11-20T12:00:00Z' }),
    state(entry, { kind: 'set_aside' }),
  ])
  expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409])
  expect(both.map(({ code }) => code)).toContain('stay_statement_conflict')
})

test('two people cannot give one exit to two entries', async () => {
  const [first, second] = [
    await passBy(hub, lanes.in, 'BIND01', at('20T10:00')),
    await passBy(hub, lanes.in, 'BIND02', at('20T10:30')),
  ]
  const exit = await passBy(hub, lanes.out, 'BIND99', at('20T12:00'))
  const both = await Promise.all([
    state(first, { kind: 'paired', exit }),
    state(second, { kind: 'paired', exit }),
  ])
  expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409])
  expect((await state(exit, { kind: 'set_aside' })).code).toBe('stay_statement_conflict')
})

test.for([
  ['left before it entered', { kind: 'left', at: '2026-11-20T09:00:00Z' }, 'stay_statement_wrong'],
  ['left tomorrow', { kind: 'left', at: '2026-11-23T09:00:00Z' }, 'stay_statement_wrong'],
  [
    'an entry that entered',
    { kind: 'entered', at: '2026-11-20T09:00:00Z' },
    'stay_statement_wrong',
  ],
  [
    'admitted until the day before',
    { kind: 'admitted', until: '2026-11-19' },
    'stay_statement_wrong',
  ],
  ['a day that is none', { kind: 'admitted', until: '2026-02-30' }, 'malformed_request'],
  ['an exit that is not there', { kind: 'paired', exit: '0'.repeat(32) }, 'not_found'],
] as const)('what cannot be is refused: %s', async ([, claim, code]) => {
  const entry = await passBy(hub, lanes.in, 'WRONG1', at('20T10:00'))
  expect((await state(entry, claim)).code).toBe(code)
})

test('a day until which it was admitted makes an overstay computable, and a later day undoes it', async () => {
  const entry = await passBy(hub, lanes.in, 'ADMIT1', at('10T10:00'))
  const over = async () => (await staysOf(hub, officer, '?plate=ADMIT1')).map((stay) => stay.over)
  expect(await over()).toEqual([false])
  const made = await state(entry, { kind: 'admitted', until: '2026-11-21' })
  expect(await over()).toEqual([true])
  const detail = await ask<{ assessment: { steps: unknown[] } }>(hub, officer, `/v1/stays/${entry}`)
  expect(detail.assessment.steps).toContainEqual({ step: 'admitted', until: '2026-11-21' })
  await state(entry, { kind: 'admitted', until: '2026-12-24' }, { supersedes: made.statement })
  expect(await over()).toEqual([false])
})

test('an exit that is erased when its time is over makes nobody an overstayer', async () => {
  const entry = await passBy(hub, lanes.in, 'ERASE1', at('10T10:00'))
  const exit = await passBy(hub, lanes.out, 'ERASE1', at('10T12:00'))
  await state(entry, { kind: 'admitted', until: '2026-11-11' })
  expect(await told('ERASE1')).toEqual(['closed 1'])
  const { db } = hub.hub.parts
  await db.transaction().execute((transaction) => forgetCrossings(transaction, [exit]))
  const [left] = await staysOf(hub, officer, '?plate=ERASE1')
  expect(left).toMatchObject({ state: 'exit_missing', reason: 'erased', over: false })
  await db.transaction().execute((transaction) => forgetCrossings(transaction, [entry]))
  expect(await told('ERASE1')).toEqual([])
  const statements = await db
    .selectFrom('stay_statement')
    .selectAll()
    .where('passage', '=', entry)
    .execute()
  expect(statements).toEqual([])
})

test('a statement that was changed in the database is found', async () => {
  expect(await findings()).toEqual([])
  const { db } = hub.hub.parts
  const entry = await passBy(hub, lanes.in, 'FSCK01', at('20T10:00'))
  const made = await state(entry, { kind: 'set_aside' })
  await db
    .updateTable('stay_statement')
    .set({ reason: 'Another' })
    .where('id', '=', made.statement ?? '')
    .execute()
  expect(await findings()).toEqual(['stay_statement_differs'])
  await db
    .updateTable('stay_statement')
    .set({ reason: 'Seen by hand' })
    .where('id', '=', made.statement ?? '')
    .execute()
})

test('a statement that a crash left before its log entry does not count; one after it does', async () => {
  const { db } = hub.hub.parts
  const entry = await passBy(hub, lanes.in, 'CRASH1', at('20T10:00'))
  const made = await state(entry, { kind: 'set_aside' })
  const pending = { state: 'pending', log_index: null } as const
  await db
    .updateTable('stay_statement')
    .set(pending)
    .where('id', '=', made.statement ?? '')
    .execute()
  await hub.hub.parts.stays.upkeep()
  expect(await told('CRASH1')).toEqual(['corrected null'])
  await db
    .updateTable('stay_statement')
    .set({ ...pending, log_from: hub.hub.parts.journal.size() })
    .where('id', '=', made.statement ?? '')
    .execute()
  await hub.hub.parts.stays.upkeep()
  await db.insertInto('stay_due').values({ key: 'plate:CRASH1', at: now }).execute()
  expect(await told('CRASH1')).toEqual(['open null'])
})
