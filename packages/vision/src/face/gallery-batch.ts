/** Several searches in one reading of a gallery: a product of matrices of bytes, by ONNX Runtime. */

import * as ort from 'onnxruntime-node'

import type { Candidates } from './candidates.ts'
import { faceLimits } from './face-limits.ts'
import { openFaceSession } from './face-session.ts'
import { OnnxGraph } from './onnx-writer.ts'
import { narrowQuery } from './quantise.ts'
import type { TemplateBlock } from './template-block.ts'
import type { FaceTemplate } from './template.ts'

/** Owns a session of ONNX Runtime from the first batch on: close it. */
export class BatchProduct {
  #session: Promise<Product> | null = null
  readonly #running = new Set<Promise<unknown>>()
  #closed = false

  /** Rows that may be among the best, for each template. After `close` the answer means nothing. */
  async candidateRows(
    block: TemplateBlock,
    templates: readonly FaceTemplate[],
    begin: (queryLeft: number) => Candidates,
  ): Promise<readonly (readonly number[])[]> {
    if (templates.length === 0) return []
    const run = this.#run(block, templates, begin)
    this.#running.add(run)
    return run.finally(() => this.#running.delete(run))
  }

  /** Waits for what runs: a session is not taken away under it. */
  async close(): Promise<void> {
    this.#closed = true
    await Promise.allSettled(this.#running)
    await (await this.#session)?.session.release()
    this.#session = null
  }

  async #run(
    block: TemplateBlock,
    templates: readonly FaceTemplate[],
    begin: (queryLeft: number) => Candidates,
  ): Promise<readonly (readonly number[])[]> {
    this.#session ??= openProduct()
    const { session, stepsMax } = await this.#session
    const queries = templates.map(({ vector }) => {
      const query = narrowQuery(vector, block.width, stepsMax)
      return { ...query, candidates: begin(query.left) }
    })
    const columns = queries.length
    const packed = new Int8Array(block.width * columns)
    for (const [column, { numbers }] of queries.entries())
      for (const [at, number] of numbers.entries()) packed[at * columns + column] = number
    const right = new ort.Tensor('int8', packed, [block.width, columns])
    const { rows: size, bytes, steps, width } = block
    const step = faceLimits.searchRowsAtOnce
    const sums = new Int32Array(step * columns)
    for (let first = 0; first < size && !this.#closed; first += step) {
      const rows = Math.min(step, size - first)
      const part = bytes.subarray(first * width, (first + rows) * width)
      const data = sums.subarray(0, rows * columns)
      await session.run(
        { templates: new ort.Tensor('uint8', part, [rows, width]), queries: right },
        { sums: new ort.Tensor('int32', data, [rows, columns]) },
      )
      select(data, first, steps.subarray(first, first + rows), queries)
    }
    return queries.map(({ candidates }) => candidates.rows())
  }
}

type RunningQuery = {
  readonly offset: number
  readonly scale: number
  readonly candidates: Candidates
}

/**
 * Takes the rows of some sums (row by row, a column for each query) that reach their query's cut. Nearly
 * none do: whole numbers are compared first, with what the cut is at the largest step of these rows.
 */
function select(
  sums: Int32Array,
  first: number,
  steps: Float32Array,
  queries: readonly RunningQuery[],
): void {
  const columns = queries.length
  const stepMax = steps.reduce((most, step) => Math.max(most, step), 0)
  const least = Int32Array.from(queries, (query) => leastSum(query, stepMax))
  for (let row = 0, at = 0; row < steps.length; row++) {
    for (let column = 0; column < columns; column++, at++) {
      if ((sums[at] as number) < (least[column] as number)) continue
      const query = queries[column]
      if (query === undefined) continue
      const { offset, scale, candidates } = query
      const score = (((sums[at] as number) - offset) * (steps[row] as number)) / scale
      if (score < candidates.cut) continue
      candidates.take(first + row, score)
      least[column] = leastSum(query, stepMax)
    }
  }
}

/** A sum below this cannot reach the cut with any step up to `stepMax`; while the cut is not above 0, none is out. */
function leastSum({ offset, scale, candidates }: RunningQuery, stepMax: number): number {
  const { cut } = candidates
  return cut > 0 ? Math.floor((cut * scale) / stepMax + offset) : -(2 ** 31)
}

type Product = {
  readonly session: ort.InferenceSession
  /** Largest number of a query that this processor multiplies exactly. */
  readonly stepsMax: number
}

/**
 * A processor without the newer instructions adds two products of bytes in 16 bits, where 2 · 255 · 127
 * does not fit: whether this one does is seen by trying, and then queries get one bit less.
 */
async function openProduct(): Promise<Product> {
  const session = await openFaceSession('the search', productNetwork(), 1)
  const [size, columns, most] = [64, 32, 127]
  const templates = new ort.Tensor('uint8', new Uint8Array(size * size).fill(255), [size, size])
  const numbers = new Int8Array(size * columns).fill(most)
  const queries = new ort.Tensor('int8', numbers, [size, columns])
  const sums = new Int32Array(size * columns)
  await session.run(
    { templates, queries },
    { sums: new ort.Tensor('int32', sums, [size, columns]) },
  )
  const exact = sums.every((sum) => sum === 255 * most * size)
  return { session, stepsMax: exact ? most : 63 }
}

/** `templates` [N, D] bytes times `queries` [D, Q] signed bytes, summed in 32 bits. */
function productNetwork(): Uint8Array {
  const graph = new OnnxGraph('face-search')
  const templates = graph.input('templates', ['N', 'D'], 'uint8')
  const queries = graph.input('queries', ['D', 'Q'], 'int8')
  const product = graph.apply('MatMulInteger', [templates, queries])
  graph.output('sums', product, ['N', 'Q'], 'int32')
  return graph.bytes()
}
