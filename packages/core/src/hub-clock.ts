/**
 * When a hub must not believe its own clock. Keys and pictures are destroyed when their time has
 * passed, and a clock that somebody set weeks ahead says that it has.
 */

import { clockLimits } from './clock.ts'

export const hubClockLimits = {
  /** A hub that was off for longer asks somebody what time it is before it destroys anything. */
  startAheadMsMax: 24 * 3_600_000,
  /** A wall clock that goes further ahead than this of the time that passed was set. */
  jumpMsMax: 3_600_000,
} as const

export type ClockDoubt = {
  /** Set ahead while the hub ran, or since it was last believed. */
  readonly kind: 'jumped' | 'started_ahead'
  /** When it was last believed. */
  readonly trustedAt: Date
  /** What it said when the doubt came up. */
  readonly said: Date
}

/** `trustedAt` is when the clock was last believed by a hub that ran; null for a new one. */
export function doubtAtStart(trustedAt: Date | null, now: Date): ClockDoubt | null {
  const aheadMs = trustedAt === null ? 0 : now.getTime() - trustedAt.getTime()
  return trustedAt === null || aheadMs <= hubClockLimits.startAheadMsMax
    ? null
    : { kind: 'started_ahead', trustedAt, said: now }
}

/** Both clocks at two looks: the wall's can be set, the steady one counts milliseconds. */
export type ClockLook = { readonly wall: Date; readonly steadyMs: number }

export function doubtOfJump(before: ClockLook, here: ClockLook): ClockDoubt | null {
  const passedMs = here.steadyMs - before.steadyMs
  const aheadMs = here.wall.getTime() - before.wall.getTime() - passedMs
  return aheadMs <= hubClockLimits.jumpMsMax
    ? null
    : { kind: 'jumped', trustedAt: before.wall, said: here.wall }
}

/** Whether somebody who says what time it is bears the clock out: a device, or a person. */
export function agrees(said: Date, now: Date): boolean {
  return Math.abs(said.getTime() - now.getTime()) <= clockLimits.reviewMsMax
}
