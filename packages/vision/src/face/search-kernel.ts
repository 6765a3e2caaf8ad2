/**
 * The inner loop of the search: a gallery of templates, a byte a dimension, against one query, in WebAssembly with
 * 128-bit vectors. The module is assembled here (WebAssembly Core 2.0, section 5), so that what runs can
 * be read and nothing has to be built.
 */

/** What the module offers once it stands on a memory. All places are byte offsets in it. */
export type SearchKernel = {
  /**
   * Inner products of four times `quarter` templates, one after the other from `templates` on, with the
   * query of 16-bit numbers at `query`; a 32-bit sum for each to `sums`. A sum must fit 32 bits.
   *
   * Four rows are taken at once, one from each quarter: every quarter is then read from one end to the
   * other, which memory answers four times as fast as four neighbours read in turns.
   */
  scan(templates: number, quarter: number, query: number, sums: number): void
}

/** Templates have a multiple of this many dimensions, of one byte each. */
export const dimensionsAtOnce = 32
export const rowsAtOnce = 4

/** A kernel for templates of `dimensions` bytes. */
export function startKernel(memory: WebAssembly.Memory, dimensions: number): SearchKernel {
  const instance = new WebAssembly.Instance(compiled(dimensions), { host: { memory } })
  return { scan: instance.exports['scan'] as SearchKernel['scan'] }
}

const cached = new Map<number, WebAssembly.Module>()

function compiled(dimensions: number): WebAssembly.Module {
  const module = cached.get(dimensions) ?? new WebAssembly.Module(kernelBytes(dimensions))
  cached.set(dimensions, module)
  return module
}

const i32 = 0x7f
const v128 = 0x7b
const empty = 0x40

// Parameters, then locals: where each of four rows is read, the query, ends, two vectors, four sums.
const [templates, quarter, query, sums] = [0, 1, 2, 3] as const
const [second, third, fourth, q, rowEnd, end, low, high, firstSum] = [
  ...[4, 5, 6, 7, 8, 9, 10, 11, 12],
] as const
const rowPointers = [templates, second, third, fourth] as const
const sumLocals = [0, 1, 2, 3].map((row) => firstSum + row)

const get = (local: number): readonly number[] => [0x20, local]
const set = (local: number): readonly number[] => [0x21, local]
const constant = (value: number): readonly number[] => [0x41, ...signed(value)]
const add = [0x6a] as const
const multiply = [0x6c] as const
const lessUnsigned = [0x49] as const
const loop = [0x03, empty] as const
const branchIf = (depth: number): readonly number[] => [0x0d, depth]
const close = [0x0b] as const
const storeNumber = [0x36, 2, 0] as const

const vector = (operation: number): readonly number[] => [0xfd, ...unsigned(operation)]
const loadVector = (offset: number): readonly number[] => [
  ...[...vector(0x00), 4, ...unsigned(offset)],
]
/** Eight bytes as eight 16-bit numbers: v128.load8x8_u. */
const loadWidened = (offset: number): readonly number[] => [
  ...[...vector(0x02), 0, ...unsigned(offset)],
]
const zeroVector = [...vector(0x0c), ...Array<number>(16).fill(0)]
const addVectors = vector(0xae)
/** Products of eight pairs of 16-bit numbers, neighbours added: i32x4.dot_i16x8_s. */
const dot = vector(0xba)
const lane = (index: number): readonly number[] => [...vector(0x1b), index]

function kernelBytes(dimensions: number): Uint8Array<ArrayBuffer> {
  const type = [1, 0x60, 4, i32, i32, i32, i32, 0]
  const memory = [1, ...text('host'), ...text('memory'), 0x02, 0x00, ...unsigned(1)]
  const exports = [1, ...text('scan'), 0x00, 0x00]
  const locals = [2, 6, i32, 6, v128]
  const body = [...locals, ...scanCode(dimensions), ...close]
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, type),
    ...section(2, memory),
    ...section(3, [1, 0]),
    ...section(7, exports),
    ...section(10, [1, ...unsigned(body.length), ...body]),
  ])
}

function scanCode(dimensions: number): readonly number[] {
  const quarterBytes = [...get(quarter), ...constant(dimensions), ...multiply]
  const moveOn = (local: number, bytes: number): readonly number[] => [
    ...[...get(local), ...constant(bytes), ...add, ...set(local)],
  ]
  return [
    ...[...get(templates), ...quarterBytes, ...add, ...set(second)],
    ...[...get(second), ...quarterBytes, ...add, ...set(third)],
    ...[...get(third), ...quarterBytes, ...add, ...set(fourth)],
    ...[...get(second), ...set(end)],
    ...loop,
    ...sumLocals.flatMap((local) => [...zeroVector, ...set(local)]),
    ...[...get(query), ...set(q)],
    ...[...get(templates), ...constant(dimensions), ...add, ...set(rowEnd)],
    ...loop,
    ...sixteen(0),
    ...sixteen(16),
    ...rowPointers.flatMap((pointer) => moveOn(pointer, dimensionsAtOnce)),
    ...moveOn(q, 2 * dimensionsAtOnce),
    ...[...get(templates), ...get(rowEnd), ...lessUnsigned, ...branchIf(0)],
    ...close,
    ...sumLocals.flatMap((local, row) => storeSum(local, row)),
    ...moveOn(sums, 4),
    ...[...get(templates), ...get(end), ...lessUnsigned, ...branchIf(0)],
    ...close,
  ]
}

/** Sixteen dimensions of four rows, from dimension `from` of this step on. */
function sixteen(from: number): readonly number[] {
  const product = (row: number, part: number, queryPart: number): readonly number[] => [
    ...get(rowPointers[row] ?? templates),
    ...loadWidened(from + part),
    ...get(queryPart),
    ...dot,
    ...addVectors,
  ]
  return [
    ...[...get(q), ...loadVector(2 * from), ...set(low)],
    ...[...get(q), ...loadVector(2 * from + 16), ...set(high)],
    ...sumLocals.flatMap((local, row) => [
      ...get(local),
      ...product(row, 0, low),
      ...product(row, 8, high),
      ...set(local),
    ]),
  ]
}

/** The four lanes of a sum as one number, to its quarter of the sums. */
function storeSum(local: number, row: number): readonly number[] {
  return [
    ...[...get(sums), ...get(quarter), ...constant(4 * row), ...multiply, ...add],
    ...[...get(local), ...lane(0), ...get(local), ...lane(1), ...add],
    ...[...get(local), ...lane(2), ...get(local), ...lane(3), ...add, ...add],
    ...storeNumber,
  ]
}

function section(id: number, content: readonly number[]): readonly number[] {
  return [id, ...unsigned(content.length), ...content]
}

function text(value: string): readonly number[] {
  return [value.length, ...new TextEncoder().encode(value)]
}

/** LEB128. */
function unsigned(value: number): readonly number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)]
}

/** Signed LEB128 of numbers from 0 on: the last byte holds up to 63, or it would read as negative. */
function signed(value: number): readonly number[] {
  return value < 64 ? [value] : [(value & 127) | 128, ...signed(value >> 7)]
}
