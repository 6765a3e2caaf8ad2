/** Verdicts at the window and in secondary: by name, in the log first, corrected and never erased. */

import path from 'node:path'

import { commit, parseEntry } from '@sallyport/proof/entry'
import { fsck } from '@sallyport/store/fsck'
import { folderTiles } from '@sallyport/store/log/folder-tiles'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import { enrolTestDevice, type TestDevice } from '../support/device.ts'
import { type Person, startTestHub, type TestHub } from '../support/hub.ts'
import { passBy } from '../support/stays.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let hub: TestHub
let device: TestDevice
let ann: Person
let bob: Person
const no = new Uint8Array(16)
const clock = { now: new Date('2026-11-22T15:00:00Z') }

beforeAll(async () => {
  hub = await startTestHub({ now: () => clock.now })
  device = await enrolTestDevice(hub, 'in-1')
  ann = await hub.signIn(['officer'])
  bob = await hub.signIn(['officer'])
  for (const person of [ann, bob])
    await person.request('/v1/shift', { method: 'PUT', body: JSON.stringify({ lane: 'in-1' }) })
})
afterAll(() => hub.remove())

type View = {
  standing: string
  seen: number
  undo_until: string | null
  opted_out: { by: { name: string } } | null
  outcome_withheld: boolean
  steps: { kind: string; code: string | null; note: string | null }[]
}
type Answer = { status: number; code?: string; log_index?: number; step?: string; window?: View }

const arrive = (plate: string) => passBy(hub, device, plate, clock.now)

async function say(person: Person, crossing: string, body: Readonly<Record<string, unknown>>) {
  const answer = await person.request(`/v1/crossings/${crossing}/window`, {
    method: 'POST',
    body: JSON.stringify(body),
  })
  return { status: answer.status, ...(await answer.json()) } as Answer
}

async function seenBy(person: Person, crossing: string): Promise<View> {
  return (await (await person.request(`/v1/crossings/${crossing}/window`)).json()) as View
}

const later = (seconds: number) => {
  clock.now = new Date(clock.now.getTime() + seconds * 1000)
}

test('admitted, undone within ten seconds, referred: everything stays on record', async () => {
  const crossing = await arrive('WIND01')
  const made = await say(ann, crossing, { says: 'admitted', seen: 0 })
  expect(made).toMatchObject({ status: 201, window: { standing: 'admitted' } })
  expect((await seenBy(bob, crossing)).undo_until).toBeNull()
  later(9)
  const back = await say(ann, crossing, { says: 'undone', seen: 1 })
  expect(back).toMatchObject({ status: 201, window: { standing: 'waiting', undo_until: null } })
  const again = await say(ann, crossing, {
    says: 'referred',
    reason: 'document',
    note: 'Torn page',
    seen: 2,
  })
  expect(again).toMatchObject({ status: 201, window: { standing: 'referred' } })
  later(13)
  expect(await say(ann, crossing, { says: 'undone', seen: 3 })).toMatchObject({
    status: 409,
    code: 'undo_over',
  })
  const { steps } = await seenBy(ann, crossing)
  expect(steps.map(({ kind }) => kind)).toEqual(['admitted', 'undone', 'referred'])
})

test('the log has the step first, and tells neither person, reason nor note', async () => {
  const crossing = await arrive('WIND02')
  const made = await say(ann, crossing, {
    says: 'referred',
    reason: 'declaration',
    note: 'Two crates',
    seen: 0,
  })
  const receipt = await hub.hub.parts.journal.receipt(made.log_index ?? -1)
  const row = await hub.hub.parts.db
    .selectFrom('window_step')
    .selectAll()
    .where('crossing', '=', crossing)
    .executeTakeFirstOrThrow()
  expect(parseEntry(receipt?.entry ?? new Uint8Array())).toEqual({
    kind: 'entry',
    entry: {
      v: 1,
      at: clock.now.toISOString(),
      kind: 'window_step',
      step: made.step,
      crossing,
      place: 1,
      says: 'referred',
      terms: commit(row.terms_salt ?? no, '{"code":"declaration","wrong":[],"note":"Two crates"}'),
      by: commit(row.by_salt ?? no, row.account ?? ''),
    },
  })
})

test('of two officers who press at once one is told to look again', async () => {
  const crossing = await arrive('WIND03')
  const both = await Promise.all([
    say(ann, crossing, { says: 'admitted', seen: 0 }),
    say(bob, crossing, { says: 'referred', reason: 'other', seen: 0 }),
  ])
  expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409])
  expect(both.find(({ status }) => status === 409)?.code).toBe('window_conflict')
})

