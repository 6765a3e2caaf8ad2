/** Templates expected at a place and time, searched from the first to the last. In memory only. */

import { Candidates } from './candidates.ts'
import { faceLimits } from './face-limits.ts'
import type { FaceModel } from './face-reader.ts'
import { BatchProduct } from './gallery-batch.ts'
import { wideQuery } from './quantise.ts'
import { TemplateBlock } from './template-block.ts'
import { type FaceTemplate, otherModel, type TemplateRefusal } from './template.ts'

export type GalleryEntry<Model extends string = string> = {
  /** Whose template it is; several templates may have one owner. */
  readonly id: string
  readonly template: FaceTemplate<Model>
}

export type GalleryAnswer =
  | {
      readonly kind: 'found'
      /** The state of the gallery that the whole answer comes from. */
      readonly version: number
      readonly size: number
      /** The most alike first, each owner once. */
      readonly found: readonly { readonly id: string; readonly distance: number }[]
    }
  | TemplateRefusal
  | { readonly kind: 'refused'; readonly code: 'gallery_closed'; readonly detail: string }

export type GalleryChange =
  | { readonly kind: 'changed'; readonly version: number }
  | TemplateRefusal
  | {
      readonly kind: 'refused'
      readonly code: 'gallery_closed' | 'gallery_full'
      readonly detail: string
    }

/** What is searched while nobody changes it. A block in use is never changed: the change gets a copy. */
type Version = { readonly block: TemplateBlock; readonly number: number; readers: number }

/** Owns its memory: close it. `Model` is the name under which the model was opened. */
export class Gallery<Model extends string> {
  readonly #model: FaceModel<Model>
  readonly #dimensions: number
  readonly #rowsOf = new Map<string, number[]>()
  readonly #retired = new Set<Version>()
  #current: Version
  #perOwnerMax = 1
  #closed = false
  readonly #batches = new BatchProduct()

  /** `dimensions` as the model's templates have them; `capacity` templates fit without moving. */
  constructor(model: FaceModel<Model>, dimensions: number, capacity = 64) {
    this.#model = model
    this.#dimensions = dimensions
    this.#current = { block: new TemplateBlock(dimensions, capacity), number: 1, readers: 0 }
  }

  /** Templates in it. */
  get size(): number {
    return this.#closed ? 0 : this.#current.block.rows
  }

