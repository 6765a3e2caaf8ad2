/**
 * "X opened nothing between checkpoints A and B", as a statement that anybody checks offline: both
 * checkpoints under the policy's witnesses, the right edge of A's tree, and every entry from A to B.
 * The entries are all there are, because edge and entries together give exactly both signed roots.
 */

import { equal, fromBase64, fromHex, toBase64, utf8 } from './bytes.ts'
import { decodeJson, encodeJson, id128, list, oneOf, record, text } from './canonical-json.ts'
import type { Checkpoint } from './checkpoint.ts'
import { type LogEntry, commit, parseEntry } from './entry.ts'
import { limits } from './limits.ts'
import { emptyRoot, foldSubtrees, leafHash, nodeHash, subtrees } from './merkle.ts'
import { type Refused, refuse } from './refusal.ts'
import { type TileReader, readEntryBundle, tileAt, tileHashReader, tileWidth } from './tiles.ts'
import { type CosignatureVerifiers, pureVerifiers } from './tlog-cosignature.ts'
import { type Policy, smallestQuorum } from './tlog-policy.ts'
import { type WitnessTime, type WitnessedRefusal, openWitnessed } from './witnessed.ts'

/**
 * Of whom nothing was opened. `capture`: one picture, whose id stands in entries in clear.
 * `account`: one person's account, whose openings are told apart by disclosed commitments. Grants
 * will be a third, by their id in clear, once openings carry one.
 */
export type AbsenceSubject = { readonly kind: 'capture' | 'account'; readonly id: string }

/** What opens the commitment of one opening to its account. */
export type Disclosure = { readonly salt: string; readonly value: string }

type Head = {
  readonly format: 'sallyport-absence'
  readonly v: 1
  readonly subject: AbsenceSubject
  /** Signed and cosigned checkpoints, verbatim. */
  readonly from: string
  readonly to: string
  /** Base64 of the complete subtrees of A's tree, left to right. */
  readonly edge: readonly string[]
}

export type AbsenceEnd = { readonly size: number; readonly witnesses: readonly WitnessTime[] }

export type CheckedAbsence =
  | {
      readonly kind: 'absent'
      readonly subject: AbsenceSubject
      readonly from: AbsenceEnd
      readonly to: AbsenceEnd
      readonly entries: number
      /** Openings of others in between. */
      readonly openings: number
    }
  /** The subject did open: the statement is false, and these entries say so. */
  | { readonly kind: 'present'; readonly indexes: readonly number[] }
  | Refused<AbsenceRefusal>

export type AbsenceRefusal =
  | WitnessedRefusal
  | 'malformed_statement'
  | 'not_witnessed'
  | 'other_log'
  | 'not_in_order'
  | 'edge_mismatch'
  | 'entries_mismatch'
  | 'malformed_entry'
  /** An opening without what would show that it was somebody else's. */
  | 'not_disclosed'
  | 'disclosure_wrong'

const headShape = record<Head>({
  format: oneOf(['sallyport-absence'] as const),
  v: oneOf<1>([1]),
  subject: record({
    kind: oneOf(['capture', 'account'] as const),
    id: text(/^[\u0021-\u007e]{1,128}$/, 'an id'),
  }),
  from: text(/^[^]{1,65536}$/, 'a checkpoint'),
  to: text(/^[^]{1,65536}$/, 'a checkpoint'),
  edge: list(text(/^[A-Za-z0-9+/]{43}=$/, 'a hash'), 0, limits.proofHashesMax),
})
const disclosureShape = record<Disclosure>({
  salt: id128,
  value: text(/^[\u0021-\u007e]{1,128}$/, 'an id'),
})

/**
 * The lines of a statement, without line feeds: its head, every entry, and behind an opening what
 * discloses it. The caller has opened both checkpoints. Throws `TileError` when the log's tiles
 * fail. What comes out is to be checked like anybody's: it may turn out to say the opposite.
 */
