/** `sallyport synth --people`: pictures of people whom nobody is, a folder each, as `calibrate` takes them. */

import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'

import { KnownPeople } from '@sallyport/lane/synth/known-people'
import { populationSize } from '@sallyport/lane/synth/people'
import { between, randomFrom } from '@sallyport/lane/synth/random'

import { CommandFailure, exitCodes } from '../exit.ts'
import { jsonLine, note, progressLine } from '../terminal.ts'

/** Beyond this a folder holds more pictures than `calibrate` takes. */
const peopleMax = 3_000

/** Draws `count` people who pass no drawn lane: others than those that a calibration on them will judge. */
export async function synthPeople(options: {
  readonly count: number
  readonly output: string
  readonly seed: string
  readonly json?: boolean
}): Promise<void> {
  const { count, output: folder, seed, json = false } = options
  if (count > peopleMax)
    throw new CommandFailure(`At most ${peopleMax} people are drawn.`, exitCodes.wrongUse)
  const first = Math.floor(between(randomFrom(`people ${seed}`), populationSize, 1_000_000_000))
  const known = new KnownPeople()
  const progress = progressLine()
  let pictures = 0
  for (let at = 0; at < count; at++) {
    const home = path.join(folder, `drawn-${String(at + 1).padStart(4, '0')}`)
    await mkdir(home, { recursive: true })
    for await (const { name, jpeg } of known.pictures(first + at)) {
      await writeFile(path.join(home, name), jpeg)
      pictures += 1
    }
    progress.show(`${at + 1} of ${count} people drawn`)
  }
  progress.end()
  if (json) return jsonLine({ folder, people: count, pictures, seed })
  console.log(`${pictures} drawn pictures of ${count} people in ${folder}, a folder each`)
  note('All of them are drawn: nobody looks like this.')
}
