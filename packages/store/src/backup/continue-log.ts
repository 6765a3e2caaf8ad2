/**
 * How a restored hub's log goes on without a fork. Either nothing is missing from it, or what is
 * missing is found elsewhere; else it is another log from here on, under another name and key, that
 * begins with the same entries. Each way is declared by an entry before the hub may sign.
 */

import { mkdir, readFile, rename } from 'node:fs/promises'
import path from 'node:path'

import { utf8 } from '@sallyport/proof/bytes'
import { openCheckpoint, signCheckpoint } from '@sallyport/proof/checkpoint'
import { encodeEntry, parseEntry } from '@sallyport/proof/entry'
import { sha256Hex } from '@sallyport/proof/node/bundle-check'
import { verify } from '@sallyport/proof/node/ed25519'
import { syncDirectory } from '@sallyport/proof/node/sync-directory'
import type { NoteSigner } from '@sallyport/proof/note'
import type { RestoredEntry } from '@sallyport/proof/restore-entry'
import type { TileReader } from '@sallyport/proof/tiles'

import { nodeFiles } from '../log/durable-files.ts'
import { openLog } from '../log/log-directory.ts'
import { mirrorLog } from '../log/mirror.ts'
import { TileFolder } from '../log/tile-folder.ts'
import { BackupError } from './backup-error.ts'
import { readMark, removeMark } from './restored-mark.ts'

export type Continuation =
  /** The backup was a retired hub's last act. */
  | { readonly kind: 'final' }
  /** A mirror, or the log's folder on the old disk: what it has beyond ours is taken over. */
  | { readonly kind: 'recovered'; readonly from: TileReader }
  /** What is missing is lost. `next` has another name and key, which its caller has made durable. */
  | { readonly kind: 'renamed'; readonly next: NoteSigner }

export type Continued = {
  /** Of the entry that declares it. */
  readonly index: number
  /** Entries whose rows are lost. */
  readonly lost: number
  readonly vkey: string
}

/**
 * Continues the log of `data`, which its caller has locked, and takes the mark away. May be called
 * again after an interruption. Throws `BackupError`.
 */
export async function continueLog(options: {
  readonly data: string
  /** The log's signer as it was backed up. */
  readonly signer: NoteSigner
  readonly how: Continuation
  readonly now: () => Date
}): Promise<Continued> {
  const { data, signer, how, now } = options
  const mark = await readMark(data)
  if (mark?.state !== 'restored')
    throw new BackupError('no_backup', `${data} was not restored, or not to the end.`)
  const directory = path.join(data, 'log')
  if (how.kind === 'recovered') await takeOver(directory, signer.vkey, how.from)
  const previous = how.kind === 'renamed' ? await becomeAnother(directory, signer, how.next) : null
  const current = how.kind === 'renamed' ? how.next : signer

  const log = await openLog({ directory, origin: current.name, signer: current })
  try {
    const { backup_sha256, rows_size } = mark
    const entry: RestoredEntry = {
      v: 1,
      at: now().toISOString(),
      kind: 'restored',
      backup_sha256,
      rows_size,
      how: how.kind,
      ...(previous === null ? {} : { previous_sha256: previous }),
    }
    const last = log.size === 0 ? null : parseEntry(await log.readEntry(log.size - 1))
    const isDeclared =
      last?.kind === 'entry' &&
      last.entry.kind === 'restored' &&
      last.entry.backup_sha256 === backup_sha256
    const index = isDeclared ? log.size - 1 : (await log.append(encodeEntry(entry))).index
    await new TileFolder(directory, nodeFiles).publish('vkey', utf8(`${current.vkey}\n`))
    await removeMark(data)
    return { index, lost: index - rows_size, vkey: current.vkey }
  } finally {
    await log.close()
  }
}

async function takeOver(directory: string, vkey: string, from: TileReader): Promise<void> {
  const mirrored = await mirrorLog({ from, vkey, directory })
  if (mirrored.kind === 'refused')
    throw new BackupError('log_rolled_back', `That log cannot be gone on with: ${mirrored.detail}`)
}

/**
 * Signs the same tree as another log, and keeps the old one's last checkpoint below `retired/`.
 * Returns that checkpoint's hash.
 */
async function becomeAnother(
  directory: string,
  before: NoteSigner,
  next: NoteSigner,
): Promise<string> {
  const note = await readFile(path.join(directory, 'checkpoint'))
  const retired = path.join(directory, 'retired', Buffer.from(before.keyId).toString('hex'))
  if (openCheckpoint(note, next.vkey, verify).kind === 'checkpoint')
    return sha256Hex(await readFile(path.join(retired, 'checkpoint')))
  const old = openCheckpoint(note, before.vkey, verify)
  if (old.kind === 'refused') throw new BackupError('log_damaged', old.detail)
  await mkdir(retired, { recursive: true, mode: 0o755 })
  const files = new TileFolder(retired, nodeFiles)
  await files.prepare()
  await files.publish('vkey', utf8(`${before.vkey}\n`))
  await files.publish('checkpoint', note)
  // Witnesses cosigned the old log: what they said stays with it.
  for (const name of ['witnessed-checkpoint', 'witnessed'])
    await rename(path.join(directory, name), path.join(retired, name)).catch(() => undefined)
  for (const folder of [path.dirname(retired), directory]) await syncDirectory(folder)
  const { size, root } = old.checkpoint
  const folder = new TileFolder(directory, nodeFiles)
  await folder.prepare()
  await folder.publish('checkpoint', utf8(signCheckpoint({ origin: next.name, size, root }, next)))
  return sha256Hex(note)
}
