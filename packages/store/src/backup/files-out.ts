/** The vault's segments, the log, and the few small files of a hub, on their way into a backup. */

import { open, readdir, readFile } from 'node:fs/promises'
import path from 'node:path'

import { utf8 } from '@sallyport/proof/bytes'
import { continues } from '@sallyport/proof/fork'
import {
  encodeEntryBundle,
  readEntryBundle,
  tileAt,
  tileHashReader,
  type TileReader,
  tileWidth,
} from '@sallyport/proof/tiles'

import { neverInBackups } from '../keystore/keystore.ts'
import { BackupError } from './backup-error.ts'
import { backupKeyFile, backupRecipientsFile } from './backup-key.ts'
import { backupLimits } from './limits.ts'
import type { PieceWriter } from './pieces.ts'
import type { Piece, Snapshot } from './snapshot.ts'

/** What a backup never holds, below the data directory. */
export const leftOut: readonly string[] = neverInBackups.map((name) => `keys/${name}`)

/** Files that are carried as they are. A list of names, so that no new secret slips in. */
const carried = [
  'keys/agency.key',
  'keys/log.key',
  'keys/marks',
  `keys/${backupKeyFile}`,
  `keys/${backupRecipientsFile}`,
  'log/vkey',
  'log/witnessed-checkpoint',
] as const
const carriedFolders = ['log/witnessed', 'log/retired'] as const

type Progress = (text: string) => void

/** What lies between the earlier pieces and `until`, for each segment. */
export async function copySegments(
  vault: string,
  ends: ReadonlyMap<number, number>,
  earlier: readonly Piece[],
  writer: PieceWriter,
  progress: Progress,
): Promise<readonly Piece[]> {
  const pieces: Piece[] = []
  for (const [segment, until] of [...ends].toSorted(([a], [b]) => a - b)) {
    const name = `segment-${String(segment).padStart(6, '0')}.seg`
    const kept = unbroken(
      earlier.filter(({ part, of }) => part === 'segment' && of === name),
      until,
    )
    pieces.push(...kept)
    const file = await open(path.join(vault, name), 'r')
    try {
      for (let from = kept.at(-1)?.to ?? 0; from < until; from += backupLimits.pieceMax) {
        const to = Math.min(until, from + backupLimits.pieceMax)
        const bytes = Buffer.alloc(to - from)
        const { bytesRead } = await file.read(bytes, 0, bytes.length, from)
        if (bytesRead !== bytes.length)
          throw new BackupError(
            'vault_short',
            `${name} ends at ${from + bytesRead}; rows name ${until}.`,
          )
        pieces.push(await writer.put({ part: 'segment', of: name, from, to }, bytes))
        progress(`vault: ${name} ${to} of ${until} bytes`)
      }
    } finally {
      await file.close()
    }
  }
  return pieces
}

/** Earlier pieces that follow each other from 0 and end no later than `until`. */
function unbroken(pieces: readonly Piece[], until: number): readonly Piece[] {
  const kept: Piece[] = []
  for (const piece of pieces) {
    if (piece.from !== (kept.at(-1)?.to ?? 0) || piece.to > until) break
    kept.push(piece)
  }
  return kept
}

/** The entries that the earlier pieces have not. */
export async function copyLog(
  tiles: TileReader,
  size: number,
  earlier: readonly Piece[],
  writer: PieceWriter,
  progress: Progress,
): Promise<readonly Piece[]> {
  const pieces = [
    ...unbroken(
      earlier.filter(({ part }) => part === 'log'),
      size,
    ),
  ]
  const before = pieces.at(-1)?.to ?? 0
  let held: Uint8Array[] = []
  let heldBytes = 0
  let from = before
  for (let at = before - (before % tileWidth); at < size; at += tileWidth) {
    const entries = await readEntryBundle(tiles, tileAt('entries', at, size))
    const added = entries.slice(Math.max(0, before - at))
    held.push(...added)
    heldBytes += added.reduce((sum, entry) => sum + entry.length + 2, 0)
    const to = Math.min(size, at + tileWidth)
    if (to < size && heldBytes < backupLimits.pieceMax) continue
    if (held.length > 0)
      pieces.push(await writer.put({ part: 'log', of: '-', from, to }, encodeEntryBundle(held)))
    progress(`log: ${to} of ${size} entries`)
    held = []
    heldBytes = 0
    from = to
  }
  return pieces
}

/**
 * Throws `log_rolled_back` when the log does not continue what the last snapshot holds: then the
 * hub's log, or this folder, is not what it was.
 */
export async function expectContinued(
  tiles: TileReader,
  size: number,
  { log_size, log_root, number }: Snapshot,
): Promise<void> {
  const begins =
    size >= log_size &&
    (await continues(tileHashReader(tiles, size), log_size, Buffer.from(log_root, 'hex')))
  if (!begins)
    throw new BackupError(
      'log_rolled_back',
      `The log has ${size} entries and does not continue snapshot ${number}, which has ${log_size}. It was rolled back or replaced: find out which before you go on.`,
    )
}

/** Small files; those that are not there are left. `checkpoint` is the one that the rows fit. */
export async function copyFiles(
  data: string,
  checkpoint: string,
  writer: PieceWriter,
): Promise<readonly Piece[]> {
  const names: string[] = [...carried]
  for (const folder of carriedFolders) {
    const found = await readdir(path.join(data, folder), {
      recursive: true,
      withFileTypes: true,
    }).catch(() => [])
    for (const one of found)
      if (one.isFile()) names.push(path.relative(data, path.join(one.parentPath, one.name)))
  }
  const put = (of: string, bytes: Uint8Array) =>
    writer.put({ part: 'file', of, from: 0, to: bytes.length }, bytes)
  const pieces = [await put('log/checkpoint', utf8(checkpoint))]
  for (const name of names.toSorted()) {
    const bytes = await readFile(path.join(data, name)).catch(() => null)
    if (bytes !== null && bytes.length > 0) pieces.push(await put(name, bytes))
  }
  return pieces
}
