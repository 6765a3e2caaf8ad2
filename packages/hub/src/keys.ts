/** The hub's own keys: files of 32 bytes in `keys/`, each for its owner only. */

import { randomBytes } from 'node:crypto'
import { chmod, mkdir, open, readFile, rename } from 'node:fs/promises'
import path from 'node:path'

import { generateSigningKey, publicKeyOf } from '@sallyport/proof/node/ed25519'
import { syncDirectory } from '@sallyport/proof/node/sync-directory'

export type KeyPair = { readonly seed: Uint8Array; readonly publicKey: Uint8Array }

export type HubKeys = {
  /** Signs epoch announcements; lanes pin its public half when they enrol. */
  readonly agency: KeyPair
  /** Signs checkpoints of the log. */
  readonly log: KeyPair
}

/**
 * Loads the keys of `directory`. Missing ones are made while `isNew`; later a missing or damaged key
 * throws: another key would silently be another agency.
 */
export async function loadHubKeys(directory: string, isNew: boolean): Promise<HubKeys> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  await chmod(directory, 0o700)
  return {
    agency: await loadKey(directory, 'agency', isNew),
    log: await loadKey(directory, 'log', isNew),
  }
}

async function loadKey(directory: string, name: string, isNew: boolean): Promise<KeyPair> {
  const file = path.join(directory, `${name}.key`)
  const text = await readSecret(file)
  if (text === null && !isNew) {
    throw new Error(
      `${file} is missing, and this hub has a log already. Restore the key from the backup.`,
    )
  }
  if (text === null) {
    const { privateKey, publicKey } = generateSigningKey(randomBytes)
    await writeSecret(file, Buffer.from(privateKey).toString('hex'))
    return { seed: privateKey, publicKey }
  }
  if (!/^[0-9a-f]{64}$/.test(text)) {
    throw new Error(
      `${file} is damaged. Restore it from the backup: without it, what it signed cannot be continued.`,
    )
  }
  const seed = Buffer.from(text, 'hex')
  return { seed, publicKey: publicKeyOf(seed) }
}

/** A secret file's one line, or null when there is no such file. */
export async function readSecret(file: string): Promise<string | null> {
  try {
    return (await readFile(file, 'utf8')).trim()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

/** Writes a secret durably under its name, or not at all. */
export async function writeSecret(file: string, text: string): Promise<void> {
  const draft = `${file}.new`
  const handle = await open(draft, 'w', 0o600)
  try {
    await handle.writeFile(`${text}\n`)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(draft, file)
  await syncDirectory(path.dirname(file))
}
