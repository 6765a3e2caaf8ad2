/** Reads a log's folder at start and refuses to go on from a damaged one. */

import * as path from 'node:path'

import { fromUtf8, utf8 } from '@sallyport/proof/bytes'
import { openCheckpoint, signCheckpoint } from '@sallyport/proof/checkpoint'
import { verify } from '@sallyport/proof/node/ed25519'
import type { NoteSigner } from '@sallyport/proof/note'
import {
  type Tile,
  TileError,
  checkpointPath,
  hashBytes,
  levelShape,
  levelsOf,
  tilePath,
  tileWidth,
} from '@sallyport/proof/tiles'
import { type TreeEdge, emptyEdge, loadEdge, rootOf } from '@sallyport/proof/tree-edge'

import type { DurableFiles } from './durable-files.ts'
import { folderTiles } from './folder-tiles.ts'
import { LogError, asFailure } from './log-error.ts'
import type { TileFolder } from './tile-folder.ts'

/** Files looked at together while checking that all are there. */
const looksAtOnce = 64

/** The log of a folder, or a new one whose first, empty checkpoint is durable. Throws `LogError`. */
export async function loadOrBegin(
  directory: string,
  folder: TileFolder,
  files: DurableFiles,
  signer: NoteSigner,
): Promise<{ readonly note: string; readonly edge: TreeEdge }> {
  try {
    await folder.prepare()
    const loaded = await loadLog(directory, files, signer.vkey)
    if (loaded !== null) return loaded
    const empty = { origin: signer.name, size: 0, root: rootOf(emptyEdge) }
    const note = signCheckpoint(empty, signer)
    await folder.publish(checkpointPath, utf8(note))
    return { note, edge: emptyEdge }
  } catch (error) {
    throw asFailure(error)
  }
}

/**
 * The checkpoint of a log and its right edge; null when the folder holds no log yet. Throws
 * `LogError`. Contents left of the edge are `verifyLog`'s work: here they must only be there.
 */
async function loadLog(
  directory: string,
  files: DurableFiles,
  vkey: string,
): Promise<{ readonly note: string; readonly edge: TreeEdge } | null> {
  const bytes = await files.read(path.join(directory, checkpointPath))
  if (bytes === null) {
    if ((await files.list(path.join(directory, 'tile'))).length === 0) return null
    throw damaged(checkpointPath, 'The checkpoint is missing beside tiles.')
  }
  const opened = openCheckpoint(bytes, vkey, verify)
  if (opened.kind === 'refused') {
    if (opened.code === 'no_known_signature' || opened.code === 'other_origin') {
      throw new LogError('wrong_key', 'The checkpoint was signed by another key.', {
        file: checkpointPath,
      })
    }
    throw damaged(checkpointPath, opened.detail)
  }
  const { size, root } = opened.checkpoint
  await checkPresence(directory, files, size)
  try {
    const edge = await loadEdge(folderTiles(directory, files), size, root)
    return { note: fromUtf8(bytes) ?? '', edge }
  } catch (error) {
    if (!(error instanceof TileError)) throw error
    throw damaged(error.path, error.message)
  }
}

/** Every full tile and bundle of the tree is there, hash tiles with their exact length. */
async function checkPresence(directory: string, files: DurableFiles, size: number): Promise<void> {
  const levels: readonly Tile['level'][] = ['entries', ...Array(levelsOf(size)).keys()]
  for (const level of levels) {
    const { full } = levelShape(level, size)
    for (let from = 0; from < full; from += looksAtOnce) {
      const indexes = Array.from(
        { length: Math.min(looksAtOnce, full - from) },
        (_, at) => from + at,
      )
      await Promise.all(
        indexes.map(async (index) =>
          checkOne(directory, files, { level, index, width: tileWidth }),
        ),
      )
    }
  }
}

async function checkOne(directory: string, files: DurableFiles, tile: Tile): Promise<void> {
  const name = tilePath(tile)
  const length = await files.size(path.join(directory, name))
  if (length === null) throw damaged(name, `${name} is missing.`)
  if (tile.level !== 'entries' && length !== tileWidth * hashBytes) {
    throw damaged(name, `${name} has the wrong length.`)
  }
}

function damaged(file: string, message: string): LogError {
  return new LogError('log_damaged', message, { file })
}
