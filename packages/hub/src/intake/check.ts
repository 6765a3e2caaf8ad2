/** The checklist every arriving bundle passes before it may touch the disk. */

import type { CrossingReads } from '@sallyport/core/crossing'
import type { CrossingFaces } from '@sallyport/core/faces/crossing-faces'
import { type Bundle, parseBundle } from '@sallyport/proof/bundle'
import { verifyManifest } from '@sallyport/proof/manifest'
import { openBody } from '@sallyport/proof/node/age-payload'
import { checkBodies, sha256Hex } from '@sallyport/proof/node/bundle-check'
import { verify } from '@sallyport/proof/node/ed25519'
import { acceptedBefore } from '@sallyport/store/epoch-ends'
import type { Db } from '@sallyport/store/postgres/database'

import type { Alarms } from '../alarms.ts'
import type { EpochEnds } from '../epoch-ends.ts'
import type { EpochKeys } from '../epoch-keys.ts'
import type { Faces } from '../faces/faces.ts'
import { type JudgedFace, judgeFaces } from '../faces/judge-faces.ts'
import { parseFaces } from '../faces/parse-faces.ts'
import type { KekDesk } from '../keystore/kek-desk.ts'
import { limits } from '../limits.ts'
import { type Problem, problem } from '../problems.ts'
import { parseReads } from '../reads.ts'
import { reportWords } from '../report-words.ts'
import type { Acknowledgement } from './intake.ts'
import type { Origin, Origins } from './origins.ts'
import { type RewrappedBody, rewrapBundle } from './rewrap.ts'
import { revokedDetail, revokedProblem } from './trouble.ts'

/** A bundle whose origin, content and seals are in order; its reads are open in memory. */
export type CheckedBundle = {
  readonly kind: 'checked'
  readonly bundle: Bundle
  readonly bytes: number
  readonly manifestSha256: string
  readonly device: Origin['device']
  readonly port: string
  readonly direction: 'in' | 'out'
  readonly receivedAt: Date
  /** What is stored in place of the headers that came, in the order of the bodies. */
  readonly stored: readonly Omit<RewrappedBody, 'fileKey'>[]
  /** Null when the reads could not be opened or understood, or it is a gap. */
  readonly reads: CrossingReads | null
  /** What is said of each face; none where the lane sends none. */
  readonly faces: readonly JudgedFace[]
  /** What was wrong with the reads, for the alarm. */
  readonly readsTrouble: string | null
}

/** The bundle is here already, and its epoch is over. */
export type AcknowledgedBefore = Acknowledgement & { readonly kind: 'duplicate' }

export type CheckContext = {
  readonly db: Db
  readonly ends: Pick<EpochEnds, 'of'>
  readonly origins: Origins
  readonly epochs: EpochKeys
  readonly keks: KekDesk
  readonly faces: Pick<Faces, 'now'>
  readonly alarms: Alarms
  readonly now: () => Date
  readonly report: (message: string) => void
}

export async function checkBundle(
  bytes: Uint8Array,
  context: CheckContext,
): Promise<CheckedBundle | AcknowledgedBefore | Problem> {
  const parsed = parseBundle(bytes, {
    bundleMax: limits.bundleBytesMax,
    manifestMax: 64 * 1024,
    sealHeaderMax: 16 * 1024,
    bodyMax: limits.bundleBytesMax,
  })
  if (parsed.kind === 'refused') return problem(parsed.code, parsed.detail)
  const { manifest, manifestBytes, signature } = parsed

  const found = await context.origins.of(manifest.device)
  const origin = await checkOrigin(found, parsed, context)
  if (origin.kind === 'problem') return origin
  const { device, lane } = origin
  if (!verifyManifest(device.public_key, manifestBytes, signature, verify)) {
    await context.alarms.raise(
      'bad_signature',
      { device: manifest.device, lane: manifest.lane },
      `Sequence ${manifest.sequence}.`,
    )
    return problem(
      'bad_signature',
      'The manifest was not signed by the key this device enrolled with.',
    )
  }
  if (manifest.lane !== lane.id || manifest.port !== lane.port) {
    await context.alarms.raise(
      'wrong_lane',
      { device: manifest.device, lane: lane.id },
      `It says lane ${manifest.lane}, port ${manifest.port}.`,
    )
    return problem('wrong_lane', `This device is enrolled for lane ${lane.id}.`)
  }
  const mismatch = checkBodies(parsed)
  if (mismatch !== null) {
    await context.alarms.raise(
      'body_mismatch',
      { device: manifest.device, lane: lane.id },
      mismatch.detail,
    )
    return problem('body_hash_mismatch', mismatch.detail)
  }
  const identity = await context.epochs.identityFor(manifest.epoch.day, manifest.epoch.recipient)
  if (identity === null) return withoutIdentity(parsed, context)
  const rewrapped = await rewrapBundle(parsed, lane.port, identity, context.keks).catch(
    (error: unknown): Problem => {
      context.report(`intake: no KEK could be made: ${reportWords(error)}`)
      return problem('not_durable', 'The hub could not store a key durably. Send it again shortly.')
    },
  )
  if (rewrapped.kind === 'problem') return rewrapped
  const receivedAt = context.now()
  return {
    kind: 'checked',
    bundle: parsed,
    bytes: bytes.length,
    manifestSha256: sha256Hex(manifestBytes),
    device,
    port: lane.port,
    direction: lane.direction,
    receivedAt,
    stored: rewrapped.bodies.map(({ kek, header }) => ({ kek, header })),
    ...openReads(parsed, rewrapped.bodies, (faces) =>
      judgeFaces(
        faces,
        { manifest, fileKeys: rewrapped.bodies.map(({ fileKey }) => fileKey) },
        lane,
        receivedAt,
        context.faces.now(),
      ),
    ),
  }
}

