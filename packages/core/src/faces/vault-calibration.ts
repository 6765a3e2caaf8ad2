/**
 * Which of the pictures that a hub holds may be compared so that the answer is known: because people said
 * who was in them, never because a machine thinks so.
 */

import { type FaceCurves, errorsPerPoint } from '../face-calibration.ts'
import { type Rate, rateOf } from '../face-rates.ts'
import type { Role } from '../opening.ts'

/** What it is opened for: a calibration that goes into service, or a look at how well the one in service does. */
export const calibrationPurposes = ['evaluation', 'audit'] as const
export type CalibrationPurpose = (typeof calibrationPurposes)[number]

/** Who may have the hub compare what it holds, for what. */
const purposesOf = {
  supervisor: ['evaluation'],
  privacy: ['evaluation', 'audit'],
  auditor: ['audit'],
} as const satisfies Partial<Record<Role, readonly CalibrationPurpose[]>>

export const calibrators = ['supervisor', 'privacy', 'auditor'] as const satisfies readonly Role[]

/** Whether somebody with these roles may have faces compared for `purpose`. */
export function mayCalibrate(held: readonly Role[], purpose: CalibrationPurpose): boolean {
  return calibrators.some(
    (role) =>
      held.includes(role) && (purposesOf[role] as readonly CalibrationPurpose[]).includes(purpose),
  )
}

export const vaultCalibrationLimits = {
  /** Newest confirmed pictures of one class of camera: each is compared with everybody's photograph. */
  capturesMax: 1_000,
  /** Of one person, so that who crosses daily does not stand for everybody. */
  capturesPerPersonMax: 3,
  genuineMin: 60,
  folds: 5,
} as const

/** A picture of a crossing whose person people confirmed, and the photograph that it was confirmed against. */
export type ConfirmedCapture = {
  readonly capture: string
  readonly crossing: string
  /** The entry of a gallery whose photograph it is. */
  readonly entry: string
  /** The person's document: two of one identity are one person. */
  readonly identity: string
  /** As `plainName` folds it. */
  readonly name: string
  /** ISO 8601 day, where it is known. */
  readonly born: string | null
  /** Of ISO/IEC 19795-10, such as 'sex F'. */
  readonly groups: readonly string[]
}

/**
 * Whether these are two people beyond doubt. Who passed in one crossing, who was born on one day (twins),
 * and who bears a name of the other where no birthday tells them apart may be one person with two
 * documents, or look like it: they are neither a pair of one nor of two.
 */
export function surelyTwo(a: ConfirmedCapture, b: ConfirmedCapture): boolean {
  if (a.identity === b.identity || a.crossing === b.crossing) return false
  if (a.born !== null && b.born !== null) return a.born !== b.born && a.name !== b.name
  const words = new Set(a.name.split(' '))
  return !b.name.split(' ').some((word) => words.has(word))
}

/** A name without marks, cases and signs: two lists spell one person in two ways. */
export function plainName(name: string): string {
  return name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

/** The newest of each person, the newest first; `captures` come newest first. */
export function takenCaptures(captures: readonly ConfirmedCapture[]): readonly ConfirmedCapture[] {
  const taken = new Map<string, number>()
  return captures
    .filter(({ identity }) => {
      const before = taken.get(identity) ?? 0
      taken.set(identity, before + 1)
      return before < vaultCalibrationLimits.capturesPerPersonMax
    })
    .slice(0, vaultCalibrationLimits.capturesMax)
}

/** One photograph of each person: that of their newest capture. */
export function photographsOf(captures: readonly ConfirmedCapture[]): readonly ConfirmedCapture[] {
  const first = new Map<string, ConfirmedCapture>()
  for (const one of captures) if (!first.has(one.identity)) first.set(one.identity, one)
  return [...first.values()]
}

export type Counts = {
  readonly people: number
  /** Captures with the photograph that they were confirmed against. */
  readonly genuine: number
  /** Captures with photographs of others. */
  readonly impostors: number
}

/** The comparisons that could be made; no template is needed to count them. */
export function countComparisons(captures: readonly ConfirmedCapture[]): Counts {
  const photographs = photographsOf(captures)
  let impostors = 0
  for (const one of captures)
    for (const other of photographs) if (surelyTwo(one, other)) impostors += 1
  return { people: photographs.length, genuine: captures.length, impostors }
}

/**
 * The least that carries a false match rate. To say of it at all, three times its inverse without an error
 * (the rule of three: then it is lower with 95 %); to place a line, thirty (`errorsPerPoint`).
 */
export function neededFor(purpose: CalibrationPurpose, falseMatchRate: number): Counts {
  const errors = purpose === 'audit' ? 3 : errorsPerPoint
  const least = Math.ceil(errors / falseMatchRate - 1e-9)
  const impostors = purpose === 'audit' ? least : Math.max(least, 2 * errorsPerPoint)
  const genuine = purpose === 'audit' ? 1 : vaultCalibrationLimits.genuineMin
  // So many people give each capture of one of them with the photograph of every other.
  const people = Math.ceil((1 + Math.sqrt(1 + 4 * impostors)) / 2)
  return { people, genuine, impostors }
}

export function carries(counts: Counts, needed: Counts): boolean {
  return counts.genuine >= needed.genuine && counts.impostors >= needed.impostors
}

/** A rate that may be said, or how many comparisons it would take; errors of few are told to nobody. */
export type SaidRate =
  | Extract<Rate, { kind: 'rate' }>
  | { readonly kind: 'too_few'; readonly trials: number; readonly needed: number }

/** `errors` of `trials` at a line that promises `rate`: too few to say below three times its inverse. */
export function sayRate(errors: number, trials: number, rate: number): SaidRate {
  const needed = Math.ceil(3 / rate - 1e-9)
  const found = rateOf(errors, trials)
  return trials < needed || found.kind === 'too_few' ? { kind: 'too_few', trials, needed } : found
}

/**
 * Curves whose side of missed matches is nowhere narrower than that of the calibration under which the
 * pairs were found. Whom it did not find nobody confirmed: fitted on its own matches alone, each
 * calibration would call more people "no match" than the one before.
 */
export function neverNarrower(fitted: FaceCurves, before: FaceCurves | null): FaceCurves {
  if (before === null) return fitted
  const falseNonMatch = fitted.falseNonMatch.map(({ share, distance }) => {
    // Where the one before says nothing of so small a share, its farthest point stands.
    const there = before.falseNonMatch.find((point) => point.share <= share * (1 + 1e-9))
    const known = there ?? before.falseNonMatch.at(-1)
    return { share, distance: Math.max(distance, known?.distance ?? 0) }
  })
  return { ...fitted, falseNonMatch }
}

/** Bands of age on `day` (ISO 8601), and sex as a document says it. */
export function groupsOf(
  { born, sex }: { readonly born: string | null; readonly sex: 'F' | 'M' | 'X' | null },
  day: string,
): readonly string[] {
  const groups = sex === null ? [] : [`sex ${sex}`]
  if (born === null) return groups
  const years =
    Number(day.slice(0, 4)) - Number(born.slice(0, 4)) - (day.slice(5) < born.slice(5) ? 1 : 0)
  const band = years < 30 ? 'under 30' : years < 60 ? '30 to 59' : '60 and over'
  return [...groups, `age ${band}`]
}
