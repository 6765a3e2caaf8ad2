/** From pixels in memory to sealed bodies. After this nothing in the lane can read the crossing. */

import type {
  BodyClass,
  CrossingReads,
  RearReads,
  SourceKind,
  TrackedLook,
} from '@sallyport/core/crossing'
import type { Corners, PlateRead } from '@sallyport/core/plate'
import type { PlatePair } from '@sallyport/core/plate-pair'
import { toHex, utf8 } from '@sallyport/proof/bytes'
import { type DayEpoch, recipientFor } from '@sallyport/proof/epoch'
import {
  type Manifest,
  type ManifestBody,
  encodeManifest,
  signManifest,
} from '@sallyport/proof/manifest'
import { appendPayload, fileKeyBytes, type Random } from '@sallyport/proof/node/age-payload'
import { sha256Hex } from '@sallyport/proof/node/bundle-check'
import { sign } from '@sallyport/proof/node/ed25519'
import { wrapFileKey } from '@sallyport/proof/node/seal'
import { splitSeal } from '@sallyport/proof/seal-format'
import { encodeJpeg, shrink } from '@sallyport/vision/encode'
import type { Picture } from '@sallyport/vision/picture'

import type { Clock } from './clock.ts'
import { copyTraitsOf } from './copy-traits.ts'
import type { SeenFaces } from './face-watch.ts'
import { limits } from './limits.ts'
import { facePictures, facesPart } from './sealed-faces.ts'
import type { PendingGap } from './spool-state.ts'
import type { Composed, Link } from './spool.ts'

/** What one camera saw of a vehicle. */
type View = {
  readonly plate: PlateRead
  readonly looks: readonly TrackedLook[]
  readonly scene: Picture
  /** The best look's plate; null when no plate was found. */
  readonly platePicture: Picture | null
  /** Where that plate is in the scene; null when none was found. */
  readonly plateCorners: Corners | null
}

/** What a second camera saw of it; `front` is what the first one read by itself. */
export type RearView = View & { readonly pair: PlatePair; readonly front: PlateRead }

/** One crossing as the watcher hands it over: pictures in memory, never on disk. */
export type Sighting = View & {
  readonly source: SourceKind
  /** Null where there is no second camera, or it saw nothing in time. */
  readonly rear: RearView | null
  readonly takenAt: Date
  readonly monotonicMs: number
  /** When the pass was triggered, on the monotonic clock. */
  readonly triggeredMs: number
  readonly models: { readonly detector: string; readonly reader: string }
  /** Null where faces are off. */
  readonly faces: SeenFaces | null
}

export type SealedBody = {
  readonly class: BodyClass
  readonly id: string
  readonly header: Uint8Array
  readonly body: Uint8Array
}

export type SealedCrossing = {
  readonly crossing: string
  readonly capturedAt: Date
  readonly sealedAt: Date
  readonly monotonicMs: number
  readonly laneMs: number
  readonly epoch: Manifest['epoch']
  readonly bodies: readonly SealedBody[]
}

/** What stands on every manifest of this start of the device. */
export type Signer = {
  readonly device: string
  readonly lane: string
  readonly port: string
  readonly boot: string
  readonly bootMonotonicMs: number
  readonly signingSeed: Uint8Array
}

/** What a sighting would be sealed as. */
export function classesOf({ rear, faces, ...front }: Sighting): readonly BodyClass[] {
  const views = rear === null ? [front] : [front, rear]
  const pictures = views.flatMap(({ platePicture }) =>
    platePicture === null ? ['scene' as const] : ['scene' as const, 'plate' as const],
  )
  return [...pictures, ...(faces?.found ?? []).map(() => 'face' as const), 'reads']
}

