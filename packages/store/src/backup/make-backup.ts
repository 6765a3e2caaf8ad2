/**
 * One run of `sallyport backup`, beside a hub that writes or without one.
 *
 * Rows are copied as one transaction sees them. A checkpoint is read before that transaction begins,
 * so every entry under it has its row there; and the moment is taken again until no row refers to an
 * entry beyond it. Bodies are durable before their rows, so what the rows name is copied last.
 */

import { randomBytes } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { type Checkpoint, openCheckpoint } from '@sallyport/proof/checkpoint'
import { verify } from '@sallyport/proof/node/ed25519'
import type { Kysely } from 'kysely'

import { folderTiles } from '../log/folder-tiles.ts'
import type { Db } from '../postgres/database.ts'
import type { Database } from '../schema.ts'
import { withSegmentsKept } from '../vault/segments-kept.ts'
import { BackupError } from './backup-error.ts'
import { type BackupFolder, backupFolder } from './backup-folder.ts'
import { type BackupKey, loadBackupKey } from './backup-key.ts'
import { type Catalogue, highestLogIndexOf, readCatalogue, segmentEnds } from './catalogue.ts'
import { copyFiles, copyLog, copySegments, expectContinued, leftOut } from './files-out.ts'
import { backupLimits } from './limits.ts'
import { pieceWriter } from './pieces.ts'
import { copyRows, setSpelling } from './rows-out.ts'
import { openSnapshot, type Piece, signSnapshot, type Snapshot } from './snapshot.ts'

export type BackupOptions = {
  /** The hub's data directory. */
  readonly data: string
  readonly db: Db
  /** The folder of the backup; made when it is not there. */
  readonly directory: string
  readonly recipients: readonly string[]
  readonly hub: Snapshot['hub']
  readonly now: () => Date
  readonly progress?: (text: string) => void
}

export type BackupMade = {
  readonly snapshot: Snapshot
  readonly vkey: string
  /** What this run added; the rest lay there already. */
  readonly added: { readonly objects: number; readonly bytes: number }
}

/** Adds a snapshot. Throws `BackupError`; run again after any other failure, it goes on where it was. */
export async function makeBackup(options: BackupOptions): Promise<BackupMade> {
  // A segment that the rows of this moment name must still be there when it is copied.
  return withSegmentsKept(options.db, () => addSnapshot(options))
}

async function addSnapshot(options: BackupOptions): Promise<BackupMade> {
  const { data, db, recipients, hub, now, progress = () => undefined } = options
  await mkdir(options.directory, { recursive: true, mode: 0o700 })
  const folder = backupFolder(options.directory)
  const key = await loadBackupKey(path.join(data, 'keys'))
  const logVkey = (await readFile(path.join(data, 'log', 'vkey'), 'utf8')).trim()
  const earlier = await latestOwn(folder, key, logVkey)
  const reusable = earlier !== null && sameRecipients(earlier, recipients) ? earlier : null
  const writer = pieceWriter(folder, key, recipients)

  // Nothing moves while the hub is stopped.
  const tries = hub === 'running' ? backupLimits.momentTriesMax : 1
  const moment = await atOneMoment(
    db,
    tries,
    () => readCheckpoint(data, logVkey),
    async (transaction, catalogue) => {
      const tables = await writer.put(
        { part: 'tables', of: '-', from: 0, to: 1 },
        Buffer.from(JSON.stringify(catalogue)),
      )
      const rows = await copyRows(transaction, catalogue, writer, progress)
      return { rows: [tables, ...rows], ends: await segmentEnds(transaction, catalogue) }
    },
  )
  const { size, root } = moment.checkpoint
  const tiles = folderTiles(path.join(data, 'log'))
  if (earlier !== null) await expectContinued(tiles, size, earlier)
  const kept = reusable === null ? [] : await stillThere(folder, reusable.pieces)
  const vault = path.join(data, 'vault')
  const segments = await copySegments(vault, moment.ends, kept, writer, progress)
  const log = await copyLog(tiles, size, kept, writer, progress)
  const files = await copyFiles(data, moment.note, writer)
  await folder.syncNames()

  const snapshot: Snapshot = {
    version: 1,
    backup: earlier?.backup ?? randomBytes(16).toString('hex'),
    number: (earlier?.number ?? 0) + 1,
    made_at: now().toISOString(),
    hub,
    recipients: [...recipients],
    log_vkey: logVkey,
    log_size: size,
    log_root: Buffer.from(root).toString('hex'),
    left_out: [...leftOut],
    pieces: [...moment.rows, ...segments, ...log, ...files],
  }
  const { list, note } = signSnapshot(snapshot, key.signer)
  await folder.writeVkey(key.signer.vkey)
  await folder.writeSnapshot(snapshot.number, list, note)
  return { snapshot, vkey: key.signer.vkey, added: writer.written }
}

type Signed = { readonly note: string; readonly checkpoint: Checkpoint }

async function readCheckpoint(data: string, vkey: string): Promise<Signed> {
  const note = await readFile(path.join(data, 'log', 'checkpoint'), 'utf8')
  const opened = openCheckpoint(note, vkey, verify)
  if (opened.kind === 'refused')
    throw new BackupError('log_damaged', `The log's checkpoint: ${opened.detail}`)
  return { note, checkpoint: opened.checkpoint }
}

/** Runs `use` in a transaction whose rows are those of the checkpoint that was read just before. */
async function atOneMoment<T>(
  db: Db,
  triesMax: number,
  read: () => Promise<Signed>,
  use: (transaction: Kysely<Database>, catalogue: Catalogue) => Promise<T>,
): Promise<T & Signed> {
  for (let tries = 1; ; tries++) {
    const signed = await read()
    const used = await db
      .transaction()
      .setIsolationLevel('repeatable read')
      .setAccessMode('read only')
      .execute(async (transaction) => {
        await setSpelling(transaction)
        const catalogue = await readCatalogue(transaction)
        const highest = await highestLogIndexOf(transaction, catalogue)
        if (highest >= signed.checkpoint.size) return highest
        return { ...(await use(transaction, catalogue)), ...signed }
      })
    if (typeof used !== 'number') return used
    if (tries === triesMax)
      throw new BackupError(
        'log_behind_rows',
        `Rows refer to entry ${used} of the log, which has ${signed.checkpoint.size}. Run sallyport fsck.`,
      )
    await sleep(Math.random() * backupLimits.momentWaitMsMax)
  }
}

/** The last snapshot of this hub in the folder; null in an empty one. */
async function latestOwn(
  folder: BackupFolder,
  key: BackupKey,
  logVkey: string,
): Promise<Snapshot | null> {
  const number = (await folder.snapshots()).at(-1)
  if (number === undefined) return null
  const found = await folder.readSnapshot(number)
  const opened = found === null ? null : openSnapshot(found.list, found.note, key.signer.vkey)
  if (opened === null || opened.kind === 'refused' || opened.snapshot.log_vkey !== logVkey)
    throw new BackupError(
      'other_backup',
      `${folder.directory} holds the backup of another hub, or one that was changed. Name another folder, or run sallyport backup verify.`,
    )
  return opened.snapshot
}

function sameRecipients(earlier: Snapshot, recipients: readonly string[]): boolean {
  return earlier.recipients.join(' ') === recipients.join(' ')
}

/** Those of `pieces` whose objects lie there in their length. */
async function stillThere(
  folder: BackupFolder,
  pieces: readonly Piece[],
): Promise<readonly Piece[]> {
  const there: Piece[] = []
  for (const piece of pieces)
    if ((await folder.objectBytes(piece.object)) === piece.bytes) there.push(piece)
  return there
}
