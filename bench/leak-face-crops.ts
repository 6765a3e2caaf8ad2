/**
 * How many faces cut out of stored pictures a search leads back to them, and how many others it takes for ours: the whole
 * road, from sealed bundles at a hub to the finding.
 *
 *   npx tsx bench/leak-face-crops.ts [DIR] [--people 60] [--others 200]
 *
 * DIR has photographs named `Some_Name_0001.jpg`, as ../shared/eval/faces/lfw: of people who have several the first is stored, the
 * others are foreign, and so is one of each of `--others` people of whom nothing is stored. Without DIR people are drawn, and
 * the foreign pictures of those stored show them turned or in other light. Photographs are compared by the shipped
 * calibration, drawn people by one of their own.
 */

import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'

import type { Box } from '@sallyport/core/plate'
import { cropBox, encodeJpeg, rawImage } from '@sallyport/vision/encode'
import { mainFace, openEvaluationReader } from '@sallyport/vision/face/face-reader'
import { decodePicture, type Picture } from '@sallyport/vision/picture'

import { drawnCalibration, headPicture, sealedFaces, seenFaces } from '../test/support/faces.ts'
import { startLeakHub } from './leak-hub.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    people: { type: 'string', default: '60' },
    others: { type: 'string', default: '200' },
  },
})
const [directory] = positionals
const [peopleMax, othersMax] = [Number(values.people), Number(values.others)]

/** One that is stored, and pictures of nobody or of the same person that are not. */
type Look = () => Promise<Picture>
type Person = { readonly stored: Look; readonly again: readonly Look[] }

const crops: Readonly<Record<string, { margin: number; scale: number; quality: number }>> = {
  'a fifth around it': { margin: 0.2, scale: 1, quality: 75 },
  tight: { margin: 0.05, scale: 1, quality: 75 },
  'cut at the edge of the face': { margin: 0, scale: 1, quality: 75 },
  'half the size': { margin: 0.2, scale: 0.5, quality: 75 },
  'badly compressed': { margin: 0.2, scale: 1, quality: 25 },
}

