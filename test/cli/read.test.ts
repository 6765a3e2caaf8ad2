/** `sallyport read` on good, bad and mixed pictures, in each of its answer formats. */

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { Painter } from '@sallyport/lane/synth/painter'
import { drawnLane, planPass } from '@sallyport/lane/synth/pass-plan'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { sallyport } from '../support/command.ts'

let folder: string
const file = (name: string) => path.join(folder, name)

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sallyport-read-'))
  const lane = drawnLane('b')
  const plan = planPass(lane, 28)
  const [pose] = plan.poses.toSorted((a, b) => Math.abs(a.distance - 5) - Math.abs(b.distance - 5))
  if (pose === undefined) throw new Error('a pass has poses')
  const painter = new Painter(lane)
  const { jpeg } = await painter.drawPose(plan, pose)
  await mkdir(file('mixed'))
  await mkdir(file('empty'))
  await writeFile(file('car.jpg'), jpeg)
  await writeFile(file('mixed/a-car.JPG'), jpeg)
  await writeFile(file('mixed/b-cut.jpg'), jpeg.subarray(0, jpeg.length / 2))
  await writeFile(file('mixed/c-text.png'), 'not a picture')
  await writeFile(file('mixed/d-lane.jpg'), (await painter.drawEmpty('day')).jpeg)
  await writeFile(file('mixed/notes.txt'), 'no picture either, and not asked for')
  await writeFile(file('empty/notes.txt'), 'nothing here')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

function listOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  expect(value).toBeInstanceOf(Array)
  return value as Record<string, unknown>[]
}

describe('for people', () => {
  test('a good picture: its plate on one line, exit 0', async () => {
    const { code, stdout } = await sallyport(['read', file('car.jpg')])
    expect(code).toBe(0)
    expect(stdout).toMatch(/car\.jpg: [A-Z0-9]{3,12}.* \d+ %.* \(\d+(\.\d)? ms\)/)
  })

  test('a bad picture: what is wrong with it, exit 1', async () => {
    const { code, stdout, stderr } = await sallyport(['read', file('mixed/b-cut.jpg')])
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(/b-cut\.jpg: .*cut off/)
  })

  test('a folder without pictures: exit 1, and what pictures are', async () => {
    const { code, stderr } = await sallyport(['read', file('empty')])
    expect(code).toBe(1)
    expect(stderr).toMatch(/No pictures in .*Pictures end in .*\.jpg/)
  })
})

describe('for machines', () => {
  test('a mixed folder: a line for every picture in order of name, the good read and the bad named', async () => {
    const { code, json } = await sallyport(['read', '--json', file('mixed')])
    expect(code).toBe(1)
    expect(json.map((line) => path.basename(String(line['file'])))).toEqual([
      'a-car.JPG',
      'b-cut.jpg',
      'c-text.png',
      'd-lane.jpg',
    ])
    expect(json[1]).toMatchObject({ error: { code: 'truncated_picture' } })
    expect(json[2]).toMatchObject({ error: { code: 'not_a_picture' } })
    expect(json[3]).toMatchObject({ plates: [] })
    expect(json[0]).toEqual({
      file: expect.any(String),
      ms: expect.any(Number),
      plates: expect.any(Array),
    })
    const [plate] = listOf(json[0]?.['plates'])
    expect(Object.keys(plate ?? {})).toEqual([
      'text',
      'confidence',
      'jurisdiction',
      'box',
      'corners',
      'alternatives',
    ])
    expect(plate).toMatchObject({
      text: expect.stringMatching(/^[A-Z0-9]{1,12}$/),
      confidence: expect.any(Number),
      box: {
        x: expect.any(Number),
        y: expect.any(Number),
        width: expect.any(Number),
        height: expect.any(Number),
      },
    })
    expect(plate?.['corners']).toHaveLength(4)
  })

  test('as OpenALPR answers', async () => {
    const { code, json } = await sallyport(['read', '--format', 'openalpr', file('car.jpg')])
    expect(code).toBe(0)
    expect(json).toMatchObject([
      { version: 2, data_type: 'alpr_results', img_width: 1280, img_height: 720 },
    ])
    const [result] = listOf(json[0]?.['results'])
    expect(result).toMatchObject({
      plate: expect.stringMatching(/^[A-Z0-9]+$/),
      plate_index: 0,
      coordinates: expect.any(Array),
      candidates: expect.any(Array),
    })
    // Confidences are percentages there.
    expect(Number(result?.['confidence'])).toBeGreaterThan(1)
    expect(Number(result?.['confidence'])).toBeLessThanOrEqual(100)
    expect(result?.['coordinates']).toHaveLength(4)
  })

  test('as Plate Recognizer answers', async () => {
    const { code, json } = await sallyport(['read', '--format', 'platerecognizer', file('car.jpg')])
    expect(code).toBe(0)
    expect(json).toMatchObject([{ version: 1, filename: expect.stringContaining('car.jpg') }])
    const [result] = listOf(json[0]?.['results'])
    expect(result).toMatchObject({
      plate: expect.stringMatching(/^[a-z0-9]+$/),
      box: {
        xmin: expect.any(Number),
        ymin: expect.any(Number),
        xmax: expect.any(Number),
        ymax: expect.any(Number),
      },
      region: { code: expect.any(String), score: expect.any(Number) },
    })
    expect(Number(result?.['score'])).toBeLessThanOrEqual(1)
  })
})

test('in another format a bad picture leaves no half answer on stdout', async () => {
  const { code, stdout, stderr } = await sallyport([
    'read',
    '--format',
    'openalpr',
    file('mixed/c-text.png'),
    file('car.jpg'),
  ])
  expect(code).toBe(1)
  expect(stderr).toMatch(/c-text\.png: /)
  expect(stdout.trim().split('\n')).toHaveLength(1)
})
