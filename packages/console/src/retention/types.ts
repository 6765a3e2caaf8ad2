/** What the hub answers about retention; a test compares it with the hub's schemas. */

import type { BodyClass } from '@sallyport/core/crossing'
import type { Policy, Rule } from '@sallyport/core/retention'
import type { HoldState } from '@sallyport/core/retention-hold'
import type { PackId } from '@sallyport/core/retention-packs'

type Person = { readonly id: string; readonly name: string }

export type PolicyVersion = {
  readonly id: string
  readonly pack: PackId | null
  readonly policy: Policy
  readonly sha256: string
  readonly made_at: string
  readonly made_by: Person
  readonly log_index: number | null
}

export type RetentionStatus = {
  readonly at: string
  readonly zone: string
  readonly in_force: PolicyVersion | null
  readonly classes: readonly {
    readonly class: BodyClass
    readonly kept: number
    readonly bytes: number
    readonly oldest: string | null
    readonly shredded: number
  }[]
  readonly holds: { readonly in_force: number; readonly waiting: number }
  readonly pending: number
}

export type RetentionPlan = {
  readonly at: string
  readonly zone: string
  readonly policy: Policy
  readonly due: readonly {
    readonly class: BodyClass
    readonly bodies: number
    readonly bytes: number
    readonly crossings: number
    readonly held: number
    readonly oldest: string
  }[]
  readonly due_now: number
  readonly days: readonly {
    readonly day: string
    readonly class: BodyClass
    readonly bodies: number
    readonly bytes: number
    readonly held: number
  }[]
}

export type Pack = { readonly id: PackId; readonly about: string; readonly policy: Policy }

export type Shredding = {
  readonly id: string
  readonly class: BodyClass
  readonly day: string
  readonly bodies: number
  readonly bytes: number
  /** Null: somebody asked that faces be forgotten. */
  readonly policy: string | null
  readonly requested_at: string
  readonly log_index: number | null
  readonly keys_destroyed_at: string | null
  readonly rows_erased_at: string | null
  readonly effective_at: string | null
  readonly effective_log_index: number | null
  readonly stopped_at: string | null
  readonly state: 'requested' | 'effective' | 'stopped'
  readonly outstanding: readonly { readonly holder: string; readonly until: string | null }[]
}

type Act = {
  readonly at: string
  readonly by: Person
  readonly log_index: number | null
} | null

export type Hold = {
  readonly id: string
  readonly scope: {
    readonly kind: 'crossing' | 'plate' | 'lane' | 'port'
    readonly crossing: string | null
    readonly plate: string | null
    readonly lane: string | null
    readonly from_day: string | null
    readonly to_day: string | null
  }
  readonly reason: string
  readonly expires_at: string
  readonly state: HoldState
  readonly requested: Act
  readonly approved: Act
  readonly lifted: Act
  readonly lifted_reason: string | null
}

export type RetentionCountdown = {
  readonly crossing: string
  readonly from: string
  readonly held_until: string | null
  readonly bodies: readonly {
    readonly capture: string
    readonly class: BodyClass
    readonly due_at: string | null
    readonly rule: Rule | null
    readonly shredding: ShreddingOfPicture | null
  }[]
}

/** What became of one picture that is shredded, with its two entries in the log. */
export type ShreddingOfPicture = {
  readonly id: string
  readonly requested_at: string
  readonly effective_at: string | null
  readonly log_index: number | null
  readonly effective_log_index: number | null
}

/** A day whose key is still at the hub. */
export type OpenEpoch = {
  readonly day: string
  readonly recipient: string
  readonly state: 'in_use' | 'waits'
  readonly rotated_out: boolean
  readonly waiting_for: readonly {
    readonly device: string
    readonly lane: string
    readonly closed: boolean
    readonly missing: number
  }[]
  readonly declared_lost_by: number
}

export type RestLost = {
  readonly day: string
  readonly declared_lost_by: number
  readonly destroyed: boolean
}

export type HubClock = {
  readonly now: string
  readonly doubt: {
    readonly kind: 'jumped' | 'started_ahead'
    readonly trusted_at: string
    readonly said: string
  } | null
}
