/** The memory of one gallery: templates as bytes, one after the other, and who they are. */

import { faceLimits } from './face-limits.ts'
import { fineDistance, quantise } from './quantise.ts'
import { dimensionsAtOnce, rowsAtOnce, type SearchKernel, startKernel } from './search-kernel.ts'

const pageBytes = 65_536

/**
 * Rows that are added and removed; a removed one is overwritten by the last, and that by zeros. Owned by
 * one gallery, which erases it.
 */
export class TemplateBlock {
  readonly dimensions: number
  /** Dimensions with those that fill up a step of the kernel. */
  readonly width: number
  readonly capacity: number
  /** Value of one step by row. */
  readonly steps: Float32Array
  /** The largest length that the bytes have left out of a template so far. */
  leftMax = 0
  readonly owners: string[] = []
  readonly #memory: WebAssembly.Memory
  readonly #rest: Int8Array
  readonly #kernel: SearchKernel
  readonly #queryAt = 0
  readonly #sumsAt: number
  readonly #templatesAt: number

  constructor(dimensions: number, capacity: number) {
    this.dimensions = dimensions
    this.width = Math.ceil(dimensions / dimensionsAtOnce) * dimensionsAtOnce
    this.capacity = Math.ceil(Math.max(1, capacity) / rowsAtOnce) * rowsAtOnce
    this.#sumsAt = 2 * this.width
    // Rows begin where a line of the cache does.
    this.#templatesAt = Math.ceil((this.#sumsAt + 4 * this.capacity) / 64) * 64
    const pages = Math.ceil((this.#templatesAt + this.capacity * this.width) / pageBytes)
    if (pages > faceLimits.galleryPagesMax)
      throw new RangeError(`A gallery of ${capacity} templates is larger than 4 GiB; divide it.`)
    this.#memory = new WebAssembly.Memory({ initial: pages, maximum: pages })
    this.#kernel = startKernel(this.#memory, this.width)
    this.#rest = new Int8Array(this.capacity * this.width)
    this.steps = new Float32Array(this.capacity)
  }

  get rows(): number {
    return this.owners.length
  }

  /** All rows as they lie in memory: what the batch multiplies with. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(
      this.#memory.buffer as ArrayBuffer,
      this.#templatesAt,
      this.capacity * this.width,
    )
  }

  /** The caller has seen to it that there is room and that the vector has the right length. */
  append(owner: string, vector: Float32Array): void {
    const row = this.owners.length
    const { step, left } = quantise(vector, this.#bytesOf(row), this.#restOf(row))
    this.steps[row] = step
    this.leftMax = Math.max(this.leftMax, left)
    this.owners.push(owner)
  }

  /** Removes a row; answers whose row moved into its place, or null when it was the last. */
  remove(row: number): string | null {
    const last = this.owners.length - 1
    const moved = this.owners.pop() ?? null
    if (row !== last && moved !== null) {
      this.#bytesOf(row).set(this.#bytesOf(last))
      this.#restOf(row).set(this.#restOf(last))
      this.steps[row] = this.steps[last] ?? 0
      this.owners[row] = moved
    }
    this.#bytesOf(last).fill(0)
    this.#restOf(last).fill(0)
    this.steps[last] = 0
    return row === last ? null : moved
  }

  /** A block of another capacity with the same rows. */
  copy(capacity: number): TemplateBlock {
    const copy = new TemplateBlock(this.dimensions, capacity)
    copy.bytes.set(this.bytes.subarray(0, this.rows * this.width))
    copy.#rest.set(this.#rest.subarray(0, this.rows * this.width))
    copy.steps.set(this.steps.subarray(0, this.rows))
    copy.leftMax = this.leftMax
    for (const owner of this.owners) copy.owners.push(owner)
    return copy
  }

  /** Coarse sums of every row with a query of 16-bit numbers; valid until the next scan. */
  scan(query: Int16Array): Int32Array {
    const { buffer } = this.#memory
    new Int16Array(buffer, this.#queryAt, this.width).set(query)
    const quarter = Math.ceil(this.rows / rowsAtOnce)
    if (quarter > 0) this.#kernel.scan(this.#templatesAt, quarter, this.#queryAt, this.#sumsAt)
    return new Int32Array(buffer, this.#sumsAt, this.rows)
  }

  /** The distance of a row to the query, from all that is kept of it. */
  distance(row: number, query: Float32Array): number {
    const step = this.steps[row] as number
    return fineDistance(query, this.#bytesOf(row), this.#restOf(row), step)
  }

  /** Overwrites every template, query and name. The block is not used again. */
  erase(): void {
    new Uint8Array(this.#memory.buffer).fill(0)
    this.#rest.fill(0)
    this.steps.fill(0)
    this.owners.length = 0
  }

  #bytesOf(row: number): Uint8Array {
    const from = this.#templatesAt + row * this.width
    return new Uint8Array(this.#memory.buffer, from, this.width)
  }

  #restOf(row: number): Int8Array {
    return this.#rest.subarray(row * this.width, (row + 1) * this.width)
  }
}
