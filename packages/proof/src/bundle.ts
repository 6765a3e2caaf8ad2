/**
 * One crossing on the wire and in the spool (specs/manifest.md, bundles):
 * "SPB1" | u32 manifest length | manifest | 64-byte signature | per body: u32 header length |
 * header | u32 body length | body. Lengths are big-endian; nothing follows.
 */

import { concat, equal, utf8 } from './bytes.ts'
import { limits } from './limits.ts'
import { type Manifest, parseManifest } from './manifest.ts'
import { type Refused, refuse } from './refusal.ts'

/** A sealed body with its age header detached. */
export type BundleBody = { readonly header: Uint8Array; readonly body: Uint8Array }

export type Bundle = {
  readonly kind: 'bundle'
  /** The signed bytes, exactly as sent. */
  readonly manifestBytes: Uint8Array
  readonly manifest: Manifest
  readonly signature: Uint8Array
  /** In the order of `manifest.bodies`. Views of the parsed bytes. */
  readonly bodies: readonly BundleBody[]
}

export type BundleRefusal =
  | 'truncated_bundle'
  | 'not_a_bundle'
  | 'bundle_too_large'
  | 'malformed_manifest'
  | 'body_mismatch'
  | 'trailing_bytes'

export type BundleLimits = {
  readonly bundleMax: number
  readonly manifestMax: number
  readonly sealHeaderMax: number
  readonly bodyMax: number
}

const magic = utf8('SPB1')
const signatureBytes = 64

/** Writes a bundle. The caller has signed `manifest`, whose bodies are these in this order. */
export function encodeBundle(bundle: {
  readonly manifest: Uint8Array
  readonly signature: Uint8Array
  readonly bodies: readonly BundleBody[]
}): Uint8Array {
  if (bundle.signature.length !== signatureBytes) throw new Error('a signature has 64 bytes')
  const parts = [magic, u32(bundle.manifest.length), bundle.manifest, bundle.signature]
  for (const { header, body } of bundle.bodies) {
    parts.push(u32(header.length), header, u32(body.length), body)
  }
  return concat(...parts)
}

/**
 * Reads a bundle of untrusted bytes. Never throws; lengths are compared with the limits before
 * anything is read. Signature and hashes are not checked here (`verifyManifest`, `checkBodies`).
 */
export function parseBundle(
  bytes: Uint8Array,
  bundleLimits: BundleLimits = limits,
): Bundle | Refused<BundleRefusal> {
  if (bytes.length > bundleLimits.bundleMax) {
    return refuse('bundle_too_large', `longer than ${bundleLimits.bundleMax} bytes`)
  }
  const start = Math.min(bytes.length, magic.length)
  if (!equal(bytes.subarray(0, start), magic.subarray(0, start))) {
    return refuse('not_a_bundle', 'does not start with SPB1')
  }
  const reader = new Reader(bytes, start)
  if (start < magic.length) return reader.truncated('the magic')

  const manifestBytes = reader.block('the manifest', bundleLimits.manifestMax)
  if ('kind' in manifestBytes) return manifestBytes
  const parsed = parseManifest(manifestBytes)
  if (parsed.kind === 'refused') return parsed
  const signature = reader.take(signatureBytes)
  if (signature === null) return reader.truncated('the signature')

  const bodies: BundleBody[] = []
  for (const [index, stated] of parsed.manifest.bodies.entries()) {
    const header = reader.block(`header ${index}`, bundleLimits.sealHeaderMax)
    if ('kind' in header) return header
    const body = reader.block(`body ${index}`, bundleLimits.bodyMax, stated.bytes)
    if ('kind' in body) return body
    bodies.push({ header, body })
  }
  if (!reader.atEnd()) return refuse('trailing_bytes', 'bytes follow the last body')
  return { kind: 'bundle', manifestBytes, manifest: parsed.manifest, signature, bodies }
}

function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value)
  return bytes
}

class Reader {
  readonly #bytes: Uint8Array
  #at: number

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes
    this.#at = at
  }

  take(length: number): Uint8Array | null {
    if (length > this.#bytes.length - this.#at) return null
    const taken = this.#bytes.subarray(this.#at, this.#at + length)
    this.#at += length
    return taken
  }

  /** A length and as many bytes: at most `max`, and exactly `stated` where the manifest says. */
  block(what: string, max: number, stated?: number): Uint8Array | Refused<BundleRefusal> {
    const prefix = this.take(4)
    if (prefix === null) return this.truncated(`the length of ${what}`)
    const length = new DataView(prefix.buffer, prefix.byteOffset, 4).getUint32(0)
    if (length > max) return refuse('bundle_too_large', `${what} is longer than ${max} bytes`)
    if (stated !== undefined && length !== stated) {
      return refuse('body_mismatch', `${what} has ${length} bytes; the manifest says ${stated}`)
    }
    return this.take(length) ?? this.truncated(what)
  }

  truncated(what: string): Refused<'truncated_bundle'> {
    return refuse('truncated_bundle', `ends inside ${what}`)
  }

  atEnd(): boolean {
    return this.#at === this.#bytes.length
  }
}
