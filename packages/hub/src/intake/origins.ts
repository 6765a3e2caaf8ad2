/**
 * Devices and their lanes, kept in memory from their first bundle on: what of them never changes.
 * Whether a device is revoked is read again where its bundle is stored.
 */

import { type DeviceRow, deviceById, type LaneRow, laneById } from '@sallyport/store/lanes'
import type { Db } from '@sallyport/store/postgres/database'

export type Origin = {
  readonly device: Pick<DeviceRow, 'id' | 'lane' | 'public_key' | 'revoked_at' | 'quarantined_at'>
  readonly lane: LaneRow
}

export type Origins = {
  /** Null for a device that is not enrolled. */
  of(device: string): Promise<Origin | null>
  /** Its row is read again at its next bundle. */
  forget(device: string): void
}

/** Holds one small entry for each device that is enrolled: whoever is not leaves none behind. */
export function createOrigins(db: Db): Origins {
  const known = new Map<string, Origin>()
  return {
    async of(id) {
      const kept = known.get(id)
      if (kept !== undefined) return kept
      const device = await deviceById(db, id)
      if (device === null) return null
      const lane = await laneById(db, device.lane)
      if (lane === null) throw new Error('a device belongs to a lane with a row')
      const origin = { device, lane }
      if (device.revoked_at === null) known.set(id, origin)
      return origin
    },
    forget(id) {
      known.delete(id)
    },
  }
}
