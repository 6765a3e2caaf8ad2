/**
 * The four lanes, in a thread of their own. Every crossing is drawn once and goes two ways: in clear to
 * the recorder of the legacy crossing, and sealed, signed and chained as a lane of today hands it over.
 * A thief listens on the lanes' network and tries everything that passes.
 */

import { randomBytes } from 'node:crypto'
import path from 'node:path'

import { answerTasks } from '@sallyport/hub/task-answers'
import { systemClock } from '@sallyport/lane/clock'
import { limits as laneLimits } from '@sallyport/lane/limits'
import {
  composeCrossing,
  type SealedCrossing,
  sealSighting,
  type Signer,
} from '@sallyport/lane/sealing'
import { encodeBundle } from '@sallyport/proof/bundle'
import type { DayEpoch } from '@sallyport/proof/epoch'
import { noPrevious } from '@sallyport/proof/manifest'
import { sha256Hex } from '@sallyport/proof/node/bundle-check'
import type { OpeningKey } from '@sallyport/proof/node/seal'
import { cropPlate, encodeJpeg } from '@sallyport/vision/encode'

import { cameraOf } from './lanes-look.ts'
import { type Legacy, type LegacyTotals, openLegacy } from './legacy.ts'
import { drawPass, readOf } from './passes.ts'
import { type PlannedCrossing, planTraffic } from './plan.ts'
import { type FaceModelNamed, sealSmall, type SmallPicture } from './seal-small.ts'
import { drawStubs, numbered, type Stub } from './stubs.ts'
import { keysOf, tapped } from './thief.ts'

export type LaneDevice = {
  readonly id: string
  readonly lane: string
  readonly port: string
  readonly seed: Uint8Array
}

/** A sealed crossing on its way to the hub. */
export type Delivered = {
  readonly number: number
  readonly lane: number
  readonly at: Date
  readonly sequence: number
  readonly bytes: Uint8Array
  /** Of a crossing drawn at full size: the id of its scene. */
  readonly scene: string | null
  readonly pictures: number
}

export type LaneAsk =
  | {
      readonly kind: 'open'
      readonly scale: number
      readonly legacy: string
      readonly devices: readonly LaneDevice[]
      readonly model: FaceModelNamed
    }
  | {
      readonly kind: 'seal'
      /** Numbers of crossings, the last excluded. */
      readonly from: number
      readonly to: number
      readonly epoch: DayEpoch
    }
  | { readonly kind: 'legacy_visit' }
  | { readonly kind: 'legacy_end' }

export type Tapped = {
  readonly bundles: number
  readonly pictures: number
  readonly opened: number
  readonly clear: number
}

export type LaneAnswer =
  | { readonly kind: 'opened' }
  | { readonly kind: 'sealed'; readonly delivered: readonly Delivered[]; readonly tapped: Tapped }
  | { readonly kind: 'visited' }
  | { readonly kind: 'ended'; readonly totals: LegacyTotals }
  | { readonly kind: 'refused'; readonly detail: string }

type Open = {
  readonly crossings: readonly PlannedCrossing[]
  readonly signers: readonly Signer[]
  readonly links: { sequence: number; previous: string }[]
  readonly scenes: readonly Stub[]
  readonly faces: readonly Stub[]
  readonly model: FaceModelNamed
  readonly legacy: Legacy
  /** What a thief has of each lane. */
  readonly thiefs: readonly OpeningKey[]
}

let open: Open | null = null
let pictureNumber = 0
/** One after another: each manifest names the one before it. */
let turn: Promise<unknown> = Promise.resolve()

answerTasks<LaneAsk, LaneAnswer>(
  (ask) => {
    const next = turn.then(() => answerTo(ask))
    turn = next.catch(() => undefined)
    return next
  },
  (detail) => ({ kind: 'refused', detail }),
)

async function answerTo(ask: LaneAsk): Promise<LaneAnswer> {
  if (ask.kind === 'open') {
    open = await begin(ask)
    return { kind: 'opened' }
  }
  if (open === null) throw new Error('the lanes are opened first')
  switch (ask.kind) {
    case 'seal':
      return sealAll(ask, open)
    case 'legacy_visit':
      await open.legacy.visit()
      return { kind: 'visited' }
    case 'legacy_end':
      return { kind: 'ended', totals: await open.legacy.end() }
  }
}

