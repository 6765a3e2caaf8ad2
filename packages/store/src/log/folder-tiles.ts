/** Reads a log's resources from its folder, for receipts, serving and verifying. */

import * as path from 'node:path'

import { checkpointPath, parseTilePath } from '@sallyport/proof/tiles'
import type { TileReader } from '@sallyport/proof/tiles'

import { type DurableFiles, nodeFiles } from './durable-files.ts'

/** Only the checkpoint and well-formed tile paths are read; every other path is null. */
export function folderTiles(folder: string, files: DurableFiles = nodeFiles): TileReader {
  return {
    async read(resource) {
      if (resource !== checkpointPath && parseTilePath(resource) === null) return null
      return files.read(path.join(folder, resource))
    },
  }
}
