/** The card of a face model: a small JSON file beside its ONNX files that says what they are and want. */

import type { Normalisation } from './sample.ts'

/** Format of this version; docs/faces.md describes every field. */
export const faceCardFormat = 'sallyport-face-model/1'

export type NetworkCard = {
  readonly file: string
  readonly sha256: string
  readonly input: { readonly name: string; readonly width: number; readonly height: number }
  readonly normalisation: Normalisation
}

export type DetectorCard = NetworkCard & {
  /** [1, K, 5 or 15]: left, top, right, bottom, score and perhaps five points, input pixels. */
  readonly output: string
  readonly scoreCut: number
}

export type DescriberCard = NetworkCard & {
  readonly output: string
  readonly dimensions: number
  /** Input pixels at which eyes, tip of the nose and corners of the mouth must stand. */
  readonly alignment: readonly (readonly [number, number])[]
  /** Byte value where the picture has ended. */
  readonly outside: number
  /** Whether the picture in a mirror is described, too, and the mean taken. */
  readonly mirror: boolean
}

export type FaceCard = {
  readonly format: typeof faceCardFormat
  readonly name: string
  readonly licence: string
  readonly source: string
  /** A model for trying out: no production profile starts with it. */
  readonly evaluation: boolean
  readonly detector: DetectorCard | null
  readonly describer: DescriberCard
}

export type ParsedCard =
  | { readonly kind: 'card'; readonly card: FaceCard }
  | { readonly kind: 'refused'; readonly code: 'malformed_card'; readonly detail: string }

const sideMax = 2048
const dimensionsMax = 4096

/** Reads a card. Refused with the first field that is not as documented. */
export function parseFaceCard(text: string): ParsedCard {
  try {
    return { kind: 'card', card: cardOf(new Fields(JSON.parse(text) as unknown, 'card')) }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return {
      kind: 'refused',
      code: 'malformed_card',
      detail: `The card of the face model cannot be used: ${reason}. See docs/faces.md.`,
    }
  }
}

function cardOf(fields: Fields): FaceCard {
  if (fields.text('format', 64) !== faceCardFormat)
    throw new Error(`format is not ${faceCardFormat}`)
  const detector = fields.optional('detector')
  return {
    format: faceCardFormat,
    name: fields.matching('name', /^[a-z0-9][a-z0-9.-]{0,63}$/),
    licence: fields.text('licence', 500),
    source: fields.text('source', 500),
    evaluation: fields.has('evaluation') ? fields.flag('evaluation') : false,
    detector:
      detector === null
        ? null
        : {
            ...networkOf(detector),
            output: detector.text('output', 200),
            scoreCut: detector.number('scoreCut', 0.01, 0.99),
          },
    describer: describerOf(fields.inner('describer')),
  }
}

function networkOf(fields: Fields): NetworkCard {
  const input = fields.inner('input')
  const normalisation = fields.inner('normalisation')
  const order = normalisation.text('order', 3)
  if (order !== 'rgb' && order !== 'bgr') throw new Error('normalisation.order is not rgb or bgr')
  return {
    file: fields.matching('file', /^[A-Za-z0-9][\w.-]{0,127}\.onnx$/),
    sha256: fields.matching('sha256', /^[0-9a-f]{64}$/),
    input: {
      name: input.text('name', 200),
      width: input.whole('width', 16, sideMax),
      height: input.whole('height', 16, sideMax),
    },
    normalisation: {
      mean: normalisation.three('mean'),
      scale: normalisation.three('scale'),
      order,
    },
  }
}

function describerOf(fields: Fields): DescriberCard {
  const alignment = fields.points('alignment')
  if (alignment.length !== 5) throw new Error('describer.alignment has not five points')
  return {
    ...networkOf(fields),
    output: fields.text('output', 200),
    dimensions: fields.whole('dimensions', 16, dimensionsMax),
    alignment,
    outside: fields.number('outside', 0, 255),
    mirror: fields.flag('mirror'),
  }
}

/** The fields of one JSON object; every reader throws what is wrong, with the field's name. */
class Fields {
  readonly #values: ReadonlyMap<string, unknown>
  readonly #at: string

  constructor(value: unknown, at: string) {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new Error(`${at} is no object`)
    this.#values = new Map(Object.entries(value))
    this.#at = at
  }

  has(name: string): boolean {
    return this.#values.has(name)
  }

  inner(name: string): Fields {
    return new Fields(this.#values.get(name), `${this.#at}.${name}`)
  }

  optional(name: string): Fields | null {
    const value = this.#values.get(name)
    return value === undefined || value === null ? null : this.inner(name)
  }

  text(name: string, lengthMax: number): string {
    const value = this.#values.get(name)
    if (typeof value === 'string' && value !== '' && value.length <= lengthMax) return value
    throw new Error(`${this.#at}.${name} is no text of 1 to ${lengthMax} characters`)
  }

  matching(name: string, pattern: RegExp): string {
    const value = this.text(name, 200)
    if (pattern.test(value)) return value
    throw new Error(`${this.#at}.${name} does not match ${pattern.source}`)
  }

  flag(name: string): boolean {
    const value = this.#values.get(name)
    if (typeof value === 'boolean') return value
    throw new Error(`${this.#at}.${name} is not true or false`)
  }

  number(name: string, min: number, max: number): number {
    const value = this.#values.get(name)
    if (typeof value === 'number' && value >= min && value <= max) return value
    throw new Error(`${this.#at}.${name} is no number from ${min} to ${max}`)
  }

  whole(name: string, min: number, max: number): number {
    const value = this.number(name, min, max)
    if (Number.isInteger(value)) return value
    throw new Error(`${this.#at}.${name} is no whole number`)
  }

  three(name: string): readonly [number, number, number] {
    const value = this.#values.get(name)
    if (Array.isArray(value) && value.length === 3) {
      const [a, b, c] = value as readonly unknown[]
      if (isFinite(a) && isFinite(b) && isFinite(c)) return [a, b, c]
    }
    throw new Error(`${this.#at}.${name} is not three numbers`)
  }

  points(name: string): readonly (readonly [number, number])[] {
    const value = this.#values.get(name)
    if (!Array.isArray(value)) throw new Error(`${this.#at}.${name} is no list of points`)
    return value.map((point: unknown) => {
      if (Array.isArray(point) && point.length === 2) {
        const [x, y] = point as readonly unknown[]
        if (isFinite(x) && isFinite(y)) return [x, y] as const
      }
      throw new Error(`${this.#at}.${name} has a point that is not two numbers`)
    })
  }
}

function isFinite(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}
