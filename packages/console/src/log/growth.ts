/** Whether the log only grew since this browser last looked: the memory that makes a rollback show. */

import { fromHex, toHex } from '@sallyport/proof/bytes'
import { openCheckpoint } from '@sallyport/proof/checkpoint'
import { proveConsistency, verifyConsistency } from '@sallyport/proof/merkle'
import { TileError, tileHashReader, type TileReader } from '@sallyport/proof/tiles'

/** What the browser keeps of the log: public values only. */
export type Remembered = {
  readonly vkey: string
  readonly size: number
  /** Lower-case hex. */
  readonly root: string
  /** When it was seen, RFC 3339. */
  readonly at: string
}

export type Growth =
  | { readonly kind: 'first'; readonly now: Remembered }
  | { readonly kind: 'unchanged'; readonly now: Remembered }
  | { readonly kind: 'grown'; readonly now: Remembered; readonly hashes: number }
  /** The hub shows a log with another key: a new installation, or something to ask about. */
  | { readonly kind: 'other_log'; readonly now: Remembered }
  /** The log went back or was rewritten. Never expected. */
  | { readonly kind: 'broken'; readonly detail: string }
  | { readonly kind: 'unproved'; readonly detail: string }

/** Reads what was stored; null when it is not what this version wrote. */
export function parseRemembered(text: string | null): Remembered | null {
  if (text === null) return null
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null) return null
    const { vkey, size, root, at } = value as Partial<Remembered>
    if (typeof vkey !== 'string' || typeof at !== 'string' || Number.isNaN(Date.parse(at)))
      return null
    if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) return null
    if (typeof root !== 'string' || fromHex(root)?.length !== 32) return null
    return { vkey, size, root, at }
  } catch {
    return null
  }
}

/** Compares the checkpoint the hub serves now with the remembered one, reading tiles where needed. */
export async function checkGrowth(input: {
  readonly remembered: Remembered | null
  readonly checkpoint: string
  readonly vkey: string
  readonly reader: TileReader
  readonly now: Date
}): Promise<Growth> {
  const { remembered, vkey } = input
  const opened = openCheckpoint(input.checkpoint, vkey)
  if (opened.kind === 'refused') return { kind: 'broken', detail: opened.detail }
  const { size, root } = opened.checkpoint
  const now: Remembered = { vkey, size, root: toHex(root), at: input.now.toISOString() }
  if (remembered === null) return { kind: 'first', now }
  if (remembered.vkey !== vkey) return { kind: 'other_log', now }
  if (size < remembered.size) {
    return {
      kind: 'broken',
      detail: `This browser saw ${remembered.size} entries; now the log says ${size}.`,
    }
  }
  if (size === remembered.size) {
    return now.root === remembered.root
      ? { kind: 'unchanged', now }
      : { kind: 'broken', detail: `Two different logs of ${size} entries were signed.` }
  }
  const before = fromHex(remembered.root) ?? new Uint8Array()
  try {
    const proof = await proveConsistency(remembered.size, size, tileHashReader(input.reader, size))
    return verifyConsistency(remembered.size, before, size, root, proof)
      ? { kind: 'grown', now, hashes: proof.length }
      : { kind: 'broken', detail: `The first ${remembered.size} entries are not what they were.` }
  } catch (error) {
    if (!(error instanceof TileError)) throw error
    return { kind: 'unproved', detail: error.message }
  }
}
