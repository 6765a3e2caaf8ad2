/**
 * A witness's memory: for each log the latest checkpoint that it cosigned. Checking and remembering
 * are one step for each log, and nothing is answered before the disk has it, so that no crash and
 * no race makes a witness cosign a tree that it did not see continue the one before.
 */

import { createHash } from 'node:crypto'
import * as path from 'node:path'

import { fromUtf8, utf8 } from '@sallyport/proof/bytes'
import { parseCheckpoint } from '@sallyport/proof/checkpoint'
import { nodeVerifiers } from '@sallyport/proof/node/ml-dsa'
import { type NoteKey, openNote } from '@sallyport/proof/note'
import { type Cosigner, cosign, openCosignatures } from '@sallyport/proof/tlog-cosignature'
import {
  type WitnessRefusal,
  type WitnessState,
  claimedOrigin,
  decideAddCheckpoint,
  parseAddCheckpoint,
  sizeContentType,
} from '@sallyport/proof/tlog-witness'
import { addSignatures } from '@sallyport/proof/witnessed'

import { type DurableFiles, nodeFiles } from '../log/durable-files.ts'

export const witnessLimits = {
  logsMax: 1000,
  /** Requests of one log that may wait for the one before; more are told to come back. */
  waitingMax: 64,
  /** Contradictions kept; what comes later is refused all the same and not kept. */
  evidenceMax: 1000,
} as const

export type WitnessOptions = {
  /** Holds `latest/` and `evidence/`; owned by one process: its owner locks it. */
  readonly directory: string
  /** The witness's own keys, at least one. */
  readonly cosigners: readonly Cosigner[]
  /** Keys of the logs that are followed; the name of a key is the origin of its log. */
  readonly logs: readonly NoteKey[]
  readonly files?: DurableFiles
}

/** An answer of the protocol, for whatever transport. */
export type WitnessAnswer = {
  readonly status: 200 | 202 | WitnessRefusal['status'] | 500 | 503
  readonly contentType: string
  readonly body: string
  /** For the operator's terminal; holds sizes and origins only. */
  readonly report: string
}

type Followed = {
  readonly origin: string
  readonly keys: readonly NoteKey[]
  state: WitnessState
  /** The cosigned checkpoint, as it lies on the disk; null before the first. */
  note: string | null
  /** The last request of this log, done or not. Never rejects. */
  turn: Promise<unknown>
  waiting: number
}

/** A checkpoint that this witness cosigned, with the signed text that says so. */
export type CosignedTree = {
  readonly size: number
  readonly root: Uint8Array
  readonly note: string
}

/** What a witness remembers is not what it wrote. It must not go on: it could cosign a fork. */
export class WitnessDamaged extends Error {
  readonly file: string

  constructor(file: string, detail: string) {
    super(`${file}: ${detail}`)
    this.name = 'WitnessDamaged'
    this.file = file
  }
}

/** Opens a witness's memory, or begins one. Throws `WitnessDamaged` naming the file at fault. */
export async function openWitness(options: WitnessOptions): Promise<Witness> {
  const { directory, cosigners, logs, files = nodeFiles } = options
  if (cosigners.length === 0) throw new Error('a witness has a key')
  const origins = new Set(logs.map(({ name }) => name))
  if (origins.size > witnessLimits.logsMax) throw new Error('too many logs')
  for (const folder of ['latest', 'evidence', '.tmp']) {
    await files.makeFolder(path.join(directory, folder))
  }
  await files.syncFolder(directory)
  const followed = new Map<string, Followed>()
  for (const origin of origins) {
    const keys = logs.filter(({ name }) => name === origin)
    const file = path.join(directory, 'latest', originHash(origin))
    const bytes = await files.read(file)
    const known = bytes === null ? null : readCosigned(bytes, keys, cosigners)
    if (typeof known === 'string') throw new WitnessDamaged(file, known)
    followed.set(origin, {
      origin,
      keys,
      state:
        known === null
          ? { kind: 'none' }
          : { kind: 'cosigned', size: known.size, root: known.root },
      note: known?.note ?? null,
      turn: Promise.resolve(),
      waiting: 0,
    })
  }
  return new Witness(directory, files, cosigners, followed)
}

export class Witness {
  readonly #directory: string
  readonly #files: DurableFiles
  readonly #cosigners: readonly Cosigner[]
  readonly #followed: ReadonlyMap<string, Followed>
  #drafts = 0

  constructor(
    directory: string,
    files: DurableFiles,
    cosigners: readonly Cosigner[],
    followed: ReadonlyMap<string, Followed>,
  ) {
    this.#directory = directory
    this.#files = files
    this.#cosigners = cosigners
    this.#followed = followed
  }

