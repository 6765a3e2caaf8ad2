/** Found pictures that would mislead: a plate pasted into a stored frame, pictures within a picture, and what is shredded since. */

import type { Finding } from '@sallyport/core/leaks/finding'
import { encodeJpeg, rawImage } from '@sallyport/vision/encode'
import { boxOf } from '@sallyport/vision/geometry'
import type { Picture } from '@sallyport/vision/picture'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import { deliver, enrolTestDevice } from '../support/device.ts'
import { type DrawnPass, drawnPass, passSealer } from '../support/drawn-lane.ts'
import { ask } from '../support/face-hub.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'
import { choose, hourMs, hours } from '../support/retention.ts'

vi.setConfig({ testTimeout: 300_000, hookTimeout: 240_000 })

let hub: TestHub
let later = 0
let pass: DrawnPass
let stranger: DrawnPass
let scene: string

beforeAll(async () => {
  hub = await startTestHub({ now: () => new Date(Date.now() + later) })
  pass = await drawnPass('leak hazards:front', 1)
  stranger = await drawnPass('leak hazards:front', 2)
  const sealed = await passSealer(await enrolTestDevice(hub, 'in-1'))(pass)
  expect((await deliver(hub, sealed.bytes)).status).toBe(201)
  scene = sealed.scene
})
afterAll(() => hub.remove())

/** Looks at files in a search of their own. */
async function search() {
  const responder = await hub.signIn(['responder'])
  const { id } = await ask<{ id: string }>(responder, '/v1/leak-searches', {
    reference: 'case 12',
    sources: ['a folder'],
  })
  return (bytes: Uint8Array) =>
    ask<Finding & { opening: string | null }>(responder, `/v1/leak-searches/${id}/files`, {
      name: 'x.jpg',
      content: Buffer.from(bytes).toString('base64'),
    })
}

function whole({ corners }: DrawnPass, by = 0) {
  const { x, y, width, height } = boxOf(corners)
  return {
    left: Math.max(0, Math.round(x - by * width)),
    top: Math.max(0, Math.round(y - by * height)),
    width: Math.round(width * (1 + 2 * by)),
    height: Math.round(height * (1 + 2 * by)),
  }
}

async function pasted(picture: Picture, part: Uint8Array, at: ReturnType<typeof whole>) {
  return rawImage(picture)
    .composite([{ input: Buffer.from(part), left: at.left, top: at.top }])
    .jpeg({ quality: 85 })
    .toBuffer()
}

test('a stored frame into which another plate was pasted is not this picture, though all but the plate agrees', async () => {
  const look = await search()
  const [from, to] = [whole(stranger, 0.1), whole(pass, 0.1)]
  const plate = await rawImage(stranger.picture)
    .extract(from)
    .resize({ width: to.width, height: to.height, fit: 'fill' })
    .png()
    .toBuffer()
  const found = await look(await pasted(pass.picture, plate, to))
  expect(found.verdict).not.toBe('ours')
  expect(found.evidence.map(({ kind }) => kind)).toContain('near_hash')
})

test('a stored plate in a picture of another vehicle is the same plate, for a person to look at, and not this picture', async () => {
  const look = await search()
  const elsewhere = await drawnPass('leak hazards elsewhere:front', 5)
  const [from, there] = [whole(pass, 0.25), boxOf(elsewhere.corners)]
  const plate = await rawImage(pass.picture).extract(from).png().toBuffer()
  const [left, top] = [there.x + there.width / 2, there.y + there.height / 2]
  const to = {
    ...from,
    left: Math.round(left - from.width / 2),
    top: Math.round(top - from.height / 2),
  }
  const found = await look(await pasted(elsewhere.picture, plate, to))
  const [laid] = found.evidence.filter((one) => one.kind === 'laid_over')
  // By its plate alone it would be ours.
  expect(laid?.box).toBeGreaterThan(0.95)
  expect(laid?.grain).toBeGreaterThan(0.8)
  expect(laid).toMatchObject({ bare: false })
  expect(found).toMatchObject({ verdict: 'unsure', level: 'same_subject' })
})

test('a picture in which a stored one is one of two is led back to by its plate', async () => {
  const look = await search()
  const { width, height } = pass.picture
  const both = await rawImage(stranger.picture)
    .extend({ right: width, background: '#202020' })
    .composite([
      {
        input: await rawImage(pass.picture).png().toBuffer(),
        left: stranger.picture.width,
        top: Math.min(0, stranger.picture.height - height),
      },
    ])
    .jpeg({ quality: 85 })
    .toBuffer()
  expect(await look(both)).toMatchObject({ verdict: 'ours', capture: scene })
})

test('of a shredded picture the bytes that were sent are ours still; what can no longer be compared is unsure and says why', async () => {
  const opened = await ask<{ opening: string; picture: string }>(
    await hub.signIn(['supervisor']),
    `/v1/captures/${scene}/openings`,
    { purpose: 'investigation' },
  )
  await choose(await hub.signIn(['privacy']), hours({ scene: 5, plate: 5 }))
  later = 8 * hourMs
  expect(await hub.hub.parts.retention.run()).toBeGreaterThan(0)
  const look = await search()
  expect(await look(Buffer.from(opened.picture, 'base64'))).toMatchObject({
    verdict: 'ours',
    capture: scene,
    opening: opened.opening,
    error_probability: 0,
  })
  const gone = await look(await encodeJpeg(pass.picture, 70))
  expect(gone.verdict).toBe('unsure')
  expect(gone.evidence.map(({ kind }) => kind)).toContain('shredded')
  expect(gone.evidence.map(({ kind }) => kind)).not.toContain('laid_over')
})
