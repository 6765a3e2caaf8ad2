/**
 * A scope as it leaves the hub (specs/scope.md): the numbers as the log has them, and everything that
 * they were counted from, bound to the log and signed. Lines of JSON; a reader needs nobody's help.
 */

import { sha256 } from '@noble/hashes/sha2.js'

import { fromBase64, fromHex, toHex, utf8 } from './bytes.ts'
import { type Checkpoint, openCheckpoint } from './checkpoint.ts'
import { type Ed25519Verify, verify } from './ed25519.ts'
import { commit, type LogEntry } from './entry.ts'
import { limits } from './limits.ts'
import { type Manifest, parseManifest } from './manifest.ts'
import { openNote, parseVkey } from './note.ts'
import { provenEntries } from './proven-entries.ts'
import { type Refused, refuse } from './refusal.ts'
import {
  type BundleHead,
  type BundleLine,
  bundleNoteText,
  parseBundleLine,
} from './scope-bundle-lines.ts'
import { peopleHash, type PeopleLine, peopleOf, peopleText } from './scope-people.ts'

export type BundleRefusal =
  | 'malformed_bundle'
  | 'bad_signature'
  | 'not_this_log'
  | 'not_included'
  | 'row_differs'

export type CheckedPicture = {
  readonly capture: string
  readonly crossing: string
  readonly grade: string
  readonly class: string
  readonly port: string
  readonly lane: string
  readonly day: string
  readonly capturedAt: Date
  readonly device: string
}

export type CheckedBundle =
  | {
      readonly kind: 'checked'
      readonly document: string
      readonly pictures: readonly CheckedPicture[]
      readonly crossings: ReadonlyMap<
        string,
        { readonly vehicle: string | null; readonly identity: string | null }
      >
      /** Which people are the same; null where no faces were compared. */
      readonly people: ReturnType<typeof peopleOf> | null
      readonly checkpoint: Checkpoint
      readonly entries: number
      /** Pictures whose release stands in the bundle but not, picture by picture, in the log. */
      readonly byRelease: number
    }
  | Refused<BundleRefusal>

type Crossing = {
  readonly manifest: Manifest
  readonly vehicle: string | null
  readonly identity: string | null
}

/**
 * Checks everything of a bundle but its arithmetic: signature, one proof for all entries, and that each
 * row is what its entry commits to. `vkey` is the log that the reader trusts, `agency` the key of the
 * signature. Never throws.
 */
export async function checkScopeBundle(
  lines: AsyncIterable<string> | Iterable<string>,
  trusted: { readonly vkey: string; readonly agency: string },
  verifySignature: Ed25519Verify = verify,
): Promise<CheckedBundle> {
  const digest = sha256.create()
  const parsed: BundleLine[] = []
  let head: BundleHead | null = null
  let note: string | null = null
  for await (const line of lines) {
    if (note !== null || line.length > limits.scopeLineMax)
      return refuse('malformed_bundle', 'Something follows the signature, or a line is too long.')
    const one = parseBundleLine(line)
    if (one === null || parsed.length >= limits.scopeLinesMax)
      return refuse('malformed_bundle', `Line ${parsed.length + 1} is not understood.`)
    if (one.kind === 'signature') {
      note = one.note
      continue
    }
    digest.update(utf8(`${line}\n`))
    if (head === null && one.kind === 'head') head = one
    else if (head === null || one.kind === 'head')
      return refuse('malformed_bundle', 'It begins with one head.')
    else parsed.push(one)
  }
  if (head === null || note === null)
    return refuse('malformed_bundle', 'It has no head or no signature: it was cut.')
  try {
    return check(head, parsed, { note, digest: digest.digest() }, trusted, verifySignature)
  } catch (error) {
    if (error instanceof Unfit) return refuse('row_differs', error.message)
    throw error
  }
}

/** What stops a check in the middle of a row. */
class Unfit extends Error {}

