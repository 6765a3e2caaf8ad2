/**
 * Whether another reader answers in the shape that clients of its kind rely on, and what it read.
 * Untrusted values in, findings by field out; nothing throws.
 */

import type { Box } from './plate.ts'

export type ReaderFormat = 'platerecognizer' | 'openalpr'

export type Finding = {
  /** `results[].box.xmin` */
  readonly field: string
  readonly problem: 'missing' | 'wrong_type' | 'out_of_range'
}

export type ForeignPlate = {
  /** Upper case, without separators. */
  readonly text: string
  readonly confidence: number
  readonly box: Box | null
}

export type CheckedAnswer = {
  readonly findings: readonly Finding[]
  readonly plates: readonly ForeignPlate[]
}

type Kind =
  | 'text'
  | 'number'
  | 'unit'
  | 'percent'
  | 'list'
  | 'four'
  | 'text_or_null'
  | 'lower'
  | 'alpr_results'
type Field = readonly [path: string, kind: Kind]

const plateRecognizer: readonly Field[] = [
  ['processing_time', 'number'],
  ['filename', 'text'],
  ['camera_id', 'text_or_null'],
  ['timestamp', 'text'],
  ['results', 'list'],
  ['results[].box.xmin', 'number'],
  ['results[].box.ymin', 'number'],
  ['results[].box.xmax', 'number'],
  ['results[].box.ymax', 'number'],
  ['results[].plate', 'lower'],
  ['results[].region.code', 'text'],
  ['results[].region.score', 'unit'],
  ['results[].score', 'unit'],
  ['results[].dscore', 'unit'],
  ['results[].candidates', 'list'],
  ['results[].candidates[].plate', 'lower'],
  ['results[].candidates[].score', 'unit'],
  ['results[].vehicle.type', 'text'],
  ['results[].vehicle.score', 'unit'],
]

const openAlpr: readonly Field[] = [
  ['version', 'number'],
  ['data_type', 'alpr_results'],
  ['epoch_time', 'number'],
  ['img_width', 'number'],
  ['img_height', 'number'],
  ['processing_time_ms', 'number'],
  ['results', 'list'],
  ['results[].plate', 'text'],
  ['results[].confidence', 'percent'],
  ['results[].matches_template', 'number'],
  ['results[].plate_index', 'number'],
  ['results[].region', 'text'],
  ['results[].region_confidence', 'percent'],
  ['results[].requested_topn', 'number'],
  ['results[].coordinates', 'four'],
  ['results[].coordinates[].x', 'number'],
  ['results[].coordinates[].y', 'number'],
  ['results[].candidates', 'list'],
  ['results[].candidates[].plate', 'text'],
  ['results[].candidates[].confidence', 'percent'],
]

/** Every field that is looked at, in order. */
export function fieldsOf(format: ReaderFormat): readonly string[] {
  return (format === 'openalpr' ? openAlpr : plateRecognizer).map(([path]) => path)
}

/** Checks one answer, as parsed from its JSON. Each field is named once, with its first problem. */
export function checkAnswer(format: ReaderFormat, answer: unknown): CheckedAnswer {
  const fields = format === 'openalpr' ? openAlpr : plateRecognizer
  const findings = fields.flatMap(([field, kind]): readonly Finding[] => {
    for (const value of valuesAt(answer, field.split('.'))) {
      const problem = problemOf(value, kind)
      if (problem !== null) return [{ field, problem }]
    }
    return []
  })
  const results = valuesAt(answer, ['results'])[0]
  const list: readonly unknown[] = Array.isArray(results) ? results : []
  return {
    findings,
    plates: list.flatMap((one) => plateOf(format, one)),
  }
}

/** The values a path leads to; `undefined` for one that is not there. */
function valuesAt(value: unknown, path: readonly string[]): readonly unknown[] {
  const [step, ...rest] = path
  if (step === undefined) return [value]
  const name = step.replace('[]', '')
  const next: unknown =
    typeof value === 'object' && value !== null && Object.hasOwn(value, name)
      ? (value as Record<string, unknown>)[name]
      : undefined
  if (!step.endsWith('[]')) return valuesAt(next, rest)
  // A list that is none is the finding of its own field.
  return Array.isArray(next) ? next.flatMap((one) => valuesAt(one, rest)) : []
}

function problemOf(value: unknown, kind: Kind): Finding['problem'] | null {
  if (value === undefined) return 'missing'
  switch (kind) {
    case 'text':
      return typeof value === 'string' ? null : 'wrong_type'
    case 'text_or_null':
      return value === null || typeof value === 'string' ? null : 'wrong_type'
    case 'lower':
      if (typeof value !== 'string') return 'wrong_type'
      return value === value.toLowerCase() ? null : 'out_of_range'
    case 'alpr_results':
      return value === 'alpr_results' ? null : 'wrong_type'
    case 'list':
      return Array.isArray(value) ? null : 'wrong_type'
    case 'four':
      if (!Array.isArray(value)) return 'wrong_type'
      return value.length === 4 ? null : 'out_of_range'
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) ? null : 'wrong_type'
    case 'unit':
      return within(value, 1)
    case 'percent':
      return within(value, 100)
  }
}

function within(value: unknown, most: number): Finding['problem'] | null {
  if (typeof value !== 'number' || !Number.isFinite(value)) return 'wrong_type'
  return value >= 0 && value <= most ? null : 'out_of_range'
}

function plateOf(format: ReaderFormat, result: unknown): readonly ForeignPlate[] {
  const at = (path: string): unknown => valuesAt(result, path.split('.'))[0]
  const number = (path: string): number | null => {
    const value = at(path)
    return typeof value === 'number' && Number.isFinite(value) ? value : null
  }
  const text = at('plate')
  if (typeof text !== 'string') return []
  const corners: readonly (readonly (number | null)[])[] =
    format === 'openalpr'
      ? valuesAt(result, ['coordinates[]']).map((corner) => [
          coordinate(corner, 'x'),
          coordinate(corner, 'y'),
        ])
      : [
          [number('box.xmin'), number('box.ymin')],
          [number('box.xmax'), number('box.ymax')],
        ]
  return [
    {
      text: text.toUpperCase().replaceAll(/[^A-Z0-9]/g, ''),
      confidence:
        format === 'openalpr' ? (number('confidence') ?? 0) / 100 : (number('score') ?? 0),
      box: boxAround(corners),
    },
  ]
}

function coordinate(corner: unknown, name: 'x' | 'y'): number | null {
  const value = valuesAt(corner, [name])[0]
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

function boxAround(corners: readonly (readonly (number | null)[])[]): Box | null {
  const xs = corners.map(([x]) => x ?? null)
  const ys = corners.map(([, y]) => y ?? null)
  if (corners.length === 0 || [...xs, ...ys].includes(null)) return null
  const [left, top] = [Math.min(...xs.map(Number)), Math.min(...ys.map(Number))]
  return {
    x: left,
    y: top,
    width: Math.max(...xs.map(Number)) - left,
    height: Math.max(...ys.map(Number)) - top,
  }
}
