/** What a device's next bundle means: the pure half of intake (specs/manifest.md, "Sequence"). */

/** What the hub remembers of a device. */
export type DeviceCursor = {
  /** Highest sequence accepted, 0 before the first. */
  readonly lastSequence: number
  /** Hex SHA-256 of that manifest; 64 zeros before the first. */
  readonly lastManifestSha256: string
}

export type ArrivingManifest = {
  readonly sequence: number
  readonly previous: string
  readonly sha256: string
  /** Hex SHA-256 of the manifest already accepted under this sequence, if any. */
  readonly acceptedSha256: string | null
}

export type SequenceVerdict =
  /** The next one, as expected. */
  | { readonly kind: 'next' }
  /** Sequences `from` to `to` never arrived: pictures were taken and are not here. */
  | { readonly kind: 'after_gap'; readonly from: number; readonly to: number }
  /** The next one, but it does not follow the manifest that is here: a second device with this key? */
  | { readonly kind: 'chain_broken' }
  /** An old sequence that was missing until now. */
  | { readonly kind: 'late' }
  /** Here already, byte for byte: acknowledge again, store nothing. */
  | { readonly kind: 'duplicate' }
  /** Another manifest under a sequence that is taken. */
  | { readonly kind: 'conflict' }

/** Judges one arriving manifest against what was accepted before. */
export function judgeSequence(cursor: DeviceCursor, arriving: ArrivingManifest): SequenceVerdict {
  if (arriving.acceptedSha256 !== null) {
    return { kind: arriving.acceptedSha256 === arriving.sha256 ? 'duplicate' : 'conflict' }
  }
  const expected = cursor.lastSequence + 1
  if (arriving.sequence < expected) return { kind: 'late' }
  if (arriving.sequence > expected) {
    return { kind: 'after_gap', from: expected, to: arriving.sequence - 1 }
  }
  return arriving.previous === cursor.lastManifestSha256
    ? { kind: 'next' }
    : { kind: 'chain_broken' }
}
