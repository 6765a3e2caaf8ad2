/** Writing a mark into pixels (specs/mark.md, "Embedding"). */

import { type Activity, activityOf, type Area } from './activity.ts'
import { gaussian } from './blur.ts'
import { encodeCode } from './error-code.ts'
import { gridSideMax, pitchOf, tileChips } from './grid.ts'
import { limits } from './limits.ts'
import type { Pixels } from './pixels.ts'
import { type Code, fingerprintOf, isCode, type MarkKey, tileOf } from './secret.ts'
import { Upsampler } from './upsample.ts'

export type Marked =
  | {
      readonly kind: 'marked'
      readonly pixels: Pixels
      /** Of the marked pixels against the given ones, decibels. */
      readonly psnr: number
      /** Whether the code can be expected to be read without the original. */
      readonly carries: 'blind' | 'informed'
    }
  | MarkRefused

export type MarkRefused = {
  readonly kind: 'refused'
  readonly code: 'too_small' | 'too_large' | 'nothing_to_hide_in' | 'malformed_code'
  readonly detail: string
}

/** Decibels that the strength aims at; rounding and clipping are counted. */
const psnrAim = 42.03
const psnrMin = 42
const peak = 255 * 255

/** Share of the chips around which something must change. */
const busyShareMin = 0.005

/** Shares of the power: the tile, and the fingerprint of this one release. */
const tileWeight = Math.sqrt(0.8)
const fingerprintWeight = Math.sqrt(0.2)

/**
 * Marks a copy of `pixels` with a code, as strongly as 42 dB allow. Alpha stays as it is. In `spare`, where
 * plate and face stand, the mark is weaker: so a copy reads as its original does.
 */
export function embed(
  pixels: Pixels,
  code: Code,
  key: MarkKey,
  spare: readonly Area[] = [],
): Marked {
  const refused = refusalOf(pixels, code)
  if (refused !== null) return refused
  const activity = activityOf(pixels, pitchOf(pixels.width, pixels.height), spare)
  if (activity.busyShare < busyShareMin) {
    return refuse('nothing_to_hide_in', 'The picture is of one flat colour: a mark would be seen.')
  }
  const wave = new Upsampler(chipsOf(activity, code, key), pixels.width, pixels.height)
  const power = wave.power()
  let aim = psnrAim
  for (;;) {
    const rounding = 1 / 12
    const strength = Math.sqrt((peak / 10 ** (aim / 10) - rounding) / power)
    const { data, squares } = wave.addTo(pixels, strength)
    const psnr =
      10 * Math.log10((peak * pixels.width * pixels.height * coloursOf(pixels)) / squares)
    if (psnr >= psnrMin) {
      const short = Math.min(pixels.width, pixels.height)
      const carries = short >= limits.blindSideMin ? 'blind' : 'informed'
      return { kind: 'marked', pixels: { ...pixels, data }, psnr, carries }
    }
    aim += 0.05
  }
}

/** Whether `pixels` can be marked as far as their size and the code say; null when they can. */
function refusalOf({ width, height, channels, data }: Pixels, code: Code): MarkRefused | null {
  if (!isCode(code)) return refuse('malformed_code', 'A code is 16 hexadecimal digits.')
  if (data.length !== width * height * channels) throw new Error('pixels fill their picture')
  if (Math.min(width, height) < limits.sideMin) {
    return refuse('too_small', `A picture of ${width} × ${height} pixels carries no code.`)
  }
  if (width * height > limits.pixelsMax || Math.max(width, height) > limits.sideMax) {
    return refuse('too_large', `A picture of ${width} × ${height} pixels is beyond the limits.`)
  }
  return null
}

/** The chips of a code over the grid of the picture, without what varies slowly, each as strong as it may be. */
function chipsOf({ columns, rows, masks }: Activity, code: Code, key: MarkKey) {
  const { signs, bitOf } = tileOf(key)
  const coded = encodeCode(code)
  const own = fingerprintOf(key, code)
  const chips = new Float32Array(columns * rows)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const cell = (row % tileChips) * tileChips + (column % tileChips)
      const bit = bitOf[cell]!
      chips[row * columns + column] =
        tileWeight * signs[cell]! * (bit < 0 ? 1 : coded[bit]!) +
        fingerprintWeight * own[row * gridSideMax + column]!
    }
  }
  withoutSlow(chips, columns, rows)
  for (let at = 0; at < chips.length; at++) chips[at]! *= masks[at]!
  return { columns, rows, values: chips }
}

/** Subtracts the Gaussian mean of sigma 2 chips, so that no blotches show. Edges repeat. */
function withoutSlow(chips: Float32Array, columns: number, rows: number): void {
  const slow = gaussian({ width: columns, height: rows, data: chips }, 2).data
  for (let at = 0; at < chips.length; at++) chips[at]! -= slow[at]!
}

function coloursOf({ channels }: Pixels): number {
  return channels === 1 ? 1 : 3
}

function refuse(code: MarkRefused['code'], detail: string): MarkRefused {
  return { kind: 'refused', code, detail }
}
