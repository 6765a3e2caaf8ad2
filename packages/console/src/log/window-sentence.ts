import type { WindowLogEntry } from '@sallyport/proof/window-entry'

/** What an entry about the window or the basis of comparing faces says, to a reader of the log. */
export function windowSentence(entry: WindowLogEntry): string {
  if (entry.kind === 'face_basis') return basisWords[entry.says]
  if (entry.kind === 'handover')
    return entry.says === 'written'
      ? 'an officer handed a lane over. What they wrote does not stand in the log.'
      : 'an officer took over what was written for them.'
  if (entry.kind === 'lane_verdict')
    return entry.place === 0
      ? 'a verdict of a lane without the hub came after people had decided here: it does not count.'
      : `at a lane without the hub, ${stepWords[entry.says]}`
  return stepWords[entry.says]
}

const stepWords = {
  admitted: 'an officer said that a crossing may pass.',
  referred: 'a crossing was referred to secondary. The reason does not stand in the log.',
  opted_out: 'a traveller opted out of the comparison of faces.',
  undone: 'an officer took back what was said of a crossing just before.',
  looked: 'a person recorded what they see. What it is does not stand in the log.',
  closed: 'a referral was closed. How does not stand in the log.',
} as const

const basisWords = {
  proposed: 'a person named the ground on which faces may be compared here.',
  agreed: 'a second person agreed to the ground on which faces are compared here.',
  ended: 'the ground on which faces were compared here ended.',
} as const
