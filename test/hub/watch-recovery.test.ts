/** Watched plates when something fails: the log, the hub between two writes, a file, the row itself. */

import { commit, parseEntry } from '@sallyport/proof/entry'
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { enrolTestDevice, type TestDevice } from '../support/device.ts'
import { findingsOf } from '../support/findings.ts'
import { type Person, startTestHub, type TestHub } from '../support/hub.ts'
import { crossWith, decide, unsureReads } from '../support/review.ts'
import { cross, hitsOf, inDays, judge, look, madeEntry, makeEntry, post } from '../support/watch.ts'

// Every test starts a hub of its own, some of them twice.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let hub: TestHub
let device: TestDevice
let supervisor: Person

beforeEach(async () => {
  hub = await startTestHub()
  device = await enrolTestDevice(hub, 'in-1')
  supervisor = await hub.signIn(['supervisor'])
})
afterEach(() => hub.remove())

const codeOf = async (answer: Response) => ((await answer.json()) as { code: string }).code

const findings = () => findingsOf(hub)

async function entryOfLog(index: number) {
  const receipt = await hub.hub.parts.journal.receipt(index)
  const parsed = parseEntry(receipt?.entry ?? new Uint8Array())
  if (parsed.kind === 'refused') throw new Error(parsed.detail)
  return parsed.entry
}

test('the log names neither plate nor crossing, and its commitments open with the salts of the rows', async () => {
  const id = await madeEntry(supervisor, { plate: 'SECRET9' })
  const crossing = await cross(hub, device, 'SECRET9')
  const [hit] = await hitsOf(hub, supervisor)
  if (hit === undefined) throw new Error('no hit')
  const { db } = hub.hub.parts
  const row = await db
    .selectFrom('watch_entry')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  const created = await entryOfLog(row.log_index ?? -1)
  const terms = `{"plate":"SECRET9","jurisdiction":null,"issuer":"State police","reason":"Reported stolen","expires_at":"${row.expires_at.toISOString()}","tolerance":1}`
  expect(created).toEqual({
    v: 1,
    at: row.made_at.toISOString(),
    kind: 'watch_entry_created',
    entry: id,
    terms: commit(row.terms_salt, terms),
    by: commit(row.made_salt, row.made_by),
  })
  const stored = await db
    .selectFrom('watch_hit')
    .select('commitment_salt')
    .where('id', '=', hit.id)
    .executeTakeFirstOrThrow()
  expect(await entryOfLog(hit.log_index)).toEqual({
    v: 1,
    at: expect.any(String),
    kind: 'watch_hit',
    hit: hit.id,
    match: commit(stored.commitment_salt, `${id} ${crossing}`),
  })
})

test('a match is told at once, also when the hub looked for what waits while its crossing was being logged', async () => {
  await madeEntry(supervisor, { plate: 'SECRET9' })
  const { journal, watch } = hub.hub.parts
  const append = journal.append.bind(journal)
  vi.spyOn(journal, 'append').mockImplementation(async (entry) => {
    if (entry.kind === 'crossing') await watch.upkeep()
    return append(entry)
  })
  await cross(hub, device, 'SECRET9')
  expect(await hitsOf(hub, supervisor)).toHaveLength(1)
})

test('while the log cannot be written no entry comes into force, none is withdrawn, nothing is judged', async () => {
  const kept = await madeEntry(supervisor, { plate: 'KEPT11' })
  await cross(hub, device, 'KEPT11')
  const [hit] = await hitsOf(hub, supervisor)
  if (hit === undefined) throw new Error('no hit')
  await look(supervisor, hit)
  await hub.hub.parts.journal.close()
  const withdrawal = `/v1/watch/entries/${kept}/withdrawal`
  for (const refused of [
    await makeEntry(supervisor, { plate: 'NEVER1' }),
    await judge(supervisor, hit, 'confirmed'),
    await supervisor.request(withdrawal, post({ reason: 'Found' })),
  ]) {
    expect(refused.status).toBe(503)
    expect(await codeOf(refused)).toBe('log_unavailable')
  }
  await hub.restart()
  const { entries } = (await (await supervisor.request('/v1/watch/entries')).json()) as {
    entries: { id: string; state: string }[]
  }
  expect(entries).toMatchObject([{ id: kept, state: 'in_force' }])
  // What failed can be done later, by anybody.
  const officer = await hub.signIn(['officer'])
  expect((await judge(officer, hit, 'rejected')).status).toBe(200)
  const other = await hub.signIn(['supervisor'])
  expect((await other.request(withdrawal, post({ reason: 'Found' }))).status).toBe(204)
  expect(await findings()).toEqual([])
})

test('a hub that dies after storing a hit tells of it at its next start', async () => {
  await madeEntry(supervisor, { plate: 'CRASH1' })
  await cross(hub, device, 'CRASH1')
  const [hit] = await hitsOf(hub, supervisor)
  // As the crash leaves it: the row is there, and no log index in it.
  await hub.hub.parts.db.updateTable('watch_hit').set({ log_index: null }).execute()
  expect(await hitsOf(hub, supervisor)).toEqual([])
  await hub.restart()
  const again = await hitsOf(hub, supervisor)
  expect(again).toMatchObject([{ id: hit?.id, state: 'unconfirmed' }])
  expect(again[0]?.log_index).toBeGreaterThan(hit?.log_index ?? Number.NaN)
  expect(await findings()).toEqual([])
})

