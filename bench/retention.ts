/**
 * How long the hub looks for what is due, and plans the next 30 days.
 *
 *   npx tsx bench/retention.ts [--days 60] [--crossings 3000]
 *
 * Rows of so many crossings a day are made in a database of their own, each with a scene, a plate
 * picture and reads. The policy is campus-strict; then one under which nothing is due.
 */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'

import type { Policy } from '@sallyport/core/retention'
import { packs } from '@sallyport/core/retention-packs'
import { ensurePartitions, migrate } from '@sallyport/store/migrate'
import { openDatabase } from '@sallyport/store/postgres/database'
import { startEmbeddedServer } from '@sallyport/store/postgres/embedded'
import { countClasses, countDue, countKept } from '@sallyport/store/retention/due'
import { dueKeks } from '@sallyport/store/retention/shreddings'
import { sql } from 'kysely'

const { values } = parseArgs({
  options: {
    days: { type: 'string', default: '60' },
    crossings: { type: 'string', default: '3000' },
  },
})
const days = Number(values.days)
const perDay = Number(values.crossings)
const now = new Date()
const zone = 'America/Chicago'
const strict = packs.find(({ id }) => id === 'campus-strict')?.policy
if (strict === undefined) throw new Error('the pack is there')
const keep = [{ when: 'always' as const, keep: { days: 3000 }, source: 'a bench' }]
const lasting: Policy = {
  name: 'lasting',
  rules: { scene: keep, plate: keep, face: keep, reads: keep },
}

const folder = await mkdtemp(path.join(tmpdir(), 'sallyport-bench-'))
const server = await startEmbeddedServer({ directory: path.join(folder, 'db') })
const db = openDatabase(server.address)
try {
  await migrate(db)
  for (let month = 0; month <= days / 28; month++)
    await ensurePartitions(db, new Date(now.getTime() - month * 28 * 86_400_000))
  await fill()
  console.log(`${days} days of ${perDay} crossings, ${days * perDay * 3} bodies`)
  for (const [name, policy] of [
    ['campus-strict', strict],
    ['nothing is due', lasting],
  ] as const) {
    const ask = { policy, now, zone }
    const until = new Date(now.getTime() + 30 * 86_400_000)
    await timed(
      `${name}: keys with something due`,
      async () => (await dueKeks(db, ask, 100)).length,
    )
    await timed(`${name}: counts of what is due`, async () => (await countDue(db, ask)).length)
    await timed(`${name}: plan of 30 days`, async () => (await countKept(db, ask, until)).length)
  }
  await timed('what is kept, by class', async () => (await countClasses(db)).length)
} finally {
  await db.destroy()
  await server.stop()
  await rm(folder, { recursive: true, force: true })
}

async function timed(name: string, work: () => Promise<number>): Promise<void> {
  await work()
  const times: number[] = []
  let rows = 0
  for (let round = 0; round < 3; round++) {
    const start = performance.now()
    rows = await work()
    times.push(performance.now() - start)
  }
  times.sort((a, b) => a - b)
  console.log(
    `${name}: median ${times[1]?.toFixed(0)} ms, best ${times[0]?.toFixed(0)} ms, ${rows} rows`,
  )
}

/** A day at a time: a statement has its limit. */
async function fill(): Promise<void> {
  for (let day = 0; day < days; day++) {
    await sql`insert into crossing (id, received_at, captured_at, port, lane, direction, device, sequence,
        kind, clock, source, manifest, signature, manifest_sha256, epoch_day, log_index, plate_kind,
        plate_text, plate_folded)
      select md5('c' || ${day}::int || '-' || n)::uuid, at, at, 'p', 'in-' || n % 8, 'in', md5('d')::uuid,
        ${day}::int * ${perDay}::int + n, 'crossing', 'ok', 'camera', '\\x00', '\\x00', '\\x00', at::date,
        ${day}::int * ${perDay}::int + n, case when n % 20 = 0 then 'unsure' else 'read' end, 'P' || n, 'P' || n
      from generate_series(1, ${perDay}::int) n,
        lateral (select ${now}::timestamptz - make_interval(days => ${day}::int, secs => n * 20) as at) t`.execute(
      db,
    )
    await sql`insert into capture (id, received_at, crossing, class, bytes, sha256, header, epoch_day,
        segment, position, kek)
      select md5(crossing.id::text || class)::uuid, received_at, crossing.id, class, 100000, '\\x00', '\\x00',
        epoch_day, 1, 1, md5(epoch_day::text || class)::uuid
      from crossing, unnest(array['scene', 'plate', 'reads']) as class
      where sequence > ${day}::int * ${perDay}::int and sequence <= (${day}::int + 1) * ${perDay}::int`.execute(
      db,
    )
  }
  await sql`analyze`.execute(db)
}
