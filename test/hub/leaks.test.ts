/** Copies found outside: whose picture they are, and to whom the copy was given. */

import { encodeJpeg, rawImage } from '@sallyport/vision/encode'
import { decodePicture } from '@sallyport/vision/picture'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { deliver, enrolTestDevice } from '../support/device.ts'
import { type DrawnPass, drawnPass, passSealer } from '../support/drawn-lane.ts'
import { type Person, startTestHub, type TestHub } from '../support/hub.ts'

type Found = {
  readonly verdict: string
  readonly level: string | null
  readonly capture: string | null
  readonly opening: string | null
  readonly party: string | null
  readonly error_probability: number | null
  readonly evidence: readonly { readonly kind: string; readonly reason?: string }[]
}
type Search = {
  readonly id: string
  readonly files: number
  readonly ours: number
  readonly statement: readonly string[]
}

let hub: TestHub
let responder: Person
let supervisor: Person
let pass: DrawnPass
let scene: string
let search: string

beforeAll(async () => {
  hub = await startTestHub()
  const seal = passSealer(await enrolTestDevice(hub, 'in-1'))
  responder = await hub.signIn(['responder'])
  supervisor = await hub.signIn(['supervisor'])
  pass = await drawnPass('leaks:front', 1)
  const sealed = await seal(pass)
  expect((await deliver(hub, sealed.bytes)).status).toBe(201)
  scene = sealed.scene
  const begun = await post(responder, '/v1/leak-searches', {
    reference: 'case 12',
    sources: ['a folder'],
  })
  expect(begun.status).toBe(201)
  search = ((await begun.json()) as Search).id
})
afterAll(() => hub.remove())

function post(person: Person, where: string, body: unknown = {}): Promise<Response> {
  return person.request(where, { method: 'POST', body: JSON.stringify(body) })
}

async function look(name: string, bytes: Uint8Array): Promise<Found> {
  const content = Buffer.from(bytes).toString('base64')
  const answer = await post(responder, `/v1/leak-searches/${search}/files`, { name, content })
  expect(answer.status).toBe(200)
  return (await answer.json()) as Found
}

async function openedCopy() {
  const answer = await post(supervisor, `/v1/captures/${scene}/openings`, {
    purpose: 'investigation',
  })
  const { opening, picture } = (await answer.json()) as { opening: string; picture: string }
  return { opening, bytes: Buffer.from(picture, 'base64') }
}

/** As it would turn up: smaller, compressed again, in a frame. */
async function screenshot(bytes: Uint8Array): Promise<Uint8Array> {
  const decoded = await decodePicture(bytes)
  if (decoded.kind === 'refused') throw new Error(decoded.detail)
  return rawImage(decoded.picture)
    .resize({ width: 920 })
    .extend({ top: 40, bottom: 30, left: 50, right: 20, background: '#e8e8ec' })
    .jpeg({ quality: 75 })
    .toBuffer()
}

test('a screenshot of a stored picture is ours, though nobody opened it; its comparison stands in the log', async () => {
  const before = hub.hub.parts.journal.size()
  const found = await look('shot.jpg', await screenshot(await encodeJpeg(pass.picture, 84)))
  expect(found).toMatchObject({
    verdict: 'ours',
    level: 'this_picture',
    capture: scene,
    opening: null,
    party: null,
  })
  expect(found.error_probability).toBeLessThan(0.1)
  const entry = await hub.hub.parts.journal.receipt(before)
  const { kind, captures } = JSON.parse(Buffer.from(entry?.entry ?? []).toString()) as {
    kind: string
    captures: string[]
  }
  expect(kind).toBe('leak_comparison')
  expect(captures).toContain(scene)
})

test(
  'a copy that left names the opening that it was made for, unchanged and as a screenshot',
  { timeout: 120_000 },
  async () => {
    const copies = [await openedCopy(), await openedCopy()]
    for (const { opening, bytes } of copies) {
      const exact = await look('copy.jpg', bytes)
      expect(exact).toMatchObject({ verdict: 'ours', capture: scene, opening, party: 'agency' })
      expect(exact.evidence.map(({ kind }) => kind)).toEqual(['exact_bytes'])
      const changed = await look('shot.jpg', await screenshot(bytes))
      expect(changed).toMatchObject({ verdict: 'ours', capture: scene, opening, party: 'agency' })
      expect(changed.error_probability).toBeLessThan(1e-6)
    }
  },
)

test('another vehicle at the same camera is not ours, however much the rest of the frame agrees', async () => {
  const stranger = await drawnPass('leaks:front', 2)
  const found = await look('stranger.jpg', await encodeJpeg(stranger.picture, 80))
  expect(found.verdict).not.toBe('ours')
  expect(found.capture).toBeNull()
})

test.for([
  ['empty', Buffer.alloc(0)],
  ['text that calls itself a picture', Buffer.from('not a picture at all')],
  ['a picture that breaks off', Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16, 74, 70, 73, 70])],
] as const)(
  'a file that is %s is unsure and says why; it is never "not ours"',
  async ([, bytes]) => {
    const found = await look('x.jpg', bytes)
    expect(found.verdict).toBe('unsure')
    expect(found.evidence[0]?.kind).toBe('not_compared')
    expect(found.evidence[0]?.reason).not.toBe('')
  },
)

test(
  'only responders search; a search that ended takes no more files and says what may be said',
  { timeout: 180_000 },
  async () => {
    const refused = await post(supervisor, '/v1/leak-searches', { reference: 'x', sources: ['y'] })
    expect(refused.status).toBe(403)
    const tested = await post(responder, `/v1/leak-searches/${search}/self-test`, { pictures: 1 })
    expect(tested.status).toBe(200)
    const ended = await post(responder, `/v1/leak-searches/${search}/end`)
    const { statement, files, ours } = (await ended.json()) as Search
    expect(statement[0]).toMatch(
      new RegExp(`^Of the ${files} files searched between .* from a folder, ${ours} are ours\\.$`),
    )
    expect(statement.at(-1)).toContain('1 of 1 recompressed')
    const late = await post(responder, `/v1/leak-searches/${search}/files`, {
      name: 'late.jpg',
      content: 'AAAA',
    })
    expect(await late.json()).toMatchObject({ code: 'leak_search_over' })
  },
)
