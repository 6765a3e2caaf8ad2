/** Rows that scopes count, drawn over the ends of months: the same in every run. */

import { bodyClasses } from '@sallyport/core/crossing'
import { ensurePartitions } from '@sallyport/store/migrate'
import type { Db } from '@sallyport/store/postgres/database'
import fc from 'fast-check'
import { sql, type Transaction } from 'kysely'

import type { Database } from '../../packages/store/src/schema.ts'

/** An id that says what it is of: `idOf('capture', 7)`. */
export function idOf(kind: keyof typeof kinds, number: number): string {
  return kinds[kind].toString(16).padStart(4, '0') + number.toString(16).padStart(28, '0')
}
const kinds = {
  crossing: 1,
  capture: 2,
  opening: 3,
  account: 4,
  grant: 5,
  device: 6,
  kek: 7,
  release: 8,
  passage: 9,
} as const

/** Two keys of every day; each third crossing names neither. */
export const recipients = [`age1${'q'.repeat(58)}`, `age1${'p'.repeat(58)}`] as const

/** SHA-256 of the body of a capture, as hex: no hash, but one of a kind. */
export const hashOf = (capture: number) => capture.toString(16).padStart(64, 'c')

export const ports = ['p', 'q'] as const
export const lanes = ['in-1', 'in-2', 'out-1'] as const
export const parties = ['agency', 'north-optics'] as const
export const zone = 'America/Los_Angeles'
/** August to October; drawn times lie around the ends of months. */
export const first = new Date('2026-08-30T00:00:00Z')
const hourMs = 3_600_000

const plates = fc.option(fc.constantFrom('ABC0', 'ABC1', 'XYZ1', 'KLM2', 'QRS3'), { nil: null })
const instants = fc
  .record({
    day: fc.constantFrom(0, 1, 2, 3, 31, 32, 33, 34, 50),
    ms: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 24 * hourMs - 1 })),
  })
  .map(({ day, ms }) => new Date(first.getTime() + day * 24 * hourMs + ms))

const crossingsDrawn = fc.record({
  at: instants,
  lateHours: fc.integer({ min: 0, max: 40 }),
  port: fc.constantFrom(...ports),
  lane: fc.constantFrom(...lanes),
  device: fc.integer({ min: 0, max: 1 }),
  sure: fc.boolean(),
  plate: plates,
  verdict: plates,
  faces: fc.integer({ min: 0, max: 3 }),
  document: fc.option(fc.constantFrom('anna', 'bert'), { nil: null }),
  kek: fc.integer({ min: 0, max: 3 }),
  shreddedAfterHours: fc.option(fc.integer({ min: 1, max: 900 }), { nil: null, freq: 2 }),
})
const openingsDrawn = fc.record({
  at: instants,
  crossing: fc.integer({ min: 0, max: 89 }),
  body: fc.integer({ min: 0, max: 5 }),
  account: fc.integer({ min: 0, max: 2 }),
  party: fc.constantFrom(...parties),
  grant: fc.option(fc.integer({ min: 0, max: 1 }), { nil: null }),
  outcome: fc.constantFrom('opened' as const, 'opened' as const, 'refused' as const),
})

/** Fills an empty database. */
export async function drawScopeRows(db: Db): Promise<void> {
  for (const month of ['2026-07', '2026-08', '2026-09', '2026-10'])
    await ensurePartitions(db, new Date(`${month}-15T00:00:00Z`))
  await db.transaction().execute(async (transaction) => {
    // What the rows refer to besides each other is nothing that a scope counts.
    await sql`set local session_replication_role = replica`.execute(transaction)
    for (const id of ports)
      await transaction
        .insertInto('port')
        .values({ id, name: id, zone, created_at: first })
        .execute()
    const crossings = fc.sample(crossingsDrawn, { numRuns: 90, seed: 20_261_122 })
    for (const [number, one] of crossings.entries()) await insertCrossing(transaction, number, one)
    const openings = fc.sample(openingsDrawn, { numRuns: 160, seed: 20_261_123 })
    for (const [number, one] of openings.entries()) await insertOpening(transaction, number, one)
    for (const number of [0, 1, 2]) await insertRelease(transaction, number)
  })
}

type Drawing = Transaction<Database>
type Drawn<T> = T extends fc.Arbitrary<infer Value> ? Value : never

