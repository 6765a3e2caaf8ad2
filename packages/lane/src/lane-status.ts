import type { GaugeFigures } from '@sallyport/core/gauge'

/** What a running lane says of itself, to whoever started it. */
export type LaneStatus = {
  readonly lane: string
  readonly device: string
  readonly source: string
  /** Port of the lane's own page; null where none is served. */
  readonly window: number | null
  readonly camera: 'ok' | 'gone' | 'ended'
  readonly crossings: number
  readonly spool: {
    readonly bundles: number
    readonly bytes: number
    readonly oldest_at: string | null
  }
  readonly epochsUntil: string | null
  readonly alarms: readonly string[]
  readonly gauge: GaugeFigures
}
