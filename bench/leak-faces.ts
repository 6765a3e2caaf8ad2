/**
 * The rule for bare crops of faces: what copies of a stored face reach when they are laid over it, and
 * what others reach who were never stored.
 *
 *   npx tsx bench/leak-faces.ts [--people 40] [--side 220]
 *
 * People are drawn, each with a pose and light of their own. Stored is the picture of the face as a lane keeps it. Copies are cut out of it
 * bare. Others are the person most like each stored one, and the stored person itself a moment later: turned by
 * a little, in other light, or unmoved before another frame's noise, which is reported apart.
 */

import os from 'node:os'
import { parseArgs } from 'node:util'

import { findingCuts } from '@sallyport/core/leaks/finding'
import { faceHints } from '@sallyport/hub/leaks/face-place'
import { facesAlone } from '@sallyport/hub/leaks/faces-alone'
import { likenessOf } from '@sallyport/marks/copies/likeness'
import { cropBox, encodeJpeg, rawImage } from '@sallyport/vision/encode'
import { drawHead, type HeadPose } from '@sallyport/vision/face/drawn-head'
import { randomOf } from '@sallyport/vision/face/drawn-person'
import { type Face, mainFace, openEvaluationReader } from '@sallyport/vision/face/face-reader'
import { decodePicture, type Picture } from '@sallyport/vision/picture'

const { values } = parseArgs({
  options: {
    people: { type: 'string', default: '40' },
    side: { type: 'string', default: '220' },
  },
})
const [people, side] = [Number(values.people), Number(values.side)]

type Seen = { readonly picture: Picture; readonly face: Face }

const reader = await openEvaluationReader()
const stored: { readonly who: number; readonly pose: Required<HeadPose>; readonly seen: Seen }[] =
  []
let unseen = 0
for (let who = 0; who < people; who++) {
  const chance = randomOf(who + 77)
  const pose = { yaw: 16 * chance() - 8, pitch: 8 * chance() - 4, light: 0.6 + 0.3 * chance() }
  const frame = withNoise(await beforeWall(drawHead(who, side, pose)), who)
  const [found] = await reader.look(frame, { describe: 'none' })
  // As a lane cuts it out and encodes it.
  const seen = found === undefined ? null : await seenIn(cropBox(frame, found.box, 0.6), 90)
  if (seen === null) unseen += 1
  else stored.push({ who, pose, seen })
}

type Count = { pairs: number; passed: number; readonly boxes: number[]; readonly grains: number[] }
const counts = new Map<string, Count>()

for (const { who, pose, seen } of stored) {
  const { box } = seen.face
  const crops = {
    'copy: bare, compressed again': { margin: 0.2, scale: 1, quality: 75 },
    'copy: tight': { margin: 0.05, scale: 1, quality: 75 },
    'copy: cut at the edge of the face': { margin: 0, scale: 1, quality: 75 },
    'copy: tight, half the size': { margin: 0.05, scale: 0.5, quality: 75 },
    'copy: bare, half the size': { margin: 0.2, scale: 0.5, quality: 75 },
    'copy: bare, badly compressed': { margin: 0.2, scale: 1, quality: 40 },
    'copy: bare, larger': { margin: 0.3, scale: 1.6, quality: 80 },
  }
  for (const [name, { margin, scale, quality }] of Object.entries(crops))
    note(
      name,
      seen,
      await seenIn(await resized(cropBox(seen.picture, box, margin), scale), quality),
    )
  const nearest = stored
    .filter((one) => one.who !== who)
    .toSorted((a, b) => distance(a.seen, seen) - distance(b.seen, seen))[0]
  for (const [how, margin] of [
    ['', 0.2],
    [', tight', 0.05],
  ] as const) {
    if (nearest !== undefined)
      note(
        `somebody else: the most alike${how}`,
        seen,
        await bareOf(nearest.seen.picture, nearest.seen.face, margin),
      )
    note(`somebody else in the same pose${how}`, seen, await later(who + 1_000, pose, who, margin))
  }
  const posed = (change: HeadPose) => later(who, { ...pose, ...change }, who + 10_000)
  const { yaw, pitch, light } = pose
  note('the same person, turned by 1 degree', seen, await posed({ yaw: yaw + 1 }))
  note('the same person, turned by 2 degrees', seen, await posed({ yaw: yaw + 2 }))
  note('the same person, nodding by 1.5 degrees', seen, await posed({ pitch: pitch + 1.5 }))
  note('the same person, light changed', seen, await posed({ light: light - 0.12, yaw: yaw + 0.5 }))
  note('the same person, unmoved, the next frame', seen, await posed({}))
}
console.table(
  Object.fromEntries(
    Array.from(counts, ([name, { pairs, passed, boxes, grains }]) => [
      name,
      {
        pairs,
        passed,
        box_5: at(boxes, 0.05),
        box_max: at(boxes, 1),
        grain_5: at(grains, 0.05),
        grain_max: at(grains, 1),
      },
    ]),
  ),
)
const load = os.loadavg()[0]?.toFixed(1)
console.log(
  `${stored.length} stored (${unseen} not seen), ${new Date().toISOString().slice(0, 10)}, load ${load}`,
)
await reader.close()

