/** The lines of a scope bundle (specs/scope.md). */

import { fromUtf8, toHex, utf8 } from './bytes.ts'
import type { EntryLine, HashesLine } from './proven-entries.ts'
import type { PeopleLine } from './scope-people.ts'

/** First line. */
export type BundleHead = {
  readonly kind: 'head'
  readonly v: 1
  /** To the byte. */
  readonly document: string
  readonly document_salt: string
  /** Entry that commits to the document. */
  readonly entry: number
  readonly vkey: string
  /** Key of the signature; a reader who has it from elsewhere trusts that one. */
  readonly agency: string
  readonly checkpoint: string
}

export type BundleLine =
  | EntryLine
  /** Of the one proof for all entries, in their order. */
  | HashesLine
  | {
      readonly kind: 'crossing'
      /** Entry of its arrival, which has the hash of the manifest. */
      readonly entry: number
      /** Base64. */
      readonly manifest: string
      /** Equal where plate or traveller is the same; means nothing outside this bundle. */
      readonly vehicle: string | null
      readonly identity: string | null
    }
  | {
      readonly kind: 'picture'
      readonly capture: string
      readonly crossing: string
      readonly grade: string
      /** By the calendar of the document's zone. */
      readonly day: string
    }
  /** How a picture came to be released in clear. */
  | {
      readonly kind: 'opening'
      readonly entry: number
      readonly account: string
      readonly salt: string
      readonly party: string
    }
  | { readonly kind: 'release'; readonly release: string; readonly capture: string }
  /** Which people are the same, where faces were compared; the document has the hash of these. */
  | PeopleLine
  /** Last: a signed note over the hash of all lines before. */
  | { readonly kind: 'signature'; readonly note: string }

/** What the agency signs: name, scope and hash of all lines before the last. */
export function bundleNoteText(scope: string, digest: Uint8Array): string {
  return `sallyport scope\n${scope}\n${toHex(digest)}\n`
}

const fields: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  head: { document: 's', document_salt: 's', entry: 'n', vkey: 's', agency: 's', checkpoint: 's' },
  entry: { index: 'n', entry: 's' },
  hashes: { hashes: 'a' },
  crossing: { entry: 'n', manifest: 's', vehicle: 's?', identity: 's?' },
  picture: { capture: 's', crossing: 's', grade: 's', day: 's' },
  opening: { entry: 'n', account: 's', salt: 's', party: 's' },
  release: { release: 's', capture: 's' },
  face: { capture: 's', same: 'n?', maybe: 'n?', person: 'n?' },
  traveller: { crossing: 's', person: 'n' },
  signature: { note: 's' },
}

/** A line whose fields are there and of their types; null for anything else. */
export function parseBundleLine(line: string): BundleHead | BundleLine | null {
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
  return fits ? (value as BundleHead | BundleLine) : null
}

function isOf(value: unknown, type: string): boolean {
  switch (type) {
    case 's':
      return typeof value === 'string' && fromUtf8(utf8(value)) === value
    case 's?':
      return value === null || typeof value === 'string'
    case 'n?':
      return value === null || isOf(value, 'n')
    case 'n':
      return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
    default:
      return Array.isArray(value) && value.every((one) => typeof one === 'string')
  }
}
