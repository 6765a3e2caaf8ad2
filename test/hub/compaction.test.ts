/** The vault of a running hub is compacted: what was shredded leaves the disk, nothing that is kept does. */

import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'

import { compactSegment, segmentUse } from '@sallyport/store/vault/compact'
import { readBody } from '@sallyport/store/vault/placed'
import { withSegmentsKept } from '@sallyport/store/vault/segments-kept'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { deliver, enrolTestDevice, type TestDevice } from '../support/device.ts'
import { type Person, startTestHub, type TestHub } from '../support/hub.ts'
import { choose, hourMs, hours, tryOpening } from '../support/retention.ts'
import { expectAgreement } from '../support/sound.ts'

let hub: TestHub
let device: TestDevice
let auditor: Person

beforeAll(async () => {
  hub = await startTestHub()
  device = await enrolTestDevice(hub, 'in-1')
  auditor = await hub.signIn(['auditor'])
  await choose(await hub.signIn(['privacy']), hours({ scene: 5, plate: 5 }))
}, 60_000)
afterAll(() => hub.remove())

/** A crossing captured so many hours ago; the id of its scene. */
async function crossed(hoursAgo: number): Promise<string> {
  const at = new Date(Date.now() - hoursAgo * hourMs).toISOString()
  const { bytes, manifest } = device.bundle({
    change: (one) => ({ ...one, captured_at: at, sealed_at: at }),
  })
  expect((await deliver(hub, bytes)).status).toBe(201)
  return manifest.bodies.find((body) => body.class === 'scene')?.id ?? ''
}

const files = async () => (await readdir(path.join(hub.data, 'vault'))).toSorted()
const bytesOf = async () => {
  const sizes = (await files()).map(async (name) => stat(path.join(hub.data, 'vault', name)))
  return (await Promise.all(sizes)).reduce((sum, { size }) => sum + size, 0)
}
const rowOf = (id: string) =>
  hub.hub.parts.db.selectFrom('capture').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

test('shredded bodies leave the disk at the second look, and those that are kept open as before', async () => {
  const { retention } = hub.hub.parts
  const [due, kept] = [await crossed(10), await crossed(0)]
  const before = await rowOf(kept)
  expect(await retention.run()).toBeGreaterThan(0)
  const size = await bytesOf()
  // The open segment is closed first; until the next look a body in it might wait for its row.
  expect(await retention.compact()).toBe(0)
  expect(await files()).toEqual(['segment-000001.seg', 'segment-000002.seg'])
  const freed = await retention.compact()
  expect(freed).toBeGreaterThan(6_000)
  expect(await bytesOf()).toBe(size - freed)
  expect(await files()).toEqual(['segment-000002.seg'])
  expect(await tryOpening(auditor, kept)).toBe('opened')
  expect(await tryOpening(auditor, due)).toBe('410 picture_shredded')
  expect(await rowOf(due)).toMatchObject({ segment: null, position: null })
  // Who had read the row before finds the body where it lies now.
  const { db, vault } = hub.hub.parts
  expect((await vault.read({ segment: 1, position: 40, bytes: 1 }, before.sha256)).kind).toBe(
    'missing',
  )
  const read = await readBody(vault, before, before, async () => rowOf(kept))
  expect(read.kind).toBe('body')
  expect(await expectAgreement(hub.data, hub.database, 'compacted')).toMatchObject({
    orphanBodies: 0,
  })
  expect((await segmentUse(db, vault)).every(({ bytes, living }) => bytes === living)).toBe(true)
  await hub.restart()
  expect(await tryOpening(auditor, kept)).toBe('opened')
})

test('a backup that reads the segments keeps them: the next run removes what nothing names', async () => {
  const { db, vault, retention } = hub.hub.parts
  const [, kept] = [await crossed(10), await crossed(0)]
  await retention.run()
  await vault.roll()
  const segment = vault.current() - 1
  const use = (await segmentUse(db, vault)).find((one) => one.segment === segment)
  if (use === undefined) throw new Error('the segment is there')
  const settled = <T>(act: () => Promise<T>) => act()
  const during = await withSegmentsKept(db, () => compactSegment(db, vault, use, settled))
  expect(during).toMatchObject({ kind: 'in_use' })
  expect(await tryOpening(auditor, kept)).toBe('opened')
  expect((await vault.segments()).map((one) => one.segment)).toContain(segment)
  expect(await compactSegment(db, vault, { ...use, living: 0 }, settled)).toMatchObject({
    kind: 'removed',
    moved: 0,
    freed: use.bytes,
  })
  await expectAgreement(hub.data, hub.database, 'after the backup')
})

test('a kept body that is damaged stays where it is, with its whole segment', async () => {
  const { db, vault, retention } = hub.hub.parts
  const [, kept] = [await crossed(10), await crossed(0)]
  await retention.run()
  await vault.roll()
  const { segment, position } = await rowOf(kept)
  const name = path.join(hub.data, 'vault', `segment-${String(segment).padStart(6, '0')}.seg`)
  const sound = await readFile(name)
  const bad = Buffer.from(sound)
  bad[(position ?? 0) + 5]! ^= 1
  await writeFile(name, bad)
  const use = (await segmentUse(db, vault)).find((one) => one.segment === segment)
  if (use === undefined) throw new Error('the segment is there')
  expect(await compactSegment(db, vault, use, (act) => act())).toMatchObject({ kind: 'damaged' })
  expect(await rowOf(kept)).toMatchObject({ segment, position })
  await writeFile(name, sound)
  expect(await compactSegment(db, vault, use, (act) => act())).toMatchObject({ kind: 'removed' })
  expect(await tryOpening(auditor, kept)).toBe('opened')
  await expectAgreement(hub.data, hub.database, 'mended')
})