function check(
  head: BundleHead,
  lines: readonly BundleLine[],
  signed: { readonly note: string; readonly digest: Uint8Array },
  trusted: { readonly vkey: string; readonly agency: string },
  verifySignature: Ed25519Verify,
): CheckedBundle {
  const scope = scopeOf(head.document)
  const agency = parseVkey(trusted.agency)
  if (scope === null || agency === null)
    return refuse('malformed_bundle', 'The document or the agency’s key is not understood.')
  const opened = openNote(signed.note, [agency], verifySignature)
  if (opened.kind === 'refused' || opened.text !== bundleNoteText(scope, signed.digest))
    return refuse('bad_signature', 'The agency did not sign these lines.')
  const checkpoint = openCheckpoint(head.checkpoint, trusted.vkey, verifySignature)
  if (checkpoint.kind === 'refused') return refuse('not_this_log', checkpoint.detail)

  const entries = provenEntries(lines, checkpoint.checkpoint)
  if (entries === null)
    return refuse('not_included', 'The entries do not lead to the root of the checkpoint.')

  const stated = entries.get(head.entry)
  const salt = fromHex(head.document_salt)
  if (
    stated?.kind !== 'scope_stated' ||
    stated.scope !== scope ||
    salt?.length !== 16 ||
    stated.document !== commit(salt, head.document)
  )
    return refuse('row_differs', 'The log does not commit to this document.')

  const crossings = new Map<string, Crossing>()
  for (const line of lines) {
    if (line.kind !== 'crossing') continue
    const found = crossingOf(line, entries)
    crossings.set(found.manifest.crossing, found)
  }
  const shown = new Map<string, LogEntry & { readonly kind: 'opening' }>()
  const releasedOf = new Set<string>()
  for (const line of lines) {
    if (line.kind === 'release') releasedOf.add(line.capture)
    if (line.kind !== 'opening') continue
    const entry = entries.get(line.entry)
    const opening = fromHex(line.salt)
    if (
      entry?.kind !== 'opening' ||
      opening?.length !== 16 ||
      commit(opening, line.account) !== entry.by
    )
      throw new Unfit(`Entry ${line.entry} is not the opening that the bundle says.`)
    shown.set(entry.capture, entry)
  }
  const pictures: CheckedPicture[] = []
  const seen = new Set<string>()
  let byRelease = 0
  for (const line of lines) {
    if (line.kind !== 'picture') continue
    const picture = pictureOf(line, crossings)
    if (seen.has(picture.capture)) throw new Unfit(`Picture ${picture.capture} is there twice.`)
    seen.add(picture.capture)
    if (line.grade === 'released_in_clear') {
      const opening = shown.get(picture.capture)
      if (opening === undefined && !releasedOf.has(picture.capture))
        throw new Unfit(`Nothing shows that ${picture.capture} was released.`)
      if (opening === undefined) byRelease += 1
      else if (opening.sha256 !== picture.sha256 || opening.class !== picture.class)
        throw new Unfit(`The opening of ${picture.capture} is of another body.`)
    }
    pictures.push(picture)
  }
  return {
    kind: 'checked',
    document: head.document,
    pictures,
    crossings,
    people: peopleIn(head.document, lines, { scope, entries, pictures }),
    checkpoint: checkpoint.checkpoint,
    entries: entries.size,
    byRelease,
  }
}

function crossingOf(
  line: Extract<BundleLine, { readonly kind: 'crossing' }>,
  entries: ReadonlyMap<number, LogEntry>,
): Crossing {
  const entry = entries.get(line.entry)
  const bytes = fromBase64(line.manifest)
  const read = bytes === null ? null : parseManifest(bytes)
  if (
    bytes === null ||
    read?.kind !== 'manifest' ||
    entry?.kind !== 'crossing' ||
    entry.crossing !== read.manifest.crossing ||
    entry.manifest_sha256 !== toHex(sha256(bytes))
  )
    throw new Unfit(`Entry ${line.entry} is not the arrival of the crossing that the bundle says.`)
  return { manifest: read.manifest, vehicle: line.vehicle, identity: line.identity }
}

function pictureOf(
  line: Extract<BundleLine, { readonly kind: 'picture' }>,
  crossings: ReadonlyMap<string, Crossing>,
): CheckedPicture & { readonly sha256: string } {
  const manifest = crossings.get(line.crossing)?.manifest
  const body = manifest?.bodies.find(({ id }) => id === line.capture)
  if (manifest === undefined || body === undefined)
    throw new Unfit(`The manifest of ${line.crossing} has no picture ${line.capture}.`)
  return {
    capture: line.capture,
    crossing: line.crossing,
    grade: line.grade,
    class: body.class,
    sha256: body.sha256,
    port: manifest.port,
    lane: manifest.lane,
    day: line.day,
    capturedAt: new Date(manifest.captured_at),
    device: manifest.device,
  }
}

/** The rows of people, whose hash the document has and whose making the log has. */
function peopleIn(
  document: string,
  lines: readonly BundleLine[],
  {
    scope,
    entries,
    pictures,
  }: {
    readonly scope: string
    readonly entries: ReadonlyMap<number, LogEntry>
    readonly pictures: readonly CheckedPicture[]
  },
): ReturnType<typeof peopleOf> | null {
  const rows = lines.filter((line): line is PeopleLine => ['face', 'traveller'].includes(line.kind))
  const { faces } = JSON.parse(document) as {
    readonly faces?: { readonly entry: number; readonly rows_sha256: string }
  }
  if (faces === undefined) {
    if (rows.length > 0) throw new Unfit('The document does not say that faces were compared.')
    return null
  }
  if (peopleHash(peopleText(rows)) !== faces.rows_sha256)
    throw new Unfit('The document commits to other rows of people.')
  const opened = entries.get(faces.entry)
  if (opened?.kind !== 'scope_faces_opened' || opened.scope !== scope)
    throw new Unfit('The log does not say that templates were opened for this scope.')
  const people = peopleOf(rows)
  const shown = new Set(pictures.map(({ capture }) => capture))
  const crossings = new Set(pictures.map(({ crossing }) => crossing))
  const stranger =
    [...people.faces.keys()].find((capture) => !shown.has(capture)) ??
    [...people.travellers.keys()].find((crossing) => !crossings.has(crossing))
  if (stranger !== undefined) throw new Unfit(`${stranger} is not in the scope.`)
  return people
}

/** Id of the scope that a document is about; null when it is none. */
function scopeOf(document: string): string | null {
  try {
    const { scope } = JSON.parse(document) as { readonly scope?: unknown }
    return typeof scope === 'string' && /^[0-9a-f]{32}$/.test(scope) ? scope : null
  } catch {
    return null
  }
}
