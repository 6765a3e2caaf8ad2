/** Templates as bytes, with what the bytes leave out: enough to know how wrong a coarse answer can be. */

/** Added to every byte: the fast routines for bytes take one side without a sign. */
export const byteZero = 128
const stepsMax = 127
const restSteps = 127

export type QuantisedTemplate = {
  /** Value of one step: a dimension is about (byte − 128) · step. */
  readonly step: number
  /** Length of what the bytes alone leave out. */
  readonly left: number
}

/**
 * Writes `vector` to `bytes`, and to `rest` what they leave out, in 254ths of a step. Both together are
 * within a 500th of a step of the number: as good as the float for every distance that is judged.
 */
export function quantise(
  vector: Float32Array,
  bytes: Uint8Array,
  rest: Int8Array,
): QuantisedTemplate {
  let most = 0
  for (const value of vector) most = Math.max(most, Math.abs(value))
  const step = most === 0 ? 1 : most / stepsMax
  let left = 0
  for (let at = 0; at < bytes.length; at++) {
    const value = (vector[at] ?? 0) / step
    const whole = Math.round(value)
    bytes[at] = whole + byteZero
    rest[at] = Math.round((value - whole) * 2 * restSteps)
    left += (value - whole) ** 2
  }
  return { step, left: Math.sqrt(left) * step }
}

/**
 * The distance of a query from a template as `quantise` wrote it. From the differences, not from the inner
 * product: of two faces that are nearly one that would leave no digits.
 */
export function fineDistance(
  query: Float32Array,
  bytes: Uint8Array,
  rest: Int8Array,
  step: number,
): number {
  let squares = 0
  for (let at = 0; at < query.length; at++) {
    const value = (bytes[at] as number) - byteZero + (rest[at] as number) / (2 * restSteps)
    squares += ((query[at] as number) - value * step) ** 2
  }
  return Math.sqrt(squares)
}

export type QuantisedQuery<Numbers> = {
  readonly numbers: Numbers
  /** A number is about the dimension times this. */
  readonly scale: number
  /** What the offset of the bytes adds to every sum. */
  readonly offset: number
  /** Length of what rounding left out, as a share of the query's own length of 1. */
  readonly left: number
}

/** Sums of 255 times a number over all dimensions stay below 2^31. */
const sumMax = 2 ** 31 / 255 - 1

/** A query as 16-bit numbers, for the kernel. */
export function wideQuery(
  query: Float32Array,
  dimensions: number,
): QuantisedQuery<Int16Array<ArrayBuffer>> {
  const sum = query.reduce((all, value) => all + Math.abs(value), 0)
  const most = query.reduce((best, value) => Math.max(best, Math.abs(value)), 0)
  // Rounding up may add half a step to each dimension.
  const scale = Math.min(32_767 / most, (sumMax - dimensions) / sum)
  return scaled(query, new Int16Array(dimensions), scale)
}

/** A query as bytes with a sign, of at most `stepsMax` steps, for the batch. */
export function narrowQuery(
  query: Float32Array,
  dimensions: number,
  stepsMax: number,
): QuantisedQuery<Int8Array<ArrayBuffer>> {
  const most = query.reduce((best, value) => Math.max(best, Math.abs(value)), 0)
  return scaled(query, new Int8Array(dimensions), stepsMax / most)
}

function scaled<Numbers extends Int16Array<ArrayBuffer> | Int8Array<ArrayBuffer>>(
  query: Float32Array,
  numbers: Numbers,
  scale: number,
): QuantisedQuery<Numbers> {
  let sum = 0
  let left = 0
  for (let at = 0; at < query.length; at++) {
    const value = (query[at] as number) * scale
    const whole = Math.round(value)
    numbers[at] = whole
    sum += whole
    left += (value - whole) ** 2
  }
  return { numbers, scale, offset: sum * byteZero, left: Math.sqrt(left) / scale }
}
