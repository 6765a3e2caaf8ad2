/**
 * One bit flipped, anywhere: in a segment of the vault, in a stored header. Every one is found by fsck
 * under the name of what it hit, and opens no picture. A sample; SLOW=1 flips every
 * bit of a header and every ninth of a segment, which is one in almost every byte.
 * Tiles, checkpoints, proofs and cosignatures have theirs beside their code.
 */

import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { checkCaptures } from '@sallyport/store/fsck-vault'
import { vaultReader } from '@sallyport/store/vault/segments'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { deliver, enrolTestDevice } from '../support/device.ts'
import { drawnJpeg } from '../support/drawn-picture.ts'
import { type Person, startTestHub, type TestHub } from '../support/hub.ts'

const slow = process.env['SLOW'] === '1'
let hub: TestHub
let supervisor: Person
let copy: string
let scene: string

beforeAll(async () => {
  copy = await mkdtemp(path.join(tmpdir(), 'sallyport-bits-'))
  hub = await startTestHub()
  const device = await enrolTestDevice(hub, 'in-1')
  supervisor = await hub.signIn(['supervisor'])
  for (const picture of [drawnJpeg(0), drawnJpeg(0)]) {
    const { bytes, manifest } = device.bundle({ picture })
    expect((await deliver(hub, bytes)).status).toBe(201)
    scene = manifest.bodies[0]?.id ?? ''
  }
  await cp(path.join(hub.data, 'vault'), copy, { recursive: true })
})
afterAll(async () => {
  await hub.remove()
  await rm(copy, { recursive: true, force: true })
})

/** Positions of bits: about `count` of them, or with SLOW=1 every `slowStep`th; the same in every run. */
function* bitsOf(
  bytes: number,
  count: number,
  slowStep: number,
): Generator<{ byte: number; mask: number }> {
  const all = bytes * 8
  // An odd step, so that every place within a byte comes up.
  const step = slow ? slowStep : Math.floor(all / count) | 1
  for (let bit = 0; bit < all; bit += step) yield { byte: bit >> 3, mask: 1 << (bit & 7) }
}

test('in every record of a segment: found, and the file and place are named', async () => {
  const { db } = hub.hub.parts
  const [name = ''] = await readdir(copy)
  const good = await readFile(path.join(copy, name))
  let flipped = 0
  for (const { byte, mask } of bitsOf(good.length, 80, 9)) {
    const bad = Buffer.from(good)
    bad[byte] = (bad[byte] ?? 0) ^ mask
    await writeFile(path.join(copy, name), bad)
    const found: string[] = []
    await checkCaptures({ db, vault: vaultReader(copy) }, (code, about, detail) =>
      found.push(`${code} ${about} ${detail}`),
    )
    expect(found.length, `byte ${byte}`).toBeGreaterThan(0)
    expect(found.join(), `byte ${byte}`).toMatch(
      /(body_differs|vault_head_damaged).*segment-000001\.seg:\d+/,
    )
    flipped += 1
  }
  await writeFile(path.join(copy, name), good)
  const found: unknown[] = []
  await checkCaptures({ db, vault: vaultReader(copy) }, (code) => found.push(code))
  expect(found).toEqual([])
  console.log(`bits of a segment: ${flipped} of ${good.length * 8} flipped and found`)
}, 1_800_000)

test('in a stored header: nothing is opened and the attempt stands in the log', async () => {
  const { db, journal } = hub.hub.parts
  const row = await db
    .selectFrom('capture')
    .select(['id', 'header'])
    .where('id', '=', scene)
    .executeTakeFirstOrThrow()
  const open = () =>
    supervisor.request(`/v1/captures/${scene}/openings`, {
      method: 'POST',
      body: '{"purpose":"investigation"}',
    })
  expect((await open()).status).toBe(201)
  let flipped = 0
  for (const { byte, mask } of bitsOf(row.header.length, 30, 1)) {
    const bad = Buffer.from(row.header)
    bad[byte] = (bad[byte] ?? 0) ^ mask
    await db.updateTable('capture').set({ header: bad }).where('id', '=', scene).execute()
    const before = journal.size()
    const answer = await open()
    expect(answer.status, `byte ${byte}`).not.toBe(201)
    expect(await answer.text()).not.toContain('"picture":')
    expect(journal.size(), `byte ${byte}`).toBeGreaterThan(before)
    flipped += 1
  }
  await db.updateTable('capture').set({ header: row.header }).where('id', '=', scene).execute()
  expect((await open()).status).toBe(201)
  console.log(`bits of a header: ${flipped} of ${row.header.length * 8} flipped and refused`)
}, 1_800_000)
