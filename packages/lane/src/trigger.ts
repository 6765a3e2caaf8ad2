/**
 * Whether something stands in the lane: a small grey picture compared with a background that adapts
 * slowly. Pure: the caller keeps the state.
 */

import type { Box } from '@sallyport/core/plate'
import type { Picture } from '@sallyport/vision/picture'

export const grid = { columns: 64, rows: 36 } as const
const cells = grid.columns * grid.rows

export const triggerSettings = {
  /** A cell differs when its mean grey is this many 8-bit steps away. */
  stepMin: 9,
  /** Share of cells that begins a pass when something moves, and below which it ends. */
  beginShare: 0.02,
  endShare: 0.008,
  /** Frames in a row without change that end a pass. */
  quietFramesMin: 2,
  /** Share of cells that differ from the frame before: the picture moves. */
  movingShare: 0.012,
  /** How much of a new frame the background takes, outside passes. */
  adaptRate: 0.06,
  /** The same while the light changes. */
  lightRate: 0.4,
  /** Something that changed the picture without ever moving in it (a lamp) is background after this. */
  absorbStillMs: 4_000,
  /** A change that stays after its vehicle has left (a barrier, other light) is background after this. */
  absorbEmptyMs: 12_000,
  /** A parked vehicle is background after this. */
  absorbParkedMs: 900_000,
} as const

/** Mean grey of each cell, row by row. */
export type Grey = Float32Array

export type TriggerState = {
  readonly background: Grey
  readonly last: Grey
  /** Null outside passes. */
  readonly pass: {
    readonly sinceMs: number
    readonly stillSinceMs: number
    readonly movingFrames: number
    readonly quietFrames: number
    readonly shareMax: number
  } | null
}

export type Trigger = {
  readonly state: TriggerState
  /** `began` and `ended` are told once. */
  readonly kind: 'empty' | 'began' | 'within' | 'ended'
  readonly moving: boolean
  /** Cells that differ from the background. */
  readonly changed: Uint8Array
}

/** Shrinks a picture to the grid; every second pixel of every second row counts. */
export function greyOf({ width, height, data }: Picture): Grey {
  const grey = new Float32Array(cells)
  for (let row = 0; row < grid.rows; row++) {
    const [top, bottom] = span(row, grid.rows, height)
    for (let column = 0; column < grid.columns; column++) {
      const [left, right] = span(column, grid.columns, width)
      let sum = 0
      let count = 0
      for (let y = top; y < bottom; y += 2) {
        for (let x = left; x < right; x += 2) {
          const at = (y * width + x) * 3
          sum += (data[at] ?? 0) + 2 * (data[at + 1] ?? 0) + (data[at + 2] ?? 0)
          count += 4
        }
      }
      grey[row * grid.columns + column] = count === 0 ? 0 : sum / count
    }
  }
  return grey
}

function span(index: number, of: number, size: number): readonly [number, number] {
  const from = Math.floor((index * size) / of)
  return [from, Math.max(from + 1, Math.floor(((index + 1) * size) / of))]
}

/** The state before the first frame of a camera: what it shows is taken for an empty lane. */
export function beginTrigger(first: Grey): TriggerState {
  return { background: first, last: first, pass: null }
}

/** Judges one frame, `atMs` on the monotonic clock; `occupied`: a vehicle is known to stand there. */
export function stepTrigger(
  state: TriggerState,
  grey: Grey,
  atMs: number,
  occupied = true,
): Trigger {
  const changed = differing(grey, state.background, brightening(grey, state.background))
  const share = shareOf(changed)
  const moving = shareOf(differing(grey, state.last, 0)) >= triggerSettings.movingShare
  const { pass } = state
  if (pass === null) {
    const lit = share >= triggerSettings.beginShare
    if (!lit || !moving) {
      // What changes without moving is light: the background follows it at once.
      const rate = lit ? triggerSettings.lightRate : triggerSettings.adaptRate
      const background = adapt(state.background, grey, rate)
      return { state: { background, last: grey, pass: null }, kind: 'empty', moving, changed }
    }
    const begun = {
      sinceMs: atMs,
      stillSinceMs: atMs,
      movingFrames: 0,
      quietFrames: 0,
      shareMax: share,
    }
    return { state: { ...state, last: grey, pass: begun }, kind: 'began', moving, changed }
  }
  const next = {
    sinceMs: pass.sinceMs,
    stillSinceMs: moving ? atMs : pass.stillSinceMs,
    movingFrames: pass.movingFrames + (moving ? 1 : 0),
    quietFrames: share < triggerSettings.endShare ? pass.quietFrames + 1 : 0,
    shareMax: Math.max(pass.shareMax, share),
  }
  const stillMs = atMs - next.stillSinceMs
  const { absorbStillMs, absorbEmptyMs, absorbParkedMs } = triggerSettings
  const patienceMs = occupied ? absorbParkedMs : absorbEmptyMs
  const absorbed = stillMs >= (next.movingFrames < 2 ? absorbStillMs : patienceMs)
  if (next.quietFrames >= triggerSettings.quietFramesMin || absorbed) {
    const background = absorbed ? grey : adapt(state.background, grey, triggerSettings.adaptRate)
    return { state: { background, last: grey, pass: null }, kind: 'ended', moving, changed }
  }
  return { state: { ...state, last: grey, pass: next }, kind: 'within', moving, changed }
}

/** Whether any cell near a box of the picture changed: a plate on the background is not a vehicle. */
export function changedAround(
  changed: Uint8Array,
  box: Box,
  picture: { readonly width: number; readonly height: number },
): boolean {
  const left = cellOf(box.x - box.width, picture.width, grid.columns)
  const right = cellOf(box.x + 2 * box.width, picture.width, grid.columns)
  const top = cellOf(box.y - 2 * box.height, picture.height, grid.rows)
  const bottom = cellOf(box.y + 3 * box.height, picture.height, grid.rows)
  for (let row = top; row <= bottom; row++) {
    for (let column = left; column <= right; column++) {
      if (changed[row * grid.columns + column] === 1) return true
    }
  }
  return false
}

function cellOf(pixel: number, size: number, of: number): number {
  return Math.min(of - 1, Math.max(0, Math.floor((pixel / size) * of)))
}

/** How much brighter the whole picture became: the median, so that a vehicle does not count. */
function brightening(grey: Grey, background: Grey): number {
  const steps = grey.map((value, at) => value - (background[at] ?? 0)).toSorted()
  const median = steps[steps.length >> 1] ?? 0
  return Math.max(-25, Math.min(25, median))
}

function differing(a: Grey, b: Grey, offset: number): Uint8Array {
  return Uint8Array.from(a, (value, at) =>
    Math.abs(value - (b[at] ?? 0) - offset) > triggerSettings.stepMin ? 1 : 0,
  )
}

function shareOf(changed: Uint8Array): number {
  let count = 0
  for (const one of changed) count += one
  return count / cells
}

function adapt(background: Grey, grey: Grey, rate: number): Grey {
  return background.map((value, at) => value + ((grey[at] ?? value) - value) * rate)
}
