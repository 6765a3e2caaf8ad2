/** What a batch of checked bundles changes: decided before anything is written. */

import { judgeClock } from '@sallyport/core/clock'
import { foldPlateText } from '@sallyport/core/plate'
import { isSampled } from '@sallyport/core/review'
import { type DeviceCursor, judgeSequence, type SequenceVerdict } from '@sallyport/core/sequence'
import type {
  AcceptedCrossing,
  IntakeView,
  KnownDevice,
  NewCrossing,
} from '@sallyport/store/intake'
import type { Place } from '@sallyport/store/vault/record'

import type { CheckedBundle } from './check.ts'

export type Verdict =
  | SequenceVerdict
  /** Its device was revoked after the bundle was checked. */
  | { readonly kind: 'revoked'; readonly at: Date }

export type Judged = {
  readonly checked: CheckedBundle
  readonly verdict: Verdict
  /** The crossing already here under this sequence, for a duplicate. */
  readonly before: { readonly crossing: string; readonly logIndex: number | null } | null
}

export type BatchPlan = {
  readonly judged: readonly Judged[]
  /** Those to store, in order. */
  readonly accepted: readonly CheckedBundle[]
  /** Where each device's chain ends after this batch. */
  readonly cursors: ReadonlyMap<string, DeviceCursor>
}

/** Judges a batch in its order of arrival; bundles of one device build on each other. */
export function planBatch(batch: readonly CheckedBundle[], view: IntakeView): BatchPlan {
  const cursors = new Map(view.cursors)
  const moved = new Map<string, DeviceCursor>()
  const taken = new Map(view.accepted)
  const takenIds = new Set(view.takenIds)
  const accepted: CheckedBundle[] = []
  const judged = batch.map((checked): Judged => {
    const { device, sequence, previous, crossing } = checked.bundle.manifest
    const cursor = cursors.get(device)
    if (cursor === undefined) throw new Error('a checked bundle belongs to a device with a row')
    const revokedAt = view.devices.get(device)?.revokedAt ?? null
    if (revokedAt !== null)
      return { checked, verdict: { kind: 'revoked', at: revokedAt }, before: null }
    const key = `${device}/${sequence}`
    const before = taken.get(key) ?? null
    const verdict = judgeSequence(cursor, {
      sequence,
      previous,
      sha256: checked.manifestSha256,
      acceptedSha256: before?.manifestSha256 ?? null,
    })
    if (verdict.kind === 'duplicate') return { checked, verdict, before }
    const ids = [crossing, ...checked.bundle.manifest.bodies.map(({ id }) => id)]
    // Random ids do not meet by chance: somebody puts a crossing under another one's name.
    if (ids.some((id) => takenIds.has(id)))
      return { checked, verdict: { kind: 'conflict' }, before }
    if (verdict.kind !== 'conflict') {
      for (const id of ids) takenIds.add(id)
      accepted.push(checked)
      taken.set(key, { manifestSha256: checked.manifestSha256, crossing, logIndex: null })
      if (verdict.kind !== 'late') {
        const end = { lastSequence: sequence, lastManifestSha256: checked.manifestSha256 }
        cursors.set(device, end)
        moved.set(device, end)
      }
    }
    return { checked, verdict, before }
  })
  return { judged, accepted, cursors: moved }
}

/** How sure reads are drawn for people: one in `oneIn`, by `chance` from 0 up to 1. */
export type Sampling = { readonly oneIn: number; readonly chance: () => number }

/** The rows of one accepted bundle; `places` are its bodies' places in the vault, in order. */
export function rowsOf(
  checked: CheckedBundle,
  known: KnownDevice | undefined,
  places: readonly Place[],
  sampling: Sampling,
): AcceptedCrossing {
  const { bundle, receivedAt, device } = checked
  const { manifest } = bundle
  const capturedAt = new Date(manifest.captured_at)
  const captures = manifest.bodies.map((body, index) => {
    const place = places[index]
    const stored = checked.stored[index]
    if (place === undefined || stored === undefined)
      throw new Error('every body of a bundle has a place and a header')
    return {
      id: body.id,
      received_at: receivedAt,
      crossing: manifest.crossing,
      class: body.class,
      bytes: body.bytes,
      sha256: Buffer.from(body.sha256, 'hex'),
      header: stored.header,
      kek: stored.kek,
      epoch_day: manifest.epoch.day,
      segment: place.segment,
      position: place.position,
      ...copyColumns(checked, body.id),
    }
  })
  const plate = plateColumns(checked)
  const crossing: NewCrossing = {
    id: manifest.crossing,
    received_at: receivedAt,
    captured_at: capturedAt,
    port: checked.port,
    lane: device.lane,
    direction: checked.direction,
    device: device.id,
    sequence: manifest.sequence,
    kind: manifest.kind,
    clock: judgeClock(known?.clockOffsetMs ?? null, capturedAt, receivedAt),
    source: checked.reads?.source ?? known?.source ?? 'camera',
    manifest: bundle.manifestBytes,
    signature: bundle.signature,
    manifest_sha256: Buffer.from(checked.manifestSha256, 'hex'),
    epoch_day: manifest.epoch.day,
    log_index: null,
    reads: checked.reads === null ? null : JSON.stringify(checked.reads),
    ...plate,
    sampled: isSampled(plate.plate_kind, sampling.oneIn, sampling.chance()),
  }
  return { crossing, captures }
}

/** What its copies are known again by, as the lane took it. */
function copyColumns({ reads }: CheckedBundle, capture: string) {
  const trait = reads?.copies?.pictures.find((one) => one.capture === capture)
  if (trait === undefined) return {}
  return {
    copy_hash: Buffer.from(trait.hash, 'hex'),
    copy_quality: trait.quality,
    copy_algorithm: reads?.copies?.algorithm ?? null,
  }
}

function plateColumns({
  bundle,
  reads,
}: CheckedBundle): Pick<
  NewCrossing,
  'plate_kind' | 'plate_text' | 'plate_folded' | 'plate_confidence'
> {
  const nothing = { plate_text: null, plate_folded: null, plate_confidence: null }
  if (bundle.manifest.kind === 'gap') return { plate_kind: 'none', ...nothing }
  if (reads === null || reads.plate.kind === 'unreadable') {
    // Where people walk there is no plate that somebody could decide on.
    const onFoot = reads?.plate.kind === 'unreadable' && reads.plate.reason === 'on_foot'
    return { plate_kind: onFoot ? 'none' : 'unreadable', ...nothing }
  }
  const { kind, text, confidence } = reads.plate
  return {
    plate_kind: kind,
    plate_text: text,
    plate_folded: foldPlateText(text),
    plate_confidence: confidence,
  }
}
