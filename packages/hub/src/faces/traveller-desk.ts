/** Travellers who are looked for now: their templates in memory, searched for every face that comes in. */

import type { GalleryFinding } from '@sallyport/core/faces/outcome'
import type { FaceModel } from '@sallyport/vision/face/face-reader'
import { Gallery } from '@sallyport/vision/face/gallery'

import type { Findable } from './gallery-desk.ts'
import { faceHubLimits } from './limits.ts'

export type SoughtTraveller = Findable & { readonly expiresAt: Date }

/** Owns its memory: close it. */
export class TravellerDesk {
  readonly #memory: Gallery<string>
  readonly #entries = new Map<string, Omit<SoughtTraveller, 'template'>>()

  constructor(model: FaceModel) {
    this.#memory = new Gallery(model, model.dimensions)
  }

  get size(): number {
    return this.#memory.size
  }

  has(entry: string): boolean {
    return this.#entries.has(entry)
  }

  /** From the next search on. False, and nothing changed, when the template is of another model. */
  add({ template, ...known }: SoughtTraveller): boolean {
    if (this.#memory.add([{ id: known.entry, template }]).kind === 'refused') return false
    this.#entries.set(known.entry, known)
    return true
  }

  /** No answer that is given from now on names this entry. */
  remove(entry: string): void {
    this.#memory.remove(entry)
    this.#entries.delete(entry)
  }

  /** Who is most alike of those whose entry has not expired at `at`; null where nobody is looked for. */
  search(template: Findable['template'], at: Date): GalleryFinding | null {
    if (this.#memory.size === 0) return null
    const answer = this.#memory.search(template, faceHubLimits.foundMax)
    if (answer.kind === 'refused') return null
    const found = answer.found.flatMap(({ id, distance }) => {
      const known = this.#entries.get(id)
      return known === undefined || known.expiresAt <= at
        ? []
        : [{ entry: id, identity: known.identity, distance }]
    })
    return { gallery: null, size: answer.size, found }
  }

  close(): Promise<void> {
    this.#entries.clear()
    return this.#memory.close()
  }
}
