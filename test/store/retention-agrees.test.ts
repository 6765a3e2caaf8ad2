/** What the rows are asked in SQL is what core decides: over random crossings, policies and holds. */

import { randomBytes } from 'node:crypto'

import { bodyClasses } from '@sallyport/core/crossing'
import { foldPlateText } from '@sallyport/core/plate'
import { dueOf, keptFrom, type Policy } from '@sallyport/core/retention'
import { type Hold, type HoldScope, isHeld } from '@sallyport/core/retention-hold'
import { ensurePartitions, migrate } from '@sallyport/store/migrate'
import { type Db, openDatabase } from '@sallyport/store/postgres/database'
import { countDue } from '@sallyport/store/retention/due'
import { claimAct, insertHold, noteActLogged } from '@sallyport/store/retention/holds'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { makeDatabase, type TestDatabase } from '../support/database.ts'

const zone = 'America/Los_Angeles'
const now = new Date('2026-11-02T08:30:00Z')
const hourMs = 3_600_000
const lanes = ['in-1', 'in-2']
const plates = ['ABC0', 'ABCO', 'XYZ1']
let database: TestDatabase
let db: Db
const account = id()
const crossings: Row[] = []

function id(): string {
  return randomBytes(16).toString('hex')
}

type Row = {
  readonly id: string
  readonly lane: string
  readonly direction: 'in' | 'out'
  readonly clock: 'ok' | 'skewed' | 'review'
  readonly capturedAt: Date
  readonly receivedAt: Date
  readonly kind: 'read' | 'unsure'
  readonly plate: string
  readonly verdict: string | null
}

/** The same crossings in every run: whatever `fc` draws from this seed. */
const drawn = fc.sample(
  fc.record({
    lane: fc.constantFrom(...lanes),
    direction: fc.constantFrom('in' as const, 'out' as const),
    clock: fc.constantFrom('ok' as const, 'skewed' as const, 'review' as const),
    // Around the end of summer time, where a day has 25 hours.
    agoHours: fc.integer({ min: 0, max: 90 }),
    lateHours: fc.integer({ min: -3, max: 60 }),
    kind: fc.constantFrom('read' as const, 'unsure' as const),
    plate: fc.constantFrom(...plates),
    verdict: fc.option(fc.constantFrom(...plates)),
  }),
  { numRuns: 150, seed: 20_261_122 },
)

beforeAll(async () => {
  database = await makeDatabase()
  db = openDatabase({ kind: 'url', url: database.url })
  await migrate(db)
  await ensurePartitions(db, now)
  await db
    .insertInto('account')
    .values({ id: account, name: 'A', roles: ['privacy'], created_at: now, disabled_at: null })
    .execute()
  for (const { agoHours, lateHours, verdict, kind, ...one } of drawn) {
    const receivedAt = new Date(now.getTime() - agoHours * hourMs)
    const capturedAt = new Date(receivedAt.getTime() - lateHours * hourMs)
    // A plate that was read surely has no verdict.
    const said = kind === 'read' ? null : verdict
    crossings.push({ ...one, id: id(), receivedAt, capturedAt, kind, verdict: said })
  }
  for (const [index, row] of crossings.entries()) await insert(row, index + 1)
}, 60_000)
afterAll(async () => {
  await db.destroy()
  await database.drop()
})

async function insert(row: Row, sequence: number): Promise<void> {
  const bytes = randomBytes(32)
  await db
    .insertInto('crossing')
    .values({
      id: row.id,
      received_at: row.receivedAt,
      captured_at: row.capturedAt,
      port: 'p',
      lane: row.lane,
      direction: row.direction,
      device: id(),
      sequence,
      kind: 'crossing',
      clock: row.clock,
      source: 'camera',
      manifest: bytes,
      signature: bytes,
      manifest_sha256: bytes,
      epoch_day: '2026-11-01',
      log_index: sequence,
      plate_kind: row.kind,
      plate_text: row.plate,
      plate_folded: foldPlateText(row.plate),
      plate_confidence: 0.9,
      reads: null,
      verdict: row.verdict === null ? null : id(),
      verdict_folded: row.verdict === null ? null : foldPlateText(row.verdict),
    })
    .execute()
  await db
    .insertInto('capture')
    .values(
      bodyClasses.map((name) => ({
        id: id(),
        received_at: row.receivedAt,
        crossing: row.id,
        class: name,
        bytes: 1,
        sha256: bytes,
        header: bytes,
        epoch_day: '2026-11-01',
        segment: 1,
        position: 1,
      })),
    )
    .execute()
}

async function holdInForce(scope: HoldScope): Promise<Hold> {
  const hold = id()
  const act = { hold, at: now, account, note: null, salt: randomBytes(16), log_from: 0 }
  const expiresAt = new Date(now.getTime() + hourMs)
  await insertHold(db, { id: hold, scope, reason: 'r', expiresAt, scopeSalt: randomBytes(16) }, act)
  await claimAct(db, 'approved', act)
  await noteActLogged(db, { hold, act: 'approved' }, 1)
  return { scope, requestedBy: 'x', approvedAt: now, liftedAt: null, expiresAt }
}

const rules = (hours: number, days: number) => [
  { when: 'unread' as const, keep: { hours }, source: 's' },
  { when: 'outbound' as const, keep: { days }, source: 's' },
  { when: 'national' as const, keep: { hours: hours * 2 }, source: 's' },
  { when: 'always' as const, keep: { days: days + 1 }, source: 's' },
]
const policies: readonly Policy[] = [
  [1, 1],
  [20, 2],
  [47, 3],
].map(([hours = 1, days = 1]) => ({
  name: 'p',
  rules: {
    scene: rules(hours, days),
    plate: rules(hours + 5, days),
    face: rules(hours, days + 1),
    reads: [{ when: 'always', keep: { days: days + 2 }, source: 's' }],
  },
}))

async function agree(holds: readonly Hold[]): Promise<number> {
  let due = 0
  for (const policy of policies) {
    const counted = await countDue(db, { policy, now, zone })
    for (const name of bodyClasses) {
      const expected = crossings.filter((row) => {
        const facts = {
          watchConfirmed: false,
          unread: row.kind === 'unsure' && row.verdict === null,
          direction: row.direction,
          national: null,
        }
        return dueOf(policy, { class: name, facts, from: keptFrom(row) }, zone).at <= now
      })
      const held = expected.filter((row) =>
        holds.some((hold) =>
          isHeld(
            hold,
            {
              crossing: row.id,
              lane: row.lane,
              from: keptFrom(row),
              plates: [row.plate, ...(row.verdict === null ? [] : [row.verdict])],
            },
            now,
            zone,
          ),
        ),
      )
      const found = counted.find((one) => one.class === name)
      expect(found?.bodies ?? 0, name).toBe(expected.length)
      expect(found?.held ?? 0, `${name}, held`).toBe(held.length)
      due += expected.length
    }
  }
  return due
}

test('what is due, and what holds keep of it, is the same in rows and in core', async () => {
  expect(await agree([])).toBeGreaterThan(300)
  const holds: Hold[] = []
  const scopes: readonly HoldScope[] = [
    { kind: 'crossing', crossing: crossings[7]?.id ?? '' },
    { kind: 'lane', lane: 'in-2', fromDay: '2026-10-31', toDay: '2026-11-01' },
    { kind: 'plate', plate: 'ABCO' },
    { kind: 'port' },
  ]
  for (const scope of scopes) {
    holds.push(await holdInForce(scope))
    await agree(holds)
  }
})