async function insertCrossing(
  db: Drawing,
  number: number,
  one: Drawn<typeof crossingsDrawn>,
): Promise<void> {
  const { at, lateHours, port, lane, plate, verdict, shreddedAfterHours, document } = one
  const shredded =
    shreddedAfterHours === null ? null : new Date(at.getTime() + shreddedAfterHours * hourMs)
  const bytes = Buffer.from('drawn')
  const recipient = recipients[number % 3]
  const manifest =
    recipient === undefined ? bytes : Buffer.from(`{"epoch":{"recipient":"${recipient}"}}`)
  const gone = shredded !== null && number % 2 === 0
  await db
    .insertInto('crossing')
    .values({
      id: idOf('crossing', number),
      received_at: at,
      captured_at: new Date(at.getTime() - lateHours * hourMs),
      port,
      lane,
      direction: 'in',
      device: idOf('device', one.device),
      sequence: number,
      kind: 'crossing',
      clock: 'ok',
      source: 'camera',
      manifest,
      signature: bytes,
      manifest_sha256: bytes,
      epoch_day: at.toISOString().slice(0, 10),
      log_index: number,
      plate_kind: gone ? 'none' : one.sure && plate !== null ? 'read' : 'unsure',
      plate_text: gone ? null : plate,
      plate_folded: gone ? null : plate,
      plate_confidence: null,
      reads: null,
      verdict: gone || one.sure || verdict === null ? null : idOf('opening', number),
      verdict_folded: gone || one.sure ? null : verdict,
    })
    .execute()
  const classes = [
    ...bodyClasses.filter((name) => name !== 'face'),
    ...Array(one.faces).fill('face'),
  ]
  await db
    .insertInto('capture')
    .values(
      classes.map((name, body) => ({
        id: idOf('capture', number * 10 + body),
        received_at: at,
        crossing: idOf('crossing', number),
        class: name,
        bytes: 1,
        sha256: Buffer.from(hashOf(number * 10 + body), 'hex'),
        header: bytes,
        epoch_day: at.toISOString().slice(0, 10),
        segment: 1,
        position: 1,
        kek: idOf('kek', one.kek),
        shredded_at: shredded,
      })),
    )
    .execute()
  if (document !== null)
    await db
      .insertInto('stay_passage')
      .values({
        id: idOf('passage', number),
        crossing: idOf('crossing', number),
        received_at: at,
        at,
        direction: 'in',
        lane,
        clock: 'ok',
        jurisdiction: null,
        key: `document:${document}`,
        text: null,
        verdict: null,
        near: null,
      })
      .execute()
}

/** As the hub does: place and plate are those of the crossing. */
async function insertOpening(
  db: Drawing,
  number: number,
  one: Drawn<typeof openingsDrawn>,
): Promise<void> {
  await sql`insert into vehicle (id, plate)
    select ${number + 1}, coalesce(verdict_folded, case when plate_kind = 'read' then plate_folded end) as sure
    from crossing where id = ${idOf('crossing', one.crossing)}
      and coalesce(verdict_folded, case when plate_kind = 'read' then plate_folded end) is not null
    on conflict do nothing`.execute(db)
  await sql`insert into opening (id, at, capture, capture_class, crossing, account, purpose, outcome,
      commitment_salt, log_index, access_grant, party, port, lane, day, vehicle)
    select ${idOf('opening', number)}, ${one.at}, k.id, k.class, c.id, ${idOf('account', one.account)},
      'audit', ${one.outcome}, '', ${1_000 + number},
      ${one.grant === null ? null : idOf('grant', one.grant)}, ${one.party}, c.port, c.lane,
      (c.captured_at at time zone ${zone})::date,
      (select v.id from vehicle v
        where v.plate = coalesce(c.verdict_folded, case when c.plate_kind = 'read' then c.plate_folded end))
    from crossing c join capture k on k.crossing = c.id
    where c.id = ${idOf('crossing', one.crossing)}
    order by k.id offset ${one.body % 3} limit 1`.execute(db)
}

/** Three pictures each, a week apart, the last in another month than the crossings. */
async function insertRelease(db: Drawing, number: number): Promise<void> {
  const at = new Date(first.getTime() + number * 20 * 24 * hourMs)
  await sql`insert into releases (id, party, recipient, purpose, basis, state, requested_at, requested_by,
      made_at, expires_at, canaries, commitment_salt)
    values (${idOf('release', number)}, ${parties[number % 2]}, ${idOf('account', 0)}, 'court', 'a case',
      'made', ${at}, ${idOf('account', 0)}, ${at}, ${at}, 0, '')`.execute(db)
  await sql`insert into release_files (release, number, kind, capture, mark, mark_epoch, bytes, sha256, copy_sha256)
    select ${idOf('release', number)}, place, 'capture', id, lpad(to_hex(place + ${number * 100}), 16, 'a'),
      '2026-09', 1, decode(lpad(to_hex(place + ${number * 100}), 64, 'f'), 'hex'),
      decode(lpad(to_hex(place + ${number * 100}), 64, 'e'), 'hex')
    from (select id, (row_number() over (order by id))::integer as place from capture
      where class <> 'reads' order by id offset ${number * 40} limit 3) as released`.execute(db)
}
