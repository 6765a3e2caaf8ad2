/** How many codes come back from copies after each attack, and who of several that made one together is named. */

import { clopperPearson } from '@sallyport/core/face-rates'
import { chanceOf } from '@sallyport/marks/chance'
import { embed } from '@sallyport/marks/embed'
import { compare, suspects } from '@sallyport/marks/informed'
import type { MarkReading } from '@sallyport/marks/mark-reading'
import type { Pixels } from '@sallyport/marks/pixels'
import type { MarkKey } from '@sallyport/marks/secret'
import { rawImage } from '@sallyport/vision/encode'

import { attacked, decoded } from './mark-attacks.ts'
import type { Named } from './mark-pictures.ts'
import { keepState, keptState } from './mark-state.ts'

type Pictures = AsyncIterable<Named>

/** How many codes come back after each attack, and at what cost. Misses go to stderr and to the state. */
export async function survived(
  names: readonly string[],
  pictures: Pictures,
  key: MarkKey,
  read: (found: Pixels, original: Pixels) => MarkReading,
  stateFile: string | undefined,
): Promise<void> {
  const row = () => ({ read: 0, wrong: 0, of: 0, ms: 0 })
  const state = await keptState(stateFile, {
    pictures: 0,
    rows: Object.fromEntries(names.map((name) => [name, row()])),
    misses: [] as string[],
  })
  let at = 0
  for await (const { name, pixels } of pictures) {
    at += 1
    if (at <= state.pictures) continue
    const code = randomCode(chanceOf(at))
    const copy = marked(pixels, code, key)
    for (const [place, attack] of names.entries()) {
      const found = await attacked(copy, attack, at * names.length + place)
      const before = process.cpuUsage()
      const reading = read(found, pixels)
      const count = (state.rows[attack] ??= row())
      count.of += 1
      count.ms += process.cpuUsage(before).user / 1000
      if (reading.code === code) count.read += 1
      else {
        if (reading.code !== null) count.wrong += 1
        const miss = `${attack}: ${name} ${found.width}x${found.height} ${JSON.stringify(reading)}`
        state.misses.push(miss)
        console.error(miss)
      }
    }
    state.pictures = at
    await keepState(stateFile, state)
    const reads = names.map((attack) => state.rows[attack]?.read)
    console.error(`${at} pictures, ${reads.join(' ')}`)
  }
  const lines = names.map((attack) => [attack, state.rows[attack] ?? row()] as const)
  const all = row()
  for (const [, one] of lines) {
    all.read += one.read
    all.wrong += one.wrong
    all.of += one.of
    all.ms += one.ms
  }
  console.table(
    [...lines, ['all', all] as const].map(([attack, { read: right, wrong, of, ms }]) => ({
      attack,
      read: right,
      of,
      ...shares(right, of),
      wrong,
      cpu_ms_each: Math.round(ms / of),
    })),
  )
}

/** Five copies averaged, JPEG 70, among a hundred releases of the picture. */
export async function collusion(
  pictures: Pictures,
  key: MarkKey,
  stateFile: string | undefined,
): Promise<void> {
  const total = await keptState(stateFile, {
    pictures: 0,
    colluders: 0,
    named: 0,
    innocents: 0,
    innocents_named: 0,
    weakest_colluder: 1e9,
    strongest_innocent: 0,
  })
  let at = 0
  for await (const { pixels } of pictures) {
    at += 1
    if (at <= total.pictures) continue
    const chance = chanceOf(at)
    const codes = Array.from({ length: 100 }, () => randomCode(chance))
    const guilty = codes.slice(0, 5)
    const comparison = compare(await averaged(pixels, guilty, key), pixels)
    total.pictures = at
    total.colluders += guilty.length
    total.innocents += codes.length - guilty.length
    if (comparison.kind === 'compared') {
      for (const { code, score, named } of suspects(comparison.field, codes, [key])) {
        const is = guilty.includes(code)
        if (named && is) total.named += 1
        if (named && !is) total.innocents_named += 1
        if (is) total.weakest_colluder = Math.min(total.weakest_colluder, score)
        else total.strongest_innocent = Math.max(total.strongest_innocent, score)
      }
    }
    await keepState(stateFile, total)
    console.error(JSON.stringify(total))
  }
  console.table([{ ...total, ...shares(total.named, total.colluders) }])
}

async function averaged(pixels: Pixels, codes: readonly string[], key: MarkKey): Promise<Pixels> {
  const copies = codes.map((code) => marked(pixels, code, key).data)
  const data = pixels.data.map((_, at) =>
    Math.round(copies.reduce((sum, copy) => sum + (copy[at] ?? 0), 0) / copies.length),
  )
  const jpeg = rawImage({ ...pixels, data }).jpeg({ quality: 70 })
  return decoded(await jpeg.toBuffer())
}

/** Per cent, and the least that it may be (Clopper-Pearson, 95 % two-sided). */
function shares(right: number, of: number) {
  const tenths = (share: number) => Math.round(1000 * share) / 10
  return { percent: tenths(right / of), at_least: tenths(clopperPearson(right, of).low) }
}

function randomCode(chance: () => number): string {
  return Array.from({ length: 16 }, () => Math.floor(chance() * 16).toString(16)).join('')
}

function marked(pixels: Pixels, code: string, key: MarkKey): Pixels {
  const made = embed(pixels, code, key)
  if (made.kind === 'refused') throw new Error(made.detail)
  if (made.psnr < 42) throw new Error(`a mark of ${made.psnr} dB`)
  return made.pixels
}
