/**
 * What a hub needs to make backups: a key that signs snapshots and names objects, and the public
 * recipients that pieces are sealed to. It opens nothing: the agency holds what does, elsewhere.
 */

import { createHmac, randomBytes } from 'node:crypto'
import { mkdir, open, readFile, rename } from 'node:fs/promises'
import path from 'node:path'

import { generateSigningKey, publicKeyOf, sign } from '@sallyport/proof/node/ed25519'
import { generateIdentity, type SealIdentity } from '@sallyport/proof/node/seal'
import { syncDirectory } from '@sallyport/proof/node/sync-directory'
import { noteSigner, type NoteSigner } from '@sallyport/proof/note'
import { parseHybridRecipient, parseRecipient } from '@sallyport/proof/seal-format'

export type BackupKey = {
  readonly signer: NoteSigner
  /** Names a piece by its contents, so that it is stored once; says nothing to others. */
  name(kind: string, plaintext: Uint8Array): string
}

export const backupKeyFile = 'backup.key'
export const backupRecipientsFile = 'backup.recipients'

/** The key of `keys/`; made when there is none. Throws when it is damaged. */
export async function loadBackupKey(keys: string): Promise<BackupKey> {
  const file = path.join(keys, backupKeyFile)
  let text = await readText(file)
  if (text === null) {
    text = Buffer.from(generateSigningKey(randomBytes).privateKey).toString('hex')
    await writeText(file, `${text}\n`)
  }
  if (!/^[0-9a-f]{64}$/.test(text.trim()))
    throw new Error(`${file} is damaged. Remove it and begin a new backup in another folder.`)
  const seed = Buffer.from(text.trim(), 'hex')
  const naming = createHmac('sha256', seed).update('sallyport backup names').digest()
  return {
    signer: noteSigner('sallyport.invalid/backup', seed, publicKeyOf(seed), sign),
    name: (kind, plaintext) =>
      createHmac('sha256', naming).update(`${kind}\n`).update(plaintext).digest('hex'),
  }
}

/**
 * Whom pieces are sealed to: the settings' recipients, else those of `keys/`, else one made now. Its
 * secret half is returned once and stored nowhere, so it becomes the hub's with `keepRecipients` only
 * once somebody has it. Throws when a recipient is none.
 */
export async function loadRecipients(
  keys: string,
  configured: readonly string[],
): Promise<{ readonly recipients: readonly string[]; readonly made: SealIdentity | null }> {
  const file = path.join(keys, backupRecipientsFile)
  const stored = configured.length > 0 ? null : await readText(file)
  const recipients = stored === null ? configured : stored.split('\n').filter((line) => line !== '')
  const hybrid = recipients.filter((one) => parseHybridRecipient(one) !== null)
  const wrong = recipients.find((one) => parseRecipient(one) === null && !hybrid.includes(one))
  if (wrong !== undefined)
    throw new Error(`${wrong.slice(0, 70)} is no age recipient (age1… or age1pq1…).`)
  if (hybrid.length > 0 && hybrid.length < recipients.length)
    throw new Error(
      'Hybrid recipients (age1pq1…) protect nothing beside others: name hybrid ones alone.',
    )
  if (recipients.length > 0) return { recipients, made: null }
  const made = generateIdentity()
  return { recipients: [made.recipient], made }
}

/** Later backups are sealed to these, too. */
export async function keepRecipients(keys: string, recipients: readonly string[]): Promise<void> {
  await writeText(path.join(keys, backupRecipientsFile), `${recipients.join('\n')}\n`)
}

async function readText(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

async function writeText(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 })
  const draft = `${file}.new`
  const handle = await open(draft, 'w', 0o600)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(draft, file)
  await syncDirectory(path.dirname(file))
}
