/** Whether a person may say something of a crossing at the window or in secondary. */

import { runningShift } from '../opening.ts'
import {
  type Finding,
  type StepDecision,
  type StepRefusal,
  type StepRequest,
  undoUntil,
  windowLimits,
} from './window.ts'

/** Decides one step at hub time `now`. Nobody decides on what they did not see. */
export function decideStep(request: StepRequest, now: Date): StepDecision {
  const { said, state, seen } = request
  const { last, optedOut } = state
  if ((last?.place ?? 0) !== seen)
    return refuse(
      'window_conflict',
      'Somebody said something about this crossing meanwhile. Look again before you decide.',
    )
  if (seen >= windowLimits.stepsMax)
    return refuse('window_conflict', 'So much was said about this crossing that no more is taken.')
  switch (said.kind) {
    case 'admitted':
    case 'referred':
      return decideVerdict(request, now)
    case 'opted_out':
      return optedOut === null
        ? atWindow(request, now)
        : refuse('window_conflict', 'The traveller opted out already; no face is held.')
    case 'undone':
      return decideUndo(request, now)
    case 'looked':
    case 'closed':
      return decideSecondary(request)
  }
}

function decideVerdict(request: StepRequest, now: Date): StepDecision {
  const { said, state, account } = request
  const { standing } = state
  const supervises = account.roles.includes('supervisor')
  const place = atWindow(request, now)
  if (place.kind === 'refuse') return place
  if (standing.kind === 'waiting') return { kind: 'allow' }
  if (standing.kind === said.kind)
    return refuse('window_conflict', 'That is what was decided already.')
  if (standing.kind === 'closed' && !supervises)
    return refuse('window_conflict', 'The referral was closed. A supervisor can open it again.')
  if (standing.by.account !== account.id && !supervises)
    return refuse(
      'verdict_of_another',
      'This verdict is somebody else’s. A supervisor can change it.',
    )
  if (standing.kind === 'referred' && standing.looks.length > 0)
    return refuse('window_conflict', 'Secondary looks at it already. Close the referral there.')
  return { kind: 'allow' }
}

function decideUndo({ state, account }: StepRequest, now: Date): StepDecision {
  const until = undoUntil(state)
  if (until === null)
    return refuse(
      'undo_over',
      'There is nothing to take back: what was forgotten or looked at stays so.',
    )
  if (state.last?.account !== account.id)
    return refuse(
      'verdict_of_another',
      'Only who gave it can undo it. A supervisor can correct it.',
    )
  if (now.getTime() > until.getTime() + windowLimits.undoGraceSeconds * 1000)
    return refuse(
      'undo_over',
      `It can be undone for ${windowLimits.undoSeconds} seconds. Correct it instead: both stay on record.`,
    )
  return { kind: 'allow' }
}

function decideSecondary({ said, state, account, searchedAmongMany }: StepRequest): StepDecision {
  const { standing } = state
  if (!account.roles.some((role) => role === 'officer' || role === 'supervisor'))
    return refuse('role_missing', 'Officers and supervisors decide in secondary.')
  if (standing.kind !== 'referred')
    return refuse('window_conflict', 'This crossing is not referred, or its referral was closed.')
  const own = standing.looks.find((look) => look.account === account.id)
  if (said.kind === 'looked')
    return own === undefined
      ? { kind: 'allow' }
      : refuse('window_conflict', 'You recorded what you saw; the outcome was shown after it.')
  if (own === undefined)
    return refuse('look_first', 'Record what you see yourself before you close the referral.')
  if (said.kind === 'closed' && said.outcome === 'taken_over' && searchedAmongMany) {
    const agrees = standing.looks.some(
      (look) => look.account !== account.id && agree(look.said.finding, own.said.finding),
    )
    if (!agrees)
      return refuse(
        'needs_second_person',
        'The face was searched among many: a second person has to look and find the same.',
      )
  }
  return { kind: 'allow' }
}

function agree(one: Finding, other: Finding): boolean {
  return one === other && one !== 'cannot_tell'
}

/** Officers decide at the lane of their shift, on what just crossed; supervisors wherever it is needed. */
function atWindow({ account, shift, lane, receivedAt }: StepRequest, now: Date): StepDecision {
  if (account.roles.includes('supervisor')) return { kind: 'allow' }
  if (!account.roles.includes('officer'))
    return refuse('role_missing', 'Officers decide at the window.')
  if (shift === null)
    return refuse('no_shift', 'Start your shift at this lane before you decide on its crossings.')
  if (shift.lane !== lane)
    return refuse('other_lane', `Your shift is at lane ${shift.lane}; this crossing is not.`)
  const ageMs = now.getTime() - receivedAt.getTime()
  if (runningShift(shift, now) === null || ageMs > windowLimits.verdictMinutesMax * 60_000)
    return refuse('outside_shift', 'The crossing is too old, or your shift has run out.')
  return { kind: 'allow' }
}

function refuse(code: StepRefusal, detail: string): StepDecision {
  return { kind: 'refuse', code, detail }
}
