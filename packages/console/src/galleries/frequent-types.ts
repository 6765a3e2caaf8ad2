/** Rules for those who cross often as the hub sends them; a test compares them with its schemas. */

type Act = {
  readonly at: string
  readonly by: { readonly id: string; readonly name: string; readonly unit: string }
  readonly log_index: number | null
}

export type FrequentRule = {
  readonly id: string
  readonly weekdays: readonly number[]
  readonly from_hour: number
  readonly to_hour: number
  readonly days_back: number
  readonly crossings: number
  readonly people: number
  readonly reason: string
  readonly expires_at: string
  readonly state: 'proposed' | 'in_force' | 'ended' | 'expired'
  readonly proposed: Act | null
  readonly agreed: Act | null
  readonly ended: Act | null
  /** That is open by it now. */
  readonly gallery: {
    readonly id: string
    readonly opens_at: string
    readonly expires_at: string
    readonly searchable: number
  } | null
}

export type FrequentRules = { readonly zone: string; readonly rules: readonly FrequentRule[] }
