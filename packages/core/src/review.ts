/**
 * The review of plates that were not read surely: what may be chosen from, what a person says, and
 * whether it may stand. The raw looks and the vote are never touched (DESIGN invariant 11): a verdict
 * stands beside them.
 */

import { type Role, runningShift, type Shift } from './opening.ts'
import type { Look, PlateRead, PlateText } from './plate.ts'

export const reviewLimits = {
  /** One key each: 1 to 9. */
  candidatesMax: 9,
  /** A text less likely than this is no help to whoever looks. */
  shareMin: 0.01,
  /** An item that somebody works on is theirs for so long, from their last sign of life. */
  claimSeconds: 120,
  /** A verdict can be taken back by the one who gave it for so long; by a supervisor always. */
  undoMinutesMax: 60,
} as const

/**
 * Whether a plate is shown to a person though it was read surely: one in `oneIn` is, none at 0. Only so do
 * verdicts say how often a sure read is right. `chance` is 0 up to 1, drawn anew for each crossing.
 */
export function isSampled(
  kind: PlateRead['kind'] | 'none',
  oneIn: number,
  chance: number,
): boolean {
  return kind === 'read' && oneIn > 0 && chance < 1 / oneIn
}

/** Who decides what a plate says. */
export const reviewers = ['officer', 'supervisor'] as const satisfies readonly Role[]

/** A text that the plate may bear. */
export type Candidate = {
  readonly text: string
  /** 0 to 1: the mean of what the readable looks give it. */
  readonly share: number
  /** Looks that say exactly this. */
  readonly looks: number
}

/**
 * What the plate may say, for a person to choose from: the vote's text first, then the other texts of
 * looks, of their alternatives, and the vote with one weak character exchanged, the likeliest first.
 */
export function candidatesOf(
  plate: PlateRead | null,
  looks: readonly Look[],
): readonly Candidate[] {
  const readable = looks.filter(({ text }) => text !== '')
  const sums = new Map<string, { sum: number; looks: number }>()
  const add = (text: string, weight: number, saidIt: 0 | 1): void => {
    if (text === '') return
    const known = sums.get(text)
    if (known === undefined) sums.set(text, { sum: weight, looks: saidIt })
    else {
      known.sum += weight
      known.looks += saidIt
    }
  }
  for (const look of readable) {
    add(look.text, look.confidence, 1)
    for (const other of look.alternatives) add(other.text, other.confidence, 0)
  }
  const shared = Array.from(sums, ([text, { sum, looks: said }]) => ({
    text,
    share: Math.min(1, sum / Math.max(1, readable.length)),
    looks: said,
  }))
  const vote = plate === null || plate.kind === 'unreadable' ? null : plate
  if (vote === null || vote.text === '') return trimmed(shared)
  const first = shared.find(({ text }) => text === vote.text) ?? {
    text: vote.text,
    share: vote.confidence,
    looks: 0,
  }
  const others = shared.filter(({ text }) => text !== vote.text)
  const known = new Set([vote.text, ...others.map(({ text }) => text)])
  const exchanged = exchangedOnce(vote, first.share).filter(({ text }) => !known.has(text))
  return [first, ...trimmed([...others, ...exchanged])]
}

function trimmed(candidates: readonly Candidate[]): readonly Candidate[] {
  return candidates
    .filter(({ share }) => share >= reviewLimits.shareMin)
    .toSorted(likeliestFirst)
    .slice(0, reviewLimits.candidatesMax)
}

/** The vote with one character replaced by one of its alternatives. */
function exchangedOnce(
  vote: Extract<PlateRead, { text: string }>,
  share: number,
): readonly Candidate[] {
  if (vote.characters.length !== vote.text.length) return []
  return vote.characters.flatMap(({ confidence, alternatives }, place) =>
    alternatives.map((other) => ({
      text: vote.text.slice(0, place) + other.character + vote.text.slice(place + 1),
      share: share * Math.min(1, other.confidence / Math.max(confidence, 0.01)),
      looks: 0,
    })),
  )
}

function likeliestFirst(a: Candidate, b: Candidate): number {
  return b.share - a.share || (a.text < b.text ? -1 : 1)
}

export const verdictKinds = ['confirmed', 'corrected', 'unreadable', 'withdrawn'] as const
/** `withdrawn` takes the verdict before it back: the plate waits again. */
export type VerdictKind = (typeof verdictKinds)[number]

