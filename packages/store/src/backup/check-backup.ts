/**
 * `sallyport backup verify`: that every piece is the one that was signed for. With the agency's
 * identity also that each opens, holds what the list says, and that the log leads to its root.
 */

import type { OpeningKey } from '@sallyport/proof/node/seal'

import { BackupError } from './backup-error.ts'
import { type BackupFolder, backupFolder } from './backup-folder.ts'
import { rebuildLog } from './log-in.ts'
import { allSnapshots, signerKey } from './open-backup.ts'
import { openPiece, readSealed } from './pieces.ts'
import type { Piece, Snapshot } from './snapshot.ts'

export type CheckOptions = {
  readonly directory: string
  /** Who must have signed; the folder's own word when it is not given. */
  readonly vkey?: string
  /** Empty: pieces are compared as they lie there, sealed. */
  readonly identities: readonly OpeningKey[]
  readonly progress?: (text: string) => void
}

export type BackupChecked = {
  readonly snapshots: readonly Snapshot[]
  readonly pieces: number
  readonly bytes: number
  /** False: no identity was given, so nothing was looked into. */
  readonly opened: boolean
  /** What does not hold, in words; empty when everything does. */
  readonly findings: readonly string[]
}

const findingsMax = 100

/** Reads every object that any snapshot names. Throws `BackupError` when there is no backup to check. */
export async function checkBackup(options: CheckOptions): Promise<BackupChecked> {
  const { directory, identities, progress = () => undefined } = options
  const folder = backupFolder(directory)
  const vkey = await signerKey(folder, options.vkey)
  const snapshots = await allSnapshots(folder, vkey)
  if (snapshots.length === 0) throw new BackupError('no_backup', `${directory} holds no snapshot.`)
  const pieces = new Map<string, Piece>()
  for (const piece of snapshots.flatMap((one) => one.pieces)) pieces.set(piece.object, piece)
  const findings: string[] = []
  let done = 0
  let bytes = 0
  for (const piece of pieces.values()) {
    const found = await checkPiece(folder, piece, identities)
    if (found !== null && findings.length < findingsMax) findings.push(found)
    done += 1
    bytes += piece.bytes
    progress(`${done} of ${pieces.size} pieces`)
  }
  const opened = identities.length > 0
  if (opened && findings.length === 0) {
    for (const snapshot of snapshots) {
      const open = pieceOpener(folder, identities)
      await rebuildLog(snapshot, open, null, progress).catch((error: unknown) => {
        if (!(error instanceof BackupError)) throw error
        findings.push(`snapshot ${snapshot.number}: ${error.message}`)
      })
    }
  }
  return { snapshots, pieces: pieces.size, bytes, opened, findings }
}

async function checkPiece(
  folder: BackupFolder,
  piece: Piece,
  identities: readonly OpeningKey[],
): Promise<string | null> {
  if (identities.length === 0) {
    const sealed = await readSealed(folder, piece)
    return sealed.kind === 'refused' ? sealed.detail : null
  }
  const opened = await openPiece(folder, piece, identities)
  if (opened.kind === 'refused') return opened.detail
  const { part, of, from, to } = piece
  const length = part === 'rows' ? linesIn(opened.plaintext) : opened.plaintext.length
  const expected = part === 'rows' || part === 'segment' || part === 'file' ? to - from : length
  return length === expected ? null : `${of} ${from}–${to} holds ${length}.`
}

function linesIn(plaintext: Uint8Array): number {
  let lines = 1
  for (const byte of plaintext) if (byte === 0x0a) lines += 1
  return lines
}

/** Opens pieces, or throws `BackupError` with what is wrong. */
export function pieceOpener(
  folder: BackupFolder,
  identities: readonly OpeningKey[],
): (piece: Piece) => Promise<Uint8Array> {
  return async (piece) => {
    const opened = await openPiece(folder, piece, identities)
    if (opened.kind === 'refused') throw new BackupError(opened.code, opened.detail)
    return opened.plaintext
  }
}

/** What lies there of one snapshot, checked without opening it. Throws `BackupError` at the first fault. */
export async function expectWhole(
  folder: BackupFolder,
  { pieces }: Snapshot,
  progress: (text: string) => void,
): Promise<void> {
  for (const [at, piece] of pieces.entries()) {
    const sealed = await readSealed(folder, piece)
    if (sealed.kind === 'refused') throw new BackupError(sealed.code, sealed.detail)
    progress(`checked ${at + 1} of ${pieces.length} pieces`)
  }
}
