/** The keystore of a data directory, for commands that work on it while the hub is stopped. */

import { createHash } from 'node:crypto'
import path from 'node:path'

import { openJournal } from '@sallyport/hub/journal'
import { loadHubKeys } from '@sallyport/hub/keys'
import type { HubSettings } from '@sallyport/hub/settings'
import type { LogEntry } from '@sallyport/proof/entry'
import { roots } from '@sallyport/store/keystore/file-holder'
import { KeystoreError } from '@sallyport/store/keystore/keystore'

import { type Asker, openAsker } from './ask.ts'
import { CommandFailure, exitCodes } from './exit.ts'
import { dataOfHub, originOfLog, withLock } from './hub-data.ts'
import { readHubSettings } from './settings.ts'
import { note } from './terminal.ts'

export type KeysOptions = { readonly data?: string; readonly settings?: string }

export type KeystoreHome = {
  readonly settings: HubSettings
  /** `keys/keystore` of the data directory. */
  readonly folder: string
  /** Writes an entry into the log of the hub, durably, before what it tells of is done. */
  log(entry: LogEntry): Promise<void>
}

/** Locks the directory, and lets `work` use its keystore and log. */
export async function withKeystoreHome<T>(
  { settings: file, ...options }: KeysOptions,
  work: (home: KeystoreHome) => Promise<T>,
): Promise<T> {
  const settings = await readHubSettings(options, file)
  const directory = await dataOfHub(settings)
  return withLock(directory, 'Stop the hub first.', async () => {
    const origin = (await originOfLog(directory)) ?? settings.logOrigin
    try {
      return await work({
        settings,
        folder: path.join(directory, 'keys', 'keystore'),
        async log(entry) {
          const keys = await loadHubKeys(path.join(directory, 'keys'), false)
          const journal = await openJournal({
            directory: path.join(directory, 'log'),
            origin,
            key: keys.log,
            sizeMin: 1,
            now: new Date(),
          })
          try {
            await journal.append(entry)
          } finally {
            await journal.close()
          }
        },
      })
    } catch (error) {
      if (error instanceof KeystoreError)
        throw new CommandFailure(error.message, undefined, { cause: error })
      throw error
    }
  })
}

/** The passphrase of the root that is there: from the settings, else asked for; null when none is needed. */
export async function passphraseOf(
  { settings, folder }: Pick<KeystoreHome, 'settings' | 'folder'>,
  asker: Asker,
): Promise<string | null> {
  if (settings.rootPassphrase !== undefined) return settings.rootPassphrase
  const sealed = (await roots(folder).catch(() => [])).some((root) => root.sealed)
  return sealed ? asker.secret('Passphrase of the root: ') : null
}

/**
 * The settings of a hub with the passphrase of its root, asked for where somebody can answer. A root
 * that is to be made is sealed with one, unless the settings say that it shall lie in clear.
 */
export async function withRootPassphrase(settings: HubSettings): Promise<HubSettings> {
  if (settings.rootPassphrase !== undefined || settings.keystoreHolder !== 'file') return settings
  const folder = path.join(path.resolve(settings.data), 'keys', 'keystore')
  const isNew = (await roots(folder).catch(() => [])).length === 0
  if (isNew && settings.rootInClear) return settings
  if (!process.stdin.isTTY) {
    if (isNew) throw new CommandFailure(noPassphrase, exitCodes.wrongUse)
    return settings
  }
  const asker = openAsker()
  try {
    if (isNew) note(newRoot)
    const words = isNew
      ? await newPassphrase(asker)
      : await passphraseOf({ settings, folder }, asker)
    return words === null ? settings : { ...settings, rootPassphrase: words }
  } finally {
    asker.close()
  }
}

const newRoot =
  'This hub has no keystore yet. Its root is sealed with a passphrase: whoever has the disk opens no picture without it, and neither do you. Write it down where the disk is not. (root_in_clear = true in the settings goes without.)'

const noPassphrase =
  'This hub has no keystore yet, and nobody is here to give it a passphrase. Start it once at a terminal, or give SALLYPORT_ROOT_PASSPHRASE, or set root_in_clear = true: then whoever has the disk opens every picture.'

/** A new passphrase, typed twice. */
export async function newPassphrase(asker: Asker): Promise<string> {
  const words = await asker.secret('New passphrase of the root (12 characters or more): ')
  if ((await asker.secret('Once more: ')) !== words)
    throw new CommandFailure('The two are not the same. Nothing was changed.')
  return words
}

/** What the log says in place of a holder's own name for its key. */
export function referenceSha256(reference: string): string {
  return createHash('sha256').update(reference).digest('hex')
}
