/**
 * Faces of a running hub. Arriving faces are compared in memory before their crossing is stored; what
 * is said of them is stored with it, and told once the log has it.
 */

import { randomBytes } from 'node:crypto'

import type { FacesHere } from '@sallyport/core/basis/basis'
import { optOutNotedUntil } from '@sallyport/core/faces/frequent-rule'
import type { OffReason } from '@sallyport/core/faces/outcome'
import { commit } from '@sallyport/proof/entry'
import { committedComparison } from '@sallyport/proof/face-entry'
import {
  countFaces,
  type FaceRow,
  forgetFaces,
  insertFaces,
  type NewFace,
  noteFacesLogged,
  unloggedFaces,
} from '@sallyport/store/faces/faces'
import type { Db } from '@sallyport/store/postgres/database'
import { insertTravellerHits } from '@sallyport/store/travellers/hits'

import type { Events } from '../events.ts'
import { newId } from '../ids.ts'
import type { CheckedBundle } from '../intake/check.ts'
import type { Journal } from '../journal.ts'
import { createTeller } from '../teller.ts'
import { settleTravellerHits, travellerHitsIn } from '../watch/traveller-hits.ts'
import type { Matching } from './judge-faces.ts'
import { faceHubLimits } from './limits.ts'
import { candidatesOf } from './views.ts'

export type FacesContext = {
  readonly db: Db
  readonly journal: Journal
  readonly events: Events
  readonly now: () => Date
  readonly report: (message: string) => void
}

export type Faces = {
  /** Null where faces are off. */
  readonly matching: Matching | null
  /** What arriving faces are compared with at this moment, or why they are not. */
  now(): Matching | OffReason
  /** Stores what was said of arriving faces, in the transaction that stores their crossings. */
  keep(
    transaction: Parameters<typeof insertFaces>[0],
    accepted: readonly CheckedBundle[],
  ): Promise<void>
  /** Logs and tells of what was kept, soon. Never throws; what fails is tried again by `upkeep`. */
  announce(): void
  /**
   * Forgets the faces of a crossing: their templates at once, their pictures as soon as they are
   * shredded. Done again it changes nothing.
   */
  forget(crossing: string): Promise<void>
  /** Whether a face of it was searched among many. */
  searchedAmongMany(crossing: string): Promise<boolean>
  /** Logs and tells of whatever waits. Call once before serving, and now and then. */
  upkeep(): Promise<void>
  /** Waits for what was begun. */
  drain(): Promise<void>
}

export function createFaces(
  context: FacesContext & {
    /** On what ground faces are compared at this moment. */
    readonly here: () => FacesHere
    /** Begins to shred the pictures of what was forgotten. */
    readonly shred: () => void
    /** Whoever is kept as opted out is no frequent crosser from now on. */
    readonly optedOut: () => Promise<void>
  },
  matching: Matching | null,
): Faces {
  const teller = createTeller('faces', () => settle(context), context.report)
  return {
    matching,
    now() {
      const here = context.here()
      return here.kind === 'off' ? here.why : (matching ?? 'off_at_hub')
    },
    async keep(transaction, accepted) {
      const rows = accepted.flatMap(rowsOf)
      await insertFaces(transaction, rows)
      await insertTravellerHits(transaction, accepted.flatMap(travellerHitsIn))
      if (rows.length > 0) teller.stored()
    },
    announce: () => teller.announce(),
    async forget(crossing) {
      const { db, journal, now } = context
      const { faces } = await countFaces(db, crossing)
      if (faces === 0) return
      const at = now()
      await journal.append({
        v: 1,
        at: at.toISOString(),
        kind: 'faces_forgotten',
        crossing,
        faces,
      })
      await forgetFaces(db, crossing, at, {
        salt: randomBytes(16),
        expiresAt: new Date(optOutNotedUntil(at.getTime())),
      })
      await context.optedOut()
      context.shred()
    },
    async searchedAmongMany(crossing) {
      return (await countFaces(context.db, crossing)).compared > 0
    },
    upkeep: () => teller.upkeep(),
    drain: () => teller.drain(),
  }
}

function rowsOf({ bundle, receivedAt, device, faces }: CheckedBundle): readonly NewFace[] {
  return faces.map(({ stated, model, evaluation, outcome, template, calibration }) => ({
    id: newId(),
    received_at: receivedAt,
    crossing: bundle.manifest.crossing,
    capture: stated.capture,
    lane: device.lane,
    at: receivedAt,
    model,
    evaluation,
    quality: JSON.stringify(stated.quality),
    box: JSON.stringify(stated.box),
    looks: stated.looks,
    template,
    outcome: JSON.stringify(outcome),
    calibration,
    salt: randomBytes(16),
    log_index: null,
    forgotten_at: null,
  }))
}

/** The entries first, then the rows say so, then people hear of it. */
async function settle(context: FacesContext): Promise<void> {
  const { db, events } = context
  for (;;) {
    const rows = await unloggedFaces(db, faceHubLimits.settleMax)
    const logged = await Promise.all(
      rows.map(async (row) => ({ id: row.id, logIndex: await logFace(row, context) })),
    )
    await noteFacesLogged(db, logged)
    // What was said of them is read from the crossing: not everybody may know it yet.
    for (const { crossing, lane } of new Map(rows.map((row) => [row.crossing, row])).values())
      events.publish('crossing.matched', { crossing_id: crossing, lane })
    if (rows.length < faceHubLimits.settleMax) break
  }
  await settleTravellerHits(context)
}

function logFace(row: FaceRow, { journal, now }: FacesContext): Promise<number> {
  return journal.append({
    v: 1,
    at: now().toISOString(),
    kind: 'face_compared',
    face: row.id,
    what: commit(row.salt ?? Buffer.alloc(16), comparisonOf(row)),
    ...(row.calibration === null ? {} : { calibration_sha256: row.calibration.toString('hex') }),
  })
}

function comparisonOf({ crossing, capture, outcome }: FaceRow): string {
  const candidates = candidatesOf(outcome).map(({ entry }) => entry)
  return committedComparison({ crossing, capture, outcome: outcome.kind, candidates })
}
