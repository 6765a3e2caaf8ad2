/**
 * A contractor's model on what people decided on: who may have it evaluated and how often, and what is
 * told of a plate reader (`evaluation-faces.ts` of a face model). The contractor is told what the agency is.
 */

import { type Chance, cohortMin, groupCohorts, noise, noiseBound } from './cohorts.ts'
import { evaluators, isExact } from './evaluation.ts'
import type { Role } from './opening.ts'
import { foldPlateText } from './plate.ts'
import type { Zone } from './stays/zone.ts'
import { differenceOf } from './text-difference.ts'

export const candidateLimits = {
  /** Evaluations of one owner's models on one set: each tells a little of single pictures. */
  perOwner: 3,
  /** Of all owners together, who may know each other. */
  perSet: 12,
  /** Pictures of one evaluation, the newest first. */
  picturesMax: 2_000,
} as const

/** What a model is of. Both draw on one budget. */
export type CandidateSubject = 'plates' | 'faces'

/**
 * How much each table may tell of one picture; together 1. A picture is in one cell of each table.
 */
const epsilons = {
  against: 0.25,
  calibration: 0.2,
  jurisdiction: 0.15,
  light: 0.15,
  camera: 0.15,
  confusions: 0.1,
} as const

export type CandidateRefusal =
  | 'role_missing'
  | 'no_grant'
  | 'needs_live_approval'
  | 'set_not_over'
  | 'too_few_labels'
  | 'evaluation_budget'

export type CandidateDecision =
  | { readonly kind: 'allow' }
  | { readonly kind: 'refuse'; readonly code: CandidateRefusal; readonly detail: string }

export type CandidateAsk = {
  readonly roles: readonly Role[]
  /** `agency`, or the contractor that the asker belongs to. */
  readonly party: string
  /** Whose model it is. */
  readonly owner: string
  /** Whether the owner has a grant in force now; the agency needs none. */
  readonly granted: boolean
  /** Whether the asker's party is under supervision: its people start nothing alone then. */
  readonly supervised: boolean
  readonly set: LabelMonth
  readonly subject: CandidateSubject
  /** Plates with a text in the set, or people with two confirmed pictures. */
  readonly labels: number
  /** Evaluations on this set that were begun. */
  readonly used: { readonly byOwner: number; readonly byAll: number }
}

/** Whether this model may be evaluated on this set at `now`. */
export function decideCandidate(ask: CandidateAsk, now: Date): CandidateDecision {
  const { roles, party, owner, set, subject, labels, used } = ask
  if (party === 'agency' && !roles.some((role) => (evaluators as readonly Role[]).includes(role)))
    return refuse('role_missing', `This needs one of the roles: ${evaluators.join(', ')}.`)
  if (party !== 'agency' && owner !== party)
    return refuse('role_missing', 'Models of another party are brought by its own people.')
  if (owner !== 'agency' && !ask.granted)
    return refuse(
      'no_grant',
      `${owner} has no grant in force. Two units of the agency sign one; until then nothing is evaluated for it.`,
    )
  if (ask.supervised && party !== 'agency')
    return refuse(
      'needs_live_approval',
      `${party} is under supervision. Somebody of the agency starts its evaluations, with the model and card that you give them.`,
    )
  if (now < set.to)
    return refuse(
      'set_not_over',
      `${set.name} ends at ${set.to.toISOString()}. A set that still grows would tell what was added.`,
    )
  if (labels < cohortMin)
    return refuse(
      'too_few_labels',
      subject === 'plates'
        ? `${set.name} has too few plates with a verdict; ${cohortMin} are needed. Choose another month.`
        : `${set.name} has too few travellers who were confirmed at the window in two crossings; ${cohortMin} are needed. Choose another month.`,
    )
  if (used.byOwner >= candidateLimits.perOwner)
    return refuse(
      'evaluation_budget',
      `Models of ${owner} were evaluated ${used.byOwner} times on ${set.name}, which is all: more would tell of single pictures. Choose another month, or drawn pictures (sallyport synth).`,
    )
  if (used.byAll >= candidateLimits.perSet)
    return refuse(
      'evaluation_budget',
      `${set.name} was used ${used.byAll} times, which is all. Choose another month.`,
    )
  return { kind: 'allow' }
}

function refuse(code: CandidateRefusal, detail: string): CandidateDecision {
  return { kind: 'refuse', code, detail }
}

/** The verdicts of one calendar month at the port. */
export type LabelMonth = { readonly name: string; readonly from: Date; readonly to: Date }

/** `verdicts:2026-10` as the port counts months; null when it is written otherwise. */
export function parseLabelMonth(name: string, zone: Zone): LabelMonth | null {
  const [, year, month] = /^verdicts:(20\d\d)-(0[1-9]|1[0-2])$/.exec(name) ?? []
  if (year === undefined || month === undefined) return null
  const start = (months: number): Date =>
    new Date(zone.startOf(Date.UTC(Number(year), months, 1) / 86_400_000))
  return { name, from: start(Number(month) - 1), to: start(Number(month)) }
}

/** How much light a picture had, by its mean brightness; a lane's own lamp counts. */
export type Light = 'dark' | 'dim' | 'bright'

/** `brightness` is the mean of all channels, 0 to 255. */
export function lightOf(brightness: number): Light {
  if (brightness < 50) return 'dark'
  return brightness < 100 ? 'dim' : 'bright'
}

