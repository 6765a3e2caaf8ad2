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
import { copyWithBytes, copyWithMark } from '@sallyport/store/leaks/copies'
import { decodePicture } from '@sallyport/vision/picture'

import { limits } from '../limits.ts'
import { type UnsealContext, unsealed } from '../unsealed.ts'
import { canariesAmong, canariesListed } from './canaries.ts'
import type { FoundFace } from './face-memory.ts'
import { facesAlone } from './faces-alone.ts'
import { layOver, type LayOverContext, layOverPhotograph } from './lay-over.ts'
import { looksAlone } from './looks-alone.ts'
import { bytesEvidence, copiesIn, markEvidence, type NamedCopiesContext } from './named-copies.ts'
import {
  type Candidate,
  type PhotographCandidate,
  retrieve,
  type RetrieveContext,
} from './retrieve.ts'

export type ExamineContext = UnsealContext & RetrieveContext & LayOverContext & NamedCopiesContext

export type Examined = {
  readonly sha256: Buffer
  readonly finding: Finding
  /** The log entry that names what was opened for it; null when nothing was. */
  readonly logIndex: number | null
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
  if (known !== null) return done([bytesEvidence(known)])
  const traits = await context.comparer.ask({ kind: 'traits', bytes })
  if (traits.kind !== 'traits') {
    const listed = await canariesListed(bytes, context)
    if (listed.length > 0) return done(listed)
    const reason = traits.kind === 'refused' ? traits.detail : 'It was not looked at.'
    return done([{ kind: 'not_compared', reason }])
  }
  const { looks, unread } = await looksAlone(bytes, context.desk)
  const evidence: Evidence[] = unread === null ? [] : [unread]
  evidence.push(...(await canariesAmong(traits.hashes, looks, context)))
  if (evidence.some(({ kind }) => kind === 'canary')) return done(evidence)

  const faces = await facesOf(bytes, context)
  const retrieved = await retrieve({ hashes: traits.hashes, looks, faces }, context)
  evidence.push(...retrieved.evidence)
  const open = retrieved.candidates.filter(({ capture }) => capture.shredding === null)
  for (const { capture } of retrieved.candidates)
    if (capture.shredding !== null) evidence.push({ kind: 'shredded', capture: capture.id })
  const { photographs } = retrieved
  const opened = [
    ...new Set([
      ...open.map(({ capture }) => capture.id),
      ...photographs.map(({ photograph }) => photograph.entry),
    ]),
  ]
  const logIndex = opened.length === 0 ? null : await opening(opened)
  const found = { bytes, width: traits.width, height: traits.height, looks }
  let compared = 0
  for (const candidate of photographs) {
    compared += 1
    const stored = photographIn(candidate, context)
    const laid = stored === null ? null : await layOverPhotograph(found, stored, candidate, context)
    if (stored === null) evidence.push({ kind: 'not_compared', reason: 'Its key is gone.' })
    if (stored === null || laid === null) continue
    evidence.push(laid)
    if (!isThisPicture(laid)) continue
    const copied = { capture: { id: candidate.photograph.entry }, orientation: 'upright' } as const
    evidence.push(...(await copiesIn(bytes, stored, copied, context)))
    return done(evidence, compared, logIndex)
  }
  for (const { candidate, corners } of inTurn(open)) {
    compared += 1
    const stored = await unsealed(candidate.capture, context)
    if (stored.kind !== 'opened') {
      evidence.push({ kind: 'not_compared', reason: stored.detail })
      continue
    }
    const laid = await layOver(found, stored.plaintext, candidate, corners, context)
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

/** All of them where they are expected to lie; then the likeliest again, by corners, which take long. */
function inTurn(candidates: readonly Candidate[]) {
  const quick = candidates.map((candidate) => ({ candidate, corners: false }))
  // A frame that looks alike has said where its box lies.
  const again = candidates
    .filter(({ framed }) => !framed)
    .slice(0, limits.leakCornersMax)
    .map((candidate) => ({ candidate, corners: true }))
  return [...quick, ...again]
}

function photographIn(
  { photograph: { kek, header, body } }: PhotographCandidate,
  { keks }: ExamineContext,
): Uint8Array | null {
  const opened = keks.open(kek, { header, body })
  return opened.kind === 'opened' ? opened.plaintext : null
}

async function facesOf(
  bytes: Uint8Array,
  { faceReader }: ExamineContext,
): Promise<readonly FoundFace[]> {
  if (faceReader === null) return []
  const decoded = await decodePicture(bytes)
  if (decoded.kind === 'refused') return []
  const faces = await facesAlone(decoded.picture, faceReader)
  return faces
    .slice(0, limits.leakFacesMax)
    .flatMap(({ template, ...face }) => (template === null ? [] : [{ ...face, template }]))
}
