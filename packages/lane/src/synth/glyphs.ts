/** Our own stroke letters: no font is needed to draw a plate, and none is copied. */

/**
 * Strokes of one character in a box of 1 × 1, v downwards, as SVG path text. They are drawn with a
 * pen, so the box is the middle of the ink.
 */
const strokes: Readonly<Record<string, string>> = {
  A: 'M0 1L.42 0L.58 0L1 1M.17 .68L.83 .68',
  B: 'M0 0L0 1L.58 1C.88 1 1 .9 1 .74C1 .58 .88 .49 .58 .49L0 .49M.55 .49C.82 .49 .93 .4 .93 .25C.93 .1 .82 0 .55 0L0 0',
  C: 'M1 .27C1 .09 .86 0 .5 0C.14 0 0 .13 0 .33L0 .67C0 .87 .14 1 .5 1C.86 1 1 .91 1 .73',
  D: 'M0 0L0 1L.45 1C.84 1 1 .86 1 .62L1 .38C1 .14 .84 0 .45 0Z',
  E: 'M1 0L0 0L0 1L1 1M0 .49L.8 .49',
  F: 'M1 0L0 0L0 1M0 .5L.8 .5',
  G: 'M1 .26C1 .09 .86 0 .5 0C.14 0 0 .13 0 .33L0 .67C0 .87 .14 1 .5 1C.86 1 1 .89 1 .7L1 .54L.56 .54',
  H: 'M0 0L0 1M1 0L1 1M0 .49L1 .49',
  I: 'M.5 0L.5 1M.14 0L.86 0M.14 1L.86 1',
  J: 'M1 0L1 .68C1 .89 .85 1 .5 1C.15 1 0 .9 0 .7',
  K: 'M0 0L0 1M1 0L.04 .57M.34 .41L1 1',
  L: 'M0 0L0 1L1 1',
  M: 'M0 1L0 0L.12 0L.5 .62L.88 0L1 0L1 1',
  N: 'M0 1L0 0L.08 0L.92 1L1 1L1 0',
  O: 'M.5 0C.88 0 1 .18 1 .42L1 .58C1 .82 .88 1 .5 1C.12 1 0 .82 0 .58L0 .42C0 .18 .12 0 .5 0Z',
  P: 'M0 1L0 0L.58 0C.88 0 1 .12 1 .28C1 .45 .88 .57 .58 .57L0 .57',
  Q: 'M.5 0C.88 0 1 .18 1 .42L1 .58C1 .82 .88 1 .5 1C.12 1 0 .82 0 .58L0 .42C0 .18 .12 0 .5 0ZM.58 .7L1.04 1.06',
  R: 'M0 1L0 0L.58 0C.88 0 1 .12 1 .28C1 .44 .88 .55 .58 .55L0 .55M.5 .55L1 1',
  S: 'M.97 .25C.95 .08 .8 0 .5 0C.2 0 .03 .09 .03 .25C.03 .42 .22 .46 .5 .5C.8 .54 1 .58 1 .75C1 .92 .8 1 .5 1C.2 1 .02 .92 0 .75',
  T: 'M0 0L1 0M.5 0L.5 1',
  U: 'M0 0L0 .67C0 .89 .15 1 .5 1C.85 1 1 .89 1 .67L1 0',
  V: 'M0 0L.44 1L.56 1L1 0',
  W: 'M0 0L.2 1L.28 1L.5 .32L.72 1L.8 1L1 0',
  X: 'M0 0L1 1M1 0L0 1',
  Y: 'M0 0L.5 .53L1 0M.5 .53L.5 1',
  Z: 'M0 0L1 0L1 .06L0 .94L0 1L1 1',
  '0': 'M.5 0C.86 0 1 .13 1 .33L1 .67C1 .87 .86 1 .5 1C.14 1 0 .87 0 .67L0 .33C0 .13 .14 0 .5 0Z',
  '1': 'M.12 .2L.52 0L.62 0L.62 1',
  '2': 'M.02 .27C.03 .09 .18 0 .5 0C.82 0 .98 .1 .98 .28C.98 .42 .9 .5 .7 .62C.35 .8 .05 .84 0 1L1 1',
  '3': 'M.02 .23C.05 .07 .2 0 .5 0C.82 0 .95 .1 .95 .25C.95 .41 .82 .48 .56 .48L.38 .48M.56 .48C.86 .48 1 .57 1 .74C1 .91 .83 1 .5 1C.18 1 .03 .92 0 .76',
  '4': 'M.74 1L.74 0L.62 0L0 .66L0 .72L1 .72',
  '5': 'M.92 0L.12 0L.07 .45C.18 .38 .32 .35 .5 .35C.85 .35 1 .48 1 .68C1 .89 .83 1 .5 1C.2 1 .03 .92 0 .78',
  '6': 'M.95 .21C.9 .07 .77 0 .52 0C.15 0 0 .18 0 .52L0 .68C0 .89 .17 1 .5 1C.83 1 1 .88 1 .68C1 .5 .83 .4 .5 .4C.2 .4 .02 .5 0 .66',
  '7': 'M0 0L1 0L1 .05C.7 .36 .44 .64 .38 1',
  '8': 'M.5 0C.8 0 .94 .09 .94 .25C.94 .4 .8 .49 .5 .49C.2 .49 .06 .4 .06 .25C.06 .09 .2 0 .5 0ZM.5 .49C.84 .49 1 .58 1 .74C1 .91 .84 1 .5 1C.16 1 0 .91 0 .74C0 .58 .16 .49 .5 .49Z',
  '9': 'M.05 .79C.1 .93 .23 1 .48 1C.85 1 1 .82 1 .48L1 .32C1 .11 .83 0 .5 0C.17 0 0 .12 0 .32C0 .5 .17 .6 .5 .6C.8 .6 .98 .5 1 .34',
  '-': 'M.1 .5L.9 .5',
  '.': 'M.42 .5L.58 .5',
}

