/** Who may hand a lane over, and who may take what was handed over. */

import { type Role, runningShift, type Shift } from '../opening.ts'

export type HandoverAct = 'written' | 'taken'

export type HandoverDecision =
  | { readonly kind: 'allow' }
  | {
      readonly kind: 'refuse'
      readonly code: 'role_missing' | 'no_shift' | 'outside_shift' | 'handover_over'
      readonly detail: string
    }

/** An officer hands over the lane of their running shift; whoever works there next has it from them. */
export function decideHandingOver(
  { roles, shift }: { readonly roles: readonly Role[]; readonly shift: Shift | null },
  now: Date,
): HandoverDecision {
  if (!roles.includes('officer')) return noOfficer
  if (shift === null)
    return refuse('no_shift', 'You have no shift, so there is no lane that you could hand over.')
  return runningShift(shift, now) === null
    ? refuse('outside_shift', 'Your shift has run out. Start it again before you hand over.')
    : { kind: 'allow' }
}

/** What was handed over is taken once: somebody said that they have read it. */
export function decideTaking(
  { roles }: { readonly roles: readonly Role[] },
  acts: readonly HandoverAct[],
): HandoverDecision {
  if (!roles.includes('officer')) return noOfficer
  return acts.includes('taken')
    ? refuse('handover_over', 'Somebody took this over already.')
    : { kind: 'allow' }
}

function refuse(
  code: Extract<HandoverDecision, { kind: 'refuse' }>['code'],
  detail: string,
): HandoverDecision {
  return { kind: 'refuse', code, detail }
}

const noOfficer = refuse('role_missing', 'Officers hand lanes over and take them.')
