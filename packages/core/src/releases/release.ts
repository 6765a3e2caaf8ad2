/**
 * Releases: a set of copies handed to a party outside (DESIGN section 2). The words and measures;
 * who may do what with one is decided in `decide-release.ts`.
 */

/** What copies may leave for. None of these is a contractor's, and none is training. */
export const releasePurposes = ['court', 'partner_agency', 'subject_request'] as const
export type ReleasePurpose = (typeof releasePurposes)[number]

export const releaseStates = [
  'requested',
  'approved',
  'making',
  'made',
  'returned',
  'destroyed',
  'declined',
  'failed',
] as const
export type ReleaseState = (typeof releaseStates)[number]

/** What a person does to a release; each is decided and logged. */
export const releaseSteps = ['request_release', 'approve_release', 'make_release'] as const
export type ReleaseStep = (typeof releaseSteps)[number]

export const attestedHow = ['returned', 'destroyed'] as const
export type AttestedHow = (typeof attestedHow)[number]

export type ReleaseSaid = 'requested' | 'approved' | 'declined' | 'making'
export type ReleaseFileKind = 'capture' | 'canary' | 'records'

export const releaseLimits = {
  /** Pictures of one release: each is opened, marked and sealed before anything leaves. */
  capturesMax: 200,
  canariesMax: 50,
  /** Copies are asked back at the latest after so long. */
  daysMax: 366,
  approvalsNeeded: 2,
  /** An approval rests on what was asked; a request that waited longer is asked anew. */
  requestDaysMax: 30,
} as const

/** How many drawn records stand among the real ones where nobody says otherwise. */
export function canariesFor(captures: number): number {
  return Math.max(1, Math.ceil(captures / 10))
}

/** Where copies that were handed over stand at `now`. */
export type CopiesState = 'none' | 'out' | 'due_soon' | 'overdue' | 'accounted_for'

const soonMs = 7 * 86_400_000

/** What of a release is still outside, and how urgent its return is. */
export function copiesState(
  { state, expiresAt }: { readonly state: ReleaseState; readonly expiresAt: Date },
  now: Date,
): CopiesState {
  if (state === 'returned' || state === 'destroyed') return 'accounted_for'
  if (state !== 'made') return 'none'
  const leftMs = expiresAt.getTime() - now.getTime()
  if (leftMs <= 0) return 'overdue'
  return leftMs <= soonMs ? 'due_soon' : 'out'
}
