/**
 * How well marks hold, how fast they are written, and how often a picture without one is answered.
 *
 *   npx tsx bench/marks.ts embed
 *   npx tsx bench/marks.ts blind DIR [DIR…] [--every N] [--drawn N]
 *   npx tsx bench/marks.ts informed DIR [DIR…] [--every N] [--drawn N] [--small 284]
 *   npx tsx bench/marks.ts collusion DIR [DIR…] [--every N] [--drawn N]
 *   npx tsx bench/marks.ts unmarked DIR [DIR…] [--every N] [--count N] [--side N] [--state FILE]
 *
 * Each DIR holds photographs; they are measured on and nothing else. `blind` takes pictures whose shorter
 * side has 500 pixels or more, `informed` scales every other one down to a shorter side of `--small`.
 * `collusion` averages five copies and asks for them among a hundred releases. `unmarked` reads whole photographs, crops of them that share
 * no pixel, and drawings, and reports each kind apart.
 */

import { readFile, writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'

import { readBlind } from '@sallyport/marks/blind'
import { chanceOf } from '@sallyport/marks/chance'
import { drawnPicture } from '@sallyport/marks/drawn'
import { embed } from '@sallyport/marks/embed'
import { compare, readInformed, suspects } from '@sallyport/marks/informed'
import type { MarkReading } from '@sallyport/marks/mark-reading'
import type { Pixels } from '@sallyport/marks/pixels'
import type { MarkKey } from '@sallyport/marks/secret'
import { rawImage } from '@sallyport/vision/encode'

import { attacked, attacks, blindRows, decoded } from './mark-attacks.ts'
import { disjointCrops, drawings, type Named, photographs } from './mark-pictures.ts'
import { measure, printRows } from './measure.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    every: { type: 'string', default: '1' },
    drawn: { type: 'string', default: '0' },
    count: { type: 'string', default: '10000' },
    side: { type: 'string', default: '240' },
    small: { type: 'string', default: '284' },
    state: { type: 'string' },
  },
})
const [what, ...folders] = positionals
const chance = chanceOf(20261122)
const key: MarkKey = {
  epoch: '2026-11',
  secret: Uint8Array.from({ length: 32 }, () => Math.floor(chance() * 256)),
}

if (what === 'embed') await embedding()
else if (what === 'blind') await blind()
else if (what === 'informed') await informed()
else if (what === 'collusion') await collusion()
else if (what === 'unmarked') await unmarked()
else {
  console.error('Say what to measure: embed, blind, informed, collusion or unmarked.')
  process.exitCode = 2
}
console.log(`Node ${process.version}, ${new Date().toISOString().slice(0, 10)}`)

function randomCode(): string {
  return Array.from({ length: 16 }, () => Math.floor(chance() * 16).toString(16)).join('')
}

function marked(pixels: Pixels, code: string): Pixels {
  const made = embed(pixels, code, key)
  if (made.kind === 'refused') throw new Error(made.detail)
  if (made.psnr < 42) throw new Error(`a mark of ${made.psnr} dB`)
  return made.pixels
}

/** Operations are megapixels. */
async function embedding(): Promise<void> {
  const rows = []
  for (const [width, height] of [
    [1280, 720],
    [1920, 1080],
    [640, 480],
  ] as const) {
    const picture = drawnPicture(width, height, 1)
    const name = `embed ${width} × ${height}, a megapixel`
    rows.push(
      await measure(name, (width * height) / 1e6, 15, () => embed(picture, randomCode(), key)),
    )
  }
  printRows('Marks', rows, new Date())
}

async function* markable(): AsyncGenerator<Named> {
  for await (const one of photographs(folders, Number(values.every))) {
    if (Math.min(one.pixels.width, one.pixels.height) >= 500) yield one
  }
  yield* drawings(Number(values.drawn), 1280, 720)
}

async function blind(): Promise<void> {
  await survived(blindRows, markable(), (found) => readBlind(found, [key]))
}

async function informed(): Promise<void> {
  await survived(Object.keys(attacks), everyOtherSmall(), (found, original) =>
    readInformed(found, original, [key]),
  )
}

async function* everyOtherSmall(): AsyncGenerator<Named> {
  let at = 0
  for await (const { name, pixels } of markable()) {
    yield at++ % 2 === 0 ? { name, pixels } : { name, pixels: await small(pixels) }
  }
}

/** Scaled down until its shorter side is that of the smallest copies that are asked for. */
async function small(pixels: Pixels): Promise<Pixels> {
  const scale = Number(values.small) / Math.min(pixels.width, pixels.height)
  const png = rawImage(pixels)
    .resize({ width: Math.round(pixels.width * scale) })
    .png()
  return decoded(await png.toBuffer())
}

