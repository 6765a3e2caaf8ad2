/**
 * How well marks hold, how fast they are written, and how often a picture without one is answered.
 *
 *   npx tsx bench/marks.ts embed
 *   npx tsx bench/marks.ts blind DIR [DIR…] [--every N] [--drawn N]
 *   npx tsx bench/marks.ts informed DIR [DIR…] [--every N] [--drawn N] [--small 284]
 *   npx tsx bench/marks.ts collusion DIR [DIR…] [--every N] [--drawn N]
 *   npx tsx bench/marks.ts unmarked DIR [DIR…] [--every N] [--count N] [--side N]
 *
 * Each DIR holds photographs; they are measured on and nothing else. `blind` takes pictures whose shorter
 * side has 500 pixels or more, `informed` scales every other one down to a shorter side of `--small`.
 * `collusion` averages five copies and asks for them among a hundred releases. `unmarked` reads whole photographs, crops of them that share
 * no pixel, and drawings, and reports each kind apart. With `--state FILE` what was counted is kept, and a later call with
 * the same arguments goes on behind it.
 */

import { parseArgs } from 'node:util'

import { readBlind } from '@sallyport/marks/blind'
import { chanceOf } from '@sallyport/marks/chance'
import { drawnPicture } from '@sallyport/marks/drawn'
import { embed } from '@sallyport/marks/embed'
import { readInformed } from '@sallyport/marks/informed'
import type { Pixels } from '@sallyport/marks/pixels'
import type { MarkKey } from '@sallyport/marks/secret'
import { rawImage } from '@sallyport/vision/encode'

import { attacks, blindRows, decoded } from './mark-attacks.ts'
import { disjointCrops, drawings, type Named, photographs } from './mark-pictures.ts'
import { keepState, keptState } from './mark-state.ts'
import { collusion, survived } from './mark-survival.ts'
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
else if (what === 'collusion') await collusion(markable(), key, values.state)
else if (what === 'unmarked') await unmarked()
else {
  console.error('Say what to measure: embed, blind, informed, collusion or unmarked.')
  process.exitCode = 2
}
console.log(`Node ${process.version}, ${new Date().toISOString().slice(0, 10)}`)

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
      await measure(name, (width * height) / 1e6, 15, () =>
        embed(picture, '0123456789abcdef', key),
      ),
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
  await survived(blindRows, markable(), key, (found) => readBlind(found, [key]), values.state)
}

async function informed(): Promise<void> {
  const read = (found: Pixels, original: Pixels) => readInformed(found, original, [key])
  await survived(Object.keys(attacks), everyOtherSmall(), key, read, values.state)
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

async function unmarked(): Promise<void> {
  const side = Number(values.side)
  const each = Number(values.count) / 2
  const state = await keptState(values.state, {
    photographs: emptyKind(),
    crops: emptyKind(),
    drawings: emptyKind(),
  })
  const offered = { photographs: 0, crops: 0, drawings: 0 }
  const examine = async (one: Named, kind: keyof typeof offered) => {
    offered[kind] += 1
    if (offered[kind] <= state[kind].pictures) return
    look(one, state[kind])
    if (offered[kind] % 20 === 0) await keepState(values.state, state)
  }
  for await (const one of photographs(folders, Number(values.every))) {
    await examine(one, 'photographs')
    if (Math.min(one.pixels.width, one.pixels.height) < 2 * side) continue
    for (const crop of disjointCrops(one, side))
      if (offered.crops < each) await examine(crop, 'crops')
  }
  const left = Number(values.count) - offered.photographs - offered.crops
  for (const one of drawings(Math.max(0, left), side, side)) await examine(one, 'drawings')
  await keepState(values.state, state)
  console.table(state)
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
