/**
 * Who is compared with whom when a contractor's face model is evaluated: every person with themselves
 * once, and with so many others. What one person can change of a report follows from that.
 */

import type { Chance } from './cohorts.ts'

export const peopleLimits = {
  /** Pictures of one evaluation. */
  picturesMax: 20_000,
  /** Places along the drawn order at which everybody meets somebody else; each is met from both sides. */
  strangersAhead: 10,
} as const

/** Comparisons with others that one person is in, at most. */
export const strangersEach = 2 * peopleLimits.strangersAhead

/** A picture of somebody whom an officer confirmed. */
export type FaceLabel = {
  readonly capture: string
  /** One text for one person; it leaves the hub in no form. */
  readonly person: string
  readonly camera: string
  /** Who issued their document. */
  readonly issuer: string
}

/** One person's pictures that were drawn; `again` is null where there is no second one. */
export type DrawnPerson = {
  readonly first: string
  readonly again: string | null
  readonly camera: string
  readonly issuer: string
}

/** Everybody once, in drawn order, with at most two of their pictures; at most `picturesMax` in all. */
export function drawPeople(
  labels: readonly FaceLabel[],
  chance: Chance,
  picturesMax: number = peopleLimits.picturesMax,
): readonly DrawnPerson[] {
  const byPerson = new Map<string, FaceLabel[]>()
  for (const label of labels) {
    const known = byPerson.get(label.person)
    if (known === undefined) byPerson.set(label.person, [label])
    else known.push(label)
  }
  const drawn: DrawnPerson[] = []
  let room = picturesMax
  for (const theirs of shuffled([...byPerson.values()], chance)) {
    if (room <= 0) break
    const [first, again] = shuffled(theirs, chance)
    if (first === undefined) continue
    const { capture, camera, issuer } = first
    const second = room > 1 ? (again?.capture ?? null) : null
    room -= second === null ? 1 : 2
    drawn.push({ first: capture, again: second, camera, issuer })
  }
  return drawn
}

/** Places of two different people, each pair once. */
export function strangerPairs(people: number): readonly (readonly [number, number])[] {
  const ahead = Math.min(peopleLimits.strangersAhead, Math.floor((people - 1) / 2))
  return Array.from({ length: Math.max(0, ahead) }, (_, at) =>
    Array.from({ length: people }, (_nobody, one) => [one, (one + at + 1) % people] as const),
  ).flat()
}

/** Fisher and Yates. */
function shuffled<One>(list: readonly One[], chance: Chance): readonly One[] {
  const order = [...list]
  for (let last = order.length - 1; last > 0; last--) {
    const other = Math.floor(chance() * (last + 1))
    const [a, b] = [order[last], order[other]]
    if (a === undefined || b === undefined) break
    order[last] = b
    order[other] = a
  }
  return order
}
