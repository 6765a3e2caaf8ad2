/**
 * Sealed crossings waiting for the hub: one file per bundle, durable before anybody may send it, and
 * one state file that remembers the chain when the spool is empty. No sequence number is used twice.
 */

import * as path from 'node:path'

import type { BodyClass } from '@sallyport/core/crossing'
import { type BundleBody, encodeBundle, parseBundle } from '@sallyport/proof/bundle'
import { type GapReason, noPrevious } from '@sallyport/proof/manifest'
import { sha256Hex } from '@sallyport/proof/node/bundle-check'

import { type DurableFiles, temporarySuffix } from './durable-files.ts'
import {
  type PendingGaps,
  type SpoolState,
  encodeState,
  readState,
  withDrop,
  withoutGap,
} from './spool-state.ts'

/** What the next manifest has to say of its place in the chain. */
export type Link = { readonly sequence: number; readonly previous: string }

export type Composed = {
  readonly manifest: Uint8Array
  readonly signature: Uint8Array
  readonly bodies: readonly BundleBody[]
}

export type Waiting = { readonly sequence: number; readonly bytes: number; readonly at: Date }

export type SpoolRefusal = 'spool_damaged'
export type OpenedSpool =
  | { readonly kind: 'opened'; readonly spool: Spool }
  | { readonly kind: 'refused'; readonly code: SpoolRefusal; readonly detail: string }

const stateName = 'state.json'
const refusedName = 'refused'
const bundlePattern = /^(\d{16})\.spb$/

/** The state a device starts its life with; written once, when it is enrolled. */
export async function foundSpool(directory: string, files: DurableFiles): Promise<void> {
  await files.directory(directory)
  await files.directory(path.join(directory, refusedName))
  const state: SpoolState = { version: 2, sequence: 0, previous: noPrevious, gaps: [] }
  await files.write(path.join(directory, stateName), encodeState(state))
}

/** Opens the spool of an enrolled device and finishes what a killed process had begun. */
export async function openSpool(directory: string, files: DurableFiles): Promise<OpenedSpool> {
  await files.directory(path.join(directory, refusedName))
  // A rename that a power cut could still undo must be durable before its bundle is sent.
  await files.directory(directory)
  const listed = await files.list(directory)
  for (const { name } of listed) {
    if (name.endsWith(temporarySuffix)) await files.remove(path.join(directory, name))
  }
  const waiting = listed
    .flatMap(({ name, bytes, modifiedAt }) => {
      const sequence = Number(bundlePattern.exec(name)?.[1] ?? 0)
      return sequence > 0 ? [{ sequence, bytes, at: modifiedAt }] : []
    })
    .toSorted((a, b) => a.sequence - b.sequence)
  const stored = await readState(path.join(directory, stateName), files)
  if (typeof stored === 'string') return damaged(stored)
  const state = await recover(directory, stored, waiting, files)
  if (typeof state === 'string') return damaged(state)
  const refused = await files.list(path.join(directory, refusedName))
  const refusedBytes = refused.reduce((sum, { bytes }) => sum + bytes, 0)
  return { kind: 'opened', spool: new Spool(directory, files, state, waiting, refusedBytes) }
}

function damaged(detail: string): OpenedSpool {
  return { kind: 'refused', code: 'spool_damaged', detail }
}

/** Bundles that became durable after the state did: at most one, but a longer run is taken too. */
async function recover(
  directory: string,
  stored: SpoolState,
  waiting: readonly Waiting[],
  files: DurableFiles,
): Promise<SpoolState | string> {
  let state = stored
  for (const { sequence } of waiting.filter((one) => one.sequence > stored.sequence)) {
    const file = path.join(directory, nameOf(sequence))
    const parsed = parseBundle(await files.read(file))
    if (parsed.kind === 'refused') return `${file} cannot be read (${parsed.code}).`
    if (parsed.manifest.sequence !== sequence || sequence !== state.sequence + 1) {
      return `${file} does not continue the chain after ${state.sequence}.`
    }
    const gaps = withoutGap(state.gaps, parsed.manifest.gap?.reason)
    state = { version: 2, sequence, previous: sha256Hex(parsed.manifestBytes), gaps }
  }
  if (state !== stored) await files.write(path.join(directory, stateName), encodeState(state))
  return state
}

export class Spool {
  readonly #directory: string
  readonly #files: DurableFiles
  readonly #waiting: Map<number, Waiting>
  #state: SpoolState
  #bytes: number
  #refusedBytes: number
  #turn: Promise<unknown> = Promise.resolve()
  #listeners: (() => void)[] = []

