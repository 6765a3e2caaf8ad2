/**
 * The manifest of a crossing (specs/manifest.md): what a device states and signs about the sealed
 * bodies it sends. Bodies are named by the hash of the detached age body, so that a re-wrapped
 * header breaks no evidence.
 */

import { concat, utf8 } from './bytes.ts'
import {
  type Shape,
  day,
  decodeJson,
  duration,
  encodeJson,
  hex256,
  id128,
  instant,
  list,
  name,
  oneOf,
  record,
  text,
  whole,
} from './canonical-json.ts'
import {
  type Ed25519Sign,
  type Ed25519Verify,
  sign as signPure,
  verify as verifyPure,
} from './ed25519.ts'
import { limits } from './limits.ts'
import { type Refused, refuse } from './refusal.ts'

export const bodyClasses = ['scene', 'plate', 'face', 'reads'] as const
export type BodyClass = (typeof bodyClasses)[number]

export type ManifestBody = {
  /** Random, 32 hex digits. */
  readonly id: string
  readonly class: BodyClass
  /** Length of the detached age body. */
  readonly bytes: number
  /** SHA-256 of the detached age body, hex. */
  readonly sha256: string
  /** SHA-256 of the age header as the lane sent it, hex. */
  readonly header_sha256: string
}

/** Why a lane dropped what it should have sent: no room to keep it, no key to seal it to, a disk that took nothing. */
export const gapReasons = ['spool_full', 'no_epoch', 'spool_write_failed'] as const
export type GapReason = (typeof gapReasons)[number]

/** What a lane had to drop, by class. */
export type ManifestGap = {
  readonly dropped: readonly { readonly class: BodyClass; readonly count: number }[]
  readonly from: string
  readonly to: string
  readonly reason: GapReason
}

export type Manifest = {
  readonly version: 1
  /** A gap carries no bodies but `gap`; a crossing carries bodies and no `gap`. */
  readonly kind: 'crossing' | 'gap'
  /** Random, 32 hex digits. */
  readonly crossing: string
  readonly device: string
  readonly lane: string
  readonly port: string
  /** 1, 2, 3, … without holes, per device. */
  readonly sequence: number
  /** SHA-256 of the previous signed manifest's bytes, hex; 64 zeros for the first. */
  readonly previous: string
  /** Random id of this start of the device, 32 hex digits. */
  readonly boot: string
  /** Milliseconds of the device's monotonic clock since `boot`. */
  readonly monotonic_ms: number
  readonly captured_at: string
  readonly sealed_at: string
  /** The epoch recipient the bodies are sealed to; of a gap, that of the day it was signed. */
  readonly epoch: { readonly day: string; readonly recipient: string }
  readonly bodies: readonly ManifestBody[]
  readonly gap?: ManifestGap
}

/** `previous` of a device's first manifest. */
export const noPrevious = '0'.repeat(64)

/** An age X25519 recipient: 58 characters of Bech32 data after `age1`. Its checksum is not checked. */
export const recipientShape: Shape<string> = text(/^age1[02-9ac-hj-np-z]{58}$/, 'an age recipient')

const manifestShape = record<Manifest>(
  {
    version: oneOf([1]),
    kind: oneOf(['crossing', 'gap']),
    crossing: id128,
    device: id128,
    lane: name,
    port: name,
    sequence: whole(1),
    previous: hex256,
    boot: id128,
    monotonic_ms: duration,
    captured_at: instant,
    sealed_at: instant,
    epoch: record({ day, recipient: recipientShape }),
    bodies: list(
      record<ManifestBody>({
        id: id128,
        class: oneOf(bodyClasses),
        bytes: whole(32, limits.bodyMax),
        sha256: hex256,
        header_sha256: hex256,
      }),
      0,
      limits.bodiesMax,
    ),
    gap: record<ManifestGap>({
      dropped: list(
        record({ class: oneOf(bodyClasses), count: whole(1, limits.gapCountMax) }),
        1,
        limits.gapClassesMax,
      ),
      from: instant,
      to: instant,
      reason: oneOf(gapReasons),
    }),
  },
  ['gap'],
)

export type ParsedManifest =
  | { readonly kind: 'manifest'; readonly manifest: Manifest }
  | Refused<'malformed_manifest'>

/** The canonical bytes of a manifest: what is signed and sent. Throws when it breaks a rule. */
export function encodeManifest(manifest: Manifest): Uint8Array {
  const broken = brokenRule(manifest)
  if (broken !== null) throw new Error(broken)
  return encodeJson(manifestShape, manifest)
}

/** Reads the canonical bytes of a manifest. Never throws. */
export function parseManifest(bytes: Uint8Array): ParsedManifest {
  const decoded = decodeJson(manifestShape, bytes, limits.manifestMax)
  if (decoded.kind === 'problem') return refuse('malformed_manifest', decoded.detail)
  const broken = brokenRule(decoded.value)
  if (broken !== null) return refuse('malformed_manifest', broken)
  return { kind: 'manifest', manifest: decoded.value }
}

/** Rules that tie fields together; the shape sees only one at a time. */
function brokenRule(manifest: Manifest): string | null {
  const { bodies, gap } = manifest
  if (manifest.kind === 'gap') {
    if (gap === undefined) return '$.gap is missing'
    if (bodies.length > 0) return '$.bodies of a gap are not empty'
    if (gap.from > gap.to) return '$.gap ends before it begins'
    const classes = new Set(gap.dropped.map((one) => one.class))
    return classes.size === gap.dropped.length ? null : '$.gap.dropped names a class twice'
  }
  if (gap !== undefined) return '$.gap on a crossing'
  if (bodies.length === 0) return '$.bodies of a crossing are empty'
  const ids = new Set(bodies.map((body) => body.id))
  return ids.size === bodies.length ? null : '$.bodies names an id twice'
}

/** What a device signs: the domain line and the manifest's bytes. */
export function manifestSignedBytes(bytes: Uint8Array): Uint8Array {
  return concat(utf8('sallyport/manifest/v1\n'), bytes)
}

/** 64-byte signature of canonical manifest bytes. `sign` from `node/ed25519.ts` is faster. */
export function signManifest(
  seed: Uint8Array,
  bytes: Uint8Array,
  sign: Ed25519Sign = signPure,
): Uint8Array {
  return sign(seed, manifestSignedBytes(bytes))
}

/** Whether the device with `publicKey` signed these bytes. `verify` as with `signManifest`. */
export function verifyManifest(
  publicKey: Uint8Array,
  bytes: Uint8Array,
  signature: Uint8Array,
  verify: Ed25519Verify = verifyPure,
): boolean {
  return verify(publicKey, manifestSignedBytes(bytes), signature)
}
