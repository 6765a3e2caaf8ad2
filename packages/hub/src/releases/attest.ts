/** What becomes of copies outside: attested as returned or destroyed, and chased when they are overdue. */

import { randomBytes } from 'node:crypto'

import { type AttestedHow, copiesState } from '@sallyport/core/releases/release'
import { commit } from '@sallyport/proof/entry'
import { sweepBodies } from '@sallyport/store/releases/files'
import {
  insertAttestation,
  moveRelease,
  noteAttestationLogged,
  releaseById,
  releasesIn,
} from '@sallyport/store/releases/releases'

import type { Alarms } from '../alarms.ts'
import { newId } from '../ids.ts'
import { type Problem, problem } from '../problems.ts'
import type { ReleaseContext } from './context.ts'

export type AttestationAsk = {
  readonly how: AttestedHow
  /** Who of the recipient says so. */
  readonly saidBy: string
  /** SHA-256, hex, of what was signed there. */
  readonly statementSha256: string
}

/** Writes down what the recipient says of its copies. The sealed copies here go with it. */
export async function attestRelease(
  id: string,
  { how, saidBy, statementSha256 }: AttestationAsk,
  by: string,
  { db, journal, now }: ReleaseContext,
): Promise<{ readonly kind: 'attested' } | Problem> {
  const release = await releaseById(db, id)
  if (release === null) return problem('not_found', 'There is no such release.')
  if (release.state !== 'made')
    return problem('release_not_waiting', `Its copies are not outside: it is ${release.state}.`)
  const [attestation, salt, at] = [newId(), randomBytes(16), now()]
  await insertAttestation(db, {
    id: attestation,
    release: id,
    at,
    account: by,
    says: how,
    said_by: saidBy,
    statement_sha256: Buffer.from(statementSha256, 'hex'),
    commitment_salt: salt,
    log_index: null,
  })
  const index = await journal.append({
    v: 1,
    at: at.toISOString(),
    kind: 'release_attested',
    release: id,
    how,
    statement: commit(salt, `${saidBy}\n${statementSha256}`),
    by: commit(randomBytes(16), by),
  })
  await noteAttestationLogged(db, attestation, index)
  if (!(await moveRelease(db, id, 'made', { state: how, returned_at: at })))
    return problem('release_not_waiting', 'Somebody attested it meanwhile.')
  await sweepBodies(db, at)
  return { kind: 'attested' }
}

export type Chaser = { upkeep(now: Date): Promise<void> }

const dayMs = 86_400_000

/** Raises one alarm a day while copies are overdue, and forgets sealed bytes nobody is to fetch. */
export function createChaser({ db }: ReleaseContext, alarms: Alarms): Chaser {
  let toldAt: Date | null = null
  return {
    async upkeep(now) {
      await sweepBodies(db, now)
      if (toldAt !== null && now.getTime() - toldAt.getTime() < dayMs) return
      const overdue = (await releasesIn(db, ['made'])).filter(
        ({ state, expires_at: expiresAt }) => copiesState({ state, expiresAt }, now) === 'overdue',
      )
      const [oldest] = overdue
      if (oldest === undefined) return
      toldAt = now
      await alarms.raise(
        'release_overdue',
        {},
        `${overdue.length} of them; the oldest was due ${oldest.expires_at.toISOString()}: ${oldest.id}.`,
      )
    },
  }
}
