/** Bare crops: a plate alone that was read wrong, and a face alone, each led back to the picture that it was cut out of. */

import type { Finding } from '@sallyport/core/leaks/finding'
import { cropBox, encodeJpeg } from '@sallyport/vision/encode'
import type { Picture } from '@sallyport/vision/picture'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import { deliver, enrolTestDevice } from '../support/device.ts'
import { drawnPass, passSealer } from '../support/drawn-lane.ts'
import { ask, type FaceAnswer, type FaceHub, facesOf, startFaceHub } from '../support/face-hub.ts'
import { headPicture } from '../support/faces.ts'
import type { Person } from '../support/hub.ts'

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

type Answer = Omit<Finding, 'copy'> & { readonly status: number }

let here: FaceHub
let responder: Person
let crossing: string
let faces: readonly FaceAnswer[]
let search: string

beforeAll(async () => {
  here = await startFaceHub()
  responder = await here.hub.signIn(['responder'])
  crossing = await (await here.sealedCrossing([3, 2]))()
  faces = await facesOf(await here.hub.signIn(['officer']), crossing, here.hub)
  const begun = await ask<{ id: string; statement: readonly string[] }>(
    responder,
    '/v1/leak-searches',
    { reference: 'crops', sources: ['a folder'] },
  )
  search = begun.id
  expect(begun.statement.join(' ')).toContain('by 2 stored faces')
})
afterAll(() => here.remove())

function look(name: string, bytes: Uint8Array): Promise<Answer> {
  const content = Buffer.from(bytes).toString('base64')
  return ask(responder, `/v1/leak-searches/${search}/files`, { name, content })
}

/** The face of a picture with a fifth of its size around it, as it would turn up. */
async function faceOf(picture: Picture): Promise<Uint8Array> {
  const [face] = await here.reader.look(picture, { describe: 'none' })
  if (face === undefined) throw new Error('a drawn head was not found')
  return encodeJpeg(cropBox(picture, face.box, 0.2), 75)
}

test('a face cut out is ours; somebody else in the same pose, and the same person turned, are not', async () => {
  const ours = await look('face.jpg', await faceOf(await headPicture(3, { yaw: 5, light: 0.7 })))
  expect(ours).toMatchObject({ verdict: 'ours', level: 'this_picture' })
  expect(faces.map(({ capture_id: id }) => id)).toContain(ours.capture)
  expect(ours.evidence.find(({ kind }) => kind === 'laid_over')).toMatchObject({ subject: 'face' })
  // How alike two faces are is said in no answer.
  expect(JSON.stringify(ours.evidence.filter(({ kind }) => kind === 'face'))).not.toMatch(/\d\.\d/)
  const stranger = await look('x.jpg', await faceOf(await headPicture(4, { yaw: 5, light: 0.7 })))
  expect(stranger.verdict).toBe('not_ours')
  const turned = await look('y.jpg', await faceOf(await headPicture(3, { yaw: -3, light: 0.7 })))
  expect(turned.verdict).not.toBe('ours')
})

test('a plate cut out is ours, also where the lane had read another character than is read in the crop', async () => {
  const pass = await drawnPass('leak crops:front', 3)
  const wrong = pass.plate.slice(0, -1) + (pass.plate.endsWith('7') ? '1' : '7')
  const sealed = await passSealer(await enrolTestDevice(here.hub, 'in-2'))({
    ...pass,
    plate: wrong,
  })
  expect((await deliver(here.hub, sealed.bytes)).status).toBe(201)
  const [left, top] = [0, 1].map((side) =>
    Math.min(...pass.corners.map(({ x, y }) => [x, y][side]!)),
  )
  const [right, bottom] = [0, 1].map((side) =>
    Math.max(...pass.corners.map(({ x, y }) => [x, y][side]!)),
  )
  const box = { x: left!, y: top!, width: right! - left!, height: bottom! - top! }
  const found = await look('plate.jpg', await encodeJpeg(cropBox(pass.picture, box, 0.2), 75))
  expect(found).toMatchObject({ verdict: 'ours', level: 'this_picture', capture: sealed.scene })
})

test('a face that was forgotten is led back to by nobody, though it was in memory', async () => {
  const crop = await faceOf(await headPicture(3, { yaw: 5, light: 0.7 }))
  expect((await look('before.jpg', crop)).verdict).toBe('ours')
  await here.hub.hub.parts.faces.forget(crossing)
  const after = await look('after.jpg', crop)
  expect(after.verdict).not.toBe('ours')
  expect(after.evidence.filter(({ kind }) => kind === 'face')).toEqual([])
})
