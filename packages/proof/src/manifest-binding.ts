/**
 * Whether a sealed picture is the one that the lane signed for: from the manifest's bytes alone, so
 * that whoever shows a picture need not believe whoever named it.
 */

import { sha256 } from '@noble/hashes/sha2.js'

import { toHex } from './bytes.ts'
import { type BodyClass, parseManifest } from './manifest.ts'
import { type Refused, refuse } from './refusal.ts'

export type BindingRefusal =
  | 'other_manifest'
  | 'malformed_manifest'
  | 'other_crossing'
  | 'not_in_manifest'
  | 'other_body'

export type NamedCapture = {
  readonly id: string
  readonly class: BodyClass
  /** Of the sealed, detached body; hex. */
  readonly sha256: string
}

/**
 * Compares a capture as it is named with what the signed manifest states. `manifestSha256` is the
 * hash that the log's entry of the crossing carries. The signature is not looked at: the log is.
 */
export function bindCapture(
  manifest: Uint8Array,
  named: {
    readonly crossing: string
    readonly manifestSha256: string
    readonly capture: NamedCapture
  },
): { readonly kind: 'bound' } | Refused<BindingRefusal> {
  if (toHex(sha256(manifest)) !== named.manifestSha256)
    return refuse('other_manifest', 'This is not the manifest that stands in the log.')
  const parsed = parseManifest(manifest)
  if (parsed.kind === 'refused') return refuse('malformed_manifest', parsed.detail)
  if (parsed.manifest.crossing !== named.crossing)
    return refuse('other_crossing', 'The manifest is of another crossing.')
  const { capture } = named
  const stated = parsed.manifest.bodies.find(({ id }) => id === capture.id)
  if (stated === undefined || stated.class !== capture.class)
    return refuse('not_in_manifest', 'The lane did not sign for this picture.')
  if (stated.sha256 !== capture.sha256)
    return refuse('other_body', 'The lane signed for another picture under this name.')
  return { kind: 'bound' }
}
