/**
 * What the policies say to an opening: Cedar decides, the second opinion of `core` must agree and
 * gives the words. Where they differ nothing opens.
 */

import type { CaptureClass } from '@sallyport/core/crossing'
import {
  decideView,
  type ViewDecision,
  type ViewRefusal,
  type ViewRequest,
} from '@sallyport/core/grants/decide-view'
import type { Grant, GrantPurpose, GrantStatus, View } from '@sallyport/core/grants/grant'
import { localTimeAt } from '@sallyport/core/grants/local-time'
import type { Purpose, ReviewState, Role } from '@sallyport/core/opening'
import type { DecisionPart } from '@sallyport/proof/grant-entry'
import { shiftOf } from '@sallyport/store/accounts'
import type { CaptureRow, CrossingRow } from '@sallyport/store/crossings'
import { type GrantRow, listGrants, reserveUse, usedOn } from '@sallyport/store/grants/grants'
import { affiliationOf, suspendedParties } from '@sallyport/store/grants/parties'
import { agreementFor, useAgreement } from '@sallyport/store/grants/secondings'
import { supervisionOf } from '@sallyport/store/grants/supervision'
import type { Db } from '@sallyport/store/postgres/database'

import { limits } from '../limits.ts'
import { createPolicyEngine, type PolicyEngine } from './engine.ts'
import { termsOfRow } from './stored-terms.ts'

export type PolicyAsk = {
  readonly account: { readonly id: string; readonly roles: readonly Role[] }
  readonly capture: CaptureRow
  readonly crossing: CrossingRow
  readonly review: ReviewState
  readonly purpose: Purpose | GrantPurpose
  /** Null: the plate cut out for contractors, the original for the agency. */
  readonly view: 'plate_crop' | 'original' | null
  /** Null: the only grant in force of the asker's party. */
  readonly grant: string | null
  /** Under which a second person's agreement is used up. */
  readonly opening: string
}

export type PolicyAnswer = {
  readonly decision:
    | { readonly kind: 'allow' }
    | { readonly kind: 'refuse'; readonly code: PolicyRefusal; readonly detail: string }
  readonly view: View
  readonly part: DecisionPart
  readonly grant: Pick<Grant, 'id' | 'version'> | null
  /** Decided under supervision: by a live approval, where it allows. */
  readonly supervised?: boolean
}

export type PolicyRefusal = ViewRefusal | 'policies_disagree'

export type Policy = {
  /** Decides, and takes what an allowed opening uses up: quota and a second person's agreement. */
  decide(ask: PolicyAsk, at: Date): Promise<PolicyAnswer>
  /** What `decide` would say. Takes nothing. */
  explain(ask: PolicyAsk, at: Date): Promise<PolicyAnswer>
  /** True while the grant of an answer is still in force; always for the agency's own people. */
  stillHolds(answer: PolicyAnswer, at: Date): Promise<boolean>
  /** Newest version of each grant that the log has, with its status at `at`. */
  grants(at: Date): Promise<readonly Grant[]>
  engine(grants: readonly Grant[]): PolicyEngine
}