async function begin({
  scale,
  legacy,
  devices,
  model,
}: LaneAsk & { readonly kind: 'open' }): Promise<Open> {
  return {
    crossings: planTraffic(scale).crossings,
    signers: devices.map(({ id, lane, port, seed }) => ({
      device: id,
      lane,
      port,
      boot: randomBytes(16).toString('hex'),
      bootMonotonicMs: 0,
      signingSeed: seed,
    })),
    links: devices.map(() => ({ sequence: 0, previous: noPrevious })),
    scenes: await drawStubs('scene'),
    faces: await drawStubs('face'),
    model,
    legacy: await openLegacy(path.join(legacy)),
    thiefs: devices.map(({ seed }) => keysOf([seed])),
  }
}

async function sealAll(
  { from, to, epoch }: LaneAsk & { readonly kind: 'seal' },
  lanes: Open,
): Promise<LaneAnswer> {
  const delivered: Delivered[] = []
  const heard = { bundles: 0, pictures: 0, opened: 0, clear: 0 }
  for (const planned of lanes.crossings.slice(from, to)) {
    const one = await sealOne(planned, epoch, lanes)
    delivered.push(one)
    const found = await tapped(one.bytes, lanes.thiefs[one.lane] ?? [])
    heard.bundles += 1
    heard.pictures += found.pictures
    heard.opened += found.opened
    heard.clear += found.clear
  }
  return { kind: 'sealed', delivered, tapped: heard }
}

async function sealOne(planned: PlannedCrossing, epoch: DayEpoch, lanes: Open): Promise<Delivered> {
  const [signer, link] = [lanes.signers[planned.lane], lanes.links[planned.lane]]
  if (signer === undefined || link === undefined) throw new Error('every lane has a device')
  const { sealed, clear } =
    planned.picture.kind === 'full'
      ? await sealFull(planned, planned.picture.pass, epoch)
      : sealOneSmall(planned, planned.picture.people, epoch, lanes)
  lanes.legacy.record(planned, clear)
  link.sequence += 1
  const composed = composeCrossing(sealed, { ...link }, signer)
  link.previous = sha256Hex(composed.manifest)
  return {
    number: planned.number,
    lane: planned.lane,
    at: planned.at,
    sequence: link.sequence,
    bytes: encodeBundle(composed),
    scene: planned.picture.kind === 'full' ? (sealed.bodies[0]?.id ?? null) : null,
    pictures: clear.length,
  }
}

type Sealed = { readonly sealed: SealedCrossing; readonly clear: readonly Uint8Array[] }

function sealOneSmall(
  planned: PlannedCrossing,
  people: readonly number[],
  epoch: DayEpoch,
  { scenes, faces, model }: Open,
): Sealed {
  const picture = (name: SmallPicture['class'], stubs: readonly Stub[], at: number) => {
    const stub = stubs[at % stubs.length]
    if (stub === undefined) throw new Error('stubs are drawn before lanes open')
    return { class: name, stub, jpeg: numbered(stub.jpeg, pictureNumber++) }
  }
  const pictures = [
    picture('scene', scenes, planned.number),
    ...people.map((person) => picture('face', faces, person)),
  ]
  const sealed = sealSmall({ ...planned, people }, pictures, { epoch, model, random: randomBytes })
  return { sealed, clear: pictures.map(({ jpeg }) => jpeg) }
}

/** As the lane's own code seals what its camera saw. */
async function sealFull(planned: PlannedCrossing, pass: number, epoch: DayEpoch): Promise<Sealed> {
  const drawn = await drawPass(cameraOf(planned.lane), pass)
  const platePicture = cropPlate(drawn.picture, drawn.corners, laneLimits.plateMargin)
  const monotonicMs = 1_000 * planned.number
  const sealed = await sealSighting(
    {
      source: 'synthetic',
      ...readOf(drawn.plate, drawn.corners),
      scene: drawn.picture,
      platePicture,
      plateCorners: drawn.corners,
      rear: null,
      faces: null,
      takenAt: planned.at,
      monotonicMs,
      triggeredMs: monotonicMs,
      models: { detector: 'drawn', reader: 'drawn' },
    },
    epoch,
    { clock: { ...systemClock, now: () => planned.at }, random: randomBytes },
  )
  const clear = [
    await encodeJpeg(drawn.picture, laneLimits.sceneQuality),
    await encodeJpeg(platePicture, laneLimits.plateQuality),
  ]
  return { sealed, clear }
}
