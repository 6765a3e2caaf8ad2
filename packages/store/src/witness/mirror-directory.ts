/**
 * A mirror (c2sp.org/tlog-mirror) beside a witness: the checkpoints that the witness has cosigned are
 * those whose entries may be sent, and only when every entry of one lies here durably does the mirror
 * cosign it, under a name and key of its own. The ticket it gives is such a checkpoint, which the
 * witness's own cosignature vouches for: nothing is kept for a sender that does not come back.
 */

import * as path from 'node:path'

import { concat, utf8 } from '@sallyport/proof/bytes'
import { limits } from '@sallyport/proof/limits'
import type { NoteKey } from '@sallyport/proof/note'
import type { TileReader } from '@sallyport/proof/tiles'
import { tileWidth } from '@sallyport/proof/tiles'
import type { Cosigner } from '@sallyport/proof/tlog-cosignature'
import {
  type AddEntries,
  formatMirrorInfo,
  mirrorInfoType,
  packagesOf,
  type Parsed,
  parseAddEntries,
  parsePackage,
  verifyPackage,
} from '@sallyport/proof/tlog-mirror'

import { type DurableFiles, nodeFiles } from '../log/durable-files.ts'
import { type MirroredLog, openMirroredLog } from './mirrored-log.ts'
import {
  type CosignedTree,
  originHash,
  type Witness,
  type WitnessAnswer,
  WitnessDamaged,
} from './witness-directory.ts'

export const mirrorDirectoryLimits = {
  /** Entries that were sent before may be sent again, so many back. */
  againMax: 32 * tileWidth,
  /** Checked packages are written together: at most so many, or about so many bytes. */
  packagesAtOnce: 16,
  bytesAtOnce: 8 * 1024 * 1024,
  /** Requests of one log at once; more are told to come back. */
  sendersMax: 8,
} as const

export type MirrorOptions = {
  /** The witness's own directory; the copies lie in `mirror/`, by the hash of their origin. */
  readonly directory: string
  readonly witness: Witness
  /** The mirror's keys, of another name than the witness's. */
  readonly cosigners: readonly Cosigner[]
  readonly logs: readonly NoteKey[]
  readonly files?: DurableFiles
}

type Mirrored = { readonly origin: string; readonly log: MirroredLog; senders: number }

/**
 * Opens the copies of every log that the witness follows. Throws `WitnessDamaged` or `TileError` with
 * the file at fault, also when a copy is ahead of the witness's memory: then that was put back.
 */
export async function openMirror(options: MirrorOptions): Promise<Mirror> {
  const { directory, witness, cosigners, logs, files = nodeFiles } = options
  if (cosigners.length === 0) throw new Error('a mirror has a key')
  const mirrored = new Map<string, Mirrored>()
  for (const origin of witness.origins()) {
    const keys = logs.filter(({ name }) => name === origin)
    const folder = path.join(directory, 'mirror', originHash(origin))
    const log = await openMirroredLog({ directory: folder, keys, cosigners, files })
    const pending = witness.cosigned(origin)?.size ?? -1
    if (log.signedSize > pending) {
      const detail = `has ${pending} entries of ${origin}, and its mirror ${log.signedSize}: an older copy was put back.`
      throw new WitnessDamaged(path.join(directory, 'latest', originHash(origin)), detail)
    }
    mirrored.set(origin, { origin, log, senders: 0 })
  }
  return new Mirror(witness, mirrored)
}

export class Mirror {
  readonly #witness: Witness
  readonly #mirrored: ReadonlyMap<string, Mirrored>

  constructor(witness: Witness, mirrored: ReadonlyMap<string, Mirrored>) {
    this.#witness = witness
    this.#mirrored = mirrored
  }

