/** Galleries that are open now: templates in memory, searched for every face that comes in. */

import type { Direction } from '@sallyport/core/crossing'
import { isSearchedAt } from '@sallyport/core/faces/gallery-terms'
import type { GalleryFinding } from '@sallyport/core/faces/outcome'
import type { FaceModel } from '@sallyport/vision/face/face-reader'
import { Gallery } from '@sallyport/vision/face/gallery'
import type { FaceTemplate } from '@sallyport/vision/face/template'

import { faceHubLimits } from './limits.ts'

/** Where and when a gallery is searched. */
export type GalleryPlace = {
  readonly lanes: readonly string[]
  readonly direction: Direction | null
  readonly opensAt: Date
  readonly expiresAt: Date
}

/** Somebody who can be found: an entry with its template. */
export type Findable = {
  readonly entry: string
  /** Whose it is where two galleries may expect one person: document or entry. */
  readonly identity: string
  readonly template: FaceTemplate
}

type Open = {
  readonly place: GalleryPlace
  readonly memory: Gallery<string>
  readonly identities: Map<string, string>
}

/** Owns the memory of every open gallery: close it. */
export class GalleryDesk {
  readonly #model: FaceModel
  readonly #open = new Map<string, Open>()

  constructor(model: FaceModel) {
    this.#model = model
  }

  isOpen(gallery: string): boolean {
    return this.#open.has(gallery)
  }

  /** Templates in a gallery; 0 where it is not open. */
  sizeOf(gallery: string): number {
    return this.#open.get(gallery)?.memory.size ?? 0
  }

  /**
   * Opens a gallery, or puts these people in place of those in it, at one moment. False, and nothing
   * changed, when a template is of another model.
   */
  put(gallery: string, place: GalleryPlace, people: readonly Findable[]): boolean {
    const known = this.#open.get(gallery)
    const memory = known?.memory ?? new Gallery(this.#model, this.#model.dimensions, people.length)
    if (memory.replace(people.map(rowOf)).kind === 'refused') return false
    this.#open.set(gallery, {
      place,
      memory,
      identities: new Map(people.map(({ entry, identity }) => [entry, identity])),
    })
    return true
  }

  /** Adds people, or puts another template in place of theirs. False when one is of another model. */
  add(gallery: string, people: readonly Findable[]): boolean {
    const open = this.#open.get(gallery)
    if (open === undefined) return false
    for (const { entry } of people) open.memory.remove(entry)
    if (open.memory.add(people.map(rowOf)).kind === 'refused') return false
    for (const { entry, identity } of people) open.identities.set(entry, identity)
    return true
  }

  /** No answer that is given from now on names this entry. */
  remove(gallery: string, entry: string): void {
    const open = this.#open.get(gallery)
    open?.memory.remove(entry)
    open?.identities.delete(entry)
  }

  /** Overwrites the templates of a gallery. */
  async close(gallery: string): Promise<void> {
    const open = this.#open.get(gallery)
    this.#open.delete(gallery)
    await open?.memory.close()
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.#open.keys()].map((gallery) => this.close(gallery)))
  }

  /** What is most alike in every gallery that is searched at this lane and moment. */
  search(
    template: FaceTemplate,
    lane: { readonly id: string; readonly direction: Direction },
    at: Date,
  ): readonly GalleryFinding[] {
    return [...this.#open].flatMap(([gallery, { place, memory, identities }]) => {
      if (memory.size === 0 || !isSearchedAt(place, lane, at)) return []
      const answer = memory.search(template, faceHubLimits.foundMax)
      if (answer.kind === 'refused') return []
      const found = answer.found.map(({ id, distance }) => ({
        entry: id,
        identity: identities.get(id) ?? id,
        distance,
      }))
      return [{ gallery, size: answer.size, found }]
    })
  }
}

function rowOf({ entry, template }: Findable) {
  return { id: entry, template }
}