/** What a person says of a plate. */
export type Statement =
  | { readonly kind: 'confirmed' | 'corrected'; readonly text: PlateText }
  | { readonly kind: 'unreadable' }

/** The statement that a chosen text makes: it confirms what the machine read, or corrects it. */
export function statementOf(machineText: string | null, text: PlateText): Statement {
  return { kind: text === machineText ? 'confirmed' : 'corrected', text }
}

/** The newest verdict on a crossing, withdrawn or not; null when there was none. */
export type Head = {
  readonly id: string
  readonly kind: VerdictKind
  readonly account: string
  readonly at: Date
} | null

export type VerdictRequest = {
  readonly account: { readonly id: string; readonly roles: readonly Role[] }
  readonly shift: Shift | null
  readonly lane: string
  /** The head that the person decided upon. */
  readonly supersedes: string | null
  readonly head: Head
  readonly claim: { readonly account: string; readonly until: Date } | null
}

export type VerdictRefusal =
  | 'other_lane'
  | 'verdict_conflict'
  | 'verdict_of_another'
  | 'claimed'
  | 'not_in_review'

export type VerdictDecision =
  | { readonly kind: 'allow' }
  | { readonly kind: 'refuse'; readonly code: VerdictRefusal; readonly detail: string }

/** The lanes whose crossings this person reviews now: one's own during a shift, else all (null). */
export function lanesToReview(shift: Shift | null, now: Date): readonly string[] | null {
  const running = runningShift(shift, now)
  return running === null ? null : [running.lane]
}

/** Whether a verdict may be given: nobody overwrites what they did not see, or somebody else's. */
export function decideVerdict(request: VerdictRequest, now: Date): VerdictDecision {
  const elsewhere = refusedElsewhere(request, now)
  if (elsewhere !== null) return elsewhere
  const { account, head, claim, supersedes } = request
  if ((head?.id ?? null) !== supersedes) {
    return refuse(
      'verdict_conflict',
      'Somebody else decided on this plate meanwhile. Look at their verdict before you give another.',
    )
  }
  if (isForeign(head, request)) {
    return refuse(
      'verdict_of_another',
      'This verdict is somebody else’s. A supervisor can change it.',
    )
  }
  if (claim !== null && claim.account !== account.id && claim.until > now) {
    return refuse('claimed', 'Somebody else is looking at this plate. Take the next one.')
  }
  return { kind: 'allow' }
}

/** Whether the newest verdict may be taken back. */
export function decideWithdrawal(
  request: Omit<VerdictRequest, 'claim'>,
  now: Date,
): VerdictDecision {
  const elsewhere = refusedElsewhere(request, now)
  if (elsewhere !== null) return elsewhere
  const { account, head, supersedes } = request
  if (head === null || head.kind === 'withdrawn' || head.id !== supersedes) {
    return refuse(
      'verdict_conflict',
      'This verdict is no longer the newest. Look at the plate again.',
    )
  }
  if (isForeign(head, request)) {
    return refuse(
      'verdict_of_another',
      'This verdict is somebody else’s. A supervisor can change it.',
    )
  }
  const ageMinutes = (now.getTime() - head.at.getTime()) / 60_000
  if (ageMinutes > reviewLimits.undoMinutesMax && !account.roles.includes('supervisor')) {
    return refuse(
      'not_in_review',
      'This verdict is too old to be taken back by whoever gave it. A supervisor can change it.',
    )
  }
  return { kind: 'allow' }
}

function refusedElsewhere(
  { shift, lane }: Pick<VerdictRequest, 'shift' | 'lane'>,
  now: Date,
): VerdictDecision | null {
  const lanes = lanesToReview(shift, now)
  if (lanes === null || lanes.includes(lane)) return null
  return refuse('other_lane', `Your shift is at lane ${lanes.join()}; this crossing is not.`)
}

function isForeign(head: Head, { account }: Pick<VerdictRequest, 'account'>): boolean {
  if (head === null || head.kind === 'withdrawn') return false
  return head.account !== account.id && !account.roles.includes('supervisor')
}

function refuse(code: VerdictRefusal, detail: string): VerdictDecision {
  return { kind: 'refuse', code, detail }
}
