/** Releases: nothing leaves unmarked or readable by others, and what left is known again and asked back. */

import { createHash } from 'node:crypto'

import { readInformed } from '@sallyport/marks/informed'
import { openMarkKeys } from '@sallyport/marks/node/key-file'
import { generateIdentity, openSeal } from '@sallyport/proof/node/seal'
import { splitSeal } from '@sallyport/proof/seal-format'
import { bodyOf, filesOf } from '@sallyport/store/releases/files'
import { decodePicture } from '@sallyport/vision/picture'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { type Body, json, send } from '../support/grant-hub.ts'
import { startReleaseHub } from '../support/release-hub.ts'

const court = generateIdentity()
let at: Awaited<ReturnType<typeof startReleaseHub>>
/** Marking and reading marks is work for a loaded machine. */
const timeout = 180_000

beforeAll(async () => {
  at = await startReleaseHub()
}, timeout)
afterAll(() => at.hub.remove())

test(
  'R11, R28: copies leave marked, sealed to the recipient alone, two others agreed, and the log names nobody',
  { timeout },
  async () => {
    const to = await at.recipient(court.recipient)
    const pictures = [await at.capture(), await at.capture()]
    const id = await at.release({ recipient: to, captures: pictures, canaries: 1 })
    const view = await at.make(id)
    expect(view).toMatchObject({ state: 'made', copies: 'out', pictures: 2, canaries: 1 })

    const { db } = at.hub.hub.parts
    const files = await filesOf(db, id)
    expect(files.map(({ kind }) => kind).toSorted()).toEqual([
      'canary',
      'capture',
      'capture',
      'records',
    ])
    const keys = await openMarkKeys(`${at.hub.data}/keys/marks`, at.hub.hub.parts.now())
    const original = await decodePicture(at.car)
    if (original.kind === 'refused') throw new Error(original.detail)
    for (const file of files.filter(({ kind }) => kind === 'capture')) {
      const body = await bodyOf(db, id, file.number)
      const split = splitSeal(body ?? Buffer.alloc(0))
      if (split === null) throw new Error('a sealed file is an age file')
      expect(openSeal(split, generateIdentity().identity).kind).toBe('refused')
      const opened = openSeal(split, court.identity)
      if (opened.kind === 'refused') throw new Error(opened.detail)
      const copy = await decodePicture(opened.plaintext)
      if (copy.kind === 'refused') throw new Error(copy.detail)
      const read = readInformed(
        { ...copy.picture, channels: 3 },
        { ...original.picture, channels: 3 },
        keys.all,
      )
      expect(read.code).toBe(file.mark)
    }
    const logged = await at.entries(id)
    expect(logged.map(({ kind }) => kind)).toEqual([
      'release_requested',
      'release_approved',
      'release_approved',
      'release_making',
      'release_made',
    ])
    expect(logged.at(-1)).toMatchObject({ files: 4, manifest_sha256: view['manifest_sha256'] })
    const text = JSON.stringify(logged)
    for (const secret of ['District', 'district', 'Order', court.recipient, ...pictures])
      expect(text).not.toContain(secret)
    expect(logged[0]).toMatchObject({ policies: ['release-request'] })
    expect(logged[3]).toMatchObject({ policies: ['release-make'] })
    // Every picture that was unsealed for it has an opening of its own, before it was made.
    const openings = []
    for await (const { index, entry } of at.hub.hub.parts.journal.entries(0))
      if (entry.kind === 'opening' && pictures.includes(entry.capture)) openings.push(index)
    expect(openings).toHaveLength(2)
    expect(Math.max(...openings)).toBeLessThan(Number(view['made_log_index']))
  },
)

test(
  'a picture that cannot be marked fails the whole release, and nothing of it can be fetched',
  { timeout },
  async () => {
    const to = await at.recipient()
    const broken = await at.capture(createHash('sha512').update('x').digest())
    const id = await at.release({
      recipient: to,
      captures: [await at.capture(), broken],
      canaries: 0,
    })
    expect(await at.make(id)).toMatchObject({ state: 'failed', code: 'picture_not_markable' })
    expect(await filesOf(at.hub.hub.parts.db, id)).toEqual([])
    expect((await at.entries(id)).at(-1)).toMatchObject({ kind: 'release_failed' })
  },
)

test(
  'R14: a planted record is known again by bytes and by plate, and a stranger is not',
  { timeout },
  async () => {
    const to = await at.recipient()
    const id = await at.release({ recipient: to, captures: [await at.capture()], canaries: 1 })
    expect(await at.make(id)).toMatchObject({ state: 'made' })
    const planted = (await filesOf(at.hub.hub.parts.db, id)).find(({ kind }) => kind === 'canary')
    const sha256 = planted?.copy_sha256.toString('hex')
    const match = (found: Body) => json(send(at.privacy, '/v1/canaries/matches', found))
    expect(await match({ sha256: [sha256] })).toMatchObject({
      matches: [{ release: id, by: 'bytes' }],
    })
    expect(await match({ plates: [at.drawn.at(-1)?.replace('ZZ', 'zz ')] })).toMatchObject({
      matches: [{ release: id, by: 'plate' }],
    })
    expect(await match({ plates: ['AB123'], sha256: ['00'.repeat(32)] })).toEqual({ matches: [] })
  },
)

test(
  'copies that expired are chased once a day, and attested ones are not; sealed bytes are forgotten',
  { timeout },
  async () => {
    const to = await at.recipient()
    const id = await at.release({ recipient: to, captures: [await at.capture()], canaries: 0 })
    expect(await at.make(id)).toMatchObject({ state: 'made' })
    const fetched = await at.requester.request(`/v1/releases/${id}/package`)
    expect(fetched.headers.get('content-type')).toBe('application/zip')
    expect((await fetched.arrayBuffer()).byteLength).toBeGreaterThan(1_000)
    at.clock.offsetMs = 31 * 86_400_000
    const { releases, now } = at.hub.hub.parts
    await releases.upkeep(now())
    await releases.upkeep(now())
    // Sessions end long before.
    const clerk = await at.hub.signIn(['supervisor'], { unit: 'operations' })
    const { alarms } = (await json(clerk.request('/v1/alarms'))) as { alarms: Body[] }
    const overdue = alarms.filter(({ kind }) => kind === 'release_overdue')
    expect(overdue).toMatchObject([{ count: 1 }])
    expect((await clerk.request(`/v1/releases/${id}/package`)).status).toBe(410)
    const said = {
      how: 'destroyed',
      said_by: 'Clerk of the court',
      statement_sha256: 'ab'.repeat(32),
    }
    expect((await send(clerk, `/v1/releases/${id}/attestations`, said)).status).toBe(204)
    expect(await json(clerk.request(`/v1/releases/${id}`))).toMatchObject({
      state: 'destroyed',
      copies: 'accounted_for',
    })
    expect((await send(clerk, `/v1/releases/${id}/attestations`, said)).status).toBe(409)
    at.clock.offsetMs = 0
  },
)

test('rows and log say the same of releases', { timeout }, async () => {
  expect(await at.findings()).toEqual([])
})
