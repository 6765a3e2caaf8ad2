/** People whom nobody is: what a number decides about a drawn head. */

export type Vector = readonly [number, number, number]

/** What tells people apart, each about -1 to 1. */
export type Person = {
  readonly width: number
  readonly jaw: number
  readonly noseLength: number
  readonly noseWidth: number
  readonly eyeGap: number
  readonly eyeSize: number
  readonly brow: number
  readonly lips: number
  readonly mouth: number
  readonly skin: Vector
  readonly hair: Vector
  readonly haircut: 'short' | 'bald' | 'fringe' | 'long' | 'full'
  readonly beard: 'none' | 'full' | 'chin' | 'moustache'
  readonly glasses: 'none' | 'thin' | 'thick'
}

/** The person that a number stands for; the same one every time. */
export function personOf(who: number): Person {
  const random = randomOf(who + 1)
  const around = (): number => random() * 2 - 1
  const tone = random()
  return {
    width: around(),
    jaw: around(),
    noseLength: around(),
    noseWidth: around(),
    eyeGap: around(),
    eyeSize: around(),
    brow: around(),
    lips: around(),
    mouth: around(),
    skin: [0.95 - 0.6 * tone, 0.76 - 0.52 * tone, 0.64 - 0.47 * tone],
    hair: chosen(random, hairColours),
    haircut: chosen(random, ['short', 'short', 'bald', 'fringe', 'long', 'long', 'full']),
    beard: chosen(random, ['none', 'none', 'none', 'full', 'chin', 'moustache']),
    glasses: chosen(random, ['none', 'none', 'none', 'thin', 'thick']),
  }
}

const hairColours: readonly Vector[] = [
  [0.06, 0.05, 0.05],
  [0.2, 0.12, 0.07],
  [0.42, 0.2, 0.1],
  [0.78, 0.62, 0.36],
  [0.72, 0.72, 0.7],
]

function chosen<T>(random: () => number, from: readonly T[]): T {
  const one = from[Math.floor(random() * from.length)]
  if (one === undefined) throw new Error('nothing to choose from')
  return one
}

/** An ellipsoid of a head, whose middle is 0 and whose face looks along z. */
export type Part = {
  readonly at: Vector
  readonly radii: Vector
  readonly colour: Vector
  /** How far it melts into the head; 0 stands by itself. */
  readonly blend: number
}

const built = new Map<Person, readonly Part[]>()

/** What a head is blended from, in order. */
export function partsOf(person: Person): readonly Part[] {
  const known = built.get(person)
  if (known !== undefined) return known
  const { skin, hair } = person
  const wide = 0.78 + 0.08 * person.width
  const gap = gapOf(person)
  const eye = 0.105 + 0.03 * person.eyeSize
  const nose = -0.22 - 0.11 * person.noseLength
  const mouth = mouthOf(person)
  const lipColour: Vector = [skin[0] * 0.78, skin[1] * 0.5, skin[2] * 0.5]
  const dark: Vector = [0.06, 0.04, 0.04]
  const pair = (x: number, rest: Vector, radii: Vector, colour: Vector, blend: number): Part[] =>
    [-1, 1].map((hand) => ({ at: [hand * x, rest[1], rest[2]], radii, colour, blend }))
  const parts: readonly Part[] = [
    { at: [0, 0.25, 0], radii: [wide, 0.95, 0.9], colour: skin, blend: 0.2 },
    {
      at: [0, -0.45, 0.16],
      radii: [wide * 0.74 + 0.1 * person.jaw, 0.62 + 0.08 * person.mouth, 0.62],
      colour: skin,
      blend: 0.25,
    },
    { at: [0, -1.3, -0.1], radii: [0.42, 0.7, 0.42], colour: skin, blend: 0.15 },
    ...pair(0.4, [0, -0.15, 0.55], [0.26, 0.22, 0.2], skin, 0.15),
    { at: [0, 0.02, 0.82], radii: [0.09, 0.26, 0.13], colour: skin, blend: 0.1 },
    {
      at: [0, nose, 0.95],
      radii: [0.14 + 0.05 * person.noseWidth, 0.1, 0.14],
      colour: skin,
      blend: 0.08,
    },
    ...pair(0.12, [0, nose - 0.03, 0.87], [0.08, 0.07, 0.09], skin, 0.06),
    ...pair(gap, [0, 0.1, 0.72], [eye * 1.45, eye * 0.75, 0.1], [0.93, 0.92, 0.9], 0),
    ...pair(gap, [0, 0.1, 0.775], [eye * 0.62, eye * 0.66, 0.06], dark, 0),
    ...pair(gap, [0, 0.1 + eye * 0.72, 0.74], [eye * 1.6, eye * 0.3, 0.12], skin, 0.02),
    ...pair(
      gap,
      [0, 0.31 + 0.04 * person.brow, 0.76],
      [0.2, 0.04 + 0.022 * person.brow, 0.07],
      hair,
      0,
    ),
    {
      at: [0, mouth + 0.045, 0.73],
      radii: [0.24, 0.055 + 0.025 * person.lips, 0.08],
      colour: lipColour,
      blend: 0.02,
    },
    {
      at: [0, mouth - 0.05, 0.73],
      radii: [0.2, 0.065 + 0.03 * person.lips, 0.08],
      colour: lipColour,
      blend: 0.02,
    },
    { at: [0, mouth, 0.79], radii: [0.22, 0.012, 0.05], colour: dark, blend: 0 },
    ...pair(wide, [0, 0.02, -0.05], [0.1, 0.22, 0.16], skin, 0.05),
    ...hairOf(person, wide),
  ]
  built.set(person, parts)
  return parts
}

