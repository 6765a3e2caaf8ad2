import { cp, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import { arranged, drawHead } from './drawn-head.ts'
import { faceApiFolder, readFaceApiWeights } from './face-api-weights.ts'
import { type FaceReader, mainFace, openEvaluationReader } from './face-reader.ts'
import { templateDistance } from './template.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let folder: string
let reader: FaceReader<'evaluation'>

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sallyport-faces-'))
  reader = await openEvaluationReader({ cache: path.join(folder, 'cache') })
})
afterAll(async () => {
  await reader.close()
  await rm(folder, { recursive: true, force: true })
})

const side = 112
const head = drawHead(3, side)

test('a picture without a face has no face, and no guess', async () => {
  const grey = { width: 320, height: 200, data: new Uint8Array(320 * 200 * 3).fill(120) }
  expect(await reader.look(grey)).toEqual([])
})

test('a face that fills the frame is found, with eyes where they are', async () => {
  const [face, ...others] = await reader.look(head)
  expect(others).toEqual([])
  const [left, right, nose] = face?.points ?? []
  expect(left?.x).toBeLessThan(right?.x ?? 0)
  expect(nose?.y).toBeGreaterThan(left?.y ?? Infinity)
  expect(face?.quality.inter_eye_distance).toBeLessThan(side / 2)
  expect(face?.quality.inter_eye_distance).toBeGreaterThan(side / 8)
})

test('ten faces are ten faces, and each is described', async () => {
  const turned = drawHead(3, side, { yaw: 10 })
  const ten = arranged(
    Array.from({ length: 10 }, (_, at) => (at % 2 === 0 ? head : turned)),
    5,
  )
  const faces = await reader.look(ten)
  expect(faces.length).toBe(10)
  expect(faces.every(({ template }) => template?.vector.length === 128)).toBe(true)
})

test('a head that looks to its left has a positive yaw, one to its right a negative', async () => {
  const yawOf = async (yaw: number): Promise<number> =>
    (await reader.look(drawHead(3, side, { yaw })))[0]?.quality.head_pose_yaw ?? 0
  expect(await yawOf(18)).toBeGreaterThan(5)
  expect(await yawOf(-18)).toBeLessThan(-5)
})

test('the same head is nearer to itself in another light than to another head', async () => {
  const described = async (who: number, light: number) => {
    const [face] = await reader.look(drawHead(who, side, { light }))
    if (face === undefined || face.template === null) throw new Error(`head ${who} was not found`)
    return face.template
  }
  const [one, again, other] = [
    await described(3, 0.75),
    await described(3, 0.5),
    await described(0, 0.75),
  ]
  const near = templateDistance(one, again)
  const far = templateDistance(one, other)
  if (near.kind === 'refused' || far.kind === 'refused') throw new Error('of one model')
  expect(near.distance).toBeLessThan(far.distance)
})

test('the main face is the large one in the middle, not the surest', () => {
  const box = (x: number, width: number) => ({ box: { x, y: 10, width, height: width } })
  const [corner, middle] = [box(0, 40), box(80, 42)]
  expect(mainFace([corner, middle], { width: 200, height: 62 })).toBe(middle)
  expect(mainFace([], { width: 200, height: 62 })).toBeNull()
})

test('a converted network that is cut off or changed in the cache is made again, not run', async () => {
  const cache = path.join(folder, 'cache')
  const files = (await readdir(cache)).sort()
  expect(files.length).toBe(3)
  const before = await readFile(path.join(cache, files[2] ?? ''))
  await truncate(path.join(cache, files[0] ?? ''), 1000)
  const changed = Buffer.from(before)
  changed[changed.length >> 1] = (changed[changed.length >> 1] ?? 0) ^ 1
  await writeFile(path.join(cache, files[2] ?? ''), changed)
  const again = await openEvaluationReader({ cache })
  expect((await again.look(head)).length).toBe(1)
  await again.close()
  expect(before.equals(await readFile(path.join(cache, files[2] ?? '')))).toBe(true)
  expect((await readdir(cache)).sort()).toEqual(files)
})

test('a cache that cannot be written to costs time and nothing else', async () => {
  const file = path.join(folder, 'file')
  await writeFile(file, '')
  const open = await openEvaluationReader({ cache: path.join(file, 'below') })
  expect(open.model.identity).toBe(reader.model.identity)
  await open.close()
})

test.each([
  ['cut off', (bytes: Buffer) => bytes.subarray(0, bytes.length >> 1)],
  [
    'with one byte changed',
    (bytes: Buffer) => Buffer.concat([bytes.subarray(0, -1), Buffer.of(7)]),
  ],
])('weights of the package %s are refused, and named', async (_, change) => {
  const copy = await mkdtemp(path.join(folder, 'weights-'))
  await cp(faceApiFolder(), copy, { recursive: true })
  const file = path.join(copy, 'face_landmark_68_model.bin')
  await writeFile(file, change(await readFile(file)))
  await expect(readFaceApiWeights('landmarks', copy)).rejects.toThrow(
    /face_landmark_68_model .* damaged or of another version/,
  )
  await rm(file)
  await expect(readFaceApiWeights('landmarks', copy)).rejects.toThrow('cannot be read')
})

test('whoever opens the model is told what it is', () => {
  expect(reader.model.evaluation).toBe(true)
  expect(reader.model.label).toContain('evaluation model')
  expect(reader.model.identity).toMatch(/^evaluation@[0-9a-f]{12}$/)
})
