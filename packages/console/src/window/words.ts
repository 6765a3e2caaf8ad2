/** The console's words for what is said at the window and in secondary. */

import type {
  ErrorFound,
  Finding,
  Outcome,
  ReferralReason,
  Said,
} from '@sallyport/core/window/window'

import type { OnShift, WindowStep } from '../api/window-types.ts'

export const reasonNames: Readonly<Record<ReferralReason, string>> = {
  look_yourself: 'Person to be compared by eye',
  watch_hit: 'Possible match of a watch entry',
  plate_unsure: 'Plate not certain',
  document: 'Document to be looked at',
  declaration: 'Something to declare',
  random_check: 'Chosen at random',
  traveller_asked: 'The traveller asked for it',
  other: 'Another reason (see note)',
}

export const findingNames: Readonly<Record<Finding, string>> = {
  same_person: 'The same person',
  another_person: 'Another person',
  cannot_tell: 'I cannot tell',
  no_comparison: 'Nothing to compare',
}

export const outcomeNames: Readonly<Record<Outcome, string>> = {
  admitted: 'Goes on',
  admitted_after_correction: 'Goes on; what was shown was wrong',
  left_by_choice: 'Turned round by own choice',
  taken_over: 'An officer takes it from here, under the law',
}

export const errorNames: Readonly<Record<ErrorFound, string>> = {
  plate: 'The plate was misread',
  face: 'The comparison of faces',
  watch: 'The watch entry',
  document: 'The document’s data',
}

const kindNames: Readonly<Record<Said['kind'], string>> = {
  admitted: 'Admitted',
  referred: 'Referred',
  opted_out: 'Opted out of face comparison',
  undone: 'Undone',
  looked: 'Looked',
  closed: 'Closed',
}

/** 'Referred: document to be looked at'. */
export function stepWords({ kind, code }: Pick<WindowStep, 'kind' | 'code'>): string {
  const name = kindNames[kind]
  if (kind === 'looked' && code === null) return `${name}: shown when you have said what you see`
  const detail = code === null ? null : codeNames[code]
  return detail === null ? name : `${name}: ${detail.charAt(0).toLowerCase()}${detail.slice(1)}`
}

/** Who said it: 'Ann Ruiz', or 'Ann Ruiz (stated at the lane, not signed in)'. */
export function sayerWords({ by, at_lane: atLane }: Pick<WindowStep, 'by' | 'at_lane'>): string {
  if (by !== null) return by.name
  return atLane === null ? 'nobody' : statedWords(atLane.name)
}

export function statedWords(name: string): string {
  return `${name} (stated at the lane, not signed in)`
}

/** Beside a stated name: 'On shift there: Bob Lee.'; who typed it nobody knows. */
export function onShiftWords(onShift: OnShift): string {
  if (onShift === null) return 'Who was on shift there was not noted.'
  if (onShift.names.length === 0) return 'Nobody was on shift there at the hub.'
  return `On shift there: ${onShift.names.join(', ')}.`
}

const codeNames: Readonly<Record<ReferralReason | Finding | Outcome, string>> = {
  ...reasonNames,
  ...findingNames,
  ...outcomeNames,
}
