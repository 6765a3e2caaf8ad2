/** The console's sentences for the closed codes of the API. Unknown codes are shown as they are. */

import type { GrantPurpose } from '@sallyport/core/grants/grant'
import type { Purpose, Role } from '@sallyport/core/opening'
import { reasonSentence } from '@sallyport/core/reason'

import type { DeviceState, Plate } from '../api/types.ts'

/** 'clock_skewed' → 'Clock skewed', for codes this version does not know. */
export function codeWords(code: string): string {
  const words = code.replaceAll('_', ' ').replaceAll('-', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

export const purposeWords: Readonly<
  Record<Purpose | GrantPurpose, { readonly name: string; readonly hint: string }>
> = {
  inspection: { name: 'Inspection', hint: 'At the window, your lane, this shift' },
  secondary: { name: 'Secondary', hint: 'A referral under review' },
  review: { name: 'Review', hint: 'Reading a plate that the reader was not sure of' },
  investigation: { name: 'Investigation', hint: 'A case with a reference' },
  subject_request: { name: 'Subject request', hint: 'The traveller asked to see it' },
  audit: { name: 'Audit', hint: 'Checking how pictures are used' },
  incident: { name: 'Incident', hint: 'Establishing what was exposed' },
  evaluation: { name: 'Evaluation', hint: 'Read by the hub itself, shown to nobody' },
  release: { name: 'Release', hint: 'Marked and sealed for a court or another agency' },
  fault_analysis: { name: 'Fault analysis', hint: 'A contractor finds out why a lane misread' },
  review_support: { name: 'Review support', hint: 'A contractor helps with unsure plates' },
  incident_support: { name: 'Incident support', hint: 'A contractor helps with an incident' },
}

export const roleWords: Readonly<Record<Role, { readonly name: string; readonly hint: string }>> = {
  officer: { name: 'Officer', hint: 'Works a lane; opens pictures for inspection and secondary' },
  supervisor: { name: 'Supervisor', hint: 'Invites people; opens for secondary and investigation' },
  privacy: { name: 'Privacy officer', hint: 'Sees every opening; answers subject requests' },
  auditor: { name: 'Auditor', hint: 'Sees every opening; opens for audit' },
  responder: { name: 'Responder', hint: 'Opens for incidents' },
  integrator: { name: 'Integrator', hint: 'Sets up lanes; can open no picture' },
}

/** Why a plate is unsure or unreadable, as one sentence; null where nothing needs saying. */
export function reasonWords(plate: Plate): string | null {
  if (plate.reason === null) return null
  return reasonSentence(plate.reason) ?? `${codeWords(plate.reason)}.`
}

/** Whether people walked past: no plate was looked for. */
export function isOnFoot(plate: Plate): boolean {
  return plate.reason === 'on_foot'
}

/** The headline of a plate that was not read. */
export function unreadableTitle(plate: Plate): string {
  if (isOnFoot(plate)) return 'On foot'
  if (plate.reason === 'no_plate_found') return 'No plate found'
  return plate.reason === 'no_reads' ? 'No reading' : 'Plate not readable'
}

const captureNames: Readonly<Record<string, string>> = {
  scene: 'Scene',
  plate: 'Plate',
  face: 'Face',
}
export function captureName(captureClass: string): string {
  return captureNames[captureClass] ?? codeWords(captureClass)
}

/** What became of a request to open: 'Ada opened the plate picture'. */
export const outcomeWords = {
  opened: 'opened',
  refused: 'was refused',
  failed: 'asked in vain for',
} as const

export const deviceWords: Readonly<
  Record<DeviceState, { readonly name: string; readonly hint: string }>
> = {
  enrolled: { name: 'Enrolled', hint: 'Has its key, has not reported yet' },
  online: { name: 'Online', hint: 'Reports on time' },
  late: { name: 'Late', hint: 'A report is overdue' },
  silent: {
    name: 'Silent',
    hint: 'Several reports missed; it may still be recording to its spool',
  },
  revoked: { name: 'Revoked', hint: 'The hub refuses everything it sends' },
}

export const laneKindWords = { vehicle: 'Vehicle', walk: 'Walk', gate: 'Gate' } as const
export const directionWords = { in: 'In', out: 'Out' } as const
export const sourceWords = {
  camera: 'Camera',
  photographs: 'Photographs',
  synthetic: 'Synthetic',
} as const
export const clockWords = {
  ok: 'Lane clock agrees with the hub',
  skewed: 'Lane clock is off by more than 5 s',
  review: 'Lane clock is off by more than 5 min: times need review',
} as const