/** Relative widths of characters that are not as wide as the others. */
const widths: Readonly<Record<string, number>> = {
  I: 0.62,
  '1': 0.72,
  M: 1.12,
  W: 1.16,
  '-': 0.5,
  '.': 0.4,
  ' ': 0.5,
}

export type Lettering = {
  /** Height of the ink's middle line, and the pen's width, in the surface's unit. */
  readonly height: number
  readonly pen: number
  /** Width of an ordinary character over its height. */
  readonly aspect: number
  /** Gap between two characters' inks over the height. */
  readonly gap: number
  /** Horizontal lean per height. */
  readonly slant?: number
  /** A bar through the digit 0. */
  readonly slashedZero?: boolean
}

/** Width of `text` in the surface's unit, from ink to ink. */
export function textWidth(text: string, lettering: Lettering): number {
  const { height, aspect, gap, pen } = lettering
  const inked = Array.from(text).reduce((sum, one) => sum + widthOf(one) * aspect * height, 0)
  return inked + Math.max(0, text.length - 1) * (gap * height + pen)
}

/** One path, unplaced, of `text` whose ink begins at `u` and whose top is at `v`. */
export function textPath(
  text: string,
  [u, v]: readonly [number, number],
  lettering: Lettering,
): string {
  const { height, aspect, gap, pen, slant = 0 } = lettering
  let path = ''
  let left = u
  for (const character of text) {
    const width = widthOf(character) * aspect * height
    const slash = lettering.slashedZero === true && character === '0' ? 'M.2 .78L.8 .22' : ''
    path += shift((strokes[character] ?? '') + slash, (x, y) => [
      left + x * width + slant * (0.5 - y) * height,
      v + y * height,
    ])
    left += width + gap * height + pen
  }
  return path
}

function widthOf(character: string): number {
  return widths[character] ?? 1
}

function shift(path: string, move: (x: number, y: number) => readonly [number, number]): string {
  const numbers = path.match(/[MLCQZ]|-?\d*\.?\d+/g) ?? []
  let moved = ''
  for (let at = 0; at < numbers.length; at++) {
    const token = numbers[at] ?? ''
    if (/[MLCQZ]/.test(token)) {
      moved += token
      continue
    }
    const [x, y] = move(Number(token), Number(numbers[++at]))
    moved += `${x.toFixed(3)} ${y.toFixed(3)} `
  }
  return moved
}
