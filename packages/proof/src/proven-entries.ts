/** Entries of a log that lie in a file with one proof for all of them (specs/scope.md, rule 11). */

import { fromBase64, toHex, utf8 } from './bytes.ts'
import type { Checkpoint } from './checkpoint.ts'
import { type LogEntry, parseEntry } from './entry.ts'
import { rootOfMany } from './multi-proof.ts'

export type EntryLine = { readonly kind: 'entry'; readonly index: number; readonly entry: string }
export type HashesLine = { readonly kind: 'hashes'; readonly hashes: readonly string[] }

/** The entries by their index, when they lead to the root of the checkpoint; null when they do not. */
export function provenEntries(
  lines: readonly { readonly kind: string }[],
  checkpoint: Checkpoint,
): ReadonlyMap<number, LogEntry> | null {
  const raw = lines.filter(isEntry).map(({ index, entry }) => ({ index, entry: utf8(entry) }))
  const hashes = lines
    .filter(isHashes)
    .flatMap((line) => line.hashes.map((hash) => fromBase64(hash) ?? new Uint8Array()))
  const root = rootOfMany(raw, checkpoint.size, hashes)
  if (root === null || toHex(root) !== toHex(checkpoint.root)) return null
  const entries = new Map<number, LogEntry>()
  for (const { index, entry } of raw) {
    const read = parseEntry(entry)
    if (read.kind === 'entry') entries.set(index, read.entry)
  }
  return entries
}

function isEntry(line: { readonly kind: string }): line is EntryLine {
  return line.kind === 'entry'
}

function isHashes(line: { readonly kind: string }): line is HashesLine {
  return line.kind === 'hashes'
}
