/**
 * What an incident rests on, as one file (specs/pack.md): what happened, what was counted, granted, cut
 * off and told, each bound to the log where the log has it, signed. A reader needs nobody's help.
 */

import { sha256 } from '@noble/hashes/sha2.js'

import { fromHex, toHex, utf8 } from './bytes.ts'
import { type Checkpoint, openCheckpoint } from './checkpoint.ts'
import { type Ed25519Verify, verify } from './ed25519.ts'
import { commit, type LogEntry } from './entry.ts'
import { limits } from './limits.ts'
import { openNote, parseVkey } from './note.ts'
import { type EntryLine, type HashesLine, provenEntries } from './proven-entries.ts'
import { type Refused, refuse } from './refusal.ts'

/** First line. */
export type PackHead = {
  readonly kind: 'pack'
  readonly v: 1
  readonly incident: string
  /** Whose grants and equipment are in it; null where it is about no party. */
  readonly party: string | null
  readonly made_at: string
  readonly vkey: string
  readonly agency: string
  readonly checkpoint: string
}

export const packSubjects = [
  'incident',
  'event',
  'report',
  'scope',
  'step',
  'notice',
  'grant',
  'equipment',
] as const
export type PackSubject = (typeof packSubjects)[number]

export type PackRecord = {
  readonly kind: 'record'
  readonly of: PackSubject
  /** What people read, as JSON. */
  readonly text: string
  /** The entry that shows it; null where the log has none. */
  readonly entry: number | null
  /** What that entry commits to, to the byte, and the salt; null where it commits to nothing of it. */
  readonly value: string | null
  readonly salt: string | null
}

/** Last line: a signed note over the hash of all lines before. */
export type PackLine =
  | PackRecord
  | EntryLine
  | HashesLine
  | { readonly kind: 'signature'; readonly note: string }

/** What the agency signs: name, incident and hash of all lines before the last. */
export function packNoteText(incident: string, digest: Uint8Array): string {
  return `sallyport incident\n${incident}\n${toHex(digest)}\n`
}

export type PackRefusal =
  | 'malformed_pack'
  | 'bad_signature'
  | 'not_this_log'
  | 'not_included'
  | 'record_differs'
export type CheckedPack =
  | {
      readonly kind: 'checked'
      readonly head: PackHead
      readonly records: readonly PackRecord[]
      readonly checkpoint: Checkpoint
      readonly entries: number
    }
  | Refused<PackRefusal>

/**
 * Checks signature, one proof for all entries, and that each record is what its entry commits to. `vkey`
 * is the log that the reader trusts, `agency` the key of the signature. Never throws.
 */
export async function checkIncidentPack(
  lines: AsyncIterable<string> | Iterable<string>,
  trusted: { readonly vkey: string; readonly agency: string },
  verifySignature: Ed25519Verify = verify,
): Promise<CheckedPack> {
  const digest = sha256.create()
  const parsed: PackLine[] = []
  let head: PackHead | null = null
  let note: string | null = null
  for await (const line of lines) {
    const isPast: boolean = note !== null || line.length > limits.scopeLineMax
    const one: PackHead | PackLine | null = isPast ? null : parsePackLine(line)
    if (one === null || parsed.length >= limits.scopeLinesMax)
      return refuse('malformed_pack', `Line ${parsed.length + 1} after the head is not understood.`)
    if (one.kind === 'signature') {
      note = one.note
      continue
    }
    digest.update(utf8(`${line}\n`))
    if (head === null && one.kind === 'pack') head = one
    else if (head === null || one.kind === 'pack')
      return refuse('malformed_pack', 'It begins with one head.')
    else parsed.push(one)
  }
  if (head === null || note === null)
    return refuse('malformed_pack', 'It has no head or no signature: it was cut.')
  const agency = parseVkey(trusted.agency)
  const opened = agency === null ? null : openNote(note, [agency], verifySignature)
  if (opened?.kind !== 'note' || opened.text !== packNoteText(head.incident, digest.digest()))
    return refuse('bad_signature', 'The agency did not sign these lines.')
  const checkpoint = openCheckpoint(head.checkpoint, trusted.vkey, verifySignature)
  if (checkpoint.kind === 'refused') return refuse('not_this_log', checkpoint.detail)
  const entries = provenEntries(parsed, checkpoint.checkpoint)
  if (entries === null)
    return refuse('not_included', 'The entries do not lead to the root of the checkpoint.')
  const records = parsed.filter((one) => one.kind === 'record')
  const wrong = records.find((record) => !isShown(record, head.incident, entries))
  if (wrong !== undefined)
    return refuse('record_differs', `Entry ${wrong.entry} does not show this ${wrong.of}.`)
  return {
    kind: 'checked',
    head,
    records,
    checkpoint: checkpoint.checkpoint,
    entries: entries.size,
  }
}

/** Whether the entry that a record names is about this incident and commits to its value. */
function isShown(
  { of, entry: index, value, salt }: PackRecord,
  incident: string,
  entries: ReadonlyMap<number, LogEntry>,
): boolean {
  if (index === null) return of === 'event' || of === 'equipment' || of === 'grant'
  const entry = entries.get(index)
  if (entry === undefined) return false
  if (of !== 'grant' && 'incident' in entry && entry.incident !== incident) return false
  const opens = (commitment: string) => {
    const bytes = fromHex(salt ?? '')
    return value !== null && bytes?.length === 16 && commit(bytes, value) === commitment
  }
  switch (of) {
    case 'incident':
      return entry.kind === 'incident_opened'
    case 'report':
      return entry.kind === 'incident_reported' && opens(entry.said)
    case 'scope':
      return entry.kind === 'scope_stated' && entry.incident === incident && opens(entry.document)
    case 'step':
      return entry.kind === 'containment' && opens(entry.target)
    case 'notice':
      return entry.kind === 'notice_sent' && opens(entry.text)
    case 'grant':
      return (
        entry.kind === 'grant_signed' &&
        value !== null &&
        entry.policy_sha256 === toHex(sha256(utf8(value)))
      )
    case 'event':
      return true
    case 'equipment':
      return false
  }
}

const fields: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  pack: { incident: 's', party: 's?', made_at: 's', vkey: 's', agency: 's', checkpoint: 's' },
  record: { of: 's', text: 's', entry: 'n?', value: 's?', salt: 's?' },
  entry: { index: 'n', entry: 's' },
  hashes: { hashes: 'a' },
  signature: { note: 's' },
}

/** A line whose fields are there and of their types; null for anything else. */
export function parsePackLine(line: string): PackHead | PackLine | null {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return null
  }
  if (typeof value !== 'object' || value === null || !('kind' in value)) return null
  const wanted = typeof value.kind === 'string' ? fields[value.kind] : undefined
  if (wanted === undefined) return null
  const found = value as Readonly<Record<string, unknown>>
  const fits = Object.entries(wanted).every(([name, type]) => isOf(found[name], type))
  const isKnown = value.kind !== 'record' || packSubjects.some((one) => one === found['of'])
  return fits && isKnown ? (value as PackHead | PackLine) : null
}

function isOf(value: unknown, type: string): boolean {
  if (type.endsWith('?') && value === null) return true
  if (type.startsWith('s')) return typeof value === 'string'
  if (type.startsWith('n'))
    return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
  return Array.isArray(value) && value.every((one) => typeof one === 'string')
}
