/** A hub of before stored headers under its epochs: what becomes of them at the next start. */

import { rewrapOldHeaders } from '@sallyport/hub/keystore/old-headers'
import { parseBundle } from '@sallyport/proof/bundle'
import { kekOfHeader } from '@sallyport/proof/node/kek-header'
import { replaceHeaders } from '@sallyport/store/stored-headers'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import { deliver, enrolTestDevice, type TestDevice } from '../support/device.ts'
import { type Person, startTestHub, type TestHub } from '../support/hub.ts'

let hub: TestHub
let device: TestDevice
let person: Person

beforeAll(async () => {
  hub = await startTestHub()
  device = await enrolTestDevice(hub, 'lane-1')
  person = await hub.signIn(['supervisor'])
})
afterAll(() => hub.remove())

/** A crossing with its rows as the hub of before wrote them: the headers that the lane sent. */
async function storedBefore() {
  const { bytes, manifest } = device.bundle()
  if ((await deliver(hub, bytes)).status !== 201) throw new Error('the hub takes it')
  const parsed = parseBundle(bytes)
  if (parsed.kind === 'refused') throw new Error(parsed.detail)
  for (const [index, { id }] of manifest.bodies.entries())
    await hub.hub.parts.db
      .updateTable('capture')
      .set({ header: parsed.bodies[index]!.header, kek: null })
      .where('id', '=', id)
      .execute()
  return manifest.bodies.map(({ id }) => id)
}

function rows(ids: readonly string[]) {
  const { db } = hub.hub.parts
  return db.selectFrom('capture').select(['id', 'header', 'kek']).where('id', 'in', ids).execute()
}

async function opens(capture: string): Promise<number> {
  const answer = await person.request(`/v1/captures/${capture}/openings`, {
    method: 'POST',
    body: JSON.stringify({ purpose: 'investigation', note: 'a test' }),
  })
  return answer.status
}

test('they open before and after, and the next start puts them under KEKs', async () => {
  const ids = await storedBefore()
  expect(await opens(ids[0]!)).toBe(201)
  await hub.restart()
  await vi.waitFor(
    async () => {
      for (const { header, kek } of await rows(ids)) expect(kekOfHeader(header)).toBe(kek ?? 'none')
    },
    { timeout: 60_000, interval: 100 },
  )
  expect(await opens(ids[0]!)).toBe(201)
})

test('ended between two of them, it goes on where it was; one that nobody can open is left and does not stop it', async () => {
  const [first, second] = [await storedBefore(), await storedBefore()]
  const { db } = hub.hub.parts
  await db
    .updateTable('capture')
    .set({ header: Buffer.from('age-encryption.org/v1\nnot a header\n') })
    .where('id', '=', first[0]!)
    .execute()
  const ended = new AbortController()
  ended.abort()
  expect(await rewrapOldHeaders(hub.hub.parts, ended.signal)).toEqual({ rewrapped: 0, left: 0 })
  expect(await rewrapOldHeaders(hub.hub.parts, new AbortController().signal)).toEqual({
    rewrapped: 5,
    left: 1,
  })
  expect((await rows([...first.slice(1), ...second])).map(({ kek }) => kek)).not.toContain(null)
  expect((await rows(first)).filter(({ kek }) => kek === null)).toHaveLength(1)
})

test('a header that was replaced meanwhile is not put back', async () => {
  const [id] = await storedBefore()
  const [row] = await rows([id!])
  const other = Buffer.from('another')
  await hub.hub.parts.db
    .updateTable('capture')
    .set({ header: other })
    .where('id', '=', id!)
    .execute()
  const { received_at } = await hub.hub.parts.db
    .selectFrom('capture')
    .select('received_at')
    .where('id', '=', id!)
    .executeTakeFirstOrThrow()
  await replaceHeaders(hub.hub.parts.db, [
    {
      table: 'capture',
      id: id!,
      receivedAt: received_at,
      before: row!.header,
      header: Buffer.from('mine'),
      kek: '0'.repeat(32),
    },
  ])
  expect((await rows([id!]))[0]?.header).toEqual(other)
})
