/**
 * A contractor's face model on people whom officers confirmed: what is told of it, and of the model in
 * service on the same pairs. Whether somebody's pictures were there or blank ones in their place changes
 * the odds of any report by at most a factor of e; groups are groups of people, not of pairs.
 */

import { type Chance, cohortMin, groupCohorts, noise } from './cohorts.ts'
import type { Light } from './evaluation-candidate.ts'
import {
  answerAt,
  curveOf,
  type DistanceCell,
  type OperatingPoint,
  type RateAnswer,
} from './evaluation-curve.ts'
import { strangersEach } from './evaluation-people.ts'

/** How much each table may tell of one person; together 1. */
const epsilons = {
  strangers: 0.3,
  genuine: 0.2,
  strangers_service: 0.1,
  genuine_service: 0.1,
  against: 0.05,
  acquisition: 0.1,
  light: 0.05,
  camera: 0.05,
  issuer: 0.05,
} as const

/** A person has two pictures at most. */
const picturesEach = 2

export const faceReportLimits = {
  rates: [0.1, 0.01, 0.001],
  ratesMax: 4,
  cutsMax: 24,
  /** Where distances of descriptions of length 1 are counted apart, unless the card says where. */
  cuts: [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.3, 1.4],
} as const

/** Distances of one pair of pictures; null where a model described one of them not. */
export type TriedPair = { readonly candidate: number | null; readonly service: number | null }

export type TriedPerson = {
  readonly camera: string
  readonly issuer: string
  readonly light: Light
  /** One or two, and how many of them each could not describe. */
  readonly pictures: number
  readonly lost: { readonly candidate: number; readonly service: number }
  /** Null where there is one picture only. */
  readonly pair: TriedPair | null
}

export type FaceTrials = {
  readonly people: readonly TriedPerson[]
  readonly strangers: readonly TriedPair[]
  /** Distances between which pairs are counted, rising; none of them comes from these people. */
  readonly cuts: { readonly candidate: readonly number[]; readonly service: readonly number[] }
  /** False match rates at which is asked how many are missed, 0 to 1. */
  readonly rates: readonly number[]
}

export type FaceModelFigures = {
  /** How alike one person and two are, by distance: the calibration, and all that the rest follows from. */
  readonly cells: readonly DistanceCell[]
  readonly curve: readonly OperatingPoint[]
  readonly rates: readonly RateAnswer[]
  /** Pictures that it could not describe. */
  readonly not_acquired: number
}

export type PeopleShare = {
  /** A light, lane or issuer of documents; `others` for all that are too small. */
  readonly cohort: string
  readonly matched: number
  /** With those whom this model could not compare and the one in service could. */
  readonly not_matched: number
}

export type FaceReport = {
  readonly pictures: number
  readonly candidate: FaceModelFigures
  readonly service: FaceModelFigures
  /** The rate at which the two are laid side by side, and the groups counted; null where none can be stated. */
  readonly at_rate: number | null
  /** People whom each matches with themselves there. */
  readonly against: Readonly<
    Record<'both' | 'only_candidate' | 'only_service' | 'neither', number>
  > | null
  readonly by_light: readonly PeopleShare[]
  readonly by_camera: readonly PeopleShare[]
  readonly by_issuer: readonly PeopleShare[]
  /** Every count of a table is within so many of the truth in 95 of 100 cases. */
  readonly plus_minus: Readonly<Record<keyof typeof epsilons, number>>
}

/** What is told of an evaluation. Null where too few people have two pictures. */
export function reportFaces(trials: FaceTrials, chance: Chance): FaceReport | null {
  const { people, rates } = trials
  if (people.filter(({ pair }) => pair !== null).length < cohortMin) return null
  const compared = people.flatMap(comparedBySome)
  const figures = (model: 'candidate' | 'service'): FaceModelFigures => {
    const tables = tablesOf[model]
    const cells = cellsOf(trials, model, chance)
    const curve = curveOf(cells, {
      genuine: (counts) => boundOf(tables.genuine, counts),
      strangers: (counts) => boundOf(tables.strangers, counts),
    })
    const lost = people.reduce((sum, one) => sum + one.lost[model], 0)
    return {
      cells,
      curve,
      rates: rates.map((rate) => answerAt(curve, rate)),
      not_acquired: noisy('acquisition', lost, chance),
    }
  }
  const [candidate, service] = [figures('candidate'), figures('service')]
  const lines = commonLines(candidate.rates, service.rates)
  const pictures = people.reduce((sum, one) => sum + one.pictures, 0)
  const share = (table: 'light' | 'camera' | 'issuer'): readonly PeopleShare[] =>
    lines === null ? [] : sharesBy(compared, table, lines.candidate, chance)
  return {
    pictures: noisy('acquisition', pictures, chance),
    candidate,
    service,
    at_rate: lines?.rate ?? null,
    against: lines === null ? null : againstAt(compared, lines, chance),
    by_light: share('light'),
    by_camera: share('camera'),
    by_issuer: share('issuer'),
    plus_minus: Object.fromEntries(
      Object.keys(epsilons).map((table) => [table, boundOf(table as Table, 1)]),
    ) as FaceReport['plus_minus'],
  }
}

