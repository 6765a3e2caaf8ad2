/**
 * What a named person may state about a passage. A statement never changes what was recorded: it stands
 * beside it, a later one supersedes it, and all of them stay.
 */

import type { Role } from '../opening.ts'
import { clockErrorMs, type Passage } from './passage.ts'
import type { Day, Zone } from './zone.ts'

export const statementKinds = [
  'paired',
  'left',
  'entered',
  'set_aside',
  'admitted',
  'withdrawn',
] as const
export type StatementKind = (typeof statementKinds)[number]

/** Of a passage one correction and one admission holds at a time. */
export type StatementClass = 'correction' | 'admission'

/** Who sees stays, who may state something about them, who may have all computed again. */
export const stayReaders: readonly Role[] = [
  'officer',
  'supervisor',
  'privacy',
  'auditor',
  'responder',
]
export const stayCorrectors: readonly Role[] = ['officer', 'supervisor']
export const stayRecomputers: readonly Role[] = ['supervisor', 'integrator']

export const statementLimits = { reasonLengthMin: 3, reasonLengthMax: 300 } as const

export type Claim =
  /** This entry and that exit are one stay, whatever was read. */
  | { readonly kind: 'paired'; readonly exit: Passage }
  /** It left at this instant (ms), which no camera saw. */
  | { readonly kind: 'left'; readonly at: number }
  /** It had entered at this instant (ms), which no camera saw. */
  | { readonly kind: 'entered'; readonly at: number }
  /** It is no passage of this subject: a test drive, a vehicle that turned back, another plate. */
  | { readonly kind: 'set_aside' }
  | { readonly kind: 'admitted'; readonly until: Day }

export function classOf(claim: Claim): StatementClass {
  return claim.kind === 'admitted' ? 'admission' : 'correction'
}

export type StatementRefusal = 'wrong_direction' | 'wrong_order' | 'in_future' | 'taken'

export type StatementDecision =
  | { readonly kind: 'allow' }
  | { readonly kind: 'refuse'; readonly code: StatementRefusal; readonly detail: string }

/**
 * Whether a claim about `passage` can hold. `taken` says whether another correction holds the exit that
 * it wants to pair.
 */
export function decideStatement(
  claim: Claim,
  { passage, taken }: { readonly passage: Passage; readonly taken: boolean },
  now: number,
  zone: Zone,
): StatementDecision {
  const needs = claim.kind === 'entered' ? 'out' : claim.kind === 'set_aside' ? null : 'in'
  if (needs !== null && passage.direction !== needs)
    return refused('wrong_direction', `This is about an ${needs === 'in' ? 'entry' : 'exit'}.`)
  switch (claim.kind) {
    case 'paired': {
      const { exit } = claim
      if (exit.direction !== 'out')
        return refused('wrong_direction', 'An entry is paired with an exit.')
      if (taken)
        return refused('taken', 'That exit stands in another correction. Withdraw that one first.')
      const slack = clockErrorMs[passage.clock] + clockErrorMs[exit.clock]
      return exit.at + slack < passage.at
        ? refused(
            'wrong_order',
            'That exit was before the entry, by more than the clocks may be off.',
          )
        : { kind: 'allow' }
    }
    case 'left':
      if (claim.at > now) return refused('in_future', 'Nobody has left in the future.')
      return claim.at < passage.at
        ? refused('wrong_order', 'That is before the entry.')
        : { kind: 'allow' }
    case 'entered':
      return claim.at > passage.at
        ? refused('wrong_order', 'That is after the exit.')
        : { kind: 'allow' }
    case 'admitted':
      return claim.until < zone.dayOf(passage.at)
        ? refused('wrong_order', 'That day is before the entry.')
        : { kind: 'allow' }
    case 'set_aside':
      return { kind: 'allow' }
  }
}

function refused(code: StatementRefusal, detail: string): StatementDecision {
  return { kind: 'refuse', code, detail }
}