/**
 * A lane that lost the answer to a bundle of a day that is over is told again that it is here. Any
 * other bundle of it opens for nobody any more.
 */
async function withoutIdentity(
  { manifest, manifestBytes }: Bundle,
  { db, ends }: CheckContext,
): Promise<AcknowledgedBefore | Problem> {
  const { device, sequence, epoch } = manifest
  const before = await acceptedBefore(db, device, sequence, sha256Hex(manifestBytes))
  if (before !== null) return { kind: 'duplicate', sequence, ...before }
  const end = ends.of(epoch.day, epoch.recipient)
  if (end === null)
    return problem(
      'unknown_epoch',
      `No epoch of ${epoch.day} with this recipient was announced by this agency.`,
    )
  return problem(
    'epoch_destroyed',
    `The key of ${epoch.day} was destroyed on ${end.at.toISOString().slice(0, 10)} (${end.how}): nobody can open this bundle any more. It stays with the lane, as proof of what was sealed; note its sequence with the day's loss.`,
  )
}

async function checkOrigin(
  origin: Origin | null,
  { manifest }: Bundle,
  { alarms }: CheckContext,
): Promise<(Origin & { readonly kind: 'known' }) | Problem> {
  if (origin === null) {
    await alarms.raise(
      'unknown_device',
      {},
      `Device ${manifest.device.slice(0, 8)}… at lane "${manifest.lane}".`,
    )
    return problem(
      'unknown_device',
      'This device is not enrolled here. Enrol it with a one-time code.',
    )
  }
  const { device } = origin
  if (device.revoked_at !== null) {
    await alarms.raise(
      'revoked_device',
      { device: device.id, lane: device.lane },
      revokedDetail(device.revoked_at),
    )
    return revokedProblem(device.revoked_at)
  }
  if (device.quarantined_at !== null)
    return problem(
      'device_quarantined',
      'An incident is about this device. The lane keeps its bundles until it is let back in.',
    )
  return { kind: 'known', ...origin }
}

/** The reads are opened in memory: rows hold them for search, the pictures stay closed. */
function openReads(
  bundle: Bundle,
  rewrapped: readonly RewrappedBody[],
  judge: (faces: CrossingFaces) => readonly JudgedFace[],
): Pick<CheckedBundle, 'reads' | 'faces' | 'readsTrouble'> {
  const nothing = { reads: null, faces: [] }
  if (bundle.manifest.kind === 'gap') return { ...nothing, readsTrouble: null }
  const index = bundle.manifest.bodies.findIndex((body) => body.class === 'reads')
  const body = bundle.bodies[index]
  const fileKey = rewrapped[index]?.fileKey
  if (body === undefined || fileKey === undefined)
    return { ...nothing, readsTrouble: 'The crossing came without its reads.' }
  const opened = openBody(fileKey, body.body)
  if (opened.kind === 'refused') return { ...nothing, readsTrouble: opened.detail }
  const parsed = parseReads(opened.plaintext)
  if (parsed.kind === 'refused') return { ...nothing, readsTrouble: parsed.detail }
  const { reads } = parsed
  if (parsed.faces === undefined) return { reads, faces: [], readsTrouble: null }
  const faces = parseFaces(parsed.faces)
  return faces.kind === 'faces'
    ? { reads, faces: judge(faces.faces), readsTrouble: null }
    : { reads, faces: [], readsTrouble: faces.detail }
}