function gapOf(person: Person): number {
  return 0.3 + 0.05 * person.eyeGap
}

function mouthOf(person: Person): number {
  return -0.54 - 0.09 * person.mouth
}

function hairOf({ haircut, hair }: Person, wide: number): readonly Part[] {
  const cap: Part = {
    at: [0, 0.62, -0.22],
    radii: [wide + 0.1, 0.82, 0.92],
    colour: hair,
    blend: 0,
  }
  switch (haircut) {
    case 'bald':
      return []
    case 'short':
      return [cap]
    case 'fringe':
      return [cap, { at: [0, 0.78, 0.5], radii: [wide * 0.9, 0.3, 0.4], colour: hair, blend: 0 }]
    case 'long':
      return [
        cap,
        ...[-1, 1].map((hand): Part => ({
          at: [hand * (wide + 0.02), -0.2, -0.1],
          radii: [0.2, 0.95, 0.4],
          colour: hair,
          blend: 0,
        })),
      ]
    case 'full':
      return [{ at: [0, 0.66, -0.25], radii: [wide + 0.34, 1, 1.05], colour: hair, blend: 0 }]
  }
}

/** What is painted on the skin: glasses, and hair on the lower face. */
export function onSkin(person: Person, [x, y, z]: Vector): Vector | null {
  if (z < 0.1) return null
  const { glasses, beard, hair } = person
  if (glasses !== 'none') {
    const frame = glasses === 'thick' ? 0.05 : 0.022
    const away = Math.hypot(Math.abs(x) - gapOf(person), (y - 0.08) * 1.15)
    const bridge = Math.abs(x) < gapOf(person) - 0.2 && Math.abs(y - 0.12) < frame
    const arm = Math.abs(x) > gapOf(person) + 0.2 && Math.abs(y - 0.12) < frame
    if (Math.abs(away - 0.21) < frame || bridge || arm) return [0.05, 0.05, 0.07]
  }
  const mouth = mouthOf(person)
  const upper = Math.hypot(x / 0.34, (y - mouth - 0.14) / 0.09) < 1
  const chin = Math.hypot(x / 0.32, (y - mouth + 0.36) / 0.3) < 1
  const edge = -0.12 - (mouth - 0.02 + 0.12) * -Math.exp(-((x / 0.36) ** 2))
  const full = upper || (y < edge && y > -1.12)
  const covered = { none: false, moustache: upper, chin, full }
  return covered[beard] ? hair : null
}

/** Numbers from 0 to 1 that follow from the seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = Math.imul(seed, 0x9e3779b1) >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
