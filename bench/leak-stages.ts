/**
 * What one found picture costs against many stored ones, stage by stage.
 *
 *   npx tsx bench/leak-stages.ts [--captures 1000000] [--pictures 24]
 *
 * Rows are drawn in a database of its own: hashes and plates of chance. Pictures are drawn at a lane, 1280 × 720. CPU is that of
 * this process with its threads; the database's is told apart. The hash stage decodes, trims, hashes
 * in eight orientations and looks for near ones, two pictures at a time. Verification lays a stranger of the same lane over 20
 * stored pictures, twelve whose frame looks alike and eight that its plate led to, four of these by corners, too.
 */

import { chmod, mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'

import { nearPlates } from '@sallyport/core/leaks/near-plates'
import type { Box } from '@sallyport/core/plate'
import { createComparer } from '@sallyport/hub/leaks/comparer'
import { createHashMemory } from '@sallyport/hub/leaks/hash-memory'
import { readBlind } from '@sallyport/marks/blind'
import { pdqVersion } from '@sallyport/marks/hash/pdq'
import { crossingsWithPlates } from '@sallyport/store/leaks/captures'
import { ensurePartitions, migrate } from '@sallyport/store/migrate'
import { openDatabase } from '@sallyport/store/postgres/database'
import { startEmbeddedServer } from '@sallyport/store/postgres/embedded'
import { encodeJpeg } from '@sallyport/vision/encode'
import { boxOf } from '@sallyport/vision/geometry'
import { decodePicture } from '@sallyport/vision/picture'
import { openPlateReader } from '@sallyport/vision/plate-reader'
import { sql } from 'kysely'

import { drawnPass } from '../test/support/drawn-lane.ts'

const { values } = parseArgs({
  options: {
    captures: { type: 'string', default: '1000000' },
    pictures: { type: 'string', default: '24' },
  },
})
const captures = Number(values.captures)
const now = new Date('2026-11-22T12:00:00Z')

const directory = await mkdtemp(path.join(os.tmpdir(), 'sallyport-leaks-'))
// The database's own user passes through, else its files lie elsewhere and stay behind.
await chmod(directory, 0o711)
const server = await startEmbeddedServer({ directory: path.join(directory, 'db') })
const db = openDatabase(server.address)
const comparer = createComparer(2)
try {
  await migrate(db)
  await ensurePartitions(db, now)
  await draw()
  const passes: { readonly bytes: Uint8Array; readonly plate: Box }[] = []
  for (let at = 0; at < Number(values.pictures); at++) {
    const { picture, corners } = await drawnPass('bench', at)
    passes.push({ bytes: await encodeJpeg(picture, 84), plate: boxOf(corners) })
  }
  const pictures = passes.map(({ bytes }) => bytes)
  const memory = createHashMemory(db)
  const loaded = await timed(1, () => memory.refresh())

  // Both threads start and load their code.
  await Promise.all(pictures.slice(0, 4).map((bytes) => comparer.ask({ kind: 'traits', bytes })))
  const hashed = await timed(pictures.length, async () => {
    const waiting = [...pictures]
    const work = async () => {
      for (let bytes = waiting.pop(); bytes !== undefined; bytes = waiting.pop()) {
        const traits = await comparer.ask({ kind: 'traits', bytes })
        if (traits.kind !== 'traits') throw new Error('a drawn picture is hashed')
        await memory.near(
          traits.hashes.map(({ hash }) => hash),
          20,
        )
      }
    }
    await Promise.all([work(), work()])
  })
  const reader = await openPlateReader()
  const looks: string[][] = []
  const read = await timed(pictures.length, async () => {
    for (const bytes of pictures) {
      const decoded = await decodePicture(bytes)
      if (decoded.kind === 'refused') throw new Error(decoded.detail)
      const found = await reader.look(decoded.picture)
      looks.push(found.flatMap((look) => [look.text, ...look.alternatives.map(({ text }) => text)]))
    }
  })
  await reader.close()
  const looked = await timed(pictures.length, async () => {
    for (const texts of looks) await crossingsWithPlates(db, texts.flatMap(nearPlates), 20)
  })
  const marked = pictures.slice(0, 4)
  const keys = [{ epoch: '2026-11', secret: new Uint8Array(32).fill(7) }]
  const blind = await timed(marked.length, async () => {
    for (const bytes of marked) {
      const decoded = await decodePicture(bytes)
      if (decoded.kind === 'refused') throw new Error(decoded.detail)
      readBlind({ ...decoded.picture, channels: 3 }, keys)
    }
  })
  const stranger = passes[0]
  if (stranger === undefined) throw new Error('there is a picture')
  const laid = await timed(1, async () => {
    for (let at = 0; at < 24; at++) {
      const other = passes[1 + ((at < 20 ? at : at - 8) % (passes.length - 1))]
      await comparer.ask({
        kind: 'likeness',
        found: { bytes: stranger.bytes, orientation: 'upright' },
        stored: other?.bytes ?? stranger.bytes,
        boxes: {
          stored: other?.plate ?? stranger.plate,
          found: at < 12 ? [] : [{ box: stranger.plate, loose: true }],
          corners: at >= 20,
        },
        framed: at < 12,
      })
    }
  })
  console.table({
    [`taking in ${captures} hashes, once a search`]: loaded,
    'hash stage: decode, trim, hash, near ones (two at a time)': hashed,
    'plates read': read,
    'plates looked up: read ones, alternatives, each with one character wrong': looked,
    'verification: laid over 20 stored pictures, four by corners': laid,
    'blind mark, one key': blind,
  })
  const load = os.loadavg()[0]?.toFixed(1)
  console.log(
    `${pictures.length} pictures, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}, load ${load}`,
  )
} finally {
  await comparer.close()
  await db.destroy()
  await server.stop()
  await rm(directory, { recursive: true, force: true })
}

async function timed(count: number, work: () => Promise<unknown>) {
  const [before, started] = [process.cpuUsage(), performance.now()]
  await work()
  const { user, system } = process.cpuUsage(before)
  const wallMs = (performance.now() - started) / count
  const cpuMs = (user + system) / 1000 / count
  return {
    cpu_ms_each: Math.round(cpuMs * 10) / 10,
    wall_ms_each: Math.round(wallMs * 10) / 10,
    a_second_on_two_quiet_cores: Math.round(20_000 / cpuMs) / 10,
  }
}

/** A crossing with a scene for each: plates as three letters and four digits. */
async function draw(): Promise<void> {
  const step = 10_000
  for (let from = 0; from < captures; from += step) {
    const until = Math.min(captures, from + step) - 1
    await sql`
      with drawn as (
        select md5('c' || n)::uuid as crossing, md5('p' || n)::uuid as scene,
          ${now}::timestamptz - n * interval '1 second' / ${captures / 1_000_000} * 2 as at,
          chr(65 + (hashint4(n) & 15)) || chr(65 + (hashint4(n + 7) & 15)) || chr(65 + (hashint4(n + 13) & 15))
            || lpad((hashint4(n * 3) & 8191)::text, 4, '0') as plate,
          decode(md5('h' || n) || md5('i' || n), 'hex') as hash, n
        from generate_series(${from}::int, ${until}::int) as n
      ), crossings as (
        insert into crossing (id, received_at, captured_at, port, lane, direction, device, sequence, kind, clock, source,
          manifest, signature, manifest_sha256, epoch_day, plate_kind, plate_text, plate_folded)
        select crossing, at, at, 'bench', 'in-1', 'in', crossing, n, 'crossing', 'ok', 'synthetic',
          ''::bytea, ''::bytea, ''::bytea, at::date, 'read', plate, replace(plate, 'O', '0') from drawn
      )
      insert into capture (id, received_at, crossing, class, bytes, sha256, header, epoch_day, segment, position,
        copy_hash, copy_quality, copy_algorithm)
      select scene, at, crossing, 'scene', 1, ''::bytea, ''::bytea, at::date, 0, n, hash, 100, ${pdqVersion}
      from drawn`.execute(db)
  }
  await sql`analyze crossing`.execute(db)
  await sql`analyze capture`.execute(db)
}
