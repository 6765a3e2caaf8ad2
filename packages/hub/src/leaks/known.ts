/** What a search knows of stored pictures: brought up to date while somebody searches, forgotten when nobody does. */

import { limits } from '../limits.ts'
import type { FaceMemory } from './face-memory.ts'
import type { HashMemory } from './hash-memory.ts'

type Sizes = {
  /** Hashes, and the root over them. */
  readonly size: number
  readonly root: string
  /** Null where faces are off. */
  readonly faces: number | null
}

export type Known = {
  /** Takes in what came since. */
  refresh(): Promise<Sizes>
  /** The same, unless that was a moment ago: for every file, so that a hub that was started anew knows all again. */
  fresh(): Promise<void>
  /** Overwrites the templates of faces. */
  forget(): Promise<void>
}

export function createKnown(hashes: HashMemory, faces: FaceMemory | null, now: () => Date): Known {
  let freshAt: number | null = null
  let refreshing: Promise<Sizes> | null = null
  let idle: NodeJS.Timeout | undefined

  async function takeIn(): Promise<Sizes> {
    const at = now().getTime()
    const { size, root } = await hashes.refresh()
    const described = faces === null ? null : await faces.refresh()
    freshAt = at
    return { size, root, faces: described }
  }

  const known: Known = {
    refresh() {
      clearTimeout(idle)
      idle = setTimeout(() => void known.forget(), limits.leakFacesIdleMs).unref()
      refreshing ??= takeIn().finally(() => (refreshing = null))
      return refreshing
    },
    async fresh() {
      const isStale = freshAt === null || now().getTime() - freshAt > limits.leakFreshMs
      if (isStale) await known.refresh()
    },
    async forget() {
      clearTimeout(idle)
      freshAt = null
      await faces?.forget()
    },
  }
  return known
}
