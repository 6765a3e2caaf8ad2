/** Which of many faces are of one person: each compared with every other, exactly, and joined. In memory only. */

import { wideQuery } from './quantise.ts'
import { TemplateBlock } from './template-block.ts'
import type { FaceTemplate } from './template.ts'

/** Distances, as a calibration draws them. */
export type GroupLines = {
  /** Up to here two faces are surely of one person; null: none are. */
  readonly sure: number | null
  /** Up to here, not included, they may be. At least `sure`. */
  readonly perhaps: number
}

export type FaceGroups = {
  /** Group of each template, numbered from 1 in order of appearance; null where it is of another model. */
  readonly sure: readonly (number | null)[]
  readonly perhaps: readonly (number | null)[]
}

/** Faces between two rests: others have work as well. */
const facesAtOnce = 32
/** How far from 1 the length of a template may be: what else came from a lane describes nothing. */
const lengthError = 0.01

/**
 * Groups templates of one model: two that a line joins are in one group, and so is everybody who is
 * joined to either. Takes as many scans as there are templates; `rest` is waited for now and then.
 * Overwrites the vectors that it was given, and its own memory, before it answers or throws.
 */
export async function groupFaces(
  templates: readonly FaceTemplate[],
  model: { readonly identity: string; readonly dimensions: number },
  lines: GroupLines,
  rest: () => Promise<unknown>,
): Promise<FaceGroups> {
  const fit = templates.map(
    ({ model: of, vector }) =>
      of === model.identity && vector.length === model.dimensions && isUnit(vector),
  )
  const block = new TemplateBlock(model.dimensions, fit.filter(Boolean).length)
  const joined = { sure: new Groups(), perhaps: new Groups() }
  try {
    for (const [at, { vector }] of templates.entries()) {
      if (fit[at] !== true) continue
      join(vector, block, lines, joined)
      block.append(String(at), vector)
      if (block.rows % facesAtOnce === 0) await rest()
    }
  } finally {
    block.erase()
    for (const { vector } of templates) vector.fill(0)
  }
  return { sure: numbered(fit, joined.sure), perhaps: numbered(fit, joined.perhaps) }
}

/** Joins the next row, which `block` does not have yet, with those before it. */
function join(
  vector: Float32Array,
  block: TemplateBlock,
  { sure, perhaps }: GroupLines,
  joined: { readonly sure: Groups; readonly perhaps: Groups },
): void {
  const row = block.rows
  joined.sure.grow(row)
  joined.perhaps.grow(row)
  if (row === 0) return
  const query = wideQuery(vector, block.width)
  const sums = block.scan(query.numbers)
  // By Cauchy and Schwarz: what is left out of a template of length 1, and out of the query.
  const error = block.leftMax + query.left * (1 + block.leftMax) + 2 * lengthError
  const least = (distance: number) => 1 - distance ** 2 / 2 - error
  const [leastPerhaps, leastSure] = [least(perhaps), sure === null ? Infinity : least(sure)]
  for (let other = 0; other < row; other++) {
    const scaled = ((sums[other] as number) - query.offset) * (block.steps[other] as number)
    const score = scaled / query.scale
    if (score < leastPerhaps) continue
    const open = score >= leastSure && !joined.sure.together(row, other)
    if (!open && joined.perhaps.together(row, other)) continue
    const distance = block.distance(other, vector)
    if (sure !== null && distance <= sure) {
      joined.sure.join(row, other)
      joined.perhaps.join(row, other)
    } else if (distance < perhaps) joined.perhaps.join(row, other)
  }
}

function isUnit(vector: Float32Array): boolean {
  let squares = 0
  for (const value of vector) squares += value * value
  return Math.abs(Math.sqrt(squares) - 1) <= lengthError
}

function numbered(fit: readonly boolean[], groups: Groups): readonly (number | null)[] {
  const numbers = new Map<number, number>()
  let row = 0
  return fit.map((is) => {
    if (!is) return null
    const root = groups.rootOf(row)
    row += 1
    const number = numbers.get(root) ?? numbers.size + 1
    numbers.set(root, number)
    return number
  })
}

/** Sets of rows that are joined one pair at a time. */
class Groups {
  readonly #parents: number[] = []

  grow(row: number): void {
    this.#parents[row] = row
  }

  together(a: number, b: number): boolean {
    return this.rootOf(a) === this.rootOf(b)
  }

  join(a: number, b: number): void {
    this.#parents[this.rootOf(a)] = this.rootOf(b)
  }

  rootOf(row: number): number {
    let root = row
    while (this.#parents[root] !== root) root = this.#parents[root] as number
    for (let at = row; at !== root;) {
      const next = this.#parents[at] as number
      this.#parents[at] = root
      at = next
    }
    return root
  }
}
