/**
 * One found file: exact bytes, then marks and retrieval, then strict comparison with what is stored.
 * Everything is in memory; stored pictures are opened under one log entry a file, before the first.
 */

import { createHash } from 'node:crypto'

import {
  type Evidence,
  type Finding,
  findingOf,
  isThisPicture,
} from '@sallyport/core/leaks/finding'
import { nearPlates } from '@sallyport/core/leaks/near-plates'
import { foldPlateText, type Look } from '@sallyport/core/plate'
import { type Orientation, pdqDistance } from '@sallyport/marks/hash/pdq'
import type { MarkKey } from '@sallyport/marks/secret'
import {
  crossingsById,
  captureById,
  type CaptureRow,
  type CrossingRow,
} from '@sallyport/store/crossings'
import { crossingsWithPlates } from '@sallyport/store/leaks/captures'
import {
  copyWithBytes,
  copyWithMark,
  type KnownCopy,
  markedCopiesOf,
} from '@sallyport/store/leaks/copies'
import type { Db } from '@sallyport/store/postgres/database'

import { limits } from '../limits.ts'
import { plateAlone } from '../policy/plate-alone.ts'
import type { ReaderDesk } from '../reader/desk.ts'
import { type UnsealContext, unsealed } from '../unsealed.ts'
import { canariesAmong, canariesListed } from './canaries.ts'
import type { Comparer } from './comparer.ts'
import { type HashMemory, wordsOf } from './hash-memory.ts'
import type { TurnedHash } from './leak-thread.ts'

export type ExamineContext = UnsealContext & {
  readonly db: Db
  readonly desk: Pick<ReaderDesk, 'read'>
  readonly comparer: Comparer
  readonly memory: HashMemory
  /** Every key that ever marked a copy, newest first. */
  readonly markKeys: () => Promise<readonly MarkKey[]>
}

export type Examined = {
  readonly sha256: Buffer
  readonly finding: Finding
  /** The log entry that names what was opened for it; null when nothing was. */
  readonly logIndex: number | null
}

type Candidate = {
  readonly capture: CaptureRow
  readonly crossing: CrossingRow
  readonly orientation: Orientation
}

/** `opening` writes the log entry that names the pictures, and answers its index. */
export async function examine(
  bytes: Uint8Array,
  context: ExamineContext,
  opening: (captures: readonly string[]) => Promise<number>,
): Promise<Examined> {
  const sha256 = createHash('sha256').update(bytes).digest()
  const done = (evidence: readonly Evidence[], compared = 0, logIndex: number | null = null) => ({
    sha256,
    finding: findingOf(evidence, compared),
    logIndex,
  })
  const known = await copyWithBytes(context.db, sha256)
  if (known !== null) return done([knownEvidence(known, 'bytes')])
  const traits = await context.comparer.ask({ kind: 'traits', bytes })
  if (traits.kind !== 'traits') {
    const listed = await canariesListed(bytes, context)
    if (listed.length > 0) return done(listed)
    const reason = traits.kind === 'refused' ? traits.detail : 'It was not looked at.'
    return done([{ kind: 'not_compared', reason }])
  }
  const looks = await looksOf(bytes, context)
  const evidence: Evidence[] = [...(await canariesAmong(traits.hashes, looks, context))]
  if (evidence.length > 0) return done(evidence)

  const near = await context.memory.near(
    traits.hashes.map(({ hash }) => hash),
    limits.leakCandidatesMax,
  )
  evidence.push(...near.slice(0, 3).map((one) => ({ kind: 'near_hash', ...one }) as const))
  const candidates = await candidatesOf(near, traits.hashes, looks, evidence, context)
  const open = candidates.filter(({ capture }) => capture.shredding === null)
  evidence.push(
    ...candidates
      .filter(({ capture }) => capture.shredding !== null)
      .map(({ capture }) => ({ kind: 'shredded', capture: capture.id }) as const),
  )
  const logIndex = open.length === 0 ? null : await opening(open.map(({ capture }) => capture.id))
  let compared = 0
  for (const candidate of open) {
    compared += 1
    const stored = await unsealed(candidate.capture, context)
    if (stored.kind !== 'opened') {
      evidence.push({ kind: 'not_compared', reason: stored.detail })
      continue
    }
    const laid = await laidOver(bytes, stored.plaintext, candidate, looks, context)
    if (laid === null) continue
    evidence.push(laid)
    if (!isThisPicture(laid)) continue
    evidence.push(...(await copiesIn(bytes, stored.plaintext, candidate, context)))
    return done(evidence, compared, logIndex)
  }
  // A blind mark needs no stored picture: it names copies of what is shredded, and of what nothing else finds.
  const blind = await context.comparer.ask({
    kind: 'blind',
    bytes,
    keys: await context.markKeys(),
  })
  if (blind.kind === 'blind' && blind.reading.code !== null) {
    const copy = await copyWithMark(context.db, blind.reading.code)
    if (copy !== null) evidence.push(markEvidence(copy, 'blind', blind.reading.falsePositiveBound))
  }
  return done(evidence, compared, logIndex)
}

async function looksOf(bytes: Uint8Array, { desk }: ExamineContext): Promise<readonly Look[]> {
  const read = await desk.read(bytes)
  return read.kind === 'looks' ? read.looks : []
}

