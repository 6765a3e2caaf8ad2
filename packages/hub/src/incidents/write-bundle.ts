/** Writes a scope as a bundle that reproduces every number offline (specs/scope.md). */

import { createHash, createHmac, randomBytes } from 'node:crypto'

import { questionOf } from '@sallyport/core/scope/scope'
import { openCheckpoint } from '@sallyport/proof/checkpoint'
import { proveMany } from '@sallyport/proof/multi-proof'
import { sign, verify } from '@sallyport/proof/node/ed25519'
import { type NoteSigner, noteSigner, signNote } from '@sallyport/proof/note'
import type { EntryLine, HashesLine } from '@sallyport/proof/proven-entries'
import {
  type BundleHead,
  type BundleLine,
  bundleNoteText,
} from '@sallyport/proof/scope-bundle-lines'
import {
  checkpointPath,
  readEntryBundle,
  tileAt,
  tileHashReader,
  type TileReader,
  tileWidth,
} from '@sallyport/proof/tiles'
import { scopePeopleText } from '@sallyport/store/incidents/scope-people'
import {
  scopeCrossings,
  scopeOpenings,
  type ScopeRowOfPicture,
  scopeRows,
} from '@sallyport/store/incidents/scope-rows'
import type { ScopeRow } from '@sallyport/store/incidents/scopes'

import type { KeyPair } from '../keys.ts'
import { type Problem, problem } from '../problems.ts'
import { incidentLimits } from './limits.ts'
import { peopleIn } from './scope-faces.ts'
import { documentOf, type ScopeContext, scopeParts, windowOf } from './scopes.ts'

type Context = ScopeContext & { readonly keys: { readonly agency: KeyPair } }

/** Under this name the agency signs bundles. */
export function agencySigner({ journal, keys }: Pick<Context, 'journal' | 'keys'>): NoteSigner {
  return noteSigner(`${journal.origin}/agency`, keys.agency.seed, keys.agency.publicKey, sign)
}

/** The lines of the bundle, each without its line feed; or why there is none. */
export async function scopeBundle(
  row: ScopeRow,
  context: Context,
): Promise<{ readonly kind: 'bundle'; readonly lines: AsyncGenerator<string> } | Problem> {
  const { db, port } = context
  const question = questionOf(documentOf(row).question)
  const parts = await scopeParts(question, context)
  if ('kind' in parts) return parts
  const most = incidentLimits.bundlePicturesMax
  const pictures = await scopeRows(db, parts, windowOf(question, port), most + 1)
  if (pictures.length > most)
    return problem(
      'scope_too_large',
      `A bundle holds at most ${most} pictures. State scopes of shorter windows and export those.`,
    )
  return { kind: 'bundle', lines: signedLines(row, pictures, context) }
}

async function* signedLines(
  row: ScopeRow,
  pictures: readonly ScopeRowOfPicture[],
  context: Context,
): AsyncGenerator<string> {
  const digest = createHash('sha256')
  for await (const line of unsignedLines(row, pictures, context)) {
    const text = JSON.stringify(line)
    digest.update(`${text}\n`)
    yield text
  }
  const note = signNote(bundleNoteText(row.id, digest.digest()), [agencySigner(context)])
  yield JSON.stringify({ kind: 'signature', note } satisfies BundleLine)
}

async function* unsignedLines(
  row: ScopeRow,
  pictures: readonly ScopeRowOfPicture[],
  context: Context,
): AsyncGenerator<BundleHead | BundleLine> {
  const { journal } = context
  const note = await checkpointOf(journal.tiles)
  const opened = openCheckpoint(note, journal.vkey, verify)
  if (opened.kind === 'refused') throw new Error(`the log's own checkpoint: ${opened.detail}`)
  const { size } = opened.checkpoint
  yield {
    kind: 'head',
    v: 1,
    document: row.document,
    document_salt: row.document_salt.toString('hex'),
    entry: Number(row.log_index),
    vkey: journal.vkey,
    agency: agencySigner(context).vkey,
    checkpoint: note,
  }
  const indexes = new Set<number>([Number(row.log_index)])
  for await (const line of rowLines(pictures, context)) {
    if ('entry' in line && typeof line.entry === 'number') indexes.add(line.entry)
    yield line
  }
  const { faces } = documentOf(row)
  if (faces !== undefined) {
    indexes.add(faces.entry)
    yield* peopleIn((await scopePeopleText(context.db, row.id)) ?? '')
  }
  yield* proofLines(indexes, size, journal.tiles)
}

