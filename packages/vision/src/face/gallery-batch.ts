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
  #session: Promise<ort.InferenceSession> | null = null
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
    await (await this.#session)?.release()
    this.#session = null
  }

  async #run(
    block: TemplateBlock,
    templates: readonly FaceTemplate[],
    begin: (queryLeft: number) => Candidates,
  ): Promise<readonly (readonly number[])[]> {
    this.#session ??= openFaceSession('the search', productNetwork(), 1)
    const session = await this.#session
    const queries = templates.map(({ vector }) => {
      const query = narrowQuery(vector, block.width)
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
      for (const [column, { offset, scale, candidates }] of queries.entries()) {
        for (let row = 0, at = column; row < rows; row++, at += columns) {
          const score = (((data[at] as number) - offset) * (steps[first + row] as number)) / scale
          if (score >= candidates.cut) candidates.take(first + row, score)
        }
      }
    }
    return queries.map(({ candidates }) => candidates.rows())
  }
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
