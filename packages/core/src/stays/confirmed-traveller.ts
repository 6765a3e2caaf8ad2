/** Whether people confirmed who a traveller is, so that their crossing counts for them. */

import type { FaceOutcome } from '../faces/outcome.ts'
import type { WindowState } from '../window/window.ts'

/**
 * The gallery entry whose traveller passed, where a named person stands behind it: the officer who saw
 * the one match and let the crossing go on, or those in secondary who looked themselves, agreed on the
 * same person and found nothing wrong with the face. A machine alone confirms nobody; of several
 * candidates nobody knows which; and who opted out is nobody here.
 */
export function confirmedEntry(
  outcome: FaceOutcome,
  { standing, optedOut }: WindowState,
): string | null {
  if (optedOut !== null || (outcome.kind !== 'match' && outcome.kind !== 'too_close')) return null
  const [candidate, ...others] = outcome.candidates
  if (candidate === undefined || others.length > 0 || candidate.gallery === null) return null
  if (standing.kind === 'admitted') return outcome.kind === 'match' ? candidate.entry : null
  if (standing.kind !== 'closed') return null
  const { outcome: how, wrong } = standing.by.said
  const went = how === 'admitted' || how === 'admitted_after_correction'
  const found = standing.looks.map(({ said }) => said.finding)
  const same = found.includes('same_person') && !found.includes('another_person')
  return went && same && !wrong.includes('face') ? candidate.entry : null
}
