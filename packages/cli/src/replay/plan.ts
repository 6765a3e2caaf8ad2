/** Who crosses when: six weeks of traffic that a scale and nothing else decides. Pure. */

import { randomFrom } from '@sallyport/lane/synth/random'

import { limits } from './limits.ts'

export type PlannedCrossing = {
  readonly number: number
  readonly day: number
  readonly at: Date
  /** Which of the lanes. */
  readonly lane: number
  readonly plate: string
  /** Whether the reader is sure of the plate. */
  readonly sure: boolean
  readonly picture:
    /** A small scene, and a small picture of each of these people. */
    | { readonly kind: 'small'; readonly people: readonly number[] }
    /** Drawn at full size, scene and plate, as the camera's n-th vehicle: one that will be opened. */
    | { readonly kind: 'full'; readonly pass: number; readonly driver: number }
}

export type Traffic = {
  readonly crossings: readonly PlannedCrossing[]
  /** Totals of the plan: what really passed is counted elsewhere. */
  readonly pictures: number
  readonly people: number
}

export const laneIds = ['in-1', 'in-2', 'out-1', 'out-2'] as const
export const zone = 'America/Chicago'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** Midnight of the first day at the port, a Thursday; its clocks are not changed in these weeks. */
export const firstDay = new Date('2018-12-06T06:00:00Z')
export const dayAt = (day: number, hour: number): Date =>
  new Date(firstDay.getTime() + day * dayMs + hour * hourMs)

/** How many pictures are found on the web. */
export function webOf(scale: number): number {
  return scale <= limits.webScaleMax ? limits.web : limits.webSmall
}

/** One in `scale` of everything but the pictures that are found on the web. */
export function planTraffic(scale: number): Traffic {
  const of = (whole: number) => Math.round(whole / scale)
  const web = webOf(scale)
  const [pictures, people, vehicles, count] = [
    of(limits.pictures),
    of(limits.people),
    of(limits.vehicles),
    of(limits.crossings),
  ]
  const households = householdsOf(people - web, vehicles - web)
  const faces = pictures - 2 * web - (count - web)
  const again = secondPasses(households, faces, count - vehicles)
  const passes = [...households, ...again]
  shuffle(passes)
  const random = randomFrom('replay 2019 reader')
  const full = fullPlaces(count, web)
  let small = 0
  const crossings = Array.from({ length: count }, (_, number): PlannedCrossing => {
    const place = placeOf(number, count)
    const pass = full.indexOf(number)
    if (pass >= 0)
      return {
        number,
        ...place,
        plate: '',
        sure: true,
        picture: { kind: 'full', pass, driver: people - web + pass },
      }
    const planned = passes[small++]
    if (planned === undefined) throw new Error('there are as many passes as crossings')
    return {
      number,
      ...place,
      plate: plateOf(planned.vehicle),
      sure: random() >= limits.unsureShare,
      picture: { kind: 'small', people: planned.people },
    }
  })
  return { crossings, pictures, people }
}

/** People who pass in one vehicle. */
type Pass = { readonly vehicle: number; readonly people: readonly number[] }

/** One to four people in each vehicle, in all exactly so many. */
function householdsOf(people: number, vehicles: number): readonly Pass[] {
  const sizes = Array.from({ length: vehicles }, (_, at) => [2, 1, 3, 2][at % 4] as number)
  let left = people - sizes.reduce((sum, size) => sum + size, 0)
  for (let at = 0; left !== 0; at = (at + 1) % vehicles) {
    const [size = 0, step] = [sizes[at], Math.sign(left)]
    if (size + step < 1 || size + step > 4) continue
    sizes[at] = size + step
    left -= step
  }
  let next = 0
  return sizes.map((size, vehicle) => ({
    vehicle,
    people: Array.from({ length: size }, () => next++),
  }))
}

/** Vehicles that come again, with so many of their people in sight that all pictures are exactly so many. */
function secondPasses(households: readonly Pass[], faces: number, count: number): readonly Pass[] {
  let left = faces - households.reduce((sum, { people }) => sum + people.length, 0)
  const full = households.filter(({ people }) => people.length >= 2)
  return Array.from({ length: count }, (_, at) => {
    const seen = Math.min(2, Math.max(1, Math.ceil(left / (count - at))))
    left -= seen
    const home = full[at % full.length]
    if (home === undefined) throw new Error('some vehicles have two people')
    return { vehicle: home.vehicle, people: home.people.slice(0, seen) }
  })
}

function shuffle<T>(items: T[]): void {
  const random = randomFrom('replay 2019 order')
  for (let at = items.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1))
    const [one, two] = [items[at] as T, items[other] as T]
    items[at] = two
    items[other] = one
  }
}

/** Days are alike; a crossing falls into the opening hours of its day. */
function placeOf(number: number, count: number): Pick<PlannedCrossing, 'day' | 'at' | 'lane'> {
  const share = (number / count) * limits.days
  const day = Math.floor(share)
  const hour = limits.opens + (share - day) * (limits.closes - limits.opens)
  return {
    day,
    at: new Date(Math.round(dayAt(day, hour).getTime())),
    lane: number % laneIds.length,
  }
}

/** In every week some of the pictures that will be opened, all at the first lane, none after the last visit. */
function fullPlaces(count: number, web: number): readonly number[] {
  const share = (at: number) => ((at + 0.5) / web) * 0.97
  return Array.from(
    { length: web },
    (_, at) => Math.floor((share(at) * count) / laneIds.length) * laneIds.length,
  )
}

const letters = 'ABCDEFGHJKLMNPRSTUVWXYZ'

/** Three letters and four digits, another one for every vehicle. */
export function plateOf(vehicle: number): string {
  const all = letters.length ** 3 * 10_000
  let rest = ((vehicle + 1) * 7_919_003) % all
  const digits = String(rest % 10_000).padStart(4, '0')
  rest = Math.floor(rest / 10_000)
  const text = [0, 1, 2].map(
    (at) => letters[Math.floor(rest / letters.length ** at) % letters.length],
  )
  return `${text.join('')}${digits}`
}