export async function* absenceLines(
  reader: TileReader,
  subject: AbsenceSubject,
  from: { readonly note: string; readonly checkpoint: Checkpoint },
  to: { readonly note: string; readonly checkpoint: Checkpoint },
  disclosed: (index: number) => Disclosure | null = () => null,
): AsyncGenerator<string> {
  const [begin, end] = [from.checkpoint.size, to.checkpoint.size]
  const edge = await tileHashReader(reader, end)(subtrees(0, begin))
  const head: Head = {
    format: 'sallyport-absence',
    v: 1,
    subject,
    from: from.note,
    to: to.note,
    edge: edge.map((hash) => toBase64(hash)),
  }
  yield new TextDecoder().decode(encodeJson(headShape, head))
  for (let index = begin; index < end;) {
    const bundle = await readEntryBundle(reader, tileAt('entries', index, end))
    for (const entry of bundle.slice(index % tileWidth)) {
      yield new TextDecoder().decode(entry)
      const parsed = parseEntry(entry)
      const needs = subject.kind === 'account' && parsed.kind === 'entry' && isOpening(parsed.entry)
      const disclosure = needs ? disclosed(index) : null
      if (disclosure !== null) {
        yield new TextDecoder().decode(encodeJson(disclosureShape, disclosure))
      }
      index += 1
    }
  }
}

/** Checks a statement line by line under a policy whose quorum asks for witnesses. Never throws. */
export async function checkAbsence(
  lines: AsyncIterable<string> | Iterable<string>,
  policy: Policy,
  verifiers: CosignatureVerifiers = pureVerifiers,
): Promise<CheckedAbsence> {
  if (smallestQuorum(policy.quorum) === 0) {
    return refuse('not_witnessed', 'A policy without witnesses proves nothing about two times.')
  }
  let check: AbsenceCheck | null = null
  for await (const line of lines) {
    if (check === null) {
      const begun = begin(line, policy, verifiers)
      if (begun.kind === 'refused') return begun
      check = begun
    } else {
      const wrong = check.line(line)
      if (wrong !== null) return wrong
    }
  }
  return check === null ? refuse('malformed_statement', 'It is empty.') : check.end()
}

function begin(
  line: string,
  policy: Policy,
  verifiers: CosignatureVerifiers,
): AbsenceCheck | Refused<AbsenceRefusal> {
  const decoded = decodeJson(headShape, utf8(line), limits.absenceHeadMax)
  if (decoded.kind === 'problem') return refuse('malformed_statement', decoded.detail)
  const { subject, edge } = decoded.value
  const from = openWitnessed(decoded.value.from, policy, verifiers)
  if (from.kind === 'refused') return refuse(from.code, `The first checkpoint: ${from.detail}`)
  const to = openWitnessed(decoded.value.to, policy, verifiers)
  if (to.kind === 'refused') return refuse(to.code, `The second checkpoint: ${to.detail}`)
  if (from.checkpoint.origin !== to.checkpoint.origin || from.vkey !== to.vkey) {
    return refuse('other_log', 'The checkpoints are of two logs.')
  }
  if (from.checkpoint.size > to.checkpoint.size) {
    return refuse('not_in_order', 'The second checkpoint is of a smaller tree.')
  }
  const nodes = subtrees(0, from.checkpoint.size)
  const hashes = edge.flatMap((text) => fromBase64(text) ?? [])
  if (nodes.length !== hashes.length || !equal(foldSubtrees(hashes), from.checkpoint.root)) {
    return refuse('edge_mismatch', 'The edge is not that of the first tree.')
  }
  const frontier = nodes.map(({ level }, at) => ({ level, hash: hashes[at] ?? emptyRoot() }))
  return new AbsenceCheck(
    subject,
    { size: from.checkpoint.size, witnesses: from.witnesses },
    { size: to.checkpoint.size, witnesses: to.witnesses },
    to.checkpoint.root,
    frontier,
  )
}