const { known, strangers } = directory === undefined ? drawnPeople() : await peopleIn(directory)
const reader = await openEvaluationReader()
const data = await mkdtemp(path.join(os.tmpdir(), 'sallyport-bench-'))
const calibration = path.join(data, 'drawn.calibration')
await writeFile(calibration, drawnCalibration(reader.model.identity))
const hub = await startLeakHub({
  SALLYPORT_FACES: 'evaluation',
  ...(directory === undefined ? { SALLYPORT_FACE_CALIBRATIONS: calibration } : {}),
})
try {
  const stored: { picture: Picture; box: Box; crossing: string; again: readonly Look[] }[] = []
  let unseen = 0
  for (const person of known) {
    const picture = await person.stored()
    const main = mainFace(await reader.look(picture), picture)
    if (main?.template == null) {
      unseen += 1
      continue
    }
    const faces = await sealedFaces(await seenFaces(reader, [picture]), hub.device.recipient)
    const bundle = hub.device.bundle({ faces, picture: await encodeJpeg(picture, 90) })
    await hub.deliver(bundle.bytes)
    const { crossing } = bundle.manifest
    stored.push({ picture, box: main.box, crossing, again: person.again })
  }
  const look = await hub.search()

  const planted = new Map<string, Planted>()
  for (const [at, { picture, box, crossing }] of stored.entries()) {
    for (const [kind, crop] of Object.entries(crops)) {
      const count = planted.get(kind) ?? { planted: 0, found: 0, retrieved: 0, ours: 0, ms: 0 }
      planted.set(kind, count)
      const bytes = await cropped(picture, box, crop)
      const started = performance.now()
      const answer = await look('found.jpg', bytes)
      count.ms += performance.now() - started
      count.planted += 1
      if (answer.verdict === 'ours') count.ours += 1
      if (answer.verdict === 'ours' && answer.crossing === crossing) count.found += 1
      if (answer.evidence.some((one) => one.kind === 'laid_over')) count.retrieved += 1
    }
    process.stderr.write(`\r${at + 1} of ${stored.length} people's crops`)
  }
  const foreign = new Map<string, { files: number; ours: number; unsure: number; laid: number }>()
  const others = [
    ...stored.flatMap(({ again }) =>
      again.map((of) => ({ kind: 'the same person, another picture', of })),
    ),
    ...strangers.map((of) => ({ kind: 'somebody else', of })),
  ]
  for (const [at, { kind, of }] of others.entries()) {
    const picture = await of()
    const main = mainFace(await reader.look(picture, { describe: 'none' }), picture)
    const files = [await encodeJpeg(picture, 80)]
    if (main !== null)
      files.push(await cropped(picture, main.box, { margin: 0.2, scale: 1, quality: 80 }))
    for (const [which, bytes] of files.entries()) {
      const name = `${kind}, ${which === 0 ? 'whole' : 'face alone'}`
      const count = foreign.get(name) ?? { files: 0, ours: 0, unsure: 0, laid: 0 }
      foreign.set(name, count)
      const { verdict, evidence } = await look('found.jpg', bytes)
      count.files += 1
      if (verdict === 'ours') count.ours += 1
      if (verdict === 'unsure') count.unsure += 1
      count.laid += evidence.filter((one) => one.kind === 'laid_over').length
    }
    process.stderr.write(`\r${at + 1} of ${others.length} pictures of others `)
  }
  process.stderr.write('\n')
  console.table(
    Object.fromEntries(
      [...planted].map(([kind, { ms, ...count }]) => [
        kind,
        { ...count, ms_each: Math.round(ms / count.planted) },
      ]),
    ),
  )
  // By the rule of three none in so many is at most three in so many (95 %).
  console.table(Object.fromEntries(foreign))
  const [load] = os.loadavg()
  console.log(
    `${stored.length} stored, ${unseen} not seen, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}, load ${load?.toFixed(1)}`,
  )
} finally {
  await hub.remove()
  await reader.close()
  await rm(data, { recursive: true, force: true })
}

type Planted = { planted: number; found: number; retrieved: number; ours: number; ms: number }

function drawnPeople() {
  const of = (who: number, pose: { yaw: number; light: number }) => () => headPicture(who, pose)
  const known = Array.from({ length: peopleMax }, (_, who): Person => ({
    stored: of(who, { yaw: 5, light: 0.7 }),
    again: [of(who, { yaw: -3, light: 0.7 }), of(who, { yaw: 10, light: 0.9 })],
  }))
  const strangers = Array.from({ length: othersMax }, (_, at) =>
    of(peopleMax + at, { yaw: 5, light: 0.7 }),
  )
  return { known, strangers }
}

async function peopleIn(folder: string) {
  const byName = new Map<string, string[]>()
  for (const file of (await readdir(folder)).toSorted()) {
    const name = /^(.+)_\d{4}\.jpg$/.exec(file)?.[1]
    if (name !== undefined) byName.set(name, [...(byName.get(name) ?? []), file])
  }
  const of = (file: string) => async () => {
    const answer = await decodePicture(await readFile(path.join(folder, file)))
    if (answer.kind === 'refused') throw new Error(answer.detail)
    return answer.picture
  }
  const several = [...byName.values()].filter((files) => files.length > 1).slice(0, peopleMax)
  const single = [...byName.values()].filter((files) => files.length === 1).slice(0, othersMax)
  const known = several.map(([first = '', ...more]): Person => ({
    stored: of(first),
    again: more.slice(0, 3).map(of),
  }))
  return { known, strangers: single.map(([file = '']) => of(file)) }
}

async function cropped(
  picture: Picture,
  box: Box,
  { margin, scale, quality }: (typeof crops)[string],
) {
  const part = cropBox(picture, box, margin)
  return rawImage(part)
    .resize(Math.max(32, Math.round(part.width * scale)))
    .jpeg({ quality })
    .toBuffer()
}