/** One picture, read by both. */
export type TriedPicture = {
  readonly label: string
  readonly jurisdiction: string
  readonly light: Light
  readonly camera: string
  /** What the candidate says; '' where it read nothing, failed or took too long. */
  readonly read: string
  /** 0 to 1. */
  readonly confidence: number
  /** What the reader in service says. */
  readonly service: string
}

export type CandidateReport = {
  /** How many pictures each could read exactly. */
  readonly against: Readonly<Record<'both' | 'only_candidate' | 'only_service' | 'neither', number>>
  /** Reads of the candidate by how sure it was; `to` is left out but for the last. */
  readonly calibration: readonly {
    readonly from: number
    readonly to: number
    readonly right: number
    readonly wrong: number
  }[]
  readonly silent: number
  readonly by_jurisdiction: readonly CohortShare[]
  readonly by_light: readonly CohortShare[]
  readonly by_camera: readonly CohortShare[]
  /** Reads that differ in one character, most frequent first. */
  readonly confusions: readonly {
    readonly label: string
    readonly read: string
    readonly count: number
  }[]
  /** Every count of a table is within so many of the truth in 95 of 100 cases. */
  readonly plus_minus: Readonly<Record<keyof typeof epsilons, number>>
}

export type CohortShare = {
  /** A jurisdiction, light or lane; `others` for all that are too small. */
  readonly cohort: string
  readonly exact: number
  readonly not_exact: number
}

const calibrationCuts = [0, 0.5, 0.8, 0.9, 0.95, 0.98, 1] as const

/**
 * What is told of an evaluation: counts with noise, of groups of at least `cohortMin`. Null where the
 * pictures are too few for any.
 */
export function reportCandidate(
  pictures: readonly TriedPicture[],
  chance: Chance,
): CandidateReport | null {
  if (pictures.length < cohortMin) return null
  const noisy = (table: keyof typeof epsilons, count: number): number =>
    Math.max(0, count + noise(epsilons[table], chance))
  const counted = (table: keyof typeof epsilons, holds: (one: TriedPicture) => boolean): number =>
    noisy(table, pictures.filter(holds).length)
  const cohorts = (table: 'jurisdiction' | 'light' | 'camera'): readonly CohortShare[] => {
    const groups = groupCohorts(sizesBy(pictures, table))
    if (groups === null) return []
    const shown = [...new Set(groups.values())].sort()
    return shown.map((cohort) => {
      const within = (one: TriedPicture): boolean => groups.get(one[table]) === cohort
      return {
        cohort,
        exact: counted(table, (one) => within(one) && isRight(one)),
        not_exact: counted(table, (one) => within(one) && !isRight(one)),
      }
    })
  }
  return {
    against: {
      both: counted('against', (one) => isRight(one) && serviceIsRight(one)),
      only_candidate: counted('against', (one) => isRight(one) && !serviceIsRight(one)),
      only_service: counted('against', (one) => !isRight(one) && serviceIsRight(one)),
      neither: counted('against', (one) => !isRight(one) && !serviceIsRight(one)),
    },
    calibration: calibrationCuts.slice(0, -1).map((from, index) => {
      const to = calibrationCuts[index + 1] ?? 1
      const inBin = ({ read, confidence }: TriedPicture): boolean =>
        read !== '' && confidence >= from && (confidence < to || to === 1)
      return {
        from,
        to,
        right: counted('calibration', (one) => inBin(one) && isRight(one)),
        wrong: counted('calibration', (one) => inBin(one) && !isRight(one)),
      }
    }),
    silent: counted('calibration', ({ read }) => read === ''),
    by_jurisdiction: cohorts('jurisdiction'),
    by_light: cohorts('light'),
    by_camera: cohorts('camera'),
    confusions: confusionsOf(pictures)
      .map((one) => ({ ...one, count: noisy('confusions', one.count) }))
      .sort((a, b) => b.count - a.count),
    plus_minus: {
      against: noiseBound(epsilons.against),
      calibration: noiseBound(epsilons.calibration),
      jurisdiction: noiseBound(epsilons.jurisdiction),
      light: noiseBound(epsilons.light),
      camera: noiseBound(epsilons.camera),
      confusions: noiseBound(epsilons.confusions),
    },
  }
}

function isRight({ label, read }: TriedPicture): boolean {
  return isExact({ label, read })
}

function serviceIsRight({ label, service }: TriedPicture): boolean {
  return isExact({ label, read: service })
}

function sizesBy(
  pictures: readonly TriedPicture[],
  table: 'jurisdiction' | 'light' | 'camera',
): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>()
  for (const one of pictures) sizes.set(one[table], (sizes.get(one[table]) ?? 0) + 1)
  return sizes
}

/** A picture counts once at most: only where a single character was taken for another. */
function confusionsOf(pictures: readonly TriedPicture[]) {
  const counts = new Map<string, { label: string; read: string; count: number }>()
  for (const { label, read } of pictures) {
    const pieces = differenceOf(foldPlateText(label), foldPlateText(read))
    const [only, ...more] = pieces.filter(({ kind }) => kind !== 'same')
    if (only?.kind !== 'changed' || more.length > 0) continue
    const name = `${only.reference} ${only.character}`
    const known = counts.get(name) ?? { label: only.reference, read: only.character, count: 0 }
    counts.set(name, { ...known, count: known.count + 1 })
  }
  return [...counts.values()].filter(({ count }) => count >= cohortMin)
}
