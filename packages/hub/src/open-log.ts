/** Opens a hub's log, under its witnesses where a policy is set, and explains why it does not open. */

import path from 'node:path'

import { LogError, type LogErrorCode } from '@sallyport/store/log/log-error'

import { openJournal } from './journal.ts'
import type { KeyPair } from './keys.ts'
import type { HubSettings } from './settings.ts'
import { HubStartError } from './start-error.ts'
import { LogContradicted, journalUnderPolicy } from './witness/witnessed-journal.ts'

export type HubLogOptions = {
  readonly directory: string
  readonly settings: HubSettings
  readonly key: KeyPair
  /** Entries that rows already refer to: a shorter log was rolled back and is refused. */
  readonly sizeMin: number
  readonly now: () => Date
  readonly report: (message: string) => void
  /** Gets what closes the log again. */
  readonly undo: (() => Promise<void>)[]
}

/** Throws `HubStartError` when the log is damaged, rolled back, or contradicted by a witness. */
export async function openHubLog({ directory, settings, ...options }: HubLogOptions) {
  const { key, sizeMin, now, report, undo } = options
  const opened = await openJournal({
    directory,
    origin: settings.logOrigin,
    key,
    sizeMin,
    now: now(),
  }).catch((error: unknown) => {
    throw error instanceof LogError ? logStartError(error, directory) : error
  })
  let close = () => opened.close()
  undo.push(() => close())
  const found = await journalUnderPolicy(opened, {
    policyFile: settings.logPolicy,
    directory,
    now,
    report,
  }).catch((error: unknown) => {
    throw error instanceof LogContradicted ? contradictedError(error, directory) : error
  })
  close = () => found.journal.close()
  return found
}

/** What is wrong with the log, and what an operator does about it. Nothing is mended by guessing. */
function logStartError(error: LogError, directory: string): HubStartError {
  const where = error.file === null ? directory : path.join(directory, error.file)
  const next: Partial<Record<LogErrorCode, string>> = {
    log_rolled_back: `An older copy of ${directory} was put back: restore the newest one. A hub that went on from it would sign two histories.`,
    log_damaged: `Restore ${where} from the newest backup, then run sallyport log verify.`,
    wrong_key: `The key in keys/ or the log_origin is not the one this log was begun with: restore it.`,
    log_write_failed: `Make room on the disk and check that ${directory} is writable.`,
  }
  return new HubStartError(error.code, `${error.message} ${next[error.code] ?? ''}`.trim(), {
    cause: error,
  })
}

/** A witness remembers what the disk does not. */
function contradictedError(error: LogContradicted, directory: string): HubStartError {
  return new HubStartError(
    'log_contradicted',
    `A witness contradicts this log. ${error.message} An older copy of ${directory} was put back, or two hubs write one log: restore the newest copy. A hub that went on would sign two histories, and the witness would show it.`,
    { cause: error },
  )
}
