/** Hand-over pages of devices: asked for, checked, logged, kept, in this order; answered only then. */

import { type AttestationFinding, judgeAttestation } from '@sallyport/core/attestation'
import {
  type DeviceAttestation,
  verifyDeviceAttestation,
} from '@sallyport/proof/device-attestation'
import { sha256Hex } from '@sallyport/proof/node/bundle-check'
import { verify } from '@sallyport/proof/node/ed25519'
import {
  attestationById,
  type AttestationRow,
  eventHash,
  insertAttestation,
  newestAttestation,
  orderStood,
} from '@sallyport/store/attestations'
import type { DeviceRow } from '@sallyport/store/lanes'
import type { Db } from '@sallyport/store/postgres/database'

import type { Events } from './events.ts'
import { newId } from './ids.ts'
import type { Journal } from './journal.ts'
import type { HubKeys } from './keys.ts'
import { limits } from './limits.ts'
import { type Problem, problem } from './problems.ts'

type Context = {
  readonly db: Db
  readonly journal: Journal
  readonly events: Events
  readonly now: () => Date
}

/** Questions that are out, by device. In memory: a page that was asked for before a restart is made again. */
export type Challenges = {
  /** A new one for `device`; the oldest of it goes when it has too many. */
  ask(device: string, now: Date): string
  stands(device: string, challenge: string, now: Date): boolean
  /** It is for one page. */
  use(device: string, challenge: string): void
}

export function createChallenges(): Challenges {
  const out = new Map<string, { readonly challenge: string; readonly at: number }[]>()
  return {
    ask(device, now) {
      const challenge = newId()
      const asked = [...(out.get(device) ?? []), { challenge, at: now.getTime() }]
      out.set(device, asked.slice(-limits.attestationChallengesMax))
      return challenge
    },
    stands(device, challenge, now) {
      const asked = out.get(device)?.find((one) => one.challenge === challenge)
      const ageMs = asked === undefined ? Number.POSITIVE_INFINITY : now.getTime() - asked.at
      return ageMs <= limits.attestationChallengeMinutes * 60_000
    },
    use(device, challenge) {
      const rest = out.get(device)?.filter((one) => one.challenge !== challenge) ?? []
      out.set(device, rest)
    },
  }
}

type Taken = { readonly kind: 'taken'; readonly row: AttestationRow; readonly isNew: boolean }

/** Takes the signed page of `device`, as the lane sent it or a person carried it; for each device one at a time. */
export async function takeAttestation(
  {
    device,
    bytes,
    signature,
  }: { readonly device: DeviceRow; readonly bytes: Buffer; readonly signature: Buffer },
  challenges: Challenges,
  { db, journal, events, now }: Context,
): Promise<Taken | Problem> {
  const verified = verifyDeviceAttestation(device.public_key, bytes, signature, verify)
  if (verified.kind === 'refused')
    return verified.code === 'bad_signature'
      ? problem('bad_signature', 'The page was not signed by the enrolled key, or was changed.')
      : problem('malformed_request', verified.detail)
  const { statement } = verified
  if (statement.device !== device.id || statement.lane !== device.lane)
    return problem('malformed_request', 'The page is of another device or lane.')
  const sha256 = sha256Hex(bytes)
  const same = await attestationById(db, statement.attestation)
  if (same !== null)
    return same.statement_sha256.toString('hex') === sha256
      ? { kind: 'taken', row: same, isNew: false }
      : problem('already_exists', 'Another page has this id. Attest again.')
  const at = now()
  const refusal = await agedOut(statement, challenges, db, at)
  if (refusal !== null) return refusal
  const logIndex = await journal.append({
    v: 1,
    at: at.toISOString(),
    kind: 'device_attested',
    attestation: statement.attestation,
    device: device.id,
    statement_sha256: sha256,
  })
  const row = {
    id: statement.attestation,
    device: device.id,
    lane: device.lane,
    made_at: new Date(statement.made_at),
    received_at: at,
    was_asked: statement.clock.kind === 'compared',
    statement: bytes,
    signature,
    statement_sha256: Buffer.from(sha256, 'hex'),
    log_index: logIndex,
  }
  await insertAttestation(db, row)
  if (statement.clock.kind === 'compared') challenges.use(device.id, statement.clock.challenge)
  events.publish('device_event', { attestation: row.id })
  return { kind: 'taken', row, isNew: true }
}

/** Why a page that was made once cannot be brought now, or null. */
async function agedOut(
  { device, clock, made_at }: DeviceAttestation,
  challenges: Challenges,
  db: Db,
  now: Date,
): Promise<Problem | null> {
  if (clock.kind === 'compared')
    return challenges.stands(device, clock.challenge, now)
      ? null
      : problem(
          'challenge_over',
          'The hub’s question behind this page is used up, too old, or from before a restart of the hub. Attest again.',
        )
  const newest = await newestAttestation(db, device)
  return newest === null || new Date(made_at) > newest
    ? null
    : problem(
        'attestation_older',
        'A newer page of this device is here. Attest again, where the lane reaches the hub.',
      )
}

/** What a page that is kept means, with what the hub knows beside it. */
export async function findingsOf(
  row: AttestationRow,
  { db, keys }: { readonly db: Db; readonly keys: Pick<HubKeys, 'agency'> },
): Promise<{
  readonly statement: DeviceAttestation
  readonly findings: readonly AttestationFinding[]
}> {
  const statement = JSON.parse(row.statement.toString('utf8')) as DeviceAttestation
  const { state, events } = statement
  const order = state.kind === 'in_maintenance' ? state.order : null
  // Of a page that a person carried only its own clock says when; of the others the hub does.
  const at = row.was_asked ? row.received_at : row.made_at
  const findings = judgeAttestation(statement, {
    agencyPublicKey: Buffer.from(keys.agency.publicKey).toString('hex'),
    lastEventSha256: await eventHash(db, row.device, events.last),
    orderStood: order !== null && (await orderStood(db, { order, device: row.device, at })),
  })
  return { statement, findings }
}