/** Another frame of somebody, bare: what would be found outside if it were theirs. */
async function later(
  who: number,
  pose: HeadPose,
  seed: number,
  margin = 0.2,
): Promise<Seen | null> {
  const frame = withNoise(await beforeWall(drawHead(who, side, pose)), seed)
  const [found] = await reader.look(frame, { describe: 'none' })
  return found === undefined ? null : bareOf(frame, found, margin)
}

function bareOf(
  picture: Picture,
  { box }: Pick<Face, 'box'>,
  margin: number,
): Promise<Seen | null> {
  return seenIn(cropBox(picture, box, margin), 85)
}

async function seenIn(picture: Picture, quality: number): Promise<Seen | null> {
  const decoded = await decodePicture(await encodeJpeg(picture, quality))
  if (decoded.kind === 'refused') return null
  const face = mainFace(await facesAlone(decoded.picture, reader), decoded.picture)
  return face === null ? null : { picture: decoded.picture, face }
}

async function resized(picture: Picture, scale: number): Promise<Picture> {
  if (scale === 1) return picture
  const { data, info } = await rawImage(picture)
    .resize({ width: Math.round(picture.width * scale) })
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, data: new Uint8Array(data) }
}

function note(name: string, { picture, face }: Seen, found: Seen | null): void {
  const count = counts.get(name) ?? { pairs: 0, passed: 0, boxes: [], grains: [] }
  counts.set(name, count)
  count.pairs += 1
  if (found === null) return
  const likeness = likenessOf(
    { ...found.picture, channels: 3 },
    { ...picture, channels: 3 },
    {
      stored: face.box,
      found: faceHints(face, found.face),
      corners: false,
    },
  )
  if (likeness.kind === 'unlike') return
  const [box, grain] = [likeness.box ?? -1, likeness.grain ?? -1]
  count.boxes.push(box)
  count.grains.push(grain)
  if (box >= findingCuts.boxMin && grain >= findingCuts.faceGrainMin) count.passed += 1
}

/** A head fills less of a frame than of its drawing. */
async function beforeWall(head: Picture): Promise<Picture> {
  const wall = Math.round(side * 0.6)
  const { data, info } = await rawImage(head)
    .extend({ top: wall, bottom: wall, left: wall, right: wall, background: '#808080' })
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, data: new Uint8Array(data) }
}

/** A sensor's noise, another in every frame. */
function withNoise({ width, height, data }: Picture, seed: number): Picture {
  const chance = randomOf(seed * 31 + 5)
  const noisy = data.map((one) => {
    const grain = 5 * (chance() + chance() + chance() - 1.5)
    return Math.max(0, Math.min(255, one + grain))
  })
  return { width, height, data: noisy }
}

function distance(a: Seen, b: Seen): number {
  const [one, other] = [a.face.template?.vector ?? [], b.face.template?.vector ?? []]
  return Math.hypot(...Array.from(one, (value, index) => value - (other[index] ?? 0)))
}

function at(numbers: readonly number[], share: number): number | null {
  const sorted = numbers.toSorted((a, b) => a - b)
  const value = sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]
  return value === undefined ? null : Math.round(value * 100) / 100
}
