/**
 * People of a scope as faces and confirmed travellers tell them apart (specs/scope.md). What is the
 * same face was found once, when the scope was stated; here it is only counted.
 */

import type { GradedCounts, PeopleCount, ScopedPicture } from './counts.ts'
import { grades } from './question.ts'

/** A picture of a face in a scope. Numbers mean nothing outside that scope. */
export type KnownFace = {
  readonly capture: string
  /** Equal where faces are surely of one person; null where it was not compared. */
  readonly same: number | null
  /** Equal where faces may be of one person; whoever has the same `same` has the same of these. */
  readonly maybe: number | null
  /** The traveller, where people confirmed who it is. */
  readonly person: number | null
}

export type ScopePeople = {
  readonly faces: ReadonlyMap<string, KnownFace>
  /** Who was confirmed at a crossing, whether or not the picture of the face is in the scope. */
  readonly travellers: ReadonlyMap<string, readonly number[]>
}

type Seen = Pick<ScopedPicture, 'capture' | 'class' | 'crossing'>

/** `counts` with people counted by face as well, in the whole and in each grade. */
export function withPeople(
  counts: GradedCounts,
  pictures: readonly (Seen & Pick<ScopedPicture, 'grade'>)[],
  vehicleOf: (crossing: string) => string | null,
  known: ScopePeople,
): GradedCounts {
  const of = (some: Iterable<Seen>) => countPeople(some, vehicleOf, known)
  const byGrade = grades.map((grade) => {
    const people = of(pictures.filter((one) => one.grade === grade))
    return [grade, { ...counts.grades[grade], people }] as const
  })
  return {
    total: { ...counts.total, people: of(pictures) },
    grades: Object.fromEntries(byGrade) as GradedCounts['grades'],
  }
}

/**
 * Every capture is given once. Low: as few people as faces allow that surely differ, and at least one
 * for each plate but where one face is surely in both. High: every face that is not surely another's is
 * a person, and so is every picture that could not be compared.
 */
export function countPeople(
  pictures: Iterable<Seen>,
  vehicleOf: (crossing: string) => string | null,
  known: ScopePeople,
): PeopleCount {
  const crossings = new Map<string, string[]>()
  for (const { capture, class: name, crossing } of pictures) {
    const faces = crossings.get(crossing) ?? []
    if (name === 'face') faces.push(capture)
    crossings.set(crossing, faces)
  }
  const faces = countFaces([...crossings.values()].flat(), known)
  const persons = new Set(faces.persons)
  for (const crossing of crossings.keys())
    for (const person of known.travellers.get(crossing) ?? []) persons.add(person)
  const open = [...crossings].filter(([crossing]) => !known.travellers.has(crossing))
  const plates = countPlates(open, vehicleOf, (capture) => {
    const same = known.faces.get(capture)?.same ?? null
    const person = same === null ? undefined : faces.personOf.get(same)
    if (same === null) return `picture ${capture}`
    return person === undefined ? `face ${same}` : `person ${person}`
  })
  const unseen = persons.size - faces.persons.size
  const byFaces = faces.persons.size + Math.max(faces.maybe, unseen)
  return {
    low: Math.max(byFaces, plates.low, crossings.size === 0 ? 0 : 1),
    high: persons.size + faces.same + faces.uncompared + plates.only.high,
    identified: persons.size,
    by_face: {
      low: faces.maybe,
      high: faces.same + faces.uncompared,
      not_compared: faces.uncompared,
    },
    plate_only: plates.only,
  }
}

type FaceSums = {
  /** Travellers whose face was compared. */
  readonly persons: ReadonlySet<number>
  /** One traveller of each group of the same face that has any. */
  readonly personOf: ReadonlyMap<number, number>
  /** Groups in which nobody is known. */
  readonly same: number
  readonly maybe: number
  /** Pictures without a group and without a name. */
  readonly uncompared: number
}

function countFaces(captures: readonly string[], known: ScopePeople): FaceSums {
  const persons = new Set<number>()
  const personOf = new Map<number, number>()
  const same = new Set<number>()
  const maybe = new Map<number, boolean>()
  let uncompared = 0
  for (const capture of captures) {
    const face = known.faces.get(capture)
    if (face?.same === undefined || face.same === null || face.maybe === null) {
      // Who is named without a comparison is among the travellers of the crossing.
      if ((face?.person ?? null) === null) uncompared += 1
      continue
    }
    same.add(face.same)
    maybe.set(face.maybe, (maybe.get(face.maybe) ?? false) || face.person !== null)
    if (face.person === null) continue
    persons.add(face.person)
    personOf.set(face.same, Math.min(personOf.get(face.same) ?? face.person, face.person))
  }
  return {
    persons,
    personOf,
    same: [...same].filter((group) => !personOf.has(group)).length,
    maybe: [...maybe.values()].filter((named) => !named).length,
    uncompared,
  }
}

/** Vehicles of crossings where nobody is known. `faceOf` says of whom a picture is, as far as that is sure. */
function countPlates(
  open: readonly (readonly [crossing: string, faces: readonly string[]])[],
  vehicleOf: (crossing: string) => string | null,
  faceOf: (capture: string) => string,
): { readonly low: number; readonly only: { readonly low: number; readonly high: number } } {
  const facesOf = new Map<string, string[]>()
  let unknown = 0
  for (const [crossing, faces] of open) {
    const vehicle = vehicleOf(crossing)
    if (vehicle !== null)
      facesOf.set(vehicle, [...(facesOf.get(vehicle) ?? []), ...faces.map(faceOf)])
    else if (faces.length === 0) unknown += 1
  }
  const only = [...facesOf.values()].filter((faces) => faces.length === 0).length
  return {
    low: groupsOf([...facesOf.values()]),
    only: { low: only === 0 && unknown > 0 ? 1 : only, high: only + unknown },
  }
}

/** How many sets are left when those that share a member are joined. */
function groupsOf(sets: readonly (readonly string[])[]): number {
  const parents = sets.map((_, at) => at)
  const rootOf = (at: number): number => {
    let root = at
    while (parents[root] !== root) root = parents[root] ?? root
    parents[at] = root
    return root
  }
  const first = new Map<string, number>()
  for (const [at, members] of sets.entries())
    for (const member of members) {
      const other = first.get(member)
      if (other === undefined) first.set(member, at)
      else parents[rootOf(at)] = rootOf(other)
    }
  return parents.filter((_, at) => rootOf(at) === at).length
}
