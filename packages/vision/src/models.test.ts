import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { shippedModels } from './models.ts'
import { openPlateReader } from './plate-reader.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sallyport-models-'))
  await cp(shippedModels, folder, { recursive: true })
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test('the models that ship are the ones their cards name, and say which they are', async () => {
  const reader = await openPlateReader({ folder })
  expect(reader.models.detector).toMatch(/^plate-detector.*@[0-9a-f]{12}$/)
  expect(reader.models.reader).toMatch(/^plate-reader.*@[0-9a-f]{12}$/)
  await reader.close()
})

test.each(['plate-detector', 'plate-reader', 'plate-jurisdiction'])(
  '%s with one byte changed is refused',
  async (name) => {
    const file = path.join(folder, `${name}.onnx`)
    const weights = await readFile(file)
    weights[weights.length >> 1] = (weights[weights.length >> 1] ?? 0) ^ 1
    await writeFile(file, weights)
    await expect(openPlateReader({ folder })).rejects.toThrow(`The weights of ${name} do not match`)
  },
)

test.each([
  ['plate-detector', 'scoreCut'],
  ['plate-reader', 'alphabet'],
  ['plate-jurisdiction', 'cut'],
])('a card of %s without %s is refused: the code would run on nothing', async (name, field) => {
  const file = path.join(folder, `${name}.json`)
  const card = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>
  delete card[field]
  await writeFile(file, JSON.stringify(card))
  await expect(openPlateReader({ folder })).rejects.toThrow(`The card of ${name} lacks ${field}`)
})
