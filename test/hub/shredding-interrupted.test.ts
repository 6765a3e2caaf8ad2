/**
 * A shredding that is broken off at any statement, log entry or key operation, before it or after it,
 * is finished by the next run: what was due is gone, what was not opens. A seeded sample; SLOW=1
 * breaks it off everywhere.
 */

import path from 'node:path'

import { fsck } from '@sallyport/store/fsck'
import { folderTiles } from '@sallyport/store/log/folder-tiles'
import type { KyselyPlugin } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { createRetention } from '../../packages/hub/src/retention/retention.ts'
import { deliver, enrolTestDevice, type TestDevice } from '../support/device.ts'
import { type Person, startTestHub, type TestHub } from '../support/hub.ts'
import { choose, heldBy, hourMs, hours, tryOpening } from '../support/retention.ts'

const slow = process.env['SLOW'] === '1'
let hub: TestHub
let device: TestDevice
let auditor: Person
let privacy: Person
const now = () => new Date()
const inADay = () => new Date(now().getTime() + 24 * hourMs)

beforeAll(async () => {
  hub = await startTestHub()
  device = await enrolTestDevice(hub, 'in-1')
  auditor = await hub.signIn(['auditor'])
  privacy = await hub.signIn(['privacy'])
  await heldBy(privacy, auditor, { kind: 'plate', plate: 'HELD01' }, inADay())
  await choose(privacy, hours({ scene: 5 }))
  // From here on the hub's own upkeep shreds nothing for a quarter of an hour.
  await hub.hub.parts.retention.upkeep(now())
  await hub.hub.parts.retention.run()
}, 60_000)
afterAll(() => hub.remove())

/** A crossing captured so many hours ago; its id and that of its scene. */
async function crossed(hoursAgo: number, plate = 'PASS01') {
  const at = new Date(now().getTime() - hoursAgo * hourMs).toISOString()
  const { bytes, manifest } = device.bundle({
    plate,
    change: (one) => ({ ...one, captured_at: at, sealed_at: at }),
  })
  expect((await deliver(hub, bytes)).status).toBe(201)
  const scene = manifest.bodies.find((body) => body.class === 'scene')?.id ?? ''
  return { crossing: manifest.crossing, scene }
}

class BrokenOff extends Error {}

/** A retention that breaks off at the `at`th point; `count()` says how many it came by. */
function breaking(at: number) {
  const { parts } = hub.hub
  let points = 0
  const pass = (): void => {
    points += 1
    if (points === at) throw new BrokenOff()
  }
  const around =
    <A extends readonly unknown[], R>(act: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      pass()
      const result = await act(...args)
      pass()
      return result
    }
  const plugin: KyselyPlugin = {
    transformQuery({ node }) {
      pass()
      return node
    },
    transformResult: ({ result }) => Promise.resolve(result),
  }
  const retention = createRetention({
    ...parts,
    db: parts.db.withPlugin(plugin),
    journal: { ...parts.journal, append: around((entry) => parts.journal.append(entry)) },
    keks: {
      ...parts.keks,
      freshKek: around((scope) => parts.keks.freshKek(scope)),
      destroy: around((keks) => parts.keks.destroy(keks)),
    },
    readsErased: () => undefined,
  })
  return { run: () => retention.run(), count: () => points }
}

/** The same numbers in every run. */
function sampled(most: number, size: number): readonly number[] {
  if (slow || most <= size) return Array.from({ length: most }, (_, index) => index + 1)
  let state = 20_261_122
  return Array.from({ length: size }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    return (state % most) + 1
  })
}

test('broken off at any point, the next run finishes it', async () => {
  const make = async () => ({
    due: await crossed(10),
    held: await crossed(10, 'HELD01'),
    kept: await crossed(0),
  })
  await make()
  const whole = breaking(Number.POSITIVE_INFINITY)
  expect(await hub.hub.parts.retention.inTurn(() => whole.run())).toBe(1)
  expect(whole.count()).toBeGreaterThan(25)

  const points = sampled(whole.count(), 8)
  let broken = 0
  for (const point of points) {
    const { due, held, kept } = await make()
    await hub.hub.parts.retention
      .inTurn(() => breaking(point).run())
      .catch((error: unknown) => {
        if (!(error instanceof BrokenOff)) throw error
        broken += 1
      })
    const { parts } = hub.hub
    await parts.retention.recover()
    await parts.retention.run()
    const at = `point ${point} of ${whole.count()}`
    expect(await tryOpening(auditor, due.scene), at).toBe('410 picture_shredded')
    expect(await tryOpening(auditor, held.scene), at).toBe('opened')
    expect(await tryOpening(auditor, kept.scene), at).toBe('opened')
  }
  console.log(
    `shredding broken off at ${points.length} of ${whole.count()} points, ${broken} broke`,
  )
  expect(broken).toBeGreaterThan(points.length / 2)

  const { db, vault, journal } = hub.hub.parts
  const log = folderTiles(path.join(hub.data, 'log'))
  const { findings } = await fsck({ db, vault, log, vkey: journal.vkey })
  expect(findings).toEqual([])
  const open = await db
    .selectFrom('shredding')
    .select('id')
    .where('effective_log_index', 'is', null)
    .execute()
  expect(open).toEqual([])
}, 1_200_000)

test('a hold that comes between the request and the destruction stops it, and the log says so', async () => {
  const { parts } = hub.hub
  const due = await crossed(10)
  const other = await crossed(10)
  const retention = createRetention({
    ...parts,
    keks: { ...parts.keks, destroy: () => Promise.reject(new BrokenOff()) },
    readsErased: () => undefined,
  })
  await expect(parts.retention.inTurn(() => retention.run())).rejects.toThrow(BrokenOff)
  expect(await tryOpening(auditor, due.scene)).toBe('410 picture_shredded')
  await heldBy(privacy, auditor, { kind: 'crossing', crossing: due.crossing }, inADay())
  await parts.retention.run()
  expect(await tryOpening(auditor, due.scene)).toBe('opened')
  expect(await tryOpening(auditor, other.scene)).toBe('410 picture_shredded')
  const answer = await auditor.request('/v1/retention/shreddings')
  const { shreddings } = (await answer.json()) as { shreddings: { state: string }[] }
  expect(shreddings.slice(0, 2).map(({ state }) => state)).toEqual(['effective', 'stopped'])
})
