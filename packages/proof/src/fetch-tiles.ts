/** Reads a log's resources over HTTP, for auditors and browsers. */

import { limits } from './limits.ts'
import { type TileReader, checkpointPath, parseTilePath } from './tiles.ts'

/** The part of `fetch` that is used; pass the platform's. */
export type Fetch = (url: string) => Promise<{
  readonly ok: boolean
  readonly status: number
  arrayBuffer(): Promise<ArrayBuffer>
}>

/**
 * The log below `prefix` (`https://example.gov/log`). 404 is a resource that is not there; every
 * other failure throws, because it says nothing about the log.
 */
export function fetchTiles(prefix: string, fetch: Fetch): TileReader {
  const base = prefix.replace(/\/+$/, '')
  return {
    async read(path) {
      if (path !== checkpointPath && parseTilePath(path) === null) return null
      const response = await fetch(`${base}/${path}`)
      if (response.status === 404) return null
      if (!response.ok) throw new Error(`${path}: the log answered ${response.status}`)
      const bytes = new Uint8Array(await response.arrayBuffer())
      if (bytes.length > limits.resourceMax) throw new Error(`${path}: larger than the limit`)
      return bytes
    },
  }
}