/** Grows the first tree by each entry, and looks at what it says. */
class AbsenceCheck {
  readonly kind = 'check'
  readonly #subject: AbsenceSubject
  readonly #from: AbsenceEnd
  readonly #to: AbsenceEnd
  readonly #root: Uint8Array
  readonly #frontier: { level: number; hash: Uint8Array }[]
  readonly #present: number[] = []
  #size: number
  #openings = 0
  /** The commitment of the opening above, until it is disclosed. */
  #open: { readonly index: number; readonly by: string } | null = null

  constructor(
    subject: AbsenceSubject,
    from: AbsenceEnd,
    to: AbsenceEnd,
    root: Uint8Array,
    frontier: { level: number; hash: Uint8Array }[],
  ) {
    this.#subject = subject
    this.#from = from
    this.#to = to
    this.#root = root
    this.#frontier = frontier
    this.#size = from.size
  }

  line(line: string): Refused<AbsenceRefusal> | null {
    if (line.startsWith('{"salt":')) return this.#disclosure(line)
    if (this.#open !== null) return this.#undisclosed()
    const bytes = utf8(line)
    if (this.#size >= this.#to.size) {
      return refuse('entries_mismatch', 'There are more entries than the second tree has.')
    }
    const index = this.#size
    this.#grow(leafHash(bytes))
    const parsed = parseEntry(bytes)
    if (parsed.kind === 'refused') {
      const detail = `Entry ${index} is of no kind that is known here: ${parsed.detail}. A newer version may know it.`
      return refuse('malformed_entry', detail)
    }
    if (!isOpening(parsed.entry)) return null
    this.#openings += 1
    if (this.#subject.kind === 'account') this.#open = { index, by: parsed.entry.by }
    else if (parsed.entry.capture === this.#subject.id) this.#present.push(index)
    return null
  }

  end(): CheckedAbsence {
    if (this.#open !== null) return this.#undisclosed()
    const root = foldSubtrees(this.#frontier.map(({ hash }) => hash))
    if (this.#size !== this.#to.size || !equal(root, this.#root)) {
      const detail = `The entries do not lead from the first tree to the second: ${this.#size - this.#from.size} of ${this.#to.size - this.#from.size} are here, or one was changed.`
      return refuse('entries_mismatch', detail)
    }
    if (this.#present.length > 0) return { kind: 'present', indexes: this.#present }
    return {
      kind: 'absent',
      subject: this.#subject,
      from: this.#from,
      to: this.#to,
      entries: this.#size - this.#from.size,
      openings: this.#openings,
    }
  }

  #disclosure(line: string): Refused<AbsenceRefusal> | null {
    const decoded = decodeJson(disclosureShape, utf8(line), limits.absenceHeadMax)
    const open = this.#open
    if (decoded.kind === 'problem' || open === null) {
      return refuse('malformed_statement', 'A disclosure stands behind no opening.')
    }
    const { salt, value } = decoded.value
    if (commit(fromHex(salt) ?? new Uint8Array(16), value) !== open.by) {
      return refuse('disclosure_wrong', `Entry ${open.index} is not by whom it is said to be.`)
    }
    if (value === this.#subject.id) this.#present.push(open.index)
    this.#open = null
    return null
  }

  #undisclosed(): Refused<AbsenceRefusal> {
    const detail = `Whose opening entry ${this.#open?.index ?? 0} is was not disclosed, so it may be theirs.`
    return refuse('not_disclosed', detail)
  }

  #grow(leaf: Uint8Array): void {
    let added = { level: 0, hash: leaf }
    for (let last = this.#frontier.at(-1); last?.level === added.level;) {
      added = { level: added.level + 1, hash: nodeHash(last.hash, added.hash) }
      this.#frontier.pop()
      last = this.#frontier.at(-1)
    }
    this.#frontier.push(added)
    this.#size += 1
  }
}

function isOpening(entry: LogEntry): entry is Extract<LogEntry, { readonly kind: 'opening' }> {
  return entry.kind === 'opening'
}
