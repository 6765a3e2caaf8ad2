/**
 * What is asked after a suspicion, and which pictures each kind of suspicion reaches and how far.
 * Pure; the store finds what is named here (specs/scope.md).
 */

import type { Role } from '../opening.ts'

/** Who may ask for a scope, and who may read one. */
export const scopeAskers: readonly Role[] = ['responder', 'privacy', 'auditor']

/** How far a picture was exposed, the worst first: one that falls under two counts under the first. */
export const grades = [
  'released_in_clear',
  'handled_by_untrusted_device',
  'reachable_not_read',
  'ciphertext_only',
] as const
export type Grade = (typeof grades)[number]

/** What somebody says may have gone wrong. */
export type Suspicion =
  /** A contractor or unit: what its people opened, what was released to it, what its grants reached. */
  | { readonly kind: 'party'; readonly party: string }
  | { readonly kind: 'person'; readonly account: string }
  | { readonly kind: 'grant'; readonly grant: string }
  /** The computer at a lane, or its signing key: whatever it took it had in its memory. */
  | { readonly kind: 'device'; readonly device: string }
  /** Somebody was at the lane's disk, spool or network: there is only ciphertext there. */
  | { readonly kind: 'lane'; readonly lane: string }
  /**
   * The identity of one port's day: what was sealed to it opens for whoever has a copy. Without a recipient
   * every identity of the day, of which there are several where one was replaced.
   */
  | { readonly kind: 'epoch'; readonly day: string; readonly recipient?: string | undefined }
  /** A key that stored headers are under. */
  | { readonly kind: 'kek'; readonly kek: string }
  /** A sealed body that was found outside, by its SHA-256. */
  | { readonly kind: 'capture'; readonly sha256: string }
  | { readonly kind: 'release'; readonly release: string }
  /** Nothing but a time: everything that anybody opened. */
  | { readonly kind: 'window' }

export const suspicionKinds = [
  'party',
  'person',
  'grant',
  'device',
  'lane',
  'epoch',
  'kek',
  'capture',
  'release',
  'window',
] as const satisfies readonly Suspicion['kind'][]

export type ScopeQuestion = {
  /** From the first inclusive to the last exclusive, by the hub's clock. */
  readonly from: Date
  readonly to: Date
  /** Several are joined; where they contradict, the worst grade of a picture holds. */
  readonly suspicions: readonly Suspicion[]
}

/** What of a suspicion the agency's own records say. */
export type SuspicionFacts = {
  /** A key that was destroyed before the window opens nothing in it. */
  readonly keyDestroyedAt: Date | null
  /** What grants in force within the window allowed; null where the suspicion names no contractor. */
  readonly granted: readonly GrantedReach[] | null
}

/** What one version of a grant let its party open. */
export type GrantedReach = {
  readonly grant: string
  readonly version: number
  readonly lanes: 'all' | readonly string[]
  readonly classes: readonly string[]
  readonly from: Date
  readonly until: Date
}

/** One set of pictures that the store can find, with the grade that belonging to it means. */
export type ScopePart =
  | { readonly source: 'openings'; readonly by: OpeningsBy; readonly grade: 'released_in_clear' }
  | { readonly source: 'releases'; readonly by: ReleasesBy; readonly grade: 'released_in_clear' }
  | { readonly source: 'captures'; readonly by: CapturesBy; readonly grade: Grade }

export type OpeningsBy =
  | { readonly party: string }
  | { readonly account: string }
  | { readonly grant: string }
  | { readonly sha256: string }
  | 'anybody'
export type ReleasesBy =
  | { readonly party: string }
  | { readonly release: string }
  | { readonly sha256: string }
  | 'anybody'
export type CapturesBy =
  /** Received in the window. */
  | { readonly device: string }
  | { readonly lane: string }
  /** Whatever was kept at some moment of the window. */
  | { readonly epochDay: string; readonly recipient: string | null }
  | { readonly kek: string }
  | { readonly sha256: string }
  | { readonly reach: GrantedReach }

/** Which sets a suspicion reaches, and how far. */
export function partsOf(
  suspicion: Suspicion,
  facts: SuspicionFacts,
  from: Date,
): readonly ScopePart[] {
  const opened = (by: OpeningsBy): ScopePart => ({
    source: 'openings',
    by,
    grade: 'released_in_clear',
  })
  const released = (by: ReleasesBy): ScopePart => ({
    source: 'releases',
    by,
    grade: 'released_in_clear',
  })
  const captures = (by: CapturesBy, grade: Grade): ScopePart => ({ source: 'captures', by, grade })
  const reached = (facts.granted ?? []).map((reach) => captures({ reach }, 'reachable_not_read'))
  const underKey =
    facts.keyDestroyedAt !== null && facts.keyDestroyedAt <= from
      ? 'ciphertext_only'
      : 'reachable_not_read'
  switch (suspicion.kind) {
    case 'party':
      return [opened({ party: suspicion.party }), released({ party: suspicion.party }), ...reached]
    case 'person':
      return [opened({ account: suspicion.account }), ...reached]
    case 'grant':
      return [opened({ grant: suspicion.grant }), ...reached]
    case 'device':
      return [captures({ device: suspicion.device }, 'handled_by_untrusted_device')]
    case 'lane':
      return [captures({ lane: suspicion.lane }, 'ciphertext_only')]
    case 'epoch':
      return [
        captures({ epochDay: suspicion.day, recipient: suspicion.recipient ?? null }, underKey),
      ]
    case 'kek':
      return [captures({ kek: suspicion.kek }, underKey)]
    case 'capture': {
      const { sha256 } = suspicion
      return [opened({ sha256 }), released({ sha256 }), captures({ sha256 }, 'ciphertext_only')]
    }
    case 'release':
      return [released({ release: suspicion.release })]
    case 'window':
      return [opened('anybody'), released('anybody')]
  }
}

/** A grant's reach cut to the window; null when it was never in force within it. */
export function reachWithin(
  reach: GrantedReach,
  { from, to }: Pick<ScopeQuestion, 'from' | 'to'>,
): GrantedReach | null {
  const begins = reach.from > from ? reach.from : from
  const ends = reach.until < to ? reach.until : to
  return begins < ends ? { ...reach, from: begins, until: ends } : null
}
