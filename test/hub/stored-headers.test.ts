/** What rows hold in place of the headers that lanes sent, and what that opens. */

import { rename } from 'node:fs/promises'
import path from 'node:path'

import { encodeBundle, parseBundle } from '@sallyport/proof/bundle'
import { encodeManifest, signManifest } from '@sallyport/proof/manifest'
import { sha256Hex } from '@sallyport/proof/node/bundle-check'
import { sign } from '@sallyport/proof/node/ed25519'
import { kekOfHeader } from '@sallyport/proof/node/kek-header'
import { generateIdentity, openSeal, seal } from '@sallyport/proof/node/seal'
import { splitSeal } from '@sallyport/proof/seal-format'
import { readBody } from '@sallyport/store/vault/placed'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { deliver, enrolTestDevice, type TestDevice } from '../support/device.ts'
import { drawnJpeg } from '../support/drawn-picture.ts'
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

async function delivered() {
  const bundle = device.bundle({ picture: drawnJpeg(400) })
  const answer = await deliver(hub, bundle.bytes)
  if (answer.status !== 201) throw new Error(await answer.text())
  const rows = await hub.hub.parts.db
    .selectFrom('capture')
    .selectAll()
    .where('crossing', '=', bundle.manifest.crossing)
    .execute()
  const scene = rows.find((row) => row.class === 'scene')
  if (scene === undefined) throw new Error('a scene was sent')
  return { bundle, rows, scene }
}

function open(capture: string): Promise<Response> {
  return person.request(`/v1/captures/${capture}/openings`, {
    method: 'POST',
    body: JSON.stringify({ purpose: 'investigation', note: 'a test' }),
  })
}

async function entries() {
  const found = []
  for await (const one of hub.hub.parts.journal.entries(0)) found.push(one)
  return found
}

describe('at intake', () => {
  test('every header goes from the epoch to the KEK of its class and day, which the log had before', async () => {
    const { bundle, rows } = await delivered()
    const { keks, epochs, vault } = hub.hub.parts
    const identity = await epochs.identityFor(device.day, device.recipient)
    const logged = await entries()
    expect(rows).toHaveLength(3)
    expect(new Set(rows.map(({ kek }) => kek)).size).toBe(3)
    const crossing = logged.find(
      ({ entry }) => entry.kind === 'crossing' && entry.crossing === bundle.manifest.crossing,
    )
    for (const row of rows) {
      expect(kekOfHeader(row.header)).toBe(row.kek)
      expect(keks.keystore.list().find(({ id }) => id === row.kek)).toMatchObject({
        class: row.class,
        day: device.day,
        port: 'test-port',
        use: 'day',
      })
      const made = logged.find(({ entry }) => entry.kind === 'kek_created' && entry.kek === row.kek)
      expect(made?.index).toBeLessThan(crossing?.index ?? 0)
      const body = await readBody(vault, row, row, async () => null)
      if (body.kind !== 'body' || identity === null || row.kek === null) throw new Error('lost')
      const stored = { header: row.header, body: body.body }
      expect(openSeal(stored, identity)).toMatchObject({ code: 'no_matching_recipient' })
      expect(keks.open(row.kek, stored).kind).toBe('opened')
      // The signed statement of body and sent header stays as it was.
      expect(row.sha256.toString('hex')).toBe(sha256Hex(body.body))
    }
  })

  test('the next bundle of the day goes under the same KEKs', async () => {
    const [one, two] = [await delivered(), await delivered()]
    expect(two.scene.kek).toBe(one.scene.kek)
  })

  test('a header with another one’s file key, signed by the lane itself, is refused and nothing is stored', async () => {
    const bundle = device.bundle()
    const parsed = parseBundle(bundle.bytes)
    if (parsed.kind === 'refused') throw new Error(parsed.detail)
    const strange = splitSeal(seal(new Uint8Array(10), [generateIdentity().recipient]))!
    const [first, ...others] = parsed.bodies
    const manifest = {
      ...parsed.manifest,
      bodies: parsed.manifest.bodies.map((body, index) =>
        index === 0 ? { ...body, header_sha256: sha256Hex(strange.header) } : body,
      ),
    }
    const bytes = encodeManifest(manifest)
    const sent = encodeBundle({
      manifest: bytes,
      signature: signManifest(device.seed, bytes, sign),
      bodies: [{ header: strange.header, body: first!.body }, ...others],
    })
    const answer = await deliver(hub, sent)
    expect([answer.status, await answer.json()]).toMatchObject([
      422,
      { code: 'seal_not_for_epoch' },
    ])
    const { db } = hub.hub.parts
    const stored = await db
      .selectFrom('intake')
      .select('sequence')
      .where('crossing', '=', manifest.crossing)
      .execute()
    expect(stored).toEqual([])
    expect((await deliver(hub, bundle.bytes)).status).toBe(201)
  })
})

describe('a stored header that was tampered with opens nothing', () => {
  test.each([
    ['swapped with that of another picture', (header: Buffer, other: Buffer) => other],
    ['cut by a byte', (header: Buffer) => header.subarray(0, -1)],
    ['with a byte behind it', (header: Buffer) => Buffer.concat([header, Buffer.from('\n')])],
    ['emptied', () => Buffer.alloc(0)],
  ])('%s', async (_, change) => {
    const [one, two] = [await delivered(), await delivered()]
    await hub.hub.parts.db
      .updateTable('capture')
      .set({ header: change(one.scene.header, two.scene.header) })
      .where('id', '=', one.scene.id)
      .execute()
    const answer = await open(one.scene.id)
    expect([answer.status, await answer.json()]).toMatchObject([
      422,
      { code: 'picture_not_openable' },
    ])
    expect((await open(two.scene.id)).status).toBe(201)
  })
})

test('with its KEK destroyed a picture opens for nobody, also after a restart, and the log says so', async () => {
  const { scene } = await delivered()
  expect((await open(scene.id)).status).toBe(201)
  const kek = scene.kek ?? ''
  expect((await hub.hub.parts.keks.destroy([kek])).outstanding).toEqual([])
  expect((await open(scene.id)).status).toBe(422)
  await hub.restart()
  expect((await open(scene.id)).status).toBe(422)
  const kinds = (await entries()).flatMap(({ entry }) =>
    'kek' in entry && entry.kek === kek ? [entry.kind] : [],
  )
  // The opening that was asked for after it was destroyed names it as well: it was asked for.
  expect(kinds.filter((kind) => kind !== 'opening')).toEqual([
    'kek_created',
    'kek_destruction_requested',
    'kek_destroyed',
  ])
  expect(kinds.slice(0, 2)).toEqual(['kek_created', 'opening'])
  // The day goes on under another KEK.
  const next = await delivered()
  expect(next.scene.kek).not.toBe(kek)
  expect((await open(next.scene.id)).status).toBe(201)
})

test('without its keystore a hub that has one to open does not start anew in silence', async () => {
  const { scene } = await delivered()
  await hub.stop()
  const place = path.join(hub.data, 'keys', 'keystore')
  await rename(place, `${place}-away`)
  await expect(hub.restart()).rejects.toMatchObject({ code: 'keystore_missing' })
  await rename(`${place}-away`, place)
  await hub.restart()
  expect((await open(scene.id)).status).toBe(201)
})