type Table = keyof typeof epsilons
type Tables = {
  readonly genuine: 'genuine' | 'genuine_service'
  readonly strangers: 'strangers' | 'strangers_service'
}

const tablesOf = {
  candidate: { genuine: 'genuine', strangers: 'strangers' },
  service: { genuine: 'genuine_service', strangers: 'strangers_service' },
} as const satisfies Record<'candidate' | 'service', Tables>

/** What one count of a table may tell of one person, by how many of its counts a person moves by one. */
function epsilonOf(table: Table): number {
  if (table === 'strangers' || table === 'strangers_service') return epsilons[table] / strangersEach
  // Pictures there are, and those that each model lost: three counts of two pictures.
  return table === 'acquisition' ? epsilons[table] / (3 * picturesEach) : epsilons[table]
}

function withNoise(table: Table, count: number, chance: Chance): number {
  return count + noise(epsilonOf(table), chance)
}

function noisy(table: Table, count: number, chance: Chance): number {
  return Math.max(0, withNoise(table, count, chance))
}

/** The sum of so many counts of a table is within this of the truth in 95 of 100 cases. */
function boundOf(table: Table, counts: number): number {
  const kept = Math.exp(-epsilonOf(table))
  return Math.ceil((1.96 * Math.sqrt(2 * kept * counts)) / (1 - kept))
}

/** Counts may fall below 0: what is added up of them must not lean to one side. */
function cellsOf(
  { people, strangers, cuts }: FaceTrials,
  model: 'candidate' | 'service',
  chance: Chance,
): readonly DistanceCell[] {
  const tables = tablesOf[model]
  const edges = cuts[model]
  const count = (pairs: readonly (TriedPair | null)[]): readonly number[] => {
    const counts = Array.from({ length: edges.length + 1 }, () => 0)
    for (const pair of pairs) {
      const distance = pair?.[model] ?? null
      if (distance === null) continue
      const above = edges.findIndex((edge) => distance <= edge)
      const cell = above === -1 ? edges.length : above
      counts[cell] = (counts[cell] ?? 0) + 1
    }
    return counts
  }
  const [genuine, others] = [count(people.map(({ pair }) => pair)), count(strangers)]
  return genuine.map((some, at) => ({
    from: at === 0 ? 0 : (edges[at - 1] ?? 0),
    to: edges[at] ?? null,
    genuine: withNoise(tables.genuine, some, chance),
    strangers: withNoise(tables.strangers, others[at] ?? 0, chance),
  }))
}

type Lines = { readonly rate: number; readonly candidate: number; readonly service: number }

/** The smallest rate that is stated of both. */
function commonLines(
  candidate: readonly RateAnswer[],
  service: readonly RateAnswer[],
): Lines | null {
  const found = candidate.flatMap((mine, at): readonly Lines[] => {
    const theirs = service[at]
    return mine.kind === 'stated' && theirs?.kind === 'stated'
      ? [{ rate: mine.rate, candidate: mine.point.distance, service: theirs.point.distance }]
      : []
  })
  return found.toSorted((a, b) => a.rate - b.rate)[0] ?? null
}

type Compared = TriedPerson & { readonly pair: TriedPair }

/** Who is lost to both is counted in no table but that of the lost, as blank pictures would be. */
function comparedBySome(one: TriedPerson): readonly Compared[] {
  const { pair } = one
  return pair === null || (pair.candidate === null && pair.service === null)
    ? []
    : [{ ...one, pair }]
}

function matches(distance: number | null, line: number): boolean {
  return distance !== null && distance <= line
}

function againstAt(compared: readonly Compared[], lines: Lines, chance: Chance) {
  const counted = (mine: boolean, theirs: boolean): number =>
    noisy(
      'against',
      compared.filter(
        ({ pair }) =>
          matches(pair.candidate, lines.candidate) === mine &&
          matches(pair.service, lines.service) === theirs,
      ).length,
      chance,
    )
  return {
    both: counted(true, true),
    only_candidate: counted(true, false),
    only_service: counted(false, true),
    neither: counted(false, false),
  }
}

function sharesBy(
  compared: readonly Compared[],
  table: 'light' | 'camera' | 'issuer',
  line: number,
  chance: Chance,
): readonly PeopleShare[] {
  const sizes = new Map<string, number>()
  for (const one of compared) sizes.set(one[table], (sizes.get(one[table]) ?? 0) + 1)
  const groups = groupCohorts(sizes)
  if (groups === null) return []
  return [...new Set(groups.values())].sort().map((cohort) => {
    const within = compared.filter((one) => groups.get(one[table]) === cohort)
    const matched = within.filter(({ pair }) => matches(pair.candidate, line)).length
    return {
      cohort,
      matched: noisy(table, matched, chance),
      not_matched: noisy(table, within.length - matched, chance),
    }
  })
}
