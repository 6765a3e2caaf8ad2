/** `sallyport backup verify`, `list` and `prune` */

import path from 'node:path'

import { backupFolder } from '@sallyport/store/backup/backup-folder'
import { checkBackup } from '@sallyport/store/backup/check-backup'
import { allSnapshots, signerKey } from '@sallyport/store/backup/open-backup'
import { pruneBackup } from '@sallyport/store/backup/prune-backup'

import { exitCodes } from '../exit.ts'
import { readIdentities } from '../identity-file.ts'
import { jsonLine, note, progressLine } from '../terminal.ts'

type Signed = { readonly signer?: string; readonly json?: boolean }

/** Exit code 1 when a piece does not hold. */
export async function verify(
  folder: string,
  { signer, identity, json = false }: Signed & { readonly identity?: string },
): Promise<void> {
  warnOfSigner(signer)
  const progress = progressLine()
  const checked = await checkBackup({
    directory: path.resolve(folder),
    ...(signer === undefined ? {} : { vkey: signer }),
    identities: identity === undefined ? [] : await readIdentities(identity),
    progress: (text) => progress.show(text),
  }).finally(() => progress.end())
  const { findings, snapshots, pieces, bytes, opened } = checked
  if (findings.length > 0) process.exitCode = exitCodes.no
  if (json)
    return jsonLine({
      sound: findings.length === 0,
      snapshots: snapshots.length,
      pieces,
      bytes,
      opened,
      findings,
    })
  for (const finding of findings) console.log(finding)
  const looked = opened
    ? 'opened each, and computed the log to its signed root'
    : 'compared each as it lies there, sealed; give --identity to look inside'
  console.log(`${snapshots.length} snapshots, ${pieces} pieces, ${bytes} bytes: ${looked}`)
  console.log(findings.length === 0 ? 'All of it holds.' : `${findings.length} finding(s).`)
}

export async function list(folder: string, { signer, json = false }: Signed): Promise<void> {
  warnOfSigner(signer)
  const target = backupFolder(path.resolve(folder))
  const snapshots = await allSnapshots(target, await signerKey(target, signer))
  for (const { number, made_at, hub, log_size, pieces } of snapshots) {
    const bytes = pieces.reduce((sum, piece) => sum + piece.bytes, 0)
    if (json) jsonLine({ snapshot: number, made_at, hub, log_size, pieces: pieces.length, bytes })
    else console.log(`${number}  ${made_at}  ${hub}  ${log_size} log entries  ${bytes} bytes`)
  }
  if (snapshots.length === 0) process.exitCode = exitCodes.no
}

export async function prune(
  folder: string,
  { signer, keep, json = false }: Signed & { readonly keep: number },
): Promise<void> {
  const done = await pruneBackup(path.resolve(folder), signer, keep)
  if (json) return jsonLine({ ...done })
  console.log(
    `Removed ${done.snapshots} snapshots and ${done.pieces} pieces; ${done.kept} snapshots stay`,
  )
}

function warnOfSigner(signer: string | undefined): void {
  if (signer === undefined)
    note('Signer from the backup itself: whoever made it chose it. Pin yours with --signer.')
}