/** How many codes come back after each attack, and at what cost. Misses go to stderr. */
async function survived(
  names: readonly string[],
  pictures: AsyncIterable<Named>,
  read: (found: Pixels, original: Pixels) => MarkReading,
): Promise<void> {
  const rows = new Map(names.map((name) => [name, { read: 0, wrong: 0, of: 0, ms: 0 }]))
  let seed = 0
  for await (const { name, pixels } of pictures) {
    const code = randomCode()
    const copy = marked(pixels, code)
    for (const [attack, row] of rows) {
      const found = await attacked(copy, attack, ++seed)
      const before = process.cpuUsage()
      const reading = read(found, pixels)
      row.of += 1
      row.ms += process.cpuUsage(before).user / 1000
      if (reading.code === code) row.read += 1
      else {
        if (reading.code !== null) row.wrong += 1
        console.error(
          `${attack}: ${name} ${found.width}x${found.height} ${JSON.stringify(reading)}`,
        )
      }
    }
    const last = rows.get(names[0] ?? '')
    console.error(`${last?.of} pictures, ${[...rows.values()].map((row) => row.read).join(' ')}`)
  }
  console.table(
    Array.from(rows, ([attack, { read: right, wrong, of, ms }]) => ({
      attack,
      read: right,
      of,
      percent: Math.round((1000 * right) / of) / 10,
      wrong,
      cpu_ms_each: Math.round(ms / of),
    })),
  )
}

/** Five copies averaged, JPEG 70, among a hundred releases of the picture. */
async function collusion(): Promise<void> {
  const total = { pictures: 0, colluders: 0, named: 0, innocents: 0, innocents_named: 0 }
  let [weakest, strongest] = [Infinity, -Infinity]
  for await (const { pixels } of markable()) {
    const codes = Array.from({ length: 100 }, randomCode)
    const guilty = codes.slice(0, 5)
    const copies = guilty.map((code) => marked(pixels, code).data)
    const data = pixels.data.map((_, at) =>
      Math.round(copies.reduce((sum, copy) => sum + (copy[at] ?? 0), 0) / copies.length),
    )
    const jpeg = await rawImage({ ...pixels, data })
      .jpeg({ quality: 70 })
      .toBuffer()
    const comparison = compare(await decoded(jpeg), pixels)
    total.pictures += 1
    total.colluders += guilty.length
    total.innocents += codes.length - guilty.length
    if (comparison.kind === 'unlike') continue
    for (const { code, score, named } of suspects(comparison.field, codes, [key])) {
      const is = guilty.includes(code)
      if (named && is) total.named += 1
      if (named && !is) total.innocents_named += 1
      if (is) weakest = Math.min(weakest, score)
      else strongest = Math.max(strongest, score)
    }
    console.error(JSON.stringify({ ...total, weakest, strongest }))
  }
  console.table([{ ...total, weakest_colluder: weakest, strongest_innocent: strongest }])
}

/** With `--state` what was looked at is kept, and a later call goes on behind it. */
async function unmarked(): Promise<void> {
  const side = Number(values.side)
  const each = Number(values.count) / 2
  const state = await stateOf(values.state)
  const offered = { photographs: 0, crops: 0, drawings: 0 }
  const examine = async (one: Named, kind: keyof typeof offered) => {
    offered[kind] += 1
    if (offered[kind] <= state[kind].pictures) return
    look(one, state[kind])
    if (values.state !== undefined && offered[kind] % 20 === 0)
      await writeFile(values.state, JSON.stringify(state))
  }
  for await (const one of photographs(folders, Number(values.every))) {
    await examine(one, 'photographs')
    if (Math.min(one.pixels.width, one.pixels.height) < 2 * side) continue
    for (const crop of disjointCrops(one, side))
      if (offered.crops < each) await examine(crop, 'crops')
  }
  const left = Number(values.count) - offered.photographs - offered.crops
  for (const one of drawings(Math.max(0, left), side, side)) await examine(one, 'drawings')
  if (values.state !== undefined) await writeFile(values.state, JSON.stringify(state))
  console.table(state)
}

async function stateOf(file: string | undefined) {
  const fresh = { photographs: emptyKind(), crops: emptyKind(), drawings: emptyKind() }
  if (file === undefined) return fresh
  const text = await readFile(file, 'utf8').catch(() => null)
  return text === null ? fresh : (JSON.parse(text) as typeof fresh)
}

function emptyKind() {
  return { pictures: 0, answered: 0, highest_score: 0, lowest_bound: 1 }
}

function look({ pixels }: Named, kind: ReturnType<typeof emptyKind>): void {
  const reading = readBlind(pixels, [key])
  kind.pictures += 1
  if (reading.code !== null) kind.answered += 1
  kind.highest_score = Math.max(kind.highest_score, reading.score)
  kind.lowest_bound = Math.min(kind.lowest_bound, reading.falsePositiveBound)
  if (kind.pictures % 100 === 0) console.error(JSON.stringify(kind))
}
