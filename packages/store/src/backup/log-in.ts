/** The log out of a backup: its entries as tiles would have them, for whoever computes the tree anew. */

import { parseEntryBundle, tileWidth } from '@sallyport/proof/tiles'
import { growEdge, emptyEdge, rootOf, type TreeEdge, edgeFiles } from '@sallyport/proof/tree-edge'

import { nodeFiles } from '../log/durable-files.ts'
import { TileFolder } from '../log/tile-folder.ts'
import { BackupError } from './backup-error.ts'
import { nameOf } from './pieces.ts'
import type { Piece, Snapshot } from './snapshot.ts'

/**
 * Computes the tree of a snapshot's entries, and writes its tiles below `directory` unless that is
 * null. Throws `log_damaged` when it is not the one that was signed.
 */
export async function rebuildLog(
  { pieces, log_size, log_root }: Snapshot,
  open: (piece: Piece) => Promise<Uint8Array>,
  directory: string | null,
  progress: (text: string) => void,
): Promise<void> {
  const folder = directory === null ? null : new TileFolder(directory, nodeFiles)
  await folder?.prepare()
  let edge: TreeEdge = emptyEdge
  for (const piece of pieces.filter(({ part }) => part === 'log')) {
    const entries = parseEntryBundle(await open(piece), piece.to - piece.from)
    if (entries === null) throw new BackupError('log_damaged', `${nameOf(piece)} is malformed.`)
    for (let at = 0; at < entries.length; at += tileWidth * 16) {
      const growth = growEdge(edge, entries.slice(at, at + tileWidth * 16))
      edge = growth.edge
      await folder?.writeTiles(growth.files.filter(({ path }) => !path.includes('.p/')))
    }
    progress(`log: ${piece.to} of ${log_size} entries`)
  }
  await folder?.writeTiles(edgeFiles(edge))
  if (edge.size !== log_size || Buffer.from(rootOf(edge)).toString('hex') !== log_root)
    throw new BackupError('log_damaged', 'The entries do not lead to the root that was signed.')
}
