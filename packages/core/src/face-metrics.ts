/** How often faces are told apart wrongly: the figures of ISO/IEC 19795-1, and by group of 19795-10. */

import { errorsToStateARate, type Rate, rateOf } from './face-rates.ts'

/** One comparison with a known answer. `distance` is null where a picture had no usable face. */
export type Trial = {
  readonly same: boolean
  readonly distance: number | null
  /** Group of the person, where it was recorded for the test. */
  readonly group?: string
}

export type VerificationFigures = {
  /** Strangers taken for the same person, of those that were compared. */
  readonly falseMatchRate: Rate
  /** Pictures of one person not taken for one, of those that were compared. */
  readonly falseNonMatchRate: Rate
  /** Comparisons that could not be made. */
  readonly failureToAcquireRate: Rate
  /** Pictures of one person not taken for one, with those that could not be compared. */
  readonly falseRejectRate: Rate
  /** Right answers of all, with what could not be compared as "not the same". */
  readonly accuracy: Rate
}

/** The figures at one threshold: a match is a distance of at most that. */
export function verificationFigures(
  trials: readonly Trial[],
  threshold: number,
  errorsMin = 0,
): VerificationFigures {
  let [genuine, impostors, missed, matched, genuineLost, lost] = [0, 0, 0, 0, 0, 0]
  for (const { same, distance } of trials) {
    if (distance === null) {
      lost += 1
      if (same) genuineLost += 1
    } else if (same) {
      genuine += 1
      if (distance > threshold) missed += 1
    } else {
      impostors += 1
      if (distance <= threshold) matched += 1
    }
  }
  const wrong = missed + matched + genuineLost
  return {
    falseMatchRate: rateOf(matched, impostors, errorsMin),
    falseNonMatchRate: rateOf(missed, genuine, errorsMin),
    failureToAcquireRate: rateOf(lost, trials.length, errorsMin),
    falseRejectRate: rateOf(missed + genuineLost, genuine + genuineLost, errorsMin),
    accuracy: rateOf(trials.length - wrong, trials.length),
  }
}

export type GroupFigures = {
  readonly groups: readonly (VerificationFigures & { readonly group: string })[]
  /** Worst over geometric mean of the stated rates (ISO/IEC 19795-10); null with fewer than two. */
  readonly falseMatchDifferential: number | null
  readonly falseNonMatchDifferential: number | null
}

/** The same figures for every group; a rate on fewer than 30 errors is too few to say. */
export function groupFigures(trials: readonly Trial[], threshold: number): GroupFigures {
  const byGroup = new Map<string, Trial[]>()
  for (const trial of trials) {
    if (trial.group === undefined) continue
    const known = byGroup.get(trial.group)
    if (known === undefined) byGroup.set(trial.group, [trial])
    else known.push(trial)
  }
  const groups = Array.from(byGroup, ([group, members]) => ({
    group,
    ...verificationFigures(members, threshold, errorsToStateARate),
  })).sort((a, b) => (a.group < b.group ? -1 : 1))
  return {
    groups,
    falseMatchDifferential: differential(groups.map(({ falseMatchRate }) => falseMatchRate)),
    falseNonMatchDifferential: differential(
      groups.map(({ falseNonMatchRate }) => falseNonMatchRate),
    ),
  }
}

function differential(rates: readonly Rate[]): number | null {
  const stated = rates.flatMap((rate) =>
    rate.kind === 'rate' && rate.value > 0 ? [rate.value] : [],
  )
  if (stated.length < 2) return null
  const logs = stated.reduce((sum, value) => sum + Math.log(value), 0)
  return Math.max(...stated) / Math.exp(logs / stated.length)
}

/** One search. `mate` says whether the person is in the gallery. */
export type SearchTrial = {
  readonly mate: boolean
  /** Null where the picture had no usable face. */
  readonly outcome: 'mate_first' | 'other_first' | 'nobody' | null
}

export type IdentificationFigures = {
  /** Searches of people outside the gallery that ended with somebody. */
  readonly falsePositiveIdentificationRate: Rate
  /** Searches of people in the gallery that did not end with them, failures to acquire included. */
  readonly falseNegativeIdentificationRate: Rate
  readonly failureToAcquireRate: Rate
}

/** The figures of searches at the threshold that produced their outcomes. */
export function identificationFigures(trials: readonly SearchTrial[]): IdentificationFigures {
  const mates = trials.filter(({ mate }) => mate)
  const others = trials.filter(({ mate, outcome }) => !mate && outcome !== null)
  return {
    falsePositiveIdentificationRate: rateOf(
      others.filter(({ outcome }) => outcome !== 'nobody').length,
      others.length,
    ),
    falseNegativeIdentificationRate: rateOf(
      mates.filter(({ outcome }) => outcome !== 'mate_first').length,
      mates.length,
    ),
    failureToAcquireRate: rateOf(
      trials.filter(({ outcome }) => outcome === null).length,
      trials.length,
    ),
  }
}
