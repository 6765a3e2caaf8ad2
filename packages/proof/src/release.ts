/**
 * The manifest of a release: which sealed files it has, for whom and until when, signed by the
 * agency (specs/release.md). What the files are about stands in a sealed file of their own.
 */

import { concat, toHex, utf8 } from './bytes.ts'
import {
  decodeJson,
  encodeJson,
  hex256,
  id128,
  instant,
  list,
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
import { recipientShape } from './manifest.ts'
import { type Refused, refuse } from './refusal.ts'

export type ReleasedFile = {
  /** `0001.jpg.age`; `records.jsonl.age` says what each picture is of. */
  readonly name: string
  /** Of the sealed file. */
  readonly bytes: number
  readonly sha256: string
}

export type ReleaseManifest = {
  readonly version: 1
  /** Ed25519 public key of the agency, hex. */
  readonly agency_key: string
  readonly release: string
  /** The age recipient that every file is sealed to. */
  readonly recipient: string
  readonly purpose: 'court' | 'partner_agency' | 'subject_request'
  readonly made_at: string
  /** Every copy is returned or destroyed by then. */
  readonly expires_at: string
  readonly files: readonly ReleasedFile[]
}

export type ReleaseRefusal = 'malformed_release' | 'bad_signature' | 'other_agency'
export type VerifiedRelease =
  | { readonly kind: 'trusted'; readonly manifest: ReleaseManifest }
  | Refused<ReleaseRefusal>

/** Names of the files beside the sealed ones. */
export const releaseFileNames = {
  manifest: 'release.json',
  signature: 'release.sig',
  receipt: 'release.tlog-proof',
  records: 'records.jsonl.age',
} as const

const shape = record<ReleaseManifest>({
  version: oneOf([1]),
  agency_key: hex256,
  release: id128,
  recipient: recipientShape,
  purpose: oneOf(['court', 'partner_agency', 'subject_request']),
  made_at: instant,
  expires_at: instant,
  files: list(
    record<ReleasedFile>({
      name: text(/^(\d{4}\.jpg|records\.jsonl)\.age$/, 'a file of a release'),
      bytes: whole(1, limits.releaseFileMax),
      sha256: hex256,
    }),
    1,
    limits.releaseFilesMax,
  ),
})

/** Canonical bytes of a manifest. Throws when it does not fit its shape: it is ours. */
export function encodeRelease(manifest: ReleaseManifest): Uint8Array {
  return encodeJson(shape, manifest)
}

/** 64-byte Ed25519 signature over the domain line and the manifest's bytes. */
export function signRelease(
  seed: Uint8Array,
  bytes: Uint8Array,
  sign: Ed25519Sign = signPure,
): Uint8Array {
  return sign(seed, signedBytes(bytes))
}

/**
 * Believes a manifest only when `agencyKey` (32 bytes, known from elsewhere) signed it and it names that
 * key. Whether its files are there and fit, the caller checks.
 */
export function verifyRelease(
  agencyKey: Uint8Array,
  bytes: Uint8Array,
  signature: Uint8Array,
  verify: Ed25519Verify = verifyPure,
): VerifiedRelease {
  if (!verify(agencyKey, signedBytes(bytes), signature))
    return refuse('bad_signature', 'The agency did not sign this release.')
  const decoded = decodeJson(shape, bytes, limits.releaseManifestMax)
  if (decoded.kind === 'problem') return refuse('malformed_release', decoded.detail)
  const manifest = decoded.value
  if (manifest.agency_key !== toHex(agencyKey))
    return refuse('other_agency', 'The release names another agency key.')
  const names = new Set(manifest.files.map(({ name }) => name))
  return names.size === manifest.files.length
    ? { kind: 'trusted', manifest }
    : refuse('malformed_release', 'It names a file twice.')
}

function signedBytes(bytes: Uint8Array): Uint8Array {
  return concat(utf8('sallyport/release/v1\n'), bytes)
}
