/** When the identity of an epoch is no longer needed, and must therefore be destroyed. */

export const epochEndLimits = {
  /** Lanes know recipients for so many days ahead, and may be away for as long. */
  keptDaysMax: 14,
} as const

/** What is known of a device that may hold bundles of a day. */
export type DeviceOfDay = {
  readonly device: string
  readonly lane: string
  /** Its signed word that nothing more comes of the day; null while it has not given it. */
  readonly closed: {
    /** Of the sequences up to the last it named, those that never arrived. */
    readonly missing: number
  } | null
}

export type EpochEnd =
  | { readonly kind: 'keep'; readonly waitingFor: readonly DeviceOfDay[] }
  | { readonly kind: 'destroy'; readonly how: 'closed' | 'expired' | 'declared_lost' }

/** Days are UTC, `YYYY-MM-DD`; `devices` are those enrolled on that day or before, not revoked. */
export function decideEpochEnd({
  day,
  today,
  devices,
  declaredLostBy,
}: {
  readonly day: string
  readonly today: string
  readonly devices: readonly DeviceOfDay[]
  /** Accounts that declared the rest of the day lost, each once. */
  readonly declaredLostBy: readonly string[]
}): EpochEnd {
  const waitingFor = devices.filter(({ closed }) => closed === null || closed.missing > 0)
  if (day >= today) return { kind: 'keep', waitingFor }
  if (waitingFor.length === 0) return { kind: 'destroy', how: 'closed' }
  if (new Set(declaredLostBy).size >= 2) return { kind: 'destroy', how: 'declared_lost' }
  const days = (Date.parse(today) - Date.parse(day)) / 86_400_000
  if (days > epochEndLimits.keptDaysMax) return { kind: 'destroy', how: 'expired' }
  return { kind: 'keep', waitingFor }
}