/** Seals a sighting's pictures and reads to the epoch's recipients, each body with its own key. */
export async function sealSighting(
  sighting: Sighting,
  epoch: DayEpoch,
  { clock, random }: { readonly clock: Clock; readonly random: Random },
): Promise<SealedCrossing> {
  const sealBody = (
    bodyClass: BodyClass,
    plaintext: Uint8Array,
    fileKey = random(fileKeyBytes),
  ): SealedBody => {
    const header = wrapFileKey(fileKey, [recipientFor(epoch, bodyClass)], random)
    const split = splitSeal(appendPayload(header, fileKey, plaintext, random))
    if (split === null) throw new Error('a seal of ours has a header')
    return { class: bodyClass, id: toHex(random(16)), ...split }
  }
  const bodies: SealedBody[] = []
  const traits: Parameters<typeof copyTraitsOf>[0][number][] = []
  // Pictures are encoded anew: what a camera hides in its files (places, thumbnails) stays here.
  const sealView = async ({
    scene,
    platePicture,
    plateCorners,
  }: View): Promise<readonly string[]> => {
    const plate = { corners: plateCorners, frameWidth: scene.width }
    const small = await shrink(scene, limits.sceneSideMax)
    const sealed = [sealBody('scene', await encodeJpeg(small, limits.sceneQuality))]
    if (platePicture !== null)
      sealed.push(sealBody('plate', await encodeJpeg(platePicture, limits.plateQuality)))
    const pictures = [small, platePicture]
    for (const [at, { id, class: bodyClass }] of sealed.entries())
      traits.push({ capture: id, class: bodyClass, picture: pictures[at] ?? small, plate })
    bodies.push(...sealed)
    return sealed.map(({ id }) => id)
  }
  await sealView(sighting)
  const { rear } = sighting
  const rearReads = rear === null ? null : readsOfRear(rear, await sealView(rear))
  const faces = []
  const seen = sighting.faces === null ? [] : await facePictures(sighting.faces)
  for (const { face, picture, jpeg } of seen) {
    const fileKey = random(fileKeyBytes)
    const body = sealBody('face', jpeg, fileKey)
    bodies.push(body)
    traits.push({ capture: body.id, class: 'face', picture, plate: null })
    faces.push({ id: body.id, fileKey, face })
  }
  const laneMs = Math.max(0, Math.round(clock.monotonicMs() - sighting.triggeredMs))
  const reads: CrossingReads = {
    version: 1,
    source: sighting.source,
    picture: { width: sighting.scene.width, height: sighting.scene.height },
    plate: sighting.plate,
    looks: sighting.looks,
    ...(rearReads === null ? {} : { rear: rearReads }),
    models: sighting.models,
    laneMs,
    copies: copyTraitsOf(traits),
  }
  const part = sighting.faces === null ? {} : { faces: facesPart(sighting.faces, faces, random) }
  bodies.push(sealBody('reads', utf8(JSON.stringify({ ...reads, ...part }))))
  return {
    crossing: toHex(random(16)),
    capturedAt: sighting.takenAt,
    sealedAt: clock.now(),
    monotonicMs: sighting.monotonicMs,
    laneMs,
    epoch: named(epoch),
    bodies,
  }
}

function readsOfRear(
  { pair, front, plate, looks, scene }: RearView,
  captures: readonly string[],
): RearReads {
  return {
    ...{ pair, front, plate, looks, captures },
    picture: { width: scene.width, height: scene.height },
  }
}

/** Signs the manifest of a crossing at its place in the chain. */
export function composeCrossing(sealed: SealedCrossing, link: Link, signer: Signer): Composed {
  return signed(
    {
      ...common(link, signer, sealed.monotonicMs),
      kind: 'crossing',
      crossing: sealed.crossing,
      captured_at: sealed.capturedAt.toISOString(),
      sealed_at: sealed.sealedAt.toISOString(),
      epoch: sealed.epoch,
      bodies: sealed.bodies.map(stated),
    },
    sealed.bodies,
    signer,
  )
}

/** Signs for what was dropped. It carries no bodies; the epoch is that of the day of signing. */
export function composeGap(
  gap: PendingGap,
  epoch: Manifest['epoch'],
  {
    crossing,
    now,
    monotonicMs,
  }: { readonly crossing: string; readonly now: Date; readonly monotonicMs: number },
  link: Link,
  signer: Signer,
): Composed {
  const dropped = (['scene', 'plate', 'face', 'reads'] as const).flatMap((bodyClass) => {
    const count = gap.dropped[bodyClass] ?? 0
    return count > 0 ? [{ class: bodyClass, count }] : []
  })
  const manifest: Manifest = {
    ...common(link, signer, monotonicMs),
    kind: 'gap',
    crossing,
    captured_at: gap.from,
    sealed_at: now.toISOString(),
    epoch: named(epoch),
    bodies: [],
    gap: { dropped, from: gap.from, to: gap.to, reason: gap.reason },
  }
  return signed(manifest, [], signer)
}

function common(
  { sequence, previous }: Link,
  { device, lane, port, boot, bootMonotonicMs }: Signer,
  monotonicMs: number,
): Pick<
  Manifest,
  'version' | 'device' | 'lane' | 'port' | 'sequence' | 'previous' | 'boot' | 'monotonic_ms'
> {
  const sinceBoot = Math.max(0, Math.round(monotonicMs - bootMonotonicMs))
  return { version: 1, device, lane, port, sequence, previous, boot, monotonic_ms: sinceBoot }
}

function signed(manifest: Manifest, bodies: readonly SealedBody[], signer: Signer): Composed {
  const bytes = encodeManifest(manifest)
  return {
    manifest: bytes,
    signature: signManifest(signer.signingSeed, bytes, sign),
    bodies: bodies.map(({ header, body }) => ({ header, body })),
  }
}

/** The hybrid recipient has no place in a manifest: it is announced with this one. */
function named({ day, recipient }: Manifest['epoch']): Manifest['epoch'] {
  return { day, recipient }
}

function stated({ id, class: bodyClass, header, body }: SealedBody): ManifestBody {
  return {
    id,
    class: bodyClass,
    bytes: body.length,
    sha256: sha256Hex(body),
    header_sha256: sha256Hex(header),
  }
}