/** The entries of these indexes, ascending, and one proof for all of them under a tree of `size`. */
export async function* proofLines(
  indexes: Iterable<number>,
  size: number,
  tiles: TileReader,
): AsyncGenerator<EntryLine | HashesLine> {
  const ordered = [...new Set(indexes)].filter((index) => index < size).toSorted((a, b) => a - b)
  yield* entryLines(ordered, size, tiles)
  let hashes: string[] = []
  for await (const hash of proveMany(ordered, size, tileHashReader(tiles, size))) {
    hashes.push(Buffer.from(hash).toString('base64'))
    if (hashes.length < incidentLimits.hashesALine) continue
    yield { kind: 'hashes', hashes }
    hashes = []
  }
  if (hashes.length > 0) yield { kind: 'hashes', hashes }
}

async function* rowLines(
  pictures: readonly ScopeRowOfPicture[],
  { db }: Context,
): AsyncGenerator<BundleLine> {
  // Drawn for this bundle alone: two of them cannot be laid over each other.
  const secret = randomBytes(32)
  const token = (name: string | null) =>
    name === null ? null : createHmac('sha256', secret).update(name).digest('hex').slice(0, 24)
  // What an opening still knows of a crossing holds for all of its pictures.
  const whoOf = new Map<string, string | null>()
  for (const { crossing, who } of pictures) whoOf.set(crossing, who ?? whoOf.get(crossing) ?? null)
  for (const ids of inGroups([...whoOf.keys()]))
    for (const one of await scopeCrossings(db, ids))
      yield {
        kind: 'crossing',
        entry: one.log_index,
        manifest: one.manifest.toString('base64'),
        vehicle: token(whoOf.get(one.id) ?? null),
        identity: token(one.identity),
      }
  const openings = pictures.flatMap(({ opening }) => opening ?? [])
  for (const ids of inGroups(openings))
    for (const { log_index: entry, account, party, commitment_salt } of await scopeOpenings(
      db,
      ids,
    ))
      yield { kind: 'opening', entry, account, party, salt: commitment_salt.toString('hex') }
  for (const { capture, opening, release } of pictures)
    if (opening === null && release !== null) yield { kind: 'release', release, capture }
  for (const { capture, crossing, grade, day } of pictures)
    yield { kind: 'picture', capture, crossing, grade, day }
}

async function* entryLines(
  indexes: readonly number[],
  size: number,
  tiles: TileReader,
): AsyncGenerator<EntryLine> {
  let at = -1
  let bundle: readonly Uint8Array[] = []
  for (const index of indexes) {
    const tile = index - (index % tileWidth)
    if (tile !== at) bundle = await readEntryBundle(tiles, tileAt('entries', tile, size))
    at = tile
    const bytes = bundle[index % tileWidth]
    if (bytes === undefined) throw new Error(`a log of ${size} entries has entry ${index}`)
    yield { kind: 'entry', index, entry: Buffer.from(bytes).toString('utf8') }
  }
}

/** The newest checkpoint of the log as it is signed. */
export async function checkpointOf(tiles: TileReader): Promise<string> {
  const bytes = await tiles.read(checkpointPath)
  if (bytes === null) throw new Error('a log that serves has a checkpoint')
  return Buffer.from(bytes).toString('utf8')
}

function* inGroups<T>(all: readonly T[]): Generator<readonly T[]> {
  const { bundleRowsAtOnce } = incidentLimits
  for (let from = 0; from < all.length; from += bundleRowsAtOnce)
    yield all.slice(from, from + bundleRowsAtOnce)
}
