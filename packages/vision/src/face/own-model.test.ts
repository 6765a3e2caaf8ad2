/** Models that people bring: taken when card and files agree, refused with the reason when not. */

import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'

import { drawHead } from './drawn-head.ts'
import { parseFaceCard } from './face-card.ts'
import { type FaceReader, openEvaluationReader, openOwnReader } from './face-reader.ts'
import { OnnxGraph } from './onnx-writer.ts'
import { templateDistance } from './template.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let cache: string
let folder: string
let card: Record<string, unknown>
const head = drawHead(3, 112)

/** A network that describes by the means of 3 × 28 × 28 fields: no good, but of the usual shape. */
function meansNetwork(output = 'embedding'): Uint8Array {
  const graph = new OnnxGraph('means')
  const image = graph.input('input', ['N', 3, 112, 112])
  const means = graph.apply('AveragePool', [image], { kernel_shape: [28, 28], strides: [28, 28] })
  graph.output(output, graph.apply('Flatten', [means], { axis: 1 }), ['N', 48])
  return graph.bytes()
}

/** Always one face, in the middle of the input, with five points. */
function fixedDetector(): Uint8Array {
  const graph = new OnnxGraph('fixed')
  const image = graph.input('input', [1, 3, 64, 64])
  const rows = [
    ...[...[16, 16, 48, 48, 0.9], ...[25, 28, 39, 28, 32, 34, 27, 40, 37, 40]],
    // Nearly the same box, and one that is no box: both must go.
    ...[...[17, 16, 48, 48, 0.8], ...Array<number>(10).fill(0)],
    ...[...[40, 40, 20, 20, NaN], ...Array<number>(10).fill(0)],
  ]
  const faces = graph.weights({ dims: [1, 3, 15], data: Float32Array.from(rows) })
  const nothing = graph.apply('Mul', [
    graph.apply('ReduceMean', [image], { keepdims: 0 }),
    graph.number(0),
  ])
  graph.output('faces', graph.apply('Add', [faces, nothing]), [1, 3, 15])
  return graph.bytes()
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

async function put(file: string, bytes: Uint8Array): Promise<void> {
  await writeFile(path.join(folder, file), bytes)
}

const putCard = () => put('face-model.json', Buffer.from(JSON.stringify(card)))
const open = () => openOwnReader('mine', folder, { cache })

beforeAll(async () => {
  cache = await mkdtemp(path.join(tmpdir(), 'sallyport-face-cache-'))
})
afterAll(() => rm(cache, { recursive: true, force: true }))

beforeEach(async () => {
  folder = await mkdtemp(path.join(cache, 'own-'))
  const [describer, detector] = [meansNetwork(), fixedDetector()]
  await put('describer.onnx', describer)
  await put('detector.onnx', detector)
  const normalisation = {
    mean: [127.5, 127.5, 127.5],
    scale: [0.0078, 0.0078, 0.0078],
    order: 'bgr',
  }
  card = {
    format: 'sallyport-face-model/1',
    name: 'means',
    licence: 'CC0-1.0',
    source: 'made by this test',
    detector: {
      file: 'detector.onnx',
      sha256: sha256(detector),
      input: { name: 'input', width: 64, height: 64 },
      normalisation,
      output: 'faces',
      scoreCut: 0.5,
    },
    describer: {
      file: 'describer.onnx',
      sha256: sha256(describer),
      input: { name: 'input', width: 112, height: 112 },
      normalisation,
      output: 'embedding',
      dimensions: 48,
      alignment: [
        [38.3, 51.7],
        [73.5, 51.5],
        [56, 71.7],
        [41.5, 92.4],
        [70.7, 92.2],
      ],
      outside: 0,
      mirror: true,
    },
  }
  await putCard()
})

async function describedBy(reader: FaceReader<'mine'> | FaceReader<'evaluation'>) {
  const [face] = await reader.look(head)
  if (face === undefined || face.template === null) throw new Error('the face was not found')
  return face
}

test('a model of a card is used as the card says, with its own points', async () => {
  const reader = await open()
  expect(reader.model).toMatchObject({ name: 'mine', evaluation: false, licence: 'CC0-1.0' })
  expect(reader.model.identity).toMatch(/^means@[0-9a-f]{12}$/)
  const faces = await reader.look(head)
  expect(faces.length).toBe(1)
  expect(faces[0]?.box).toEqual({ x: 28, y: 28, width: 56, height: 56 })
  expect(faces[0]?.points[2]).toEqual({ x: 56, y: 59.5 })
  expect(faces[0]?.template?.vector.length).toBe(48)
  await reader.close()
})

test('templates of two models are never compared', async () => {
  const [own, evaluation] = [await open(), await openEvaluationReader({ cache })]
  const mine = (await describedBy(own)).template
  const theirs = (await describedBy(evaluation)).template
  if (mine === null || theirs === null) throw new Error('both describe')
  expect(templateDistance(mine, theirs)).toMatchObject({ kind: 'refused', code: 'other_model' })
  expect(templateDistance(mine, mine)).toEqual({ kind: 'distance', distance: 0 })
  await own.close()
  await evaluation.close()
})

test.each([
  ['value beyond the picture', (own: Record<string, unknown>) => (own['outside'] = 127)],
  ['mirror', (own: Record<string, unknown>) => (own['mirror'] = false)],
])('the same network with another %s is another model', async (_, change) => {
  const before = await open()
  change(card['describer'] as Record<string, unknown>)
  await putCard()
  const after = await open()
  expect(after.model.identity).not.toBe(before.model.identity)
  await before.close()
  await after.close()
})

test.each([
  ['cut off', (bytes: Buffer) => bytes.subarray(0, bytes.length >> 1)],
  ['another one', () => Buffer.from(meansNetwork('other'))],
])('a network that is %s is refused by its hash', async (_, change) => {
  await put('describer.onnx', change(await readFile(path.join(folder, 'describer.onnx'))))
  await expect(open()).rejects.toThrow(/describer\.onnx does not match its card/)
})

test.each([
  [
    'that is cut off, with a card that matches',
    (bytes: Buffer) => bytes.subarray(0, 200),
    'cut off',
  ],
  ['with another output', () => Buffer.from(meansNetwork('other')), 'its card promises 2 × 48'],
  ['that is none', () => Buffer.from('not a network'), 'cannot run describer.onnx'],
])('a network %s is refused before the first face', async (_, change, said) => {
  const bytes = change(await readFile(path.join(folder, 'describer.onnx')))
  await put('describer.onnx', bytes)
  const describer = card['describer'] as Record<string, unknown>
  describer['sha256'] = sha256(bytes)
  await putCard()
  await expect(open()).rejects.toThrow(said)
})

test('a card cut off at any byte is refused with what to read', async () => {
  const text = JSON.stringify(card)
  expect(parseFaceCard(text).kind).toBe('card')
  for (let length = 0; length < text.length; length += 5)
    expect(parseFaceCard(text.slice(0, length)), `cut at ${length}`).toMatchObject({
      kind: 'refused',
      detail: expect.stringContaining('docs/faces.md') as string,
    })
})

test.each([
  ['format', 'sallyport-face-model/2', 'format is not'],
  ['name', 'No Spaces', 'card.name does not match'],
  ['licence', '', 'card.licence is no text'],
  ['describer', null, 'card.describer is no object'],
])('a card whose %s is %o is refused, and the field named', (field, value, said) => {
  expect(parseFaceCard(JSON.stringify({ ...card, [field]: value }))).toMatchObject({
    kind: 'refused',
    detail: expect.stringContaining(said) as string,
  })
})

test.each([
  ['file', '../secret.onnx', 'describer.file does not match'],
  ['dimensions', 3.5, 'describer.dimensions'],
  ['alignment', [[1, 2]], 'has not five points'],
  ['alignment', [[1, 'x']], 'a point that is not two numbers'],
])('a describer whose %s is %j is refused', (field, value, said) => {
  const describer = { ...(card['describer'] as object), [field]: value }
  expect(parseFaceCard(JSON.stringify({ ...card, describer }))).toMatchObject({
    kind: 'refused',
    detail: expect.stringContaining(said) as string,
  })
})
