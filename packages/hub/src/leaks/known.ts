/** What a search knows of stored pictures: brought up to date while somebody searches, forgotten when nobody does. */

import { limits } from '../limits.ts'
import type { FaceMemory } from './face-memory.ts'
import type { HashMemory } from './hash-memory.ts'

export type Known = {
  /** Takes in hashes that came since: how many there are, and the root over them. */
  hashes(): Promise<{ readonly size: number; readonly root: string }>
  /** Opens the templates of faces that came since: how many there are; null where faces are off. */
  faces(): Promise<number | null>
  /** Both, unless that was a moment ago: for every file, so that a hub that was started anew knows all again. */
  fresh(): Promise<void>
  /** Overwrites the templates of faces. */
  forget(): Promise<void>
}

export function createKnown(
  hashMemory: HashMemory,
  faceMemories: readonly FaceMemory[],
  now: () => Date,
): Known {
  let freshAt: number | null = null
  let refreshing: Promise<void> | null = null
  let idle: NodeJS.Timeout | undefined

  async function refresh(): Promise<void> {
    const at = now().getTime()
    await hashMemory.refresh()
    await known.faces()
    freshAt = at
  }

  const known: Known = {
    hashes: () => hashMemory.refresh(),
    async faces() {
      clearTimeout(idle)
      idle = setTimeout(() => void known.forget(), limits.leakFacesIdleMs).unref()
      if (faceMemories.length === 0) return null
      const sizes = await Promise.all(faceMemories.map((memory) => memory.refresh()))
      return sizes.reduce((sum, size) => sum + size, 0)
    },
    async fresh() {
      const isStale = freshAt === null || now().getTime() - freshAt > limits.leakFreshMs
      if (!isStale) return
      refreshing ??= refresh().finally(() => (refreshing = null))
      await refreshing
    },
    async forget() {
      clearTimeout(idle)
      freshAt = null
      for (const memory of faceMemories) await memory.forget()
    },
  }
  return known
}
