/**
 * Epoch recipients of this lane's port: fetched, trusted only when the pinned agency key signed them,
 * kept on disk as they came, so that a lane goes on sealing for days without the hub.
 */

import * as path from 'node:path'

import { fromBase64, fromHex, fromUtf8, toBase64, toHex, utf8 } from '@sallyport/proof/bytes'
import {
  type DayEpoch,
  type EpochDocument,
  epochDay,
  epochFor,
  supersedes,
  verifyEpochs,
} from '@sallyport/proof/epoch'
import { verify } from '@sallyport/proof/node/ed25519'
import { z } from 'zod'

import type { Alarms } from './alarms.ts'
import { type Chance, type Clock, backOffMs } from './clock.ts'
import type { ClosedDays } from './day-closing.ts'
import { epochsFileName, parseJson } from './device.ts'
import type { DurableFiles } from './durable-files.ts'
import { type Report, reasonOf } from './events.ts'
import { type Answer, type Ask, problemCode } from './http.ts'
import { limits } from './limits.ts'

const announcementShape = z.object({
  document: z.string().max(300_000),
  signature: z.string().regex(/^[0-9a-f]{128}$/),
})

export type EpochsRefusal =
  | 'malformed_epochs'
  | 'bad_signature'
  | 'other_agency'
  | 'other_port'
  | 'older_epochs'

type Owner = { readonly agencyKey: Uint8Array; readonly port: { readonly id: string } }
type Known = {
  readonly document: EpochDocument
  readonly bytes: Uint8Array
  readonly signature: Uint8Array
}

/** Judges an announcement (`{document: base64, signature: hex}`) for this device. */
export function judgeEpochs(
  announcement: unknown,
  { agencyKey, port }: Owner,
  newest: EpochDocument | null,
):
  | ({ readonly kind: 'trusted' } & Known)
  | { readonly kind: 'refused'; readonly code: EpochsRefusal } {
  const parsed = announcementShape.safeParse(announcement)
  const bytes = parsed.success ? fromBase64(parsed.data.document) : null
  const signature = parsed.success ? fromHex(parsed.data.signature) : null
  if (bytes === null || signature === null) return { kind: 'refused', code: 'malformed_epochs' }
  const verified = verifyEpochs(agencyKey, bytes, signature, verify)
  if (verified.kind === 'refused') return { kind: 'refused', code: verified.code }
  const { document } = verified
  if (document.port !== port.id) return { kind: 'refused', code: 'other_port' }
  // A replayed old document could bring back a recipient that the agency has withdrawn, and one of
  // version 1, which the hub gives to older lanes, could take the hybrid recipients away.
  if (!supersedes(document, newest)) return { kind: 'refused', code: 'older_epochs' }
  return { kind: 'trusted', document, bytes, signature }
}

export class EpochBook {
  readonly #owner: Owner
  readonly #file: string
  readonly #files: DurableFiles
  readonly #closed: Pick<ClosedDays, 'has'>
  #known: Known | null = null
  /** On the disk, and nothing is being sealed any more to recipients that it replaced. */
  #held: Known | null = null
  #durable: Known | null = null
  /** What is being sealed now, by the announcement that it began with. */
  readonly #sealing = new Map<Known, number>()
  #renewal = new AbortController()
  /** On the monotonic clock. */
  #askedAfterRefusalMs = Number.NEGATIVE_INFINITY

  constructor(
    directory: string,
    owner: Owner,
    files: DurableFiles,
    closed: Pick<ClosedDays, 'has'>,
  ) {
    this.#closed = closed
    this.#owner = owner
    this.#file = path.join(directory, epochsFileName)
    this.#files = files
  }

