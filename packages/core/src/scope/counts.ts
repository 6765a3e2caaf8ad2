/**
 * What a scope counts, over the pictures in it. The database counts the same in SQL for speed; an
 * exported bundle is counted with this (specs/scope.md).
 */

import { type Grade, grades } from './question.ts'

/** A picture in a scope, under its worst grade. */
export type ScopedPicture = {
  readonly grade: Grade
  readonly capture: string
  readonly class: string
  readonly crossing: string
  readonly port: string
  readonly lane: string
  /** Calendar day of the port on which it was taken. */
  readonly day: string
}

/** What is known of who and what a crossing shows. Tokens say only whether two are the same. */
export type ScopedCrossing = {
  /** Of the plate, where it was read surely or a person said it. */
  readonly vehicle: string | null
  /** Of the traveller, where a document says who it was. */
  readonly identity: string | null
}

export type Interval = { readonly low: number; readonly high: number }

export type ScopeCounts = {
  readonly pictures: number
  readonly crossings: number
  readonly classes: Readonly<Record<string, number>>
  readonly lanes: readonly string[]
  readonly ports: readonly string[]
  readonly days: {
    readonly count: number
    readonly first: string | null
    readonly last: string | null
  }
  /** Low: surely different plates. High: each crossing without a sure one shows another. */
  readonly plates: Interval & { readonly crossings_without: number }
  readonly people: PeopleCount
}

/**
 * People as the records tell them apart. Who is known by a document counts once. Where only the plate
 * is known, low takes one person for each plate, and the same person where there was a document at
 * another time; high takes every picture of a face for another person, and every crossing without a
 * sure plate for another vehicle.
 */
export type PeopleCount = Interval & {
  readonly identified: number
  /** Nobody can be written to: all that is known of them is a plate. */
  readonly plate_only: Interval
  /** Known by nothing but their faces; only where faces were compared (`people.ts`). */
  readonly by_face?:
    | (Interval & {
        /** Pictures of faces without a template that could be compared: high takes each for a person. */
        readonly not_compared: number
      })
    | undefined
}

/** Counts pictures. `of` says what a crossing shows; every capture is given once. */
export function countPictures(
  pictures: Iterable<ScopedPicture>,
  of: (crossing: string) => ScopedCrossing,
): ScopeCounts {
  let count = 0
  const crossings = new Map<string, number>()
  const classes: Record<string, number> = {}
  const lanes = new Set<string>()
  const ports = new Set<string>()
  const days = new Set<string>()
  for (const one of pictures) {
    count += 1
    classes[one.class] = (classes[one.class] ?? 0) + 1
    crossings.set(one.crossing, (crossings.get(one.crossing) ?? 0) + (one.class === 'face' ? 1 : 0))
    lanes.add(one.lane)
    ports.add(one.port)
    days.add(one.day)
  }
  const sorted = [...days].toSorted()
  return {
    pictures: count,
    crossings: crossings.size,
    classes,
    lanes: [...lanes].toSorted(),
    ports: [...ports].toSorted(),
    days: { count: sorted.length, first: sorted[0] ?? null, last: sorted.at(-1) ?? null },
    ...countWho(crossings, of),
  }
}

/** `faces`: pictures of faces in scope, for each crossing in it. */
function countWho(faces: ReadonlyMap<string, number>, of: (crossing: string) => ScopedCrossing) {
  const identities = new Set<string>()
  const plates = new Set<string>()
  const facesOfPlate = new Map<string, number>()
  let without = 0
  let unknown = 0
  let peopleOfUnknown = 0
  for (const [crossing, pictures] of faces) {
    const { vehicle, identity } = of(crossing)
    if (vehicle === null) without += 1
    else plates.add(vehicle)
    if (identity !== null) identities.add(identity)
    else if (vehicle !== null)
      facesOfPlate.set(vehicle, (facesOfPlate.get(vehicle) ?? 0) + pictures)
    else {
      unknown += 1
      peopleOfUnknown += Math.max(1, pictures)
    }
  }
  const known = [...facesOfPlate.values()].reduce((sum, each) => sum + Math.max(1, each), 0)
  const sums = {
    identified: identities.size,
    plates: plates.size,
    without,
    plateOnly: facesOfPlate.size,
    plateOnlyHigh: known + peopleOfUnknown,
    unknown,
  }
  return whoOf(sums)
}

/** The sums from which both engines make the same intervals. */
export type WhoSums = {
  readonly identified: number
  readonly plates: number
  /** Crossings without a sure plate. */
  readonly without: number
  /** Plates of crossings where nobody is identified. */
  readonly plateOnly: number
  readonly plateOnlyHigh: number
  /** Crossings with neither. */
  readonly unknown: number
}

/** The intervals of plates and people. */
export function whoOf(sums: WhoSums): Pick<ScopeCounts, 'plates' | 'people'> {
  const { identified, plates, without, plateOnly, plateOnlyHigh, unknown } = sums
  const platesLow = plates === 0 && without > 0 ? 1 : plates
  const low = plateOnly === 0 && unknown > 0 ? 1 : plateOnly
  return {
    plates: { low: platesLow, high: plates + without, crossings_without: without },
    people: {
      low: Math.max(identified, low),
      high: identified + plateOnlyHigh,
      identified,
      plate_only: { low, high: plateOnlyHigh },
    },
  }
}

export type GradedCounts = {
  readonly total: ScopeCounts
  readonly grades: Readonly<Record<Grade, ScopeCounts>>
}

/** The whole, and each grade by itself. */
export function countScope(
  pictures: readonly ScopedPicture[],
  of: (crossing: string) => ScopedCrossing,
): GradedCounts {
  const byGrade = grades.map(
    (grade) =>
      [
        grade,
        countPictures(
          pictures.filter((one) => one.grade === grade),
          of,
        ),
      ] as const,
  )
  return {
    total: countPictures(pictures, of),
    grades: Object.fromEntries(byGrade) as Record<Grade, ScopeCounts>,
  }
}