test('in secondary nobody sees another’s finding before their own is on record', async () => {
  const crossing = await arrive('WIND04')
  await say(ann, crossing, { says: 'referred', reason: 'look_yourself', seen: 0 })
  expect(await say(ann, crossing, { says: 'closed', outcome: 'admitted', seen: 1 })).toMatchObject({
    status: 409,
    code: 'look_first',
  })
  await say(ann, crossing, { says: 'looked', finding: 'same_person', note: 'Scar', seen: 1 })
  const before = await seenBy(bob, crossing)
  expect(before.outcome_withheld).toBe(true)
  expect(before.steps[1]).toMatchObject({ kind: 'looked', code: null, note: null })
  await say(bob, crossing, { says: 'looked', finding: 'another_person', seen: 2 })
  expect((await seenBy(bob, crossing)).steps[1]).toMatchObject({
    code: 'same_person',
    note: 'Scar',
  })
  const closed = await say(bob, crossing, {
    says: 'closed',
    outcome: 'admitted_after_correction',
    wrong: ['plate'],
    seen: 3,
  })
  expect(closed).toMatchObject({ status: 201, window: { standing: 'closed' } })
  const list = await ann.request('/v1/window/referrals?state=closed')
  const { referrals } = (await list.json()) as { referrals: { crossing: { id: string } }[] }
  expect(referrals.map((one) => one.crossing.id)).toContain(crossing)
})

test('a step that the log refuses does not count, and the next one finds its place free', async () => {
  const crossing = await arrive('WIND05')
  const { journal } = hub.hub.parts
  const append = vi.spyOn(journal, 'append').mockRejectedValueOnce(new Error('disk full'))
  const refused = await say(ann, crossing, { says: 'opted_out', seen: 0 })
  append.mockRestore()
  expect(refused).toMatchObject({ status: 503, code: 'log_unavailable' })
  expect((await seenBy(ann, crossing)).steps).toEqual([])
  const made = await say(ann, crossing, { says: 'opted_out', seen: 0 })
  expect(made).toMatchObject({ status: 201, window: { standing: 'waiting' } })
  expect(made.window?.opted_out?.by.name).toBe('Test officer')
  expect(await say(ann, crossing, { says: 'admitted', seen: 1 })).toMatchObject({ status: 201 })
})

test('the figures tell opt-outs from others, and say nothing of too few', async () => {
  const auditor = await hub.signIn(['auditor'])
  const figures = (await (await auditor.request('/v1/window/figures')).json()) as {
    parity: { opted_out: unknown; verdict: string }
    closed: unknown
    wrong: unknown
  }
  expect(figures.parity.verdict).toBe('too_few')
  expect(figures.parity.opted_out).toMatchObject({ kind: 'too_few', count: 1, median: null })
  expect(figures.closed).toEqual([{ outcome: 'admitted_after_correction', count: 1 }])
  expect(figures.wrong).toEqual([{ what: 'plate', count: 1 }])
  const denied = await auditor.request(`/v1/crossings/${'0'.repeat(32)}/window`, {
    method: 'POST',
    body: JSON.stringify({ says: 'admitted', seen: 0 }),
  })
  expect(denied.status).toBe(403)
})

test('fsck finds a step and a standing that were changed by hand', async () => {
  const codes = async () => {
    const { db, vault, journal } = hub.hub.parts
    const log = folderTiles(path.join(hub.data, 'log'))
    return (await fsck({ db, vault, log, vkey: journal.vkey })).findings.map(({ code }) => code)
  }
  expect(await codes()).toEqual([])
  const { db } = hub.hub.parts
  await db
    .updateTable('window_step')
    .set({ note: 'Other words' })
    .where('kind', '=', 'looked')
    .execute()
  await db
    .updateTable('window_standing')
    .set({ standing: 'waiting' })
    .where('standing', '=', 'closed')
    .execute()
  expect(new Set(await codes())).toEqual(
    new Set(['window_step_differs', 'window_standing_differs']),
  )
})

test('no verb of the API refuses or detains anybody', async () => {
  const document = (await (await ann.request('/openapi.json')).json()) as {
    paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>
    components: { schemas: Readonly<Record<string, unknown>> }
  }
  const verbs =
    /\b(refus|detain|den(y|ied|ies)|reject_traveller|arrest|block|expel|deport|turn_?back)/i
  const adverse: string[] = []
  let words = 0
  const walk = (value: unknown, where: string): void => {
    if (/\/(enum\/\d+|const)$/.test(where)) words += 1
    if (typeof value === 'string' && where.endsWith('/$ref')) {
      const name = value.replace('#/components/schemas/', '')
      walk(document.components.schemas[name], `${where.slice(0, -5)}/${name}`)
    }
    if (Array.isArray(value)) for (const [at, one] of value.entries()) walk(one, `${where}/${at}`)
    else if (typeof value === 'object' && value !== null)
      for (const [name, one] of Object.entries(value)) walk(one, `${where}/${name}`)
    // What can be said to the hub: words of closed lists, and nothing that describes them.
    else if (typeof value === 'string' && /\/(enum|const)(\/|$)/.test(where) && verbs.test(value))
      adverse.push(`${where}: ${value}`)
  }
  let routes = 0
  for (const [route, methods] of Object.entries(document.paths))
    for (const [method, operation] of Object.entries(methods)) {
      routes += 1
      if (verbs.test(route)) adverse.push(route)
      if (method !== 'get')
        walk((operation as { requestBody?: unknown }).requestBody, `${method} ${route}`)
    }
  expect(routes).toBeGreaterThan(80)
  expect(words).toBeGreaterThan(80)
  expect(adverse).toEqual([])
})