  constructor(
    directory: string,
    files: DurableFiles,
    state: SpoolState,
    waiting: readonly Waiting[],
    refusedBytes: number,
  ) {
    this.#directory = directory
    this.#files = files
    this.#state = state
    this.#waiting = new Map(waiting.map((one) => [one.sequence, one]))
    this.#bytes = waiting.reduce((sum, { bytes }) => sum + bytes, 0)
    this.#refusedBytes = refusedBytes
  }

  /** Bundles that wait, and bytes on disk with those that the hub refused. */
  usage(): { readonly bundles: number; readonly bytes: number; readonly oldestAt: Date | null } {
    return {
      bundles: this.#waiting.size,
      bytes: this.#bytes + this.#refusedBytes,
      oldestAt: this.oldest()?.at ?? null,
    }
  }

  /** Drops that were not signed for yet, oldest first. */
  get pendingGaps(): PendingGaps {
    return this.#state.gaps
  }

  /** Of the last manifest that was signed; 0 before the first. */
  get lastSequence(): number {
    return this.#state.sequence
  }

  /** The bundle to send next. */
  oldest(): Waiting | null {
    // A map keeps insertion order, and sequences are inserted in ascending order.
    for (const waiting of this.#waiting.values()) return waiting
    return null
  }

  read(sequence: number): Promise<Uint8Array> {
    return this.#files.read(this.#file(sequence))
  }

  /**
   * Writes the bundle that `compose` makes for the next link. When this resolves it survives a power
   * cut; when it rejects nothing was used up. It signs for the pending gap of `signsFor`, if any.
   */
  append(compose: (link: Link) => Composed, at: Date, signsFor?: GapReason): Promise<Waiting> {
    return this.#inTurn(async () => {
      const link = { sequence: this.#state.sequence + 1, previous: this.#state.previous }
      const composed = compose(link)
      const bundle = encodeBundle(composed)
      const file = this.#file(link.sequence)
      try {
        await this.#files.write(file, bundle)
        await this.#remember({
          version: 2,
          sequence: link.sequence,
          previous: sha256Hex(composed.manifest),
          gaps: withoutGap(this.#state.gaps, signsFor),
        })
      } catch (error) {
        await this.#files.remove(file).catch(() => {})
        throw error
      }
      const waiting = { sequence: link.sequence, bytes: bundle.length, at }
      this.#waiting.set(link.sequence, waiting)
      this.#bytes += bundle.length
      for (const wake of this.#listeners.splice(0)) wake()
      return waiting
    })
  }

  /** Counts what was dropped; durable when this resolves, kept in memory even when it rejects. */
  noteDropped(reason: GapReason, classes: readonly BodyClass[], at: Date): Promise<void> {
    return this.#inTurn(async () => {
      this.#state = {
        ...this.#state,
        gaps: withDrop(this.#state.gaps, reason, { classes, at }),
      }
      await this.#remember(this.#state)
    })
  }

  /** The hub has it durably: the lane's copy goes. */
  acknowledged(sequence: number): Promise<void> {
    return this.#inTurn(async () => {
      await this.#files.remove(this.#file(sequence))
      this.#forget(sequence)
    })
  }

  /** The hub will never take it: kept aside for people to look into, never deleted. */
  refused(sequence: number): Promise<void> {
    return this.#inTurn(async () => {
      const aside = path.join(this.#directory, refusedName, nameOf(sequence))
      await this.#files.move(this.#file(sequence), aside)
      this.#refusedBytes += this.#forget(sequence)
    })
  }

  /** Resolves when something is appended after this call, or when `signal` is aborted. */
  appended(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve()
      const wake = (): void => {
        signal.removeEventListener('abort', wake)
        resolve()
      }
      signal.addEventListener('abort', wake, { once: true })
      this.#listeners.push(wake)
    })
  }

  #forget(sequence: number): number {
    const bytes = this.#waiting.get(sequence)?.bytes ?? 0
    this.#waiting.delete(sequence)
    this.#bytes -= bytes
    return bytes
  }

  async #remember(state: SpoolState): Promise<void> {
    await this.#files.write(path.join(this.#directory, stateName), encodeState(state))
    this.#state = state
  }

  #file(sequence: number): string {
    return path.join(this.#directory, nameOf(sequence))
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work, work)
    this.#turn = turn.catch(() => {})
    return turn
  }
}

function nameOf(sequence: number): string {
  return `${String(sequence).padStart(16, '0')}.spb`
}
