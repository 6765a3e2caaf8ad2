/** The hub's log under witnesses: the same journal, whose receipts carry cosignatures once there are. */

import { readFile } from 'node:fs/promises'

import { openCheckpoint } from '@sallyport/proof/checkpoint'
import { verify } from '@sallyport/proof/node/ed25519'
import { proveEntry } from '@sallyport/proof/prove'
import { type Policy, parsePolicy, policyForLog } from '@sallyport/proof/tlog-policy'

import type { Journal, Receipt } from '../journal.ts'
import { type Post, fetchPost } from './ask-witness.ts'
import { type WitnessedFiles, openWitnessedFiles } from './witnessed-files.ts'
import {
  type WitnessAlarm,
  type Witnessing,
  type WitnessingOptions,
  askAtStart,
  startWitnessing,
} from './witnessing.ts'

export type WitnessedJournal = Journal & {
  readonly policy: Policy
  readonly witnessing: Witnessing
  readonly files: WitnessedFiles
}

/** The log contradicts what a witness has cosigned: nothing may be appended to it. */
export class LogContradicted extends Error {
  constructor(detail: string) {
    super(detail)
    this.name = 'LogContradicted'
  }
}

/**
 * Asks the witnesses of `policy`, then begins witnessing `journal`. Throws `LogContradicted` when
 * one of them has seen more than the log has, or another history: an older copy of the data was
 * put back, or two hubs write one log.
 */
export async function witnessJournal(
  journal: Journal,
  options: {
    readonly policy: Policy
    /** The log's folder. */
    readonly directory: string
    readonly now: () => Date
    readonly report: (message: string) => void
    readonly post?: Post
    readonly everyMs?: number
  },
): Promise<WitnessedJournal & { onAlarm(raise: WitnessingOptions['alarm']): void }> {
  const { policy, directory, now, report, post = fetchPost } = options
  const log = { vkey: journal.vkey, tiles: journal.tiles }
  const contradicted = await askAtStart({ policy, log, post, report })
  if (contradicted !== null) throw new LogContradicted(contradicted.detail)
  const files = await openWitnessedFiles(directory)
  // Alarms are logged, so they need the journal that they are about: they come a moment later.
  let raise: WitnessingOptions['alarm'] = async (kind: WitnessAlarm, detail) =>
    report(`${kind}: ${detail}`)
  const witnessing = startWitnessing({
    policy,
    log,
    files,
    post,
    now,
    report,
    alarm: (kind, detail) => raise(kind, detail),
    ...(options.everyMs === undefined ? {} : { everyMs: options.everyMs }),
  })
  return {
    ...journal,
    policy,
    witnessing,
    files,
    onAlarm: (given) => (raise = given),
    async append(entry) {
      const index = await journal.append(entry)
      witnessing.grown()
      return index
    },
    async settle() {
      await journal.settle()
      witnessing.grown()
    },
    receipt: async (index) =>
      (await witnessedReceipt(journal, witnessing, index)) ?? journal.receipt(index),
    async close() {
      await witnessing.stop()
      await journal.close()
    },
  }
}

/** The receipt of an entry that the witnessed checkpoint covers; null where it does not yet. */
async function witnessedReceipt(
  journal: Journal,
  witnessing: Witnessing,
  index: number,
): Promise<Receipt | null> {
  const latest = witnessing.latest()
  if (latest === null || !Number.isSafeInteger(index) || index < 0 || index >= latest.size) {
    return null
  }
  const opened = openCheckpoint(latest.note, journal.vkey, verify)
  if (opened.kind === 'refused') return null
  const { entry, proof } = await proveEntry(journal.tiles, index, latest.note, opened.checkpoint)
  return { index, entry, receipt: proof }
}

/** The journal of a hub: under the witnesses of `policyFile`, or as it is where none is set. */
export async function journalUnderPolicy(
  journal: Journal,
  options: {
    readonly policyFile: string | undefined
    readonly directory: string
    readonly now: () => Date
    readonly report: (message: string) => void
  },
): Promise<{
  readonly journal: Journal
  readonly witnessed: WitnessedJournal | null
  readonly onAlarm: (raise: WitnessingOptions['alarm']) => void
}> {
  const { policyFile, ...rest } = options
  if (policyFile === undefined) return { journal, witnessed: null, onAlarm: () => undefined }
  const policy = await readPolicy(policyFile, journal.vkey)
  const witnessed = await witnessJournal(journal, { ...rest, policy })
  return { journal: witnessed, witnessed, onAlarm: (raise) => witnessed.onAlarm(raise) }
}

/** The policy in `file` for the log of `vkey`. Throws with the line or the name at fault. */
async function readPolicy(file: string, vkey: string): Promise<Policy> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new Error(`The policy ${file} cannot be read.`, { cause: error })
  })
  const parsed = parsePolicy(bytes)
  if (parsed.kind === 'refused') throw new Error(`${file}: ${parsed.detail}`)
  const policy = policyForLog(parsed.policy, vkey)
  if (policy === null) {
    throw new Error(`${file} names other logs only. This one is: log ${vkey}`)
  }
  return policy
}
