/**
 * Signed and logged JSON has one spelling: UTF-8, no white space, keys in the order of the shape,
 * each key once. Whoever reads it gets either a value of the shape or a sentence that says where
 * it differs, so that no two readers can see two values in the same bytes.
 */

import { fromUtf8, utf8 } from './bytes.ts'

export type Shape<T> = {
  /** Null when `value` fits, else what is wrong and where. */
  problem(value: unknown, at: string): string | null
  /** The same value with its keys in order. */
  ordered(value: T): unknown
}

export type Decoded<T> =
  | { readonly kind: 'value'; readonly value: T }
  | { readonly kind: 'problem'; readonly detail: string }

/** The bytes of `value`. Throws when it does not fit: what we encode is ours. */
export function encodeJson<T>(shape: Shape<T>, value: T): Uint8Array {
  const problem = shape.problem(value, '$')
  if (problem !== null) throw new Error(problem)
  return utf8(JSON.stringify(shape.ordered(value)))
}

/** Reads canonical bytes of at most `bytesMax`. Never throws. */
export function decodeJson<T>(shape: Shape<T>, bytes: Uint8Array, bytesMax: number): Decoded<T> {
  if (bytes.length > bytesMax) return { kind: 'problem', detail: `longer than ${bytesMax} bytes` }
  const text = fromUtf8(bytes)
  if (text === null) return { kind: 'problem', detail: 'not UTF-8' }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { kind: 'problem', detail: 'not JSON' }
  }
  const problem = shape.problem(value, '$')
  if (problem !== null) return { kind: 'problem', detail: problem }
  // The shape has been checked, so the value is a T.
  const fitting = value as T
  if (JSON.stringify(shape.ordered(fitting)) !== text) {
    return { kind: 'problem', detail: 'not in canonical form (white space, key order, duplicates)' }
  }
  return { kind: 'value', value: fitting }
}

function leaf<T>(says: string, fits: (value: unknown) => boolean): Shape<T> {
  return {
    problem: (value, at) => (fits(value) ? null : `${at} is not ${says}`),
    ordered: (value) => value,
  }
}

/** A string that matches `pattern`, which is anchored by its author. */
export function text<T extends string = string>(pattern: RegExp, says: string): Shape<T> {
  return leaf(says, (value) => typeof value === 'string' && pattern.test(value))
}

/** One of `values`. */
export function oneOf<T extends string | number>(values: readonly T[]): Shape<T> {
  const says = values.length === 1 ? `${values[0]}` : `one of ${values.join(', ')}`
  return leaf(says, (value) => values.some((one) => one === value))
}

/** A whole number from `min` to `max`. */
export function whole(min: number, max: number = Number.MAX_SAFE_INTEGER): Shape<number> {
  return leaf(
    `a whole number from ${min} to ${max}`,
    (value) => Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max,
  )
}

/** A finite number from 0, such as milliseconds of a monotonic clock. Not -0, which JSON respells. */
export const duration: Shape<number> = leaf(
  'a duration',
  (value) =>
    typeof value === 'number' &&
    value >= 0 &&
    value <= Number.MAX_SAFE_INTEGER &&
    !Object.is(value, -0),
)

/** RFC 3339 in UTC with milliseconds: `2026-07-22T14:03:11.250Z`. */
export const instant: Shape<string> = leaf(
  'an RFC 3339 UTC time with milliseconds',
  (value) => typeof value === 'string' && isInstant(value),
)

/** A UTC calendar day: `2026-07-22`. */
export const day: Shape<string> = leaf(
  'a day YYYY-MM-DD',
  (value) =>
    typeof value === 'string' && value.length === 10 && isInstant(`${value}T00:00:00.000Z`),
)

function isInstant(text: string): boolean {
  const date = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/.test(text) ? new Date(text) : null
  return date !== null && !Number.isNaN(date.getTime()) && date.toISOString() === text
}

/** Random ids: 16 bytes in lower-case hexadecimal. */
export const id128: Shape<string> = text(/^[0-9a-f]{32}$/, '32 hexadecimal digits')
/** SHA-256 and Ed25519 public keys in lower-case hexadecimal. */
export const hex256: Shape<string> = text(/^[0-9a-f]{64}$/, '64 hexadecimal digits')
/** Names that people give to ports and lanes. */
export const name: Shape<string> = text(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'a name')
/** Closed codes and kinds of other packages. */
export const code: Shape<string> = text(/^[a-z][a-z0-9_]{0,63}$/, 'a code')

/** Between `min` and `max` values of one shape. */
export function list<T>(of: Shape<T>, min: number, max: number): Shape<readonly T[]> {
  return {
    problem(value, at) {
      if (!Array.isArray(value)) return `${at} is not a list`
      if (value.length < min || value.length > max) {
        return `${at} has ${value.length} items, not ${min} to ${max}`
      }
      for (const [index, item] of value.entries()) {
        const problem = of.problem(item, `${at}[${index}]`)
        if (problem !== null) return problem
      }
      return null
    },
    ordered: (values) => values.map((value) => of.ordered(value)),
  }
}

type Fields<T> = { readonly [K in keyof Required<T>]: Shape<Required<T>[K]> }

/** An object with exactly these keys, in this order; those in `optional` may be absent. */
export function record<T extends object>(
  fields: Fields<T>,
  optional: readonly (keyof T & string)[] = [],
): Shape<T> {
  const shapes = new Map<string, Shape<unknown>>(Object.entries(fields))
  // A verification of a whole log passes here for every entry: no maps and lists for each.
  const ordered = Object.entries<Shape<unknown>>(fields)
  const mayLack = new Set<string>(optional)
  return {
    problem(value, at) {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        return `${at} is not an object`
      }
      const present = value as Readonly<Record<string, unknown>>
      for (const key of Object.keys(present)) {
        if (!shapes.has(key)) return `${at} has an unknown key`
      }
      for (const [key, shape] of ordered) {
        if (!Object.hasOwn(present, key)) {
          if (mayLack.has(key)) continue
          return `${at}.${key} is missing`
        }
        const problem = shape.problem(present[key], `${at}.${key}`)
        if (problem !== null) return problem
      }
      return null
    },
    ordered(value) {
      const present = value as Readonly<Record<string, unknown>>
      const kept: Record<string, unknown> = {}
      for (const [key, shape] of ordered) {
        if (Object.hasOwn(present, key)) kept[key] = shape.ordered(present[key])
      }
      return kept
    },
  }
}

/** A union told apart by `kind`. */
export function byKind<T extends { readonly kind: string }>(
  shapes: Readonly<Record<T['kind'], Shape<T>>>,
): Shape<T> {
  const known = new Map<unknown, Shape<T>>(Object.entries<Shape<T>>(shapes))
  const shapeOf = (value: unknown) =>
    typeof value === 'object' && value !== null && 'kind' in value
      ? known.get(value.kind)
      : undefined
  return {
    problem(value, at) {
      const shape = shapeOf(value)
      return shape === undefined ? `${at} has no known kind` : shape.problem(value, at)
    },
    ordered: (value) => shapeOf(value)?.ordered(value),
  }
}
