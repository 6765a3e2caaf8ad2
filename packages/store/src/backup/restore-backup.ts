/**
 * A snapshot back into an empty data directory and an empty database. Everything is checked before
 * anything is written, and the mark that keeps a hub off the directory goes last.
 *
 * What is restored is older than what was lost, unless the backup was the last act of a retired hub.
 * Appending to a log that is behind what others have seen of it would fork it, so the directory says
 * what it is (`restored.json`) and no hub signs there before somebody has said how the log goes on.
 */

import { mkdir, open, readdir } from 'node:fs/promises'
import path from 'node:path'

import { sha256Hex } from '@sallyport/proof/node/bundle-check'
import type { OpeningKey } from '@sallyport/proof/node/seal'
import { syncDirectory } from '@sallyport/proof/node/sync-directory'

import { type Db } from '../postgres/database.ts'
import { BackupError } from './backup-error.ts'
import { backupFolder } from './backup-folder.ts'
import { type Catalogue, hasTables } from './catalogue.ts'
import { expectWhole, pieceOpener } from './check-backup.ts'
import { rebuildLog } from './log-in.ts'
import { chosenSnapshot, signerKey } from './open-backup.ts'
import { type RestoredMark, writeMark } from './restored-mark.ts'
import { loadRows } from './rows-in.ts'
import type { Piece, Snapshot } from './snapshot.ts'

export type RestoreOptions = {
  readonly directory: string
  readonly vkey?: string
  /** The newest when it is not given. */
  readonly number?: number
  readonly identities: readonly OpeningKey[]
  /** Empty, or not there. */
  readonly data: string
  /** Opens the empty database that rows go into; asked once all is checked. */
  readonly openDatabase: () => Promise<Db>
  readonly progress?: (text: string) => void
}

export type Restored = {
  readonly snapshot: Snapshot
  readonly rows: number
  readonly mark: RestoredMark
}

/** Throws `BackupError` before anything is written when the snapshot is not whole or `data` not empty. */
export async function restoreBackup(options: RestoreOptions): Promise<Restored> {
  const { data, identities, progress = () => undefined } = options
  const folder = backupFolder(options.directory)
  const vkey = await signerKey(folder, options.vkey)
  const snapshot = await chosenSnapshot(folder, vkey, options.number)
  await expectEmpty(data)
  await expectWhole(folder, snapshot, progress)
  const openPieceOf = pieceOpener(folder, identities)
  const catalogue = JSON.parse(
    Buffer.from(await openPieceOf(only(snapshot, 'tables'))).toString('utf8'),
  ) as Catalogue
  await rebuildLog(snapshot, openPieceOf, null, progress)

  const db = await options.openDatabase()
  if (await hasTables(db))
    throw new BackupError('not_empty', 'The database has tables already. Name an empty one.')
  await mkdir(data, { recursive: true, mode: 0o711 })
  await writeMark(data, { state: 'restoring' })
  await writeFiles(data, snapshot, openPieceOf, progress)
  await rebuildLog(snapshot, openPieceOf, path.join(data, 'log'), progress)
  const { rows } = await loadRows(db, {
    catalogue,
    pieces: snapshot.pieces.filter(({ part }) => part === 'rows'),
    open: openPieceOf,
    progress,
  })
  const mark: RestoredMark = {
    state: 'restored',
    backup_sha256: sha256Hex(
      (await folder.readSnapshot(snapshot.number))?.list ?? new Uint8Array(),
    ),
    rows_size: snapshot.log_size,
    was: snapshot.hub,
  }
  await writeMark(data, mark)
  return { snapshot, rows, mark }
}

/** Nothing but the lock of whoever restores. What an interrupted restore left is refused like the rest. */
async function expectEmpty(data: string): Promise<void> {
  const found = await readdir(data).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  const kept = found.filter((name) => name !== '.lock')
  if (kept.length > 0)
    throw new BackupError(
      'not_empty',
      `${data} holds ${kept.slice(0, 3).join(', ')}. Name an empty directory.`,
    )
}

function only({ pieces }: Snapshot, part: Piece['part']): Piece {
  const found = pieces.find((piece) => piece.part === part)
  if (found === undefined)
    throw new BackupError('malformed_snapshot', `The snapshot has no ${part}.`)
  return found
}

/** Segments and small files, each durable before the next one is begun. */
async function writeFiles(
  data: string,
  { pieces }: Snapshot,
  openPieceOf: (piece: Piece) => Promise<Uint8Array>,
  progress: (text: string) => void,
): Promise<void> {
  const paths = new Map<string, Piece[]>()
  for (const piece of pieces) {
    if (piece.part !== 'segment' && piece.part !== 'file') continue
    const file = piece.part === 'segment' ? `vault/${piece.of}` : piece.of
    paths.set(file, [...(paths.get(file) ?? []), piece])
  }
  await mkdir(path.join(data, 'vault'), { recursive: true, mode: 0o700 })
  await mkdir(path.join(data, 'keys'), { recursive: true, mode: 0o700 })
  for (const [file, parts] of paths) {
    const target = path.join(data, file)
    // Names come from a signed list, and still may not lead out of the directory.
    if (path.relative(data, target).startsWith('..') || file.includes('/../'))
      throw new BackupError('malformed_snapshot', `${file} does not lie in a data directory.`)
    await mkdir(path.dirname(target), { recursive: true, mode: 0o700 })
    const handle = await open(target, 'wx', 0o600)
    try {
      for (const piece of parts) {
        await handle.writeFile(await openPieceOf(piece))
        progress(`${file} ${piece.to} bytes`)
      }
      await handle.sync()
    } finally {
      await handle.close()
    }
    await syncDirectory(path.dirname(target))
  }
}