  /** The copy of a log by the hash of its origin; null when it is not followed. */
  reader(hash: string): TileReader | null {
    for (const { origin, log } of this.#mirrored.values())
      if (originHash(origin) === hash) return log.reader
    return null
  }

  /** Answers an add-entries request as it comes in. `now` is the time of the cosignature. Never throws. */
  async addEntries(body: AsyncIterable<Uint8Array>, now: () => Date): Promise<WitnessAnswer> {
    const feed = new Feed(body)
    const head = await feed.next(parseAddEntries).catch(() => null)
    if (head === null) return plain(400, 'The request does not begin as it should.', 'unknown')
    const mirrored = this.#mirrored.get(head.origin)
    if (mirrored === undefined) return plain(404, 'This log is not mirrored here.', 'unknown')
    if (mirrored.senders >= mirrorDirectoryLimits.sendersMax)
      return plain(503, 'Too many requests for this log are under way.', head.origin)
    mirrored.senders += 1
    return this.#receive(mirrored, head, feed, now)
      .catch((error: unknown): WitnessAnswer => {
        const reason = error instanceof Error ? error.message : String(error)
        const body_ = 'The mirror could not keep the entries, so it did not cosign them.\n'
        return { status: 500, ...text, body: body_, report: `${head.origin}: ${reason}` }
      })
      .finally(() => (mirrored.senders -= 1))
  }

  async #receive(
    { origin, log }: Mirrored,
    { start, end, ticket }: AddEntries,
    feed: Feed,
    now: () => Date,
  ): Promise<WitnessAnswer> {
    if (start > end) return plain(400, 'It ends before it begins.', origin)
    const pending = this.#witness.cosigned(origin)
    const tree = pending?.size === end ? pending : this.#fromTicket(origin, ticket, end)
    const info = (status: 202 | 409, known: CosignedTree | null): WitnessAnswer => ({
      status,
      contentType: mirrorInfoType,
      body: formatMirrorInfo({
        size: known?.size ?? 0,
        next: log.next,
        ticket: ticketOf(known),
      }),
      report: `${origin}: has ${log.next} of ${end}, answered ${status}`,
    })
    if (tree === null || end < log.signedSize) return info(409, pending)
    if (start > log.next || start < log.next - mirrorDirectoryLimits.againMax)
      return info(409, tree)

    let reached = start
    let held: Uint8Array[] = []
    let heldBytes = 0
    const flush = async () => {
      await log.save(reached - held.length, held)
      held = []
      heldBytes = 0
    }
    for (const range of packagesOf(start, end)) {
      const parsed = await feed.next((bytes) => parsePackage(bytes, range)).catch(() => null)
      if (parsed === null) break
      const before = await log.entries(range.from, range.start)
      if (!verifyPackage(range, before, parsed, tree)) {
        await flush()
        return plain(422, `Entries from ${range.start} do not belong to the checkpoint.`, origin)
      }
      held.push(...parsed.entries)
      heldBytes += parsed.entries.reduce((sum, { length }) => sum + length, 0)
      reached = range.end
      const { packagesAtOnce, bytesAtOnce } = mirrorDirectoryLimits
      if (held.length >= packagesAtOnce * tileWidth || heldBytes >= bytesAtOnce) await flush()
    }
    await flush()
    if (reached === start && start < end) return plain(400, 'No whole package came.', origin)
    if (log.next < end) return info(202, tree)
    const lines = await log.commit(tree, now())
    if (lines === null) return info(409, this.#witness.cosigned(origin))
    return { status: 200, ...text, body: lines, report: `${origin}: mirrored ${end}` }
  }

  #fromTicket(origin: string, ticket: Uint8Array, size: number): CosignedTree | null {
    const tree = ticket.length === 0 ? null : this.#witness.vouchedFor(origin, ticket)
    return tree?.size === size ? tree : null
  }
}

/** The tree's own checkpoint; nothing where its signatures are too many for a ticket. */
function ticketOf(tree: CosignedTree | null): Uint8Array {
  const bytes = utf8(tree?.note ?? '')
  return bytes.length <= limits.mirrorTicketMax ? bytes : new Uint8Array()
}

const text = { contentType: 'text/plain; charset=utf-8' } as const

function plain(status: 400 | 404 | 422 | 503, said: string, origin: string): WitnessAnswer {
  const report = `${origin}: refused with ${status}: ${said}`
  return { status, ...text, body: `${said}\n`, report }
}

/** What came of a body and was not used yet. */
class Feed {
  readonly #body: AsyncIterator<Uint8Array>
  #held: Uint8Array = new Uint8Array()

  constructor(body: AsyncIterable<Uint8Array>) {
    this.#body = body[Symbol.asyncIterator]()
  }

  /** The next thing that `parse` finds; null when the body ends before, or holds something else. */
  async next<T>(parse: (bytes: Uint8Array) => Parsed<T>): Promise<T | null> {
    for (;;) {
      const parsed = parse(this.#held)
      if (parsed.kind === 'malformed') return null
      if (parsed.kind === 'parsed') {
        this.#held = this.#held.subarray(parsed.length)
        return parsed.value
      }
      const parts: Uint8Array[] = [this.#held]
      for (let length = this.#held.length; length < parsed.wanted;) {
        const { done, value } = await this.#body.next()
        if (done === true) return null
        parts.push(value)
        length += value.length
      }
      this.#held = concat(...parts)
    }
  }
}
