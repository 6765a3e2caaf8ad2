/**
 * How many planted copies a search finds, and how many strangers it takes for ours.
 *
 *   npx tsx bench/leaks.ts [DIR…] [--drawn 20] [--foreign 100] [--every 1]
 *
 * DIR has photographs and `truth.csv`. Of each every other picture is stored, as a lane would seal it, and so are passes at
 * three drawn lanes. Copies of the stored ones are planted; foreign are the pictures that are not stored, parts of
 * those without their plate, and other passes at the same three lanes. `--every` takes one in so many photographs.
 */

import { mkdtemp, readFile, rm } from 'node:fs/promises'
import * as os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'

import { plantedKinds } from '@sallyport/hub/leaks/plant'
import { encodeJpeg, rawImage } from '@sallyport/vision/encode'
import { boxOf } from '@sallyport/vision/geometry'
import { decodePicture } from '@sallyport/vision/picture'

import { enrolByCode } from '../test/support/device.ts'
import { type DrawnPass, drawnPass, passSealer } from '../test/support/drawn-lane.ts'
import { signInByLink, startHubProcess } from '../test/support/hub-process.ts'
import { freePort } from '../test/support/hub.ts'
import { truePictures } from './plate-sets.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    drawn: { type: 'string', default: '20' },
    foreign: { type: 'string', default: '100' },
    every: { type: 'string', default: '1' },
  },
})
const lanes = ['bench a:front', 'bench b:front', 'bench c:rear']

const data = await mkdtemp(path.join(os.tmpdir(), 'sallyport-bench-'))
const hub = await startHubProcess(path.join(data, 'hub'), await freePort())
try {
  const first = await signInByLink(hub.link() ?? '')
  const invited = await posted(first, '/v1/invitations', { name: 'Bench', roles: ['responder'] })
  const responder = await signInByLink(String(invited['url']))
  const photographs = (await Promise.all(positionals.map(passesIn))).flat()
  const stored = [
    ...photographs.filter((_, at) => at % 2 === 0),
    ...(await drawnPasses(0, Number(values.drawn))),
  ]
  await posted(first, '/v1/lanes', { id: 'in-1', name: 'Lane 1', direction: 'in' })
  const { code } = await posted(first, '/v1/lanes/in-1/enrolment-codes', {})
  const send = (where: string, body: string | Uint8Array<ArrayBuffer>, type: string) =>
    fetch(`${hub.origin}${where}`, { method: 'POST', body, headers: { 'content-type': type } })
  const device = await enrolByCode(String(code), 'in-1', (where, init) =>
    fetch(`${hub.origin}${where}`, { ...init, headers: { 'content-type': 'application/json' } }),
  )
  const seal = passSealer(device)
  const known: { readonly pass: DrawnPass; readonly scene: string }[] = []
  for (const pass of stored) {
    const { bytes, scene } = await seal(pass)
    const answer = await send('/v1/bundles', new Uint8Array(bytes), 'application/octet-stream')
    if (answer.status !== 201) throw new Error(await answer.text())
    known.push({ pass, scene })
  }
  const { id: search } = await posted(responder, '/v1/leak-searches', {
    reference: 'bench',
    sources: ['bench'],
  })
  const look = (name: string, bytes: Uint8Array) =>
    posted(responder, `/v1/leak-searches/${String(search)}/files`, {
      name,
      content: Buffer.from(bytes).toString('base64'),
    })

  const planted = new Map<string, { planted: number; found: number; unsure: number }>()
  for (const { pass, scene } of known) {
    for (const { name, make } of plantedKinds) {
      const bytes = await make(pass.picture, boxOf(pass.corners))
      if (bytes === null) continue
      const count = planted.get(name) ?? { planted: 0, found: 0, unsure: 0 }
      const { verdict, capture } = await look(name, bytes)
      count.planted += 1
      if (verdict === 'ours' && capture === scene) count.found += 1
      if (verdict === 'unsure') count.unsure += 1
      planted.set(name, count)
    }
  }
  console.table(Object.fromEntries(planted))

  const foreign = new Map<
    string,
    { files: number; false_findings: number; unsure: number; ms: number }
  >()
  for await (const { kind, bytes } of foreignFiles(photographs)) {
    const count = foreign.get(kind) ?? { files: 0, false_findings: 0, unsure: 0, ms: 0 }
    const started = performance.now()
    const { verdict } = await look(kind, bytes)
    count.ms += performance.now() - started
    count.files += 1
    if (verdict === 'ours') count.false_findings += 1
    if (verdict === 'unsure') count.unsure += 1
    foreign.set(kind, count)
  }
  console.table(
    Object.fromEntries(
      Array.from(foreign, ([kind, { ms, files, ...count }]) => [
        kind,
        { files, ...count, files_per_second: Math.round((files / ms) * 10_000) / 10 },
      ]),
    ),
  )
  const load = os.loadavg()[0]?.toFixed(1)
  console.log(
    `${known.length} stored, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}, load ${load}`,
  )
} finally {
  await hub.stop()
  await rm(data, { recursive: true, force: true })
}

async function posted(
  request: Awaited<ReturnType<typeof signInByLink>>,
  where: string,
  body: unknown,
): Promise<Record<string, unknown>> {
  const answer = await request(where, { method: 'POST', body: JSON.stringify(body) })
  if (!answer.ok) throw new Error(await answer.text())
  return (await answer.json()) as Record<string, unknown>
}

async function passesIn(directory: string): Promise<readonly DrawnPass[]> {
  const pictures = await truePictures(directory)
  const passes = []
  for (const { file, plates } of pictures.filter((_, at) => at % Number(values.every) === 0)) {
    const plate = plates.find(({ box }) => box !== null)
    const decoded = await decodePicture(await readFile(path.join(directory, file)))
    if (plate?.box == null || decoded.kind === 'refused') continue
    const { x, y, width, height } = plate.box
    const corners = [
      { x, y },
      { x: x + width, y },
      { x: x + width, y: y + height },
      { x, y: y + height },
    ] as const
    passes.push({ plate: plate.text, corners, picture: decoded.picture })
  }
  return passes
}

async function drawnPasses(from: number, count: number): Promise<readonly DrawnPass[]> {
  const passes = []
  for (let at = 0; at < count; at++)
    passes.push(
      await drawnPass(lanes[at % lanes.length] ?? '', from + Math.floor(at / lanes.length)),
    )
  return passes
}

async function* foreignFiles(photographs: readonly DrawnPass[]) {
  for (const { picture, corners } of photographs.filter((_, at) => at % 2 === 1)) {
    yield { kind: 'photographs', bytes: await encodeJpeg(picture, 80) }
    // The larger of the parts above and below the plate.
    const plate = boxOf(corners)
    const [above, below] = [plate.y - 8, picture.height - plate.y - plate.height - 8]
    const height = Math.floor(Math.max(above, below))
    if (height < 64) continue
    const top = above >= below ? 0 : picture.height - height
    const part = { left: 0, top, width: picture.width, height }
    yield {
      kind: 'parts of them',
      bytes: await rawImage(picture).extract(part).jpeg({ quality: 80 }).toBuffer(),
    }
  }
  for (let at = 0; at < Number(values.foreign); at++) {
    const { picture } = await drawnPass(lanes[at % lanes.length] ?? '', 1_000 + at)
    yield { kind: 'drawn, same lanes', bytes: await encodeJpeg(picture, 80) }
  }
}