  /** Adds templates, all or none. */
  add(entries: readonly GalleryEntry<NoInfer<Model>>[]): GalleryChange {
    const refused = this.#refusal(entries, this.size + entries.length)
    if (refused !== null) return refused
    const block = this.#own(this.size + entries.length)
    for (const { id, template } of entries) this.#place(block, id, template.vector)
    return { kind: 'changed', version: this.#advance(block) }
  }

  /** Removes whatever belongs to `id`: no answer that is given from now on names it. */
  remove(id: string): GalleryChange {
    if (this.#closed) return closed
    const rows = this.#rowsOf.get(id)
    if (rows === undefined) return { kind: 'changed', version: this.#current.number }
    const block = this.#own(this.size)
    this.#rowsOf.delete(id)
    for (const row of rows.toSorted((a, b) => b - a)) {
      const last = block.rows - 1
      const moved = block.remove(row)
      if (moved === null) continue
      const others = this.#rowsOf.get(moved)
      if (others !== undefined) others[others.indexOf(last)] = row
    }
    return { kind: 'changed', version: this.#advance(block) }
  }

  /** Puts other templates in place of all, at one moment; a search under way ends on the old ones. */
  replace(entries: readonly GalleryEntry<NoInfer<Model>>[]): GalleryChange {
    const refused = this.#refusal(entries, entries.length)
    if (refused !== null) return refused
    const block = new TemplateBlock(this.#dimensions, entries.length)
    this.#rowsOf.clear()
    this.#perOwnerMax = 1
    for (const { id, template } of entries) this.#place(block, id, template.vector)
    return { kind: 'changed', version: this.#advance(block) }
  }

  /** The `count` owners that are most alike, exactly; one distance each, that of their nearest template. */
  search(template: FaceTemplate<NoInfer<Model>>, count: number): GalleryAnswer {
    if (this.#closed) return closed
    const refused = this.#wrongModel(template)
    if (refused !== null) return refused
    const { block, number } = this.#current
    const query = wideQuery(template.vector, block.width)
    const sums = block.scan(query.numbers)
    const candidates = new Candidates(this.#rowsWanted(count), errorOf(block, query.left))
    const { steps, rows } = block
    const { offset, scale } = query
    let cut = -Infinity
    for (let row = 0; row < rows; row++) {
      const scaled = ((sums[row] as number) - offset) * (steps[row] as number)
      if (scaled < cut) continue
      candidates.take(row, scaled / scale)
      cut = candidates.cut * scale
    }
    return answer(number, block, nearest(block, candidates.rows(), template.vector, count))
  }

  /**
   * Searches for several at once, which reads the gallery once for all of them. Every answer is of one
   * version; who was removed meanwhile is in none.
   */
  async searchMany(
    templates: readonly FaceTemplate<NoInfer<Model>>[],
    count: number,
  ): Promise<readonly GalleryAnswer[]> {
    const answers: GalleryAnswer[] = []
    for (let at = 0; at < templates.length; at += faceLimits.searchBatchMax)
      answers.push(
        ...(await this.#batch(templates.slice(at, at + faceLimits.searchBatchMax), count)),
      )
    return answers
  }

  /** Overwrites the templates, also those that a search still reads: its answer becomes "closed". */
  async close(): Promise<void> {
    this.#closed = true
    this.#rowsOf.clear()
    for (const version of [...this.#retired, this.#current]) version.block.erase()
    this.#retired.clear()
    await this.#batches.close()
  }

  async #batch(
    templates: readonly FaceTemplate<NoInfer<Model>>[],
    count: number,
  ): Promise<readonly GalleryAnswer[]> {
    if (this.#closed) return templates.map(() => closed)
    const refusals = templates.map((template) => this.#wrongModel(template))
    const fit = templates.filter((_, at) => refusals[at] === null)
    const version = this.#current
    version.readers += 1
    const { block } = version
    const size = block.rows
    try {
      const wanted = this.#rowsWanted(count)
      const rows = await this.#batches.candidateRows(block, fit, (left) => {
        return new Candidates(wanted, errorOf(block, left))
      })
      // Not awaited from here on: what is true now is true of the answer.
      if (this.#closed) return templates.map(() => closed)
      let next = 0
      return refusals.map((refused) => {
        if (refused !== null) return refused
        const template = fit[next]
        const found =
          template === undefined ? [] : nearest(block, rows[next] ?? [], template.vector, count)
        next += 1
        const kept = found.filter(({ id }) => this.#current === version || this.#rowsOf.has(id))
        return { kind: 'found', version: version.number, size, found: kept }
      })
    } finally {
      version.readers -= 1
      this.#drop(version)
    }
  }

  #rowsWanted(count: number): number {
    return Math.max(1, Math.min(count, faceLimits.searchResultsMax)) * this.#perOwnerMax
  }

  #refusal(
    entries: readonly GalleryEntry[],
    size: number,
  ): Exclude<GalleryChange, { kind: 'changed' }> | null {
    if (this.#closed) return closed
    for (const { template } of entries) {
      const refused = this.#wrongModel(template)
      if (refused !== null) return refused
    }
    if (size <= faceLimits.galleryTemplatesMax) return null
    return {
      kind: 'refused',
      code: 'gallery_full',
      detail: `A gallery holds at most ${faceLimits.galleryTemplatesMax} templates, not ${size}: divide it by place or time.`,
    }
  }

  #wrongModel({ model, vector }: FaceTemplate): TemplateRefusal | null {
    if (model === this.#model.identity && vector.length === this.#dimensions) return null
    return otherModel(this.#model.identity, model)
  }

  #place(block: TemplateBlock, id: string, vector: Float32Array): void {
    const rows = this.#rowsOf.get(id)
    if (rows === undefined) this.#rowsOf.set(id, [block.rows])
    else {
      rows.push(block.rows)
      this.#perOwnerMax = Math.max(this.#perOwnerMax, rows.length)
    }
    block.append(id, vector)
  }

  /** A block that may be changed and has room: the present one, or a copy while somebody reads it. */
  #own(size: number): TemplateBlock {
    const { block, readers } = this.#current
    if (readers === 0 && size <= block.capacity) return block
    return block.copy(size <= block.capacity ? block.capacity : Math.max(size, 2 * block.capacity))
  }

  #advance(block: TemplateBlock): number {
    const before = this.#current
    this.#current = { block, number: before.number + 1, readers: 0 }
    if (block !== before.block) {
      this.#retired.add(before)
      this.#drop(before)
    }
    return this.#current.number
  }

  /** A version that is no longer the present one is erased with its last reader. */
  #drop(version: Version): void {
    if (version.readers > 0 || !this.#retired.delete(version)) return
    version.block.erase()
  }
}

const closed = {
  kind: 'refused',
  code: 'gallery_closed',
  detail: 'The gallery has been closed: its templates are gone. Open one for the event at hand.',
} as const

/** By Cauchy and Schwarz: what is left out of a template of length 1, and out of the query. */
function errorOf({ leftMax }: TemplateBlock, queryLeft: number): number {
  return leftMax + queryLeft * (1 + leftMax)
}

function answer(
  version: number,
  { rows }: TemplateBlock,
  found: readonly { readonly id: string; readonly distance: number }[],
): GalleryAnswer {
  return { kind: 'found', version, size: rows, found }
}

/** The owners of the candidate rows by their nearest template. */
function nearest(
  block: TemplateBlock,
  rows: readonly number[],
  query: Float32Array,
  count: number,
): readonly { readonly id: string; readonly distance: number }[] {
  const best = new Map<string, number>()
  for (const row of rows) {
    const id = block.owners[row]
    if (id === undefined) continue
    const distance = block.distance(row, query)
    if (distance < (best.get(id) ?? Infinity)) best.set(id, distance)
  }
  return Array.from(best, ([id, distance]) => ({ id, distance }))
    .toSorted((a, b) => a.distance - b.distance)
    .slice(0, Math.min(count, faceLimits.searchResultsMax))
}
