/** Faces that may be of somebody who is looked for: kept with their crossing, told once the log has them. */

import { randomBytes } from 'node:crypto'

import { commit } from '@sallyport/proof/entry'
import { committedTravellerMatch } from '@sallyport/proof/traveller-entry'
import {
  type NewTravellerHit,
  noteTravellerHitLogged,
  unloggedTravellerHits,
} from '@sallyport/store/travellers/hits'

import type { FacesContext } from '../faces/faces.ts'
import { faceHubLimits } from '../faces/limits.ts'
import { candidatesOf } from '../faces/views.ts'
import { newId } from '../ids.ts'
import type { CheckedBundle } from '../intake/check.ts'

/** One for each entry that a face may belong to. */
export function travellerHitsIn({
  bundle,
  receivedAt,
  device,
  faces,
}: CheckedBundle): readonly NewTravellerHit[] {
  return faces.flatMap(({ stated, outcome }) =>
    candidatesOf(outcome)
      .filter(({ gallery }) => gallery === null)
      .map(({ entry }) => ({
        id: newId(),
        entry,
        crossing: bundle.manifest.crossing,
        received_at: receivedAt,
        lane: device.lane,
        capture: stated.capture,
        at: receivedAt,
        commitment_salt: randomBytes(16),
        log_index: null,
      })),
  )
}

/** The entry first, then the row says so, then people hear that there is something to look at. */
export async function settleTravellerHits(context: FacesContext): Promise<void> {
  const { db, journal, events, now } = context
  for (;;) {
    const hits = await unloggedTravellerHits(db, faceHubLimits.settleMax)
    for (const { id, entry, crossing, capture, commitment_salt: salt } of hits) {
      const logIndex = await journal.append({
        v: 1,
        at: now().toISOString(),
        kind: 'traveller_hit',
        hit: id,
        match: commit(salt, committedTravellerMatch(entry, crossing, capture)),
      })
      await noteTravellerHitLogged(db, id, logIndex)
      events.publish('traveller_hit', { hit_id: id })
    }
    if (hits.length < faceHubLimits.settleMax) return
  }
}
