/** The commands about faces, on heads that are drawn here: no photograph of anybody is needed. */

import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { generateSigningKey } from '@sallyport/proof/node/ed25519'
import { formatSkey, formatVkey } from '@sallyport/proof/note'
import { encodeJpeg } from '@sallyport/vision/encode'
import { arranged, drawHead } from '@sallyport/vision/face/drawn-head'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'

import { calibrate } from './calibrate.ts'
import { compare } from './compare.ts'
import { faces } from './faces.ts'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 })

const side = 104
const poses = [
  { yaw: -9 },
  { yaw: 8, light: 0.6 },
  { pitch: 6 },
  { yaw: 3, pitch: -4, light: 0.65 },
  { light: 0.85 },
]
const people = [0, 1, 2, 3, 4, 6, 7]
let folder: string
let data: string
let printed: string[]

const picture = (name: string) => path.join(folder, name)
const calibration = () => path.join(folder, 'drawn.calibration')
const evaluation = { profile: 'evaluation' }

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sallyport-face-commands-'))
  data = path.join(folder, 'data')
  for (const who of people) {
    await mkdir(picture(`people/p${who}`), { recursive: true })
    for (const [at, pose] of poses.entries()) {
      const file = picture(`people/p${who}/${at}.jpg`)
      await writeFile(file, await encodeJpeg(drawHead(who, side, pose), 92))
    }
  }
  const [one, other] = [drawHead(3, side), drawHead(7, side)]
  await writeFile(picture('two.jpg'), await encodeJpeg(arranged([one, other], 2), 92))
  const grey = { width: 200, height: 120, data: new Uint8Array(200 * 120 * 3).fill(110) }
  await writeFile(picture('nobody.jpg'), await encodeJpeg(grey, 92))
  await writeFile(picture('broken.jpg'), (await readFile(picture('two.jpg'))).subarray(0, 700))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

beforeEach(() => {
  printed = []
  vi.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line))
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
})
afterEach(() => {
  vi.restoreAllMocks()
  process.exitCode = 0
})

const lines = () => printed.map((line) => JSON.parse(line) as Record<string, unknown>)

test('faces --json has a line for every picture: two faces, none, and one that cannot be read', async () => {
  await faces(['two.jpg', 'nobody.jpg', 'broken.jpg'].map(picture), { json: true, data })
  const [two, nobody, broken] = lines()
  const face = {
    box: { x: expect.any(Number) as number, width: expect.any(Number) as number },
    quality: { algorithm: 'sallyport-face-quality/1', sharpness: expect.any(Number) as number },
    enrolment_faults: ['eyes_too_close'],
  }
  expect(two).toMatchObject({ faces: [face, face] })
  expect(nobody).toMatchObject({ faces: [] })
  expect(broken).toMatchObject({ error: { code: 'truncated_picture' } })
  expect(process.exitCode).toBe(1)
})

test('a calibration of these heads tells them apart, where that of photographs takes strangers for one', async () => {
  const { privateKey, publicKey } = generateSigningKey()
  await writeFile(picture('key'), formatSkey('example.org/faces', privateKey, publicKey))
  const wanted = { cameraClass: 'drawn', fmr: '0.06', fnmr: '0.3', sign: picture('key') }
  await calibrate(picture('people'), { ...wanted, data, output: calibration() })
  const pairs = ['a,b', 'p1/0.jpg,p1/4.jpg', 'p0/0.jpg,p3/0.jpg', '../nobody.jpg,p1/0.jpg']
  await writeFile(picture('pairs.csv'), pairs.join('\n'))
  const asked = { data, json: true, pairs: picture('pairs.csv'), ...evaluation }

  await compare(picture('people'), undefined, asked)
  const byPhotographs = lines().map(({ verdict }) => verdict)
  expect(byPhotographs).toEqual(['match', 'match', 'no_face'])

  printed = []
  const vkey = formatVkey('example.org/faces', publicKey)
  const own = { calibration: calibration(), vkey, cameraClass: 'drawn' }
  await compare(picture('people'), undefined, { ...asked, ...own })
  expect(lines()).toMatchObject([
    { a: 'p1/0.jpg', b: 'p1/4.jpg', verdict: 'match' },
    { verdict: 'no_match' },
    { verdict: 'no_face', distance: null, probability: null },
  ])
  expect(Number(lines()[0]?.['probability'])).toBeGreaterThan(0.5)
  expect(Number(lines()[1]?.['probability'])).toBeLessThan(0.5)
})

test('a calibration that was changed after it was signed counts for nothing', async () => {
  const { publicKey } = generateSigningKey()
  const [a, b] = [picture('people/p1/0.jpg'), picture('people/p1/1.jpg')]
  const text = await readFile(calibration(), 'utf8')
  const changed = picture('changed.calibration')
  await writeFile(changed, text.replace(/"falseMatchRate": [\d.]+/, '"falseMatchRate": 0.4'))
  const asked = { data, ...evaluation, calibration: changed }
  const vkey = formatVkey('example.org/faces', publicKey)
  await expect(compare(a, b, { ...asked, vkey })).rejects.toMatchObject({
    exitCode: 1,
    message: expect.stringContaining('is not signed by') as string,
  })
})

test.each([
  ['an evaluation model', {}, 'is an evaluation model'],
  ['another class of camera', { profile: 'evaluation', cameraClass: 'gate' }, 'of class'],
])('%s is refused with exit code 3', async (_, options, said) => {
  const [a, b] = [picture('people/p1/0.jpg'), picture('people/p1/1.jpg')]
  await expect(compare(a, b, { data, profile: 'production', ...options })).rejects.toMatchObject({
    exitCode: 3,
    message: expect.stringContaining(said) as string,
  })
})

test('two pictures of one head are a match and exit code 0, a picture of nobody is 1', async () => {
  await compare(picture('people/p1/0.jpg'), picture('people/p1/2.jpg'), { data, ...evaluation })
  expect(printed[0]).toMatch(/^match /)
  expect(process.exitCode ?? 0).toBe(0)
  await compare(picture('people/p1/0.jpg'), picture('nobody.jpg'), { data, ...evaluation })
  expect(printed[1]).toContain('no face')
  expect(process.exitCode).toBe(1)
})

test('people of whom there are too few pictures are refused with what to add', async () => {
  const few = calibrate(picture('people/p1'), { cameraClass: 'drawn', data })
  await expect(few).rejects.toMatchObject({
    exitCode: 1,
    message: expect.stringContaining('Add pictures') as string,
  })
})