export function createPolicy(context: {
  readonly db: Db
  readonly zone: string
  readonly report: (message: string) => void
}): Policy {
  const { db, zone, report } = context
  let engine = createPolicyEngine([])
  let engineOf = ''

  /** The engine over these grants; the one of the last call while nothing changed. */
  function engineFor(grants: readonly Grant[]): PolicyEngine {
    const name = grants
      .map(({ id, version, status }) => `${id}/${version}/${status.kind}`)
      .join(' ')
    if (name !== engineOf) {
      engine = createPolicyEngine(grants)
      engineOf = name
    }
    return engine
  }

  async function grantsAt(at: Date): Promise<readonly Grant[]> {
    return currentGrants(await listGrants(db), await suspendedParties(db, at), at)
  }

  async function judge(ask: PolicyAsk, at: Date) {
    const who = await affiliationOf(db, ask.account.id)
    if (who === null) throw new Error('an account that asks belongs to a party')
    const grants = await grantsAt(at)
    const contractor = who.kind !== 'agency'
    const grant = contractor ? namedGrant(grants, ask.grant, who.party) : null
    const local = localTimeAt(at, zone)
    const view = viewOf(ask, contractor)
    const supervised = contractor && (await supervisionOf(db, who.party)) !== null
    const used = grant === null ? { pictures: 0, bytes: 0 } : await usedOn(db, grant.id, local.day)
    const agreement =
      grant === null || (view === 'plate_crop' && !supervised)
        ? null
        : await agreementFor(db, {
            capture: ask.capture.id,
            account: ask.account.id,
            grant: grant.id,
            purpose: ask.purpose,
            since: new Date(at.getTime() - agreementMs(supervised)),
            live: supervised ? { view, version: grant.version } : null,
          })
    const request: ViewRequest = {
      action: 'view',
      person: { roles: ask.account.roles, party: who.party, partyKind: who.kind },
      capture: {
        class: pictureClassOf(ask.capture),
        port: ask.crossing.port,
        lane: ask.crossing.lane,
        receivedAt: ask.crossing.received_at,
        review: ask.review,
        bytes: ask.capture.bytes,
      },
      view,
      purpose: ask.purpose,
      shift: await shiftOf(db, ask.account.id),
      grant,
      used,
      seconded: agreement !== null,
      supervised,
      local,
    }
    const cedar = engineFor(grants).decide(request, at)
    const opinion = decideView(request, at)
    const part: DecisionPart = {
      view: view === 'plate_crop' ? 'plate_crop' : 'original',
      ...(grant === null ? {} : { grant: grant.id }),
      policies: cedar.policies,
      policy_set: cedar.policySet,
    }
    const answer = { view, part, grant, supervised }
    if ((cedar.kind === 'allow') !== (opinion.kind === 'allow')) {
      report(`policy: the policies and their second opinion differ on a ${ask.purpose}`)
      return { ...answer, decision: disagreement, take: { grant, agreement, day: local.day } }
    }
    return { ...answer, decision: opinion, take: { grant, agreement, day: local.day } }
  }

  return {
    grants: grantsAt,
    engine: engineFor,
    async explain(ask, at) {
      const { take: _, ...answer } = await judge(ask, at)
      return answer
    },
    async decide(ask, at) {
      const { take: what, ...answer } = await judge(ask, at)
      if (answer.decision.kind === 'refuse') return answer
      return { ...answer, decision: await take(ask, what.grant, what.agreement, what.day) }
    },
    async stillHolds({ grant, supervised }, at) {
      if (grant === null) return true
      const now = (await grantsAt(at)).find(({ id }) => id === grant.id)
      if (now?.status.kind !== 'signed' || now.terms.until <= at) return false
      // Set between the decision and the picture: this one goes the new way, too.
      return supervised === true || (await supervisionOf(db, now.terms.party)) === null
    },
  }

  /** Two who ask at once cannot both have the last picture, or one agreement twice. */
  async function take(
    { capture, opening }: PolicyAsk,
    grant: Grant | null,
    agreement: { readonly id: string; readonly live: boolean } | null,
    day: string,
  ): Promise<PolicyAnswer['decision']> {
    if (grant === null) return { kind: 'allow' }
    const { picturesPerDay: pictures, bytesPerDay: bytes } = grant.terms
    const use = { grant: grant.id, day, bytes: capture.bytes }
    if (!(await reserveUse(db, use, { pictures, bytes })))
      return refusal('quota_pictures', 'What the grant allows today was used up meanwhile.')
    if (agreement !== null && !(await useAgreement(db, agreement.id, opening)))
      return refusal(
        agreement.live ? 'needs_live_approval' : 'needs_second_person',
        'The agreement was used meanwhile. Ask again.',
      )
    return { kind: 'allow' }
  }
}

const disagreement = refusal(
  'policies_disagree',
  'The policies and their second opinion differ, so nothing opens. The report of the hub has the case.',
)

function refusal(code: PolicyRefusal, detail: string) {
  return { kind: 'refuse', code, detail } as const satisfies
    | ViewDecision
    | { readonly kind: 'refuse'; readonly code: PolicyRefusal }
}

/** How long an agreement is good for. */
function agreementMs(supervised: boolean): number {
  return supervised ? limits.liveApprovalMsMax : limits.secondingMinutesMax * 60_000
}

function viewOf({ view, capture }: PolicyAsk, contractor: boolean): View {
  const wanted = view ?? (contractor ? 'plate_crop' : 'original')
  if (wanted === 'plate_crop') return 'plate_crop'
  return pictureClassOf(capture)
}

function pictureClassOf({ class: name }: CaptureRow): CaptureClass {
  if (name === 'reads') throw new Error('reads are no picture: nobody may ask for them')
  return name
}

/** The grant that is named, or the only one in force of the party. */
function namedGrant(grants: readonly Grant[], id: string | null, party: string): Grant | null {
  if (id !== null) return grants.find((grant) => grant.id === id) ?? null
  const own = grants.filter(
    ({ terms, status }) => terms.party === party && status.kind === 'signed',
  )
  return own.length === 1 ? (own[0] ?? null) : null
}

/**
 * Of each grant the newest signed version, or the newest proposal while none is signed; suspended
 * while something of its party is overdue, or the party is cut off in an incident.
 */
export function currentGrants(
  rows: readonly GrantRow[],
  suspended: ReadonlyMap<string, string>,
  at: Date,
): readonly Grant[] {
  const chosen = new Map<string, GrantRow>()
  for (const row of rows) {
    const before = chosen.get(row.id)
    if (before === undefined || rank(row) > rank(before)) chosen.set(row.id, row)
  }
  return [...chosen.values()]
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .map((row) => ({
      id: row.id,
      version: row.version,
      terms: termsOfRow(row.terms),
      status: statusOf(row, suspended.get(row.party), at),
    }))
}

/** Signed versions before proposals, then the newest. */
function rank({ signed_at, version }: GrantRow): number {
  return (signed_at === null ? 0 : 1_000_000) + version
}

function statusOf(row: GrantRow, suspended: string | undefined, at: Date): GrantStatus {
  if (row.revoked_at !== null)
    return { kind: 'revoked', at: row.revoked_at, reason: row.revoked_reason ?? '' }
  if (row.signed_at === null) return { kind: 'proposed' }
  if (suspended !== undefined) return { kind: 'suspended', at, reason: suspended }
  return { kind: 'signed', at: row.signed_at }
}
