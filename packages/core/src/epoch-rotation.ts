/**
 * Epoch identities that replace others at once: which lanes follow, what the earlier ones still have to
 * open, and who may have them destroyed before their days are over.
 */

/** What is known of a device that may have sealed to the identities of before. */
export type DeviceOfRotation = {
  readonly device: string
  readonly lane: string
  /** Its signed word on what it holds; null while it has said nothing of it. */
  readonly said: {
    /** When the recipients that it seals to replaced others; null where they never did. */
    readonly rotatedAt: Date | null
    /** Of what it sealed before it held them, bundles that never arrived. */
    readonly missing: number
    /** What was said at its own page, sealed before, and waits there. */
    readonly verdicts: number
  } | null
}

export type RotationState = {
  /** They may go on sealing to the earlier identities, and have no word of how much. */
  readonly notHeld: readonly DeviceOfRotation[]
  /** They seal to the new ones, and not all is here that they sealed before. */
  readonly notDelivered: readonly DeviceOfRotation[]
}

/** How far the devices have followed a rotation. `devices`: not revoked, enrolled before it. */
export function rotationState(
  rotatedAt: Date,
  devices: readonly DeviceOfRotation[],
): RotationState {
  const holds = ({ said }: DeviceOfRotation): boolean =>
    said !== null && said.rotatedAt !== null && said.rotatedAt >= rotatedAt
  return {
    notHeld: devices.filter((one) => !holds(one)),
    notDelivered: devices.filter(
      (one) => holds(one) && one.said !== null && one.said.missing + one.said.verdicts > 0,
    ),
  }
}

/** Somebody who says that the earlier identities shall be destroyed. */
export type DestructionWord = {
  readonly account: string
  /** Of the agency or of a party; null where the account belongs to none. */
  readonly unit: string | null
  /** The incident is about them, or their account was disabled since: their word counts for nothing. */
  readonly cutOff: boolean
}

export type EarlierDecision =
  | { readonly kind: 'destroy' }
  | { readonly kind: 'wait' }
  | { readonly kind: 'refuse'; readonly code: 'same_unit' }

/** Whether two people of different units have said so. `words` are those in force, each account once. */
export function decideEarlierDestruction(words: readonly DestructionWord[]): EarlierDecision {
  const count = words.filter(({ cutOff }) => !cutOff)
  if (count.length < 2) return { kind: 'wait' }
  const units = new Set(count.flatMap(({ unit }) => (unit === null ? [] : [unit])))
  return units.size >= 2 ? { kind: 'destroy' } : { kind: 'refuse', code: 'same_unit' }
}
