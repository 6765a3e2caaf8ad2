/**
 * Entries about grants (specs/log.md): who may be shown pictures under which policy text, and the
 * decision that an opening rests on. Parties and people stand behind commitments only.
 */

import { hex256, id128, list, oneOf, record, text, whole } from './canonical-json.ts'
import { type Head, head } from './entry-head.ts'
import { limits } from './limits.ts'

/** A version of a grant waits for its second signature. */
export type GrantProposedEntry = Head<'grant_proposed'> & GrantVersion
/** The second person signed: the version is in force from here on. */
export type GrantSignedEntry = Head<'grant_signed'> & GrantVersion

type GrantVersion = {
  readonly grant: string
  readonly version: number
  /** SHA-256, hex, of the Cedar policy's text. */
  readonly policy_sha256: string
  readonly by: string
}

/** Every version of a grant ends here. */
export type GrantRevokedEntry = Head<'grant_revoked'> & {
  readonly grant: string
  readonly by: string
}

/** A person of the agency said whether a contractor may see one original. */
export type SecondingAnsweredEntry = Head<'seconding_answered'> & {
  readonly seconding: string
  readonly grant: string
  readonly capture: string
  readonly answer: 'agreed' | 'declined'
  /** Commitment to the one opening that a live approval is for; absent for others. */
  readonly action?: string
  readonly by: string
}

/** Equipment of a party was looked at, and is in order until it is due again. */
export type EquipmentAssessedEntry = Head<'equipment_assessed'> & {
  readonly equipment: string
  readonly by: string
}

/** Every opening of a contractor's people is approved live from here on, or no longer. */
export type SupervisionSetEntry = Head<'supervision_set'> & {
  readonly supervision: string
  /** Commitment to party and reason. */
  readonly terms: string
  readonly by: string
}
/** `by` is the second of two people, of different units. */
export type SupervisionLiftedEntry = Head<'supervision_lifted'> & {
  readonly supervision: string
  readonly by: string
}

/** What people of a supervised contractor do beside opening pictures. */
export const supervisedActs = [
  'add_passkey',
  'connect_sign_in',
  'make_link',
  'read_report',
  'read_traffic_shape',
] as const
export type SupervisedAct = (typeof supervisedActs)[number]

/** A person of the agency said whether somebody of a supervised contractor may do one thing, once. */
export type SupervisedActAnsweredEntry = Head<'supervised_act_answered'> & {
  readonly question: string
  readonly act: SupervisedAct
  readonly answer: 'agreed' | 'declined'
  /** Commitment to the one request that it is for. */
  readonly action: string
  readonly by: string
}

export type GrantLogEntry =
  | GrantProposedEntry
  | GrantSignedEntry
  | GrantRevokedEntry
  | SecondingAnsweredEntry
  | EquipmentAssessedEntry
  | SupervisionSetEntry
  | SupervisionLiftedEntry
  | SupervisedActAnsweredEntry

/** What an opening or its refusal says of the decision it rests on. */
export type DecisionPart = {
  /** What was to be shown: the plate cut out, or the original. */
  readonly view?: 'plate_crop' | 'original'
  /** The grant it was asked under; absent for the agency's own people. */
  readonly grant?: string
  /** Ids of the policies that decided. */
  readonly policies?: readonly string[]
  /** SHA-256, hex, of the policy set in force. */
  readonly policy_set?: string
}

export const policyId = text(/^[a-z0-9][a-z0-9/_-]{0,79}$/, 'a policy id')

export const decisionShape = {
  view: oneOf(['plate_crop', 'original']),
  grant: id128,
  policies: list(policyId, 0, limits.policiesMax),
  policy_set: hex256,
} as const

export const decisionKeys = ['view', 'grant', 'policies', 'policy_set'] as const

const versionShape = {
  grant: id128,
  version: whole(1),
  policy_sha256: hex256,
  by: hex256,
} as const

export const grantEntryShapes = {
  grant_proposed: record<GrantProposedEntry>({ ...head('grant_proposed'), ...versionShape }),
  grant_signed: record<GrantSignedEntry>({ ...head('grant_signed'), ...versionShape }),
  grant_revoked: record<GrantRevokedEntry>({ ...head('grant_revoked'), grant: id128, by: hex256 }),
  seconding_answered: record<SecondingAnsweredEntry>(
    {
      ...head('seconding_answered'),
      seconding: id128,
      grant: id128,
      capture: id128,
      answer: oneOf(['agreed', 'declined']),
      action: hex256,
      by: hex256,
    },
    ['action'],
  ),
  supervision_set: record<SupervisionSetEntry>({
    ...head('supervision_set'),
    supervision: id128,
    terms: hex256,
    by: hex256,
  }),
  supervision_lifted: record<SupervisionLiftedEntry>({
    ...head('supervision_lifted'),
    supervision: id128,
    by: hex256,
  }),
  supervised_act_answered: record<SupervisedActAnsweredEntry>({
    ...head('supervised_act_answered'),
    question: id128,
    act: oneOf(supervisedActs),
    answer: oneOf(['agreed', 'declined']),
    action: hex256,
    by: hex256,
  }),
  equipment_assessed: record<EquipmentAssessedEntry>({
    ...head('equipment_assessed'),
    equipment: id128,
    by: hex256,
  }),
} as const