test('a claim that a crash left is taken over after a minute, not before', async () => {
  await madeEntry(supervisor, { plate: 'CLAIM1' })
  await cross(hub, device, 'CLAIM1')
  const [hit] = await hitsOf(hub, supervisor)
  if (hit === undefined) throw new Error('no hit')
  await look(supervisor, hit)
  const claimed = async (at: Date) =>
    hub.hub.parts.db.updateTable('watch_hit').set({ verdict: 'rejected', judged_at: at }).execute()
  await claimed(new Date())
  expect(await codeOf(await judge(supervisor, hit, 'confirmed'))).toBe('hit_already_judged')
  await claimed(new Date(Date.now() - 61_000))
  expect((await judge(supervisor, hit, 'confirmed')).status).toBe(200)
})

test('an import is all or nothing, names its lines, and needs what the check answered', async () => {
  await madeEntry(supervisor, { plate: 'HERE01', issuer: 'Police' })
  const head = 'plate,issuer,reason,expires_at\n'
  const day = inDays(20).slice(0, 10)
  const send = (csv: string, accepts?: number) =>
    supervisor.request('/v1/watch/imports', post({ csv, accepts }))
  const wrong = await send(`${head}B0B0,Police,Stolen,${day}\nA%,Police,Stolen,${day}\n`, 22)
  expect(wrong.status).toBe(422)
  expect(await wrong.json()).toMatchObject({
    code: 'import_refused',
    errors: [{ line: 3, detail: expect.stringMatching(/^plate/) }],
    errors_total: 1,
  })
  const twice = await send(`${head}HERE01,police,Stolen again,${day}\n`)
  expect(await twice.json()).toMatchObject({ errors: [{ line: 2 }] })
  const csv = `${head}B0B0,Police,Stolen,${day}\nACE3,Police,Stolen,${day}\n`
  const checked = await send(csv)
  expect(checked.status).toBe(200)
  expect(await checked.json()).toEqual({ imported: false, entries: 2, accepts: 10, widest: 9 })
  expect(await codeOf(await send(csv, 9))).toBe('watch_preview_differs')
  expect(hub.hub.parts.watch.index.size).toBe(1)
  expect((await send(csv, 10)).status).toBe(201)
  expect(hub.hub.parts.watch.index.size).toBe(3)
  // The same file once more puts nothing in twice.
  expect(await codeOf(await send(csv, 10))).toBe('import_refused')
  await cross(hub, device, 'BOB0')
  expect(await hitsOf(hub, supervisor)).toMatchObject([{ text: 'BOB0', entry: { plate: 'B0B0' } }])
  await hub.restart()
  expect(hub.hub.parts.watch.index.size).toBe(3)
})

test('with a list of 100,000 a crossing is matched, and the list is read a page at a time', async () => {
  const { db } = hub.hub.parts
  const { rows } = await sql<{ id: string }>`select id from account limit 1`.execute(db)
  await sql`insert into watch_entry
      (id, plate, issuer, reason, tolerance, expires_at, made_at, made_by, terms_salt, made_salt, log_index)
    select gen_random_uuid(), 'W' || to_char(n, 'FM000000'), 'Bulk', 'Bulk', 2,
      now() + interval '30 days', date_trunc('milliseconds', now()), ${rows[0]?.id}::uuid, '\\x00'::bytea, '\\x00'::bytea, 0
    from generate_series(1, 100000) as n`.execute(db)
  await hub.restart()
  const { index } = hub.hub.parts.watch
  expect(index.size).toBe(100_000)
  const asked = performance.now()
  for (let count = 0; count < 1000; count++)
    index.match([{ text: `W0${count}77`, basis: 'read' }], null, new Date())
  // A thousandth of it, with room for a machine under load; bench/watch.ts has the figure.
  expect((performance.now() - asked) / 1000).toBeLessThan(1)
  await cross(hub, device, 'W0O7777')
  expect(await hitsOf(hub, supervisor)).toMatchObject([{ entry: { plate: 'W007777' } }])
  const page = (await (await supervisor.request('/v1/watch/entries?limit=2')).json()) as {
    entries: unknown[]
    in_force: number
    next: string
  }
  expect(page).toMatchObject({ in_force: 100_000, entries: [{}, {}] })
  const rest = await supervisor.request(`/v1/watch/entries?limit=2&cursor=${page.next}`)
  expect(((await rest.json()) as { entries: unknown[] }).entries).toHaveLength(2)
})

test('what a person says of an unsure plate is compared like a read', async () => {
  await madeEntry(supervisor, { plate: 'SAID99', tolerance: 0 })
  const crossed = await crossWith(hub, device, unsureReads(['WRONG1', 'WRONG2']))
  expect(await hitsOf(hub, supervisor)).toEqual([])
  const officer = await hub.signIn(['officer'])
  expect((await decide(officer, crossed, 'SAID99')).status).toBe(201)
  expect(await hitsOf(hub, supervisor)).toMatchObject([
    { basis: 'verdict', text: 'SAID99', crossing: { id: crossed.crossing } },
  ])
})

test('fsck sees an entry that was removed, changed behind the log, or never logged', async () => {
  const [removed, changed, unlogged] = [
    await madeEntry(supervisor, { plate: 'FSCK01' }),
    await madeEntry(supervisor, { plate: 'FSCK02' }),
    await madeEntry(supervisor, { plate: 'FSCK03' }),
  ]
  const { db } = hub.hub.parts
  expect(await findings()).toEqual([])
  await db.deleteFrom('watch_entry').where('id', '=', removed).execute()
  await db
    .updateTable('watch_entry')
    .set({ expires_at: new Date(inDays(3000)) })
    .where('id', '=', changed)
    .execute()
  await db.updateTable('watch_entry').set({ log_index: 0 }).where('id', '=', unlogged).execute()
  expect((await findings()).map(({ code, subject }) => `${code} ${subject}`).toSorted()).toEqual(
    [
      `logged_watch_missing ${removed}`,
      `watch_differs ${changed}`,
      `watch_not_in_log ${unlogged}`,
    ].toSorted(),
  )
})