  /** Answers an add-checkpoint request. `now` is the time of the cosignature. Never throws. */
  async addCheckpoint(body: Uint8Array, now: () => Date): Promise<WitnessAnswer> {
    const request = parseAddCheckpoint(body)
    const origin = request === null ? null : claimedOrigin(request)
    const followed = origin === null ? undefined : this.#followed.get(origin)
    if (request === null || followed === undefined) {
      return refused(decideAddCheckpoint(request, [], { kind: 'none' }), 'unknown')
    }
    if (followed.waiting >= witnessLimits.waitingMax) return busy(followed.origin)
    followed.waiting += 1
    const answer = followed.turn.then(async () => {
      const decided = decideAddCheckpoint(
        request,
        followed.keys,
        followed.state,
        nodeVerifiers.ed25519,
      )
      if (decided.kind === 'refused') {
        if (decided.evidence) await this.#keepEvidence(followed, request.note)
        return refused(decided, followed.origin)
      }
      const { checkpoint, text } = decided
      const time = Math.floor(now().getTime() / 1000)
      const lines = this.#cosigners.map((one) => cosign(text, one, time)).join('')
      const note = addSignatures(request.note, lines)
      await this.#persist(followed.origin, note)
      followed.state = { kind: 'cosigned', size: checkpoint.size, root: checkpoint.root }
      followed.note = note
      const report = `${followed.origin}: cosigned ${checkpoint.size}`
      return { status: 200, contentType: 'text/plain; charset=utf-8', body: lines, report } as const
    })
    const settled = answer.catch((error: unknown) => failed(followed.origin, error))
    followed.turn = settled.then(() => (followed.waiting -= 1))
    return settled
  }

  /** The latest cosigned checkpoint of a log by the hash of its origin; null when there is none. */
  latest(hash: string): string | null {
    for (const { origin, note } of this.#followed.values()) {
      if (originHash(origin) === hash) return note
    }
    return null
  }

  /** The logs that are followed. */
  origins(): readonly string[] {
    return [...this.#followed.keys()]
  }

  /** The latest tree that was cosigned for a log; null when there is none. */
  cosigned(origin: string): CosignedTree | null {
    const followed = this.#followed.get(origin)
    if (followed === undefined || followed.note === null || followed.state.kind === 'none')
      return null
    return { size: followed.state.size, root: followed.state.root, note: followed.note }
  }

  /** The tree of a log in `note`, if this witness cosigned it at any time; null for any other text. */
  vouchedFor(origin: string, note: Uint8Array): CosignedTree | null {
    const followed = this.#followed.get(origin)
    if (followed === undefined) return null
    const read = readCosigned(note, followed.keys, this.#cosigners)
    return typeof read === 'string' ? null : read
  }

  async #persist(origin: string, note: string): Promise<void> {
    const target = path.join(this.#directory, 'latest', originHash(origin))
    await this.#place(target, note)
  }

  /** Both sides of a contradiction: what was cosigned, and what the log signed against it. */
  async #keepEvidence({ origin, note }: Followed, against: string): Promise<void> {
    const folder = path.join(this.#directory, 'evidence')
    if ((await this.#files.list(folder)).length >= witnessLimits.evidenceMax) return
    const both = `${note ?? ''}\n\n${against}`
    const name = `${originHash(origin).slice(0, 16)}-${createHash('sha256').update(both).digest('hex').slice(0, 16)}`
    await this.#place(path.join(folder, name), both)
  }

  /** Writes one file under its name, durably or not at all. */
  async #place(target: string, text: string): Promise<void> {
    this.#drafts += 1
    const draft = path.join(this.#directory, '.tmp', `${this.#drafts}`)
    await this.#files.write(draft, utf8(text))
    await this.#files.rename(draft, target)
    await this.#files.syncFolder(path.dirname(target))
  }
}

/** Hex SHA-256 of an origin: how a log is named in paths. */
export function originHash(origin: string): string {
  return createHash('sha256').update(origin, 'utf8').digest('hex')
}

/** The tree in a note of a log, checked as strictly as one from outside; words when it is not cosigned by these. */
export function readCosigned(
  bytes: Uint8Array,
  keys: readonly NoteKey[],
  cosigners: readonly Cosigner[],
): CosignedTree | string {
  const opened = openNote(bytes, keys, nodeVerifiers.ed25519)
  if (opened.kind === 'refused') return opened.detail
  const own = openCosignatures(bytes, cosigners, nodeVerifiers)
  if (own.kind === 'refused') return own.detail
  const checkpoint = parseCheckpoint(opened.text)
  const note = fromUtf8(bytes)
  if (own.found.length === 0 || checkpoint === null || note === null)
    return 'was not cosigned with the key of this witness.'
  return { size: checkpoint.size, root: checkpoint.root, note }
}

function refused(decided: ReturnType<typeof decideAddCheckpoint>, origin: string): WitnessAnswer {
  if (decided.kind !== 'refused') throw new Error('a request of no known log is refused')
  const { status, code, detail, size } = decided
  const report = `${origin}: refused with ${status} ${code}`
  return size === undefined
    ? { status, contentType: 'text/plain; charset=utf-8', body: `${code}: ${detail}\n`, report }
    : { status, contentType: sizeContentType, body: `${size}\n`, report }
}

function failed(origin: string, error: unknown): WitnessAnswer {
  const reason = error instanceof Error ? error.message : String(error)
  const body = 'The witness could not remember the checkpoint, so it did not cosign it.\n'
  const report = `${origin}: ${reason}`
  return { status: 500, contentType: 'text/plain; charset=utf-8', body, report }
}

function busy(origin: string): WitnessAnswer {
  const body = 'Too many requests for this log are waiting.\n'
  const report = `${origin}: too many requests wait`
  return { status: 503, contentType: 'text/plain; charset=utf-8', body, report }
}