/** Stored pictures worth laying under the file: near hashes first, then its plate, then plates a character away. */
async function candidatesOf(
  near: readonly { readonly capture: string }[],
  hashes: readonly TurnedHash[],
  looks: readonly Look[],
  evidence: Evidence[],
  { db }: ExamineContext,
): Promise<readonly Candidate[]> {
  const found: Candidate[] = []
  const add = (candidate: Candidate) => {
    if (found.length >= limits.leakCandidatesMax) return
    if (!found.some(({ capture }) => capture.id === candidate.capture.id)) found.push(candidate)
  }
  for (const { capture: id } of near) {
    const row = await captureById(db, id)
    if (row === null) continue
    add({ ...row, orientation: orientationOf(row.capture, hashes) })
  }
  const read = looks.filter(({ text }) => text.length >= limits.leakPlateMin)
  const exact = new Set(read.map(({ text }) => foldPlateText(text)))
  const close = new Set(read.flatMap(({ text }) => nearPlates(text)))
  for (const [texts, differing] of [
    [exact, 0],
    [close, 1],
  ] as const) {
    const passed = await crossingsWithPlates(db, [...texts], limits.leakCandidatesMax)
    const rows = await crossingsById(
      db,
      passed.map(({ crossing }) => crossing),
    )
    for (const { crossing, captures } of rows) {
      const scene = captures.find((one) => one.class === 'scene')
      if (scene === undefined) continue
      if (!evidence.some((one) => one.kind === 'plate' && one.capture === scene.id))
        evidence.push({ kind: 'plate', capture: scene.id, differing })
      add({ capture: scene, crossing, orientation: 'upright' })
    }
  }
  return found
}

function orientationOf(
  { copy_hash: hash }: { readonly copy_hash?: Buffer | null },
  hashes: readonly TurnedHash[],
): Orientation {
  if (hash === null || hash === undefined) return 'upright'
  const words = wordsOf(hash)
  const nearest = hashes.toSorted((a, b) => pdqDistance(a.hash, words) - pdqDistance(b.hash, words))
  return nearest[0]?.orientation ?? 'upright'
}

async function laidOver(
  bytes: Uint8Array,
  stored: Uint8Array,
  { capture, crossing, orientation }: Candidate,
  looks: readonly Look[],
  { comparer, desk }: ExamineContext,
): Promise<Extract<Evidence, { kind: 'laid_over' }> | null> {
  const plate = await plateBoxOf(stored, capture, crossing, desk)
  if (plate === null) return null
  const own = nearPlates(crossing.plate_text ?? '')
  // Another plate in the picture says nothing of where this one would be.
  const look = looks.find(({ text }) => own.includes(foldPlateText(text)))
  const answer = await comparer.ask({
    kind: 'likeness',
    found: { bytes, orientation },
    stored,
    boxes: { stored: plate, found: orientation === 'upright' ? (look?.box ?? null) : null },
  })
  if (answer.kind !== 'likeness' || answer.likeness.kind === 'unlike') return null
  const { agreeing, box, grain, frame } = answer.likeness
  return { kind: 'laid_over', capture: capture.id, corners: agreeing, box, grain, frame }
}

/** As the lane sealed it; of an older lane it is looked for again. */
async function plateBoxOf(
  stored: Uint8Array,
  { id }: CaptureRow,
  { reads, plate_text: text }: CrossingRow,
  desk: ExamineContext['desk'],
) {
  const trait = reads?.copies?.pictures.find(({ capture }) => capture === id)
  if (trait !== undefined) return trait.plate
  const read = await desk.read(stored)
  if (read.kind !== 'looks') return null
  const own = read.looks.find((look) => look.text === text) ?? read.looks[0]
  return own?.box ?? null
}

/** Which of the copies that left carry what the found one has more than the stored picture. */
async function copiesIn(
  bytes: Uint8Array,
  stored: Uint8Array,
  { capture, orientation }: Candidate,
  context: ExamineContext,
): Promise<readonly Evidence[]> {
  const copies = await markedCopiesOf(context.db, capture.id, limits.leakCopiesMax)
  if (copies.length === 0) return []
  const keys = await context.markKeys()
  const named: Evidence[] = []
  for (const view of new Set(copies.map((one) => one.view === 'plate_crop'))) {
    const shown = view ? await plateAlone(stored, context.desk) : null
    if (shown !== null && shown.kind !== 'shown') continue
    const answer = await context.comparer.ask({
      kind: 'suspects',
      found: { bytes, orientation },
      stored: shown === null ? stored : shown.picture,
      codes: copies.flatMap(({ mark }) => (mark === null ? [] : [mark])),
      keys,
    })
    if (answer.kind !== 'suspects') continue
    for (const suspect of answer.suspects.filter((one) => one.named)) {
      const copy = copies.find(({ mark }) => mark === suspect.code)
      if (copy !== undefined) named.push(markEvidence(copy, 'informed', suspect.falsePositiveBound))
    }
  }
  return named
}

function knownEvidence(known: KnownCopy, by: 'bytes' | 'mark'): Evidence {
  const { copy, capture, canary } = known
  if (canary !== null && copy.kind === 'release')
    return { kind: 'canary', canary, release: copy.release, by }
  if (capture === null) throw new Error('a copy is of a picture or planted')
  return { kind: 'exact_bytes', capture, copy }
}

function markEvidence(known: KnownCopy, way: 'blind' | 'informed', bound: number): Evidence {
  const { copy, capture, canary } = known
  if (canary !== null && copy.kind === 'release')
    return { kind: 'canary', canary, release: copy.release, by: 'mark' }
  if (capture === null) throw new Error('a marked copy is of a picture or planted')
  return { kind: 'mark', way, capture, copy, falsePositiveBound: bound }
}
