/** Searching a gallery from the first to the last template, one query and 32 at a time. */

import { createRequire } from 'node:module'
import path from 'node:path'

import type { FaceModel } from '@sallyport/vision/face/face-reader'
import { openFaceSession } from '@sallyport/vision/face/face-session'
import { Gallery } from '@sallyport/vision/face/gallery'
import { OnnxGraph } from '@sallyport/vision/face/onnx-writer'
import { type FaceTemplate, toUnitLength } from '@sallyport/vision/face/template'

const dimensions = 512
const batch = 32
const rounds = 9
const model: FaceModel<'own'> = {
  name: 'own',
  identity: 'own@bench0000000',
  dimensions,
  evaluation: false,
  label: 'drawn templates',
  licence: 'none',
}

type Row = Record<'what' | 'result' | 'beside', string>

/** Figures of a gallery of `count` templates, and of others over as many numbers in the same run. */
export async function searchRows(
  count: number,
  references: string | null,
): Promise<readonly Row[]> {
  const random = randomOf(1)
  const gallery = new Gallery(model, dimensions, count)
  for (let first = 0; first < count; first += 10_000) {
    gallery.add(
      Array.from({ length: Math.min(10_000, count - first) }, (_, at) => ({
        id: `t${first + at}`,
        template: templateOf(random),
      })),
    )
  }
  const queries = Array.from({ length: batch }, () => templateOf(random))
  const [one] = queries
  if (one === undefined) throw new Error('There are queries.')
  const size = `${count.toLocaleString('en')} × ${dimensions}`
  const rows = [
    await row(
      `search ${size}, one query, ms`,
      1,
      () => gallery.search(one, 10),
      'goal 22, floor 35',
    ),
    await row(
      `search ${size}, batch of ${batch}, ms a query`,
      batch,
      () => gallery.searchMany(queries, 10),
      'goal 4, floor 9.5',
    ),
  ]
  await gallery.close()
  rows.push(...(await floatProduct(count, random)))
  if (references !== null) rows.push(...(await usearch(count, references)))
  return rows
}

async function row(
  what: string,
  queries: number,
  round: () => unknown,
  beside: string,
): Promise<Row> {
  await round()
  const cpu: number[] = []
  const wall: number[] = []
  for (let at = 0; at < rounds; at++) {
    const [before, start] = [process.cpuUsage(), performance.now()]
    await round()
    wall.push((performance.now() - start) / queries)
    const { user, system } = process.cpuUsage(before)
    cpu.push((user + system) / 1000 / queries)
  }
  const best = (values: number[]) => Math.min(...values).toFixed(2)
  const median = (values: number[]) =>
    (values.toSorted((a, b) => a - b)[rounds >> 1] ?? 0).toFixed(2)
  const result = `CPU best ${best(cpu)}, median ${median(cpu)}; wall best ${best(wall)}`
  return { what, result, beside }
}

/** The whole product in floats by ONNX Runtime, without choosing the best: a block of rows again and again. */
async function floatProduct(count: number, random: () => number): Promise<readonly Row[]> {
  const rows = 65_536
  const graph = new OnnxGraph('product')
  const left = graph.input('templates', ['N', dimensions])
  const right = graph.input('queries', [dimensions, 'Q'])
  graph.output('products', graph.apply('MatMul', [left, right]), ['N', 'Q'])
  const session = await openFaceSession('the product', graph.bytes(), 1)
  const { Tensor } = createRequire(import.meta.url)('onnxruntime-node') as OnnxRuntime
  const numbers = Float32Array.from({ length: rows * dimensions }, random)
  const templates = new Tensor('float32', numbers, [rows, dimensions])
  const packed = Float32Array.from({ length: dimensions * batch }, random)
  const queries = new Tensor('float32', packed, [dimensions, batch])
  const products = new Tensor('float32', new Float32Array(rows * batch), [rows, batch])
  const result = await row(
    `reference: ONNX Runtime f32, batch of ${batch}, ms a query, products only`,
    (batch * rows) / count,
    () => session.run({ templates, queries }, { products }),
    '',
  )
  await session.release()
  return [result]
}

/** What the packages that use it list; here it is only measured beside. */
type OnnxRuntime = {
  readonly Tensor: new (
    type: 'float32',
    data: Float32Array,
    dims: readonly number[],
  ) => Parameters<Awaited<ReturnType<typeof openFaceSession>>['run']>[0][string]
}

type Usearch = {
  readonly exactSearch: (
    ...parts: readonly [Int8Array, Int8Array, number, number, string, number]
  ) => unknown
  readonly MetricKind: { readonly IP: string }
}

async function usearch(count: number, references: string): Promise<readonly Row[]> {
  const load = createRequire(path.resolve(references, 'package.json'))
  const { exactSearch, MetricKind } = load('usearch') as Usearch
  const numbers = new Int8Array(count * dimensions)
  for (let at = 0; at < numbers.length; at++)
    numbers[at] = ((Math.imul(at, 0x9e3779b1) >>> 13) % 255) - 127
  const query = numbers.slice(0, dimensions)
  return [
    await row(
      'reference: USearch exact i8, one query, ms',
      1,
      () => exactSearch(numbers, query, dimensions, 10, MetricKind.IP, 1),
      '',
    ),
  ]
}

function templateOf(random: () => number): FaceTemplate<'own'> {
  const number = (): number => random() + random() + random() - 1.5
  const vector = toUnitLength(Float32Array.from({ length: dimensions }, number))
  return { name: 'own', model: model.identity, vector }
}

/** Numbers from 0 to 1 that follow from the seed (xorshift32). */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 4_294_967_296
  }
}
