/** What the hub says of a face of a crossing. No outcome refuses or detains anybody. */

import type { FaceCalibration } from '../face-calibration-document.ts'
import { judgeSearch, linesForGallery } from '../face-verdict.ts'
import type { AcquisitionFault } from './acquisition.ts'

/** Why faces are not compared here, though a lane sent one. */
export const offReasons = [
  /** The hub's setting. */
  'off_at_hub',
  /** No ground for comparing faces is in force at this site. */
  'no_basis',
  /** No calibration is in service for this model and class of camera. */
  'no_calibration',
  /** More people are expected than the calibration can promise its rate for. */
  'gallery_too_large',
] as const
export type OffReason = (typeof offReasons)[number]

/** Who may stand there: an entry of a gallery, or of the travellers that are looked for. */
export type FaceCandidate = {
  readonly entry: string
  /** Null: it is a watch entry. */
  readonly gallery: string | null
}

export type FaceOutcome =
  | { readonly kind: 'off'; readonly reason: OffReason }
  | { readonly kind: 'opted_out' }
  | { readonly kind: 'not_acquired'; readonly why: AcquisitionFault }
  /** Nobody is expected at this place and time. */
  | { readonly kind: 'no_gallery' }
  | { readonly kind: 'no_match' }
  /** A person looks: several may be it, or one who is not alike enough, or one who is looked for. */
  | { readonly kind: 'too_close'; readonly candidates: readonly FaceCandidate[] }
  | { readonly kind: 'match'; readonly candidates: readonly FaceCandidate[] }

export const faceOutcomeKinds = [
  'off',
  'opted_out',
  'not_acquired',
  'no_gallery',
  'no_match',
  'too_close',
  'match',
] as const satisfies readonly FaceOutcome['kind'][]

/** What a search found in one gallery: the most alike first, each entry once. */
export type GalleryFinding = {
  /** Null: the travellers that are looked for. */
  readonly gallery: string | null
  /** Templates that were searched. */
  readonly size: number
  readonly found: readonly {
    readonly entry: string
    /** Whose it is, where two galleries may expect one person: document or entry. */
    readonly identity: string
    readonly distance: number
  }[]
}

/** At most so many candidates are put before a person. */
export const candidatesMax = 5

/**
 * The outcome of searching a face in everything that is searched at its place and time. The line for a
 * match moves with the number of templates of all galleries together: each is one more stranger. One
 * who may be looked for is never a match by machine alone, and is never left out for somebody who is
 * more alike: a person looks.
 */
export function decideOutcome(
  { curves, thresholds }: Pick<FaceCalibration, 'curves' | 'thresholds'>,
  findings: readonly GalleryFinding[],
): FaceOutcome {
  const size = findings.reduce((sum, one) => sum + one.size, 0)
  if (size === 0) return { kind: 'no_gallery' }
  const lines = linesForGallery(curves, thresholds, size)
  if (lines.kind === 'refused') return { kind: 'off', reason: 'gallery_too_large' }
  const nearest = nearestOfEach(findings.map((one) => withinPromise(one, lines.lines.match)))
  const found = nearest.map(({ identity, distance }) => ({ id: identity, distance }))
  const judged = judgeSearch(curves, lines.lines, found)
  const shown = shownOf(nearest, new Set(judged.candidates.map(({ id }) => id)))
  const candidates = shown.flatMap((one) => one.candidates)
  if (candidates.length === 0) {
    const expects = findings.some(({ gallery, size: own }) => gallery !== null && own > 0)
    return expects ? { kind: 'no_match' } : { kind: 'no_gallery' }
  }
  return judged.verdict === 'match' && !shown.some(isLookedFor)
    ? { kind: 'match', candidates: candidates.slice(0, 1) }
    : { kind: 'too_close', candidates }
}

/**
 * Of those who are looked for only who is as near as a match is named: that line holds the share of
 * innocent people who are taken for one of them, and what lies beyond it would be most of a queue.
 */
function withinPromise(finding: GalleryFinding, match: number): GalleryFinding {
  if (finding.gallery !== null) return finding
  return { ...finding, found: finding.found.filter(({ distance }) => distance <= match) }
}

/**
 * Whom a person looks at, the most alike first: those that the search leaves open and everybody who is
 * looked for, also where somebody who is expected is more alike. A document may be somebody else's.
 */
function shownOf(nearest: readonly Nearest[], judged: ReadonlySet<string>): readonly Nearest[] {
  const watched = nearest.filter(isLookedFor).slice(0, candidatesMax)
  const others = nearest.filter((one) => judged.has(one.identity) && !isLookedFor(one))
  const chosen = new Set([...watched, ...others.slice(0, candidatesMax - watched.length)])
  return nearest.filter((one) => chosen.has(one))
}

function isLookedFor({ candidates }: Nearest): boolean {
  return candidates.some(({ gallery }) => gallery === null)
}

type Nearest = {
  readonly identity: string
  readonly distance: number
  readonly candidates: readonly FaceCandidate[]
}

/** One line a person: who is expected twice does not stand in their own way. */
function nearestOfEach(findings: readonly GalleryFinding[]): readonly Nearest[] {
  const all = findings
    .flatMap(({ gallery, found }) => found.map((one) => ({ ...one, gallery })))
    .toSorted((a, b) => a.distance - b.distance)
  const byIdentity = new Map<string, Nearest>()
  for (const { entry, gallery, identity, distance } of all) {
    const known = byIdentity.get(identity)
    const candidate = { entry, gallery }
    if (known === undefined)
      byIdentity.set(identity, { identity, distance, candidates: [candidate] })
    // That somebody expected is looked for as well must be seen; a second list says nothing more.
    else if (known.candidates.every((one) => (one.gallery === null) !== (gallery === null)))
      byIdentity.set(identity, { ...known, candidates: [...known.candidates, candidate] })
  }
  return [...byIdentity.values()]
}
