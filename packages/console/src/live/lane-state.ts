/** What a lane card has to say besides its newest crossing. Pure. */

import type { Capture, Crossing, Lane } from '../api/types.ts'

export const limits = {
  /** Keys 1 to 4. */
  lanesWithKeys: 4,
  /** So long the picture of an earlier crossing stays after the next one came. */
  earlierPictureMs: 30_000,
} as const

export type LaneTrouble =
  | { readonly kind: 'no_device' }
  | { readonly kind: 'not_reporting'; readonly since: string | null }
  | { readonly kind: 'revoked' }
  | { readonly kind: 'camera_gone' }
  | { readonly kind: 'late'; readonly since: string | null }
  | { readonly kind: 'spooling'; readonly bundles: number }

/** The one thing to say about the lane's equipment, the worst first; null when all is well. */
export function laneTrouble(lane: Lane): LaneTrouble | null {
  const { device } = lane
  if (device === null) return { kind: 'no_device' }
  if (device.state === 'revoked') return { kind: 'revoked' }
  if (device.state === 'silent') return { kind: 'not_reporting', since: device.last_seen_at }
  if (device.camera === 'gone') return { kind: 'camera_gone' }
  if (device.state === 'late') return { kind: 'late', since: device.last_seen_at }
  if (device.spool !== null && device.spool.bundles > 1) {
    return { kind: 'spooling', bundles: device.spool.bundles }
  }
  return null
}

/** True where the newest crossing may no longer be what stands at the window. */
export function isStale(trouble: LaneTrouble | null): boolean {
  return trouble !== null && trouble.kind !== 'spooling'
}

/** What an inspection opens: the plate, else the scene when no plate was found. */
export function pictureForWindow(crossing: Crossing): Capture | null {
  return (
    crossing.captures.find((one) => one.class === 'plate') ??
    crossing.captures.find((one) => one.class === 'scene') ??
    null
  )
}
