/** `sallyport synth`: labelled drawings, the same whether drawn in one go or after a crash. */

import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { decodePicture } from '@sallyport/vision/picture'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import { sallyport } from '../support/command.ts'

vi.setConfig({ testTimeout: 300_000 })

let home: string
beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'sallyport-synth-'))
})
afterAll(() => rm(home, { recursive: true, force: true }))

const synth = (folder: string, count: number, ...more: readonly string[]) =>
  sallyport(['synth', '--count', String(count), '-o', path.join(home, folder), ...more])
const text = (folder: string, file: string) => readFile(path.join(home, folder, file), 'utf8')
const bytes = (folder: string, file: string) => readFile(path.join(home, folder, file))

test('a run that was cut off goes on to the same bytes, and every label has its picture', async () => {
  expect((await synth('whole', 13)).code).toBe(0)
  expect((await synth('cut', 4)).code).toBe(0)
  // The crash came between two labels, and within a line.
  await appendFile(path.join(home, 'cut', 'labels.jsonl'), '{"file":"drawn-0000004.jpg"}\n{"fi')
  const { code, stdout } = await synth('cut', 13, '--json')
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ pictures: 13, drawn_now: 9 })
  const files = (await readdir(path.join(home, 'whole'))).toSorted()
  expect((await readdir(path.join(home, 'cut'))).toSorted()).toEqual(files)
  for (const file of files)
    expect(await bytes('cut', file), file).toEqual(await bytes('whole', file))

  const labels = (await text('whole', 'labels.jsonl'))
    .trim()
    .split('\n')
    .map(
      (line) =>
        JSON.parse(line) as {
          file: string
          text: string
          drawn: boolean
          corners: { x: number; y: number }[]
        },
    )
  expect(labels).toHaveLength(13)
  for (const label of labels) {
    expect(label).toMatchObject({ drawn: true, text: expect.stringMatching(/^[A-Z0-9]{4,9}$/) })
    const decoded = await decodePicture(await bytes('whole', label.file))
    if (decoded.kind === 'refused') throw new Error(decoded.detail)
    const { width, height } = decoded.picture
    for (const { x, y } of label.corners)
      expect(x >= 0 && x <= width && y >= 0 && y <= height, label.file).toBe(true)
  }
  expect((await text('whole', 'truth.csv')).trim().split('\n')).toHaveLength(14)
  expect(await text('whole', 'synth.json')).toContain('Every picture here is drawn.')
})

test('another seed draws others, and never into the same folder', async () => {
  expect((await synth('other', 1, '--seed', 'b')).code).toBe(0)
  expect(await text('other', 'labels.jsonl')).not.toBe(
    (await text('whole', 'labels.jsonl')).split('\n')[0],
  )
  const mixed = await synth('other', 2, '--seed', 'c')
  expect(mixed.code).toBe(2)
  expect(mixed.stderr).toMatch(/another seed or month/)
})

test('labels of something else are not overwritten', async () => {
  const folder = path.join(home, 'foreign')
  await synth('foreign', 0)
  await rm(path.join(folder, 'synth.json'))
  await writeFile(path.join(folder, 'truth.csv'), 'file,plate\nmine.jpg,ABC\n')
  expect((await synth('foreign', 1)).code).toBe(2)
  expect(await text('foreign', 'truth.csv')).toContain('mine.jpg')
})

test('a drawn person has documents and looks in a folder of their own', async () => {
  const { code, stdout } = await synth('people', 1, '--people', '--seed', 'a', '--json')
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ people: 1, pictures: 6 })
  const [person = ''] = await readdir(path.join(home, 'people'))
  const files = await readdir(path.join(home, 'people', person))
  expect(files).toHaveLength(6)
  for (const file of files)
    expect(await decodePicture(await bytes(`people/${person}`, file))).toMatchObject({
      kind: 'picture',
    })
})
