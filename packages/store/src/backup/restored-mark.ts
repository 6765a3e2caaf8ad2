/** `restored.json` in a data directory: what a restore made of it, and that no hub signs there yet. */

import { open, readFile, rename, rm } from 'node:fs/promises'
import path from 'node:path'

import { fromUtf8 } from '@sallyport/proof/bytes'
import { decodeJson, hex256, oneOf, record, whole } from '@sallyport/proof/canonical-json'
import { syncDirectory } from '@sallyport/proof/node/sync-directory'

import { BackupError } from './backup-error.ts'
import type { Snapshot } from './snapshot.ts'

export type RestoredMark =
  /** A restore is under way, or was interrupted: what lies there is not whole. */
  | { readonly state: 'restoring' }
  | {
      readonly state: 'restored'
      /** Of the snapshot's list. */
      readonly backup_sha256: string
      /** Entries of the log whose rows were restored. */
      readonly rows_size: number
      readonly was: Snapshot['hub']
    }
  /** The hub's last backup was made from here, and it goes on elsewhere. */
  | { readonly state: 'retired' }

const name = 'restored.json'
const restored = record<Extract<RestoredMark, { state: 'restored' }>>({
  state: oneOf(['restored']),
  backup_sha256: hex256,
  rows_size: whole(0),
  was: oneOf(['running', 'stopped', 'final']),
})
const bytesMax = 4096

/** The mark of a data directory; null when it has none. Throws `BackupError` when it is damaged. */
export async function readMark(data: string): Promise<RestoredMark | null> {
  let bytes: Uint8Array
  try {
    bytes = await readFile(path.join(data, name))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
  const text = (fromUtf8(bytes) ?? '').trim()
  if (text === '{"state":"restoring"}') return { state: 'restoring' }
  if (text === '{"state":"retired"}') return { state: 'retired' }
  const decoded = decodeJson(restored, Buffer.from(text), bytesMax)
  if (decoded.kind === 'problem')
    throw new BackupError('not_empty', `${path.join(data, name)} is damaged: restore anew.`)
  return decoded.value
}

export async function writeMark(data: string, mark: RestoredMark): Promise<void> {
  const file = path.join(data, name)
  const handle = await open(`${file}.new`, 'w', 0o600)
  try {
    await handle.writeFile(`${JSON.stringify(mark)}\n`)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(`${file}.new`, file)
  await syncDirectory(data)
}

export async function removeMark(data: string): Promise<void> {
  await rm(path.join(data, name), { force: true })
  await syncDirectory(data)
}
