import { createHash } from 'node:crypto'
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

/** The weights with every occurrence of some bytes replaced by others of the same length, and a card to match. */
async function rewrite(name: string, change: (weights: Buffer) => Buffer): Promise<void> {
  const file = path.join(folder, `${name}.onnx`)
  const weights = change(await readFile(file))
  await writeFile(file, weights)
  const cardFile = path.join(folder, `${name}.json`)
  const card = JSON.parse(await readFile(cardFile, 'utf8')) as Record<string, unknown>
  card['sha256'] = createHash('sha256').update(weights).digest('hex')
  await writeFile(cardFile, JSON.stringify(card))
}

function renamed(from: string, to: string): (weights: Buffer) => Buffer {
  return (weights) => Buffer.from(weights.toString('latin1').replaceAll(from, to), 'latin1')
}

/** Field 8 of an ONNX model holds the opset: an empty domain and a version below 128, two bytes each. */
function otherOpset(weights: Buffer): Buffer {
  const at = [0x42, 0x04, 0x0a, 0x00, 0x10]
  const bare = [0x42, 0x02, 0x10]
  for (const mark of [at, bare]) {
    const place = weights.lastIndexOf(Buffer.from(mark))
    if (place === -1) continue
    const changed = Buffer.from(weights)
    changed[place + mark.length] = 120
    return changed
  }
  throw new Error('the model names no opset')
}

test.each(['plate-detector.onnx', 'plate-reader.onnx', 'plate-reader.json'])(
  'without %s nothing starts, and the file is named',
  async (file) => {
    await rm(path.join(folder, file))
    await expect(openPlateReader({ folder })).rejects.toThrow(
      new RegExp(`${file.replace('.', '\\.')} cannot be read in .*ENOENT`),
    )
  },
)

test('weights cut off by half are refused by their hash', async () => {
  const file = path.join(folder, 'plate-reader.onnx')
  const weights = await readFile(file)
  await writeFile(file, weights.subarray(0, weights.length >> 1))
  await expect(openPlateReader({ folder })).rejects.toThrow('plate-reader do not match their card')
})

test.each([
  [
    'cut off, with a card that matches',
    (weights: Buffer) => weights.subarray(0, weights.length >> 1),
  ],
  ['of an opset that no runtime knows', otherOpset],
  ['that are no model at all', () => Buffer.from('not a model')],
])('weights %s cannot be run, and the model is named', async (_name, change) => {
  await rewrite('plate-reader', change)
  await expect(openPlateReader({ folder })).rejects.toThrow(
    'ONNX Runtime cannot run plate-reader.onnx',
  )
})

test('a model with other outputs is refused before the first vehicle, with what it has and should have', async () => {
  await rewrite('plate-detector', renamed('corners', 'konrers'))
  await expect(openPlateReader({ folder })).rejects.toThrow(
    /plate-detector\.onnx takes image and gives .*konrers.*should .* give score, corners/,
  )
})

test('a model with outputs of another shape than its card promises is refused', async () => {
  const file = path.join(folder, 'plate-reader.json')
  const card = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>
  await writeFile(file, JSON.stringify({ ...card, alphabet: '0123456789' }))
  await expect(openPlateReader({ folder })).rejects.toThrow(
    /plate-reader\.onnx gives characters as .*; its card promises/,
  )
})

test('a card that is no JSON is refused', async () => {
  await writeFile(path.join(folder, 'plate-reader.json'), '{"sha256":')
  await expect(openPlateReader({ folder })).rejects.toThrow('The card of plate-reader is not JSON.')
})

test('own models are taken from a folder when their hash is the pinned one, and no others', async () => {
  await rewrite('plate-reader', (weights) => Buffer.concat([weights, Buffer.from([0x1a, 0x00])]))
  const card = JSON.parse(await readFile(path.join(folder, 'plate-reader.json'), 'utf8')) as {
    readonly sha256: string
  }
  const reader = await openPlateReader({ folder, pins: { 'plate-reader': card.sha256 } })
  expect(reader.models.reader).toContain(card.sha256.slice(0, 12))
  await reader.close()
  await expect(
    openPlateReader({ folder, pins: { 'plate-reader': '0'.repeat(64) } }),
  ).rejects.toThrow(/plate-reader are [0-9a-f]{12}…, but 0{12}… are pinned/)
})