  /** Reads what was kept; a missing or tampered file leaves the book empty. */
  async load(): Promise<void> {
    try {
      const text = fromUtf8(await this.#files.read(this.#file))
      const judged = judgeEpochs(parseJson(text ?? ''), this.#owner, null)
      if (judged.kind !== 'trusted') return
      this.#known = judged
      this.#keptOnDisk(judged)
    } catch {
      // Nothing kept yet.
    }
  }

  /** The recipients of the UTC day of `date`; null when none was announced or it is over: then nothing is sealed. */
  epochOf(date: Date): DayEpoch | null {
    const day = epochDay(date)
    if (this.#known === null || this.#closed.has(day)) return null
    return epochFor(this.#known.document, day)
  }

  /**
   * Seals with the recipients of the UTC day of `date`. Until `work` is done, `held` does not say that
   * they were replaced.
   */
  async sealing<T>(date: Date, work: (epoch: DayEpoch | null) => Promise<T>): Promise<T> {
    const begun = this.#known
    const count = (by: number): void => {
      if (begun === null) return
      const left = (this.#sealing.get(begun) ?? 0) + by
      if (left > 0) this.#sealing.set(begun, left)
      else this.#sealing.delete(begun)
    }
    count(1)
    try {
      return await work(this.epochOf(date))
    } finally {
      count(-1)
      this.#settle()
    }
  }

  /** The announcement that everything is sealed by from here on, also after a power cut. */
  get held(): EpochDocument | null {
    return this.#held?.document ?? null
  }

  /** False where another recipient is announced for the day, or none any more: it may have been replaced. */
  isAnnounced({ day, recipient }: Pick<DayEpoch, 'day' | 'recipient'>): boolean {
    const announced = this.#known === null ? null : epochFor(this.#known.document, day)
    return announced?.recipient === recipient
  }

  /** The hub has other recipients: whoever keeps the book fresh asks for them at once. */
  renewNow(): void {
    this.#renewal.abort()
  }

  /**
   * The hub refused for good what was sealed here. Where it was for the recipient, others may be announced,
   * and nobody has told yet. A spool full of such bundles asks once.
   */
  afterRefusal(code: string, clock: Pick<Clock, 'monotonicMs'>): void {
    if (code !== 'unknown_epoch' && code !== 'epoch_destroyed') return
    const now = clock.monotonicMs()
    if (now - this.#askedAfterRefusalMs < limits.epochRefusedAskMs) return
    this.#askedAfterRefusalMs = now
    this.renewNow()
  }

  /** Aborted by the next `renewNow`. */
  awaitRenewal(): AbortSignal {
    this.#renewal = new AbortController()
    return this.#renewal.signal
  }

  /** The last day that can be sealed for. */
  get until(): string | null {
    return this.#known?.document.epochs.at(-1)?.day ?? null
  }

  /** Takes a new announcement; keeps it on disk when it is trusted. */
  async take(announcement: unknown): Promise<EpochsRefusal | null> {
    const judged = judgeEpochs(announcement, this.#owner, this.#known?.document ?? null)
    if (judged.kind === 'refused') return judged.code
    this.#known = judged
    const kept = { document: toBase64(judged.bytes), signature: toHex(judged.signature) }
    await this.#files.write(this.#file, utf8(`${JSON.stringify(kept)}\n`))
    this.#keptOnDisk(judged)
    return null
  }

  #keptOnDisk(known: Known): void {
    this.#durable = known
    this.#settle()
  }

  #settle(): void {
    const durable = this.#durable
    const isReplaced = (one: Known): boolean =>
      one.document.rotated_at !== durable?.document.rotated_at
    if (![...this.#sealing.keys()].some(isReplaced)) this.#held = durable
  }
}

type Parts = {
  readonly hub: string
  readonly port: string
  readonly book: EpochBook
  readonly alarms: Alarms
  readonly report: Report
  readonly clock: Clock
  readonly chance: Chance
  readonly ask: Ask
}

/** Asks for epochs once; true when the book is up to date. */
export async function refreshEpochs(parts: Parts, signal: AbortSignal): Promise<boolean> {
  const { book, report, alarms, clock } = parts
  const fetch = (version: number): Promise<Answer> => {
    const epochs = `/v1/ports/${encodeURIComponent(parts.port)}/epochs?version=${version}`
    return parts.ask(new URL(epochs, parts.hub).href, { method: 'GET' }, signal)
  }
  const newest = await fetch(3)
  // A hub of before does not know that version.
  const answer = newest.kind === 'answer' && newest.status === 400 ? await fetch(2) : newest
  let renewed = false
  if (answer.kind === 'answer') {
    if (answer.status === 200) {
      try {
        const refusal = await book.take(answer.json)
        if (refusal === null) report({ event: 'epochs_renewed', until: book.until ?? '' })
        else report({ event: 'epochs_refused', code: refusal })
        renewed = refusal === null
      } catch (error) {
        // Trusted and in use; only the copy on disk is missing.
        alarms.raise('spool_write_failed', `Epochs cannot be kept (${reasonOf(error)}).`)
      }
    } else {
      report({ event: 'epochs_refused', code: problemCode(answer) })
    }
  }
  noteDaysAhead(book, alarms, clock.now())
  return renewed
}

function noteDaysAhead(book: EpochBook, alarms: Alarms, now: Date): void {
  if (book.epochOf(now) !== null) alarms.clear('no_epoch')
  const soon = new Date(now.getTime() + limits.epochDaysAheadMin * 86_400_000)
  if (book.epochOf(soon) === null && book.until !== null) {
    alarms.raise(
      'epochs_ending',
      `Epochs are known until ${book.until}; reach the hub before then.`,
    )
  } else {
    alarms.clear('epochs_ending')
  }
}

/** Keeps the book fresh until `signal` is aborted, telling `renewed` each time. Never rejects. */
export async function runEpochs(
  parts: Parts & { readonly renewed: () => Promise<void> },
  signal: AbortSignal,
): Promise<void> {
  let failures = 0
  while (!signal.aborted) {
    const renewed = await refreshEpochs(parts, signal)
    failures = renewed ? 0 : failures + 1
    if (renewed) await parts.renewed()
    const wait = renewed
      ? limits.epochRefreshMs * (0.75 + parts.chance() / 2)
      : backOffMs(failures - 1, limits.epochRetryBackOff, parts.chance)
    await parts.clock.sleep(wait, AbortSignal.any([signal, parts.book.awaitRenewal()]))
  }
}
