/** `sallyport synth`: drawn pictures of plates with labels, as many as wanted, so that nobody needs a real one. */

import { appendFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'

import { trafficShape } from '@sallyport/hub/api/traffic-shape-schemas'
import { blockSize, drawBlock, type LabelledPicture } from '@sallyport/lane/synth/labelled'
import { z } from 'zod'

import { CommandFailure, exitCodes } from '../exit.ts'
import { openSession } from '../session/session.ts'
import { jsonLine, note, progressLine } from '../terminal.ts'

type Options = {
  readonly count: number
  readonly output: string
  readonly seed: string
  readonly month?: string
  readonly hub?: string
  readonly json?: boolean
}

const plan = z.strictObject({
  drawn: z.literal('Every picture here is drawn. No vehicle, plate or place in them exists.'),
  format: z.literal('sallyport-synth/1'),
  seed: z.string(),
  shape: trafficShape.nullable(),
})
type Plan = z.output<typeof plan>

const head = 'file,x,y,width,height,plate\n'

/** Draws, or goes on where an earlier run ended. Refuses a folder that holds something else. */
export async function synth(options: Options): Promise<void> {
  const { count, output: folder, seed, json = false } = options
  const shape = options.month === undefined ? null : await shapeOf(options.month, options)
  await mkdir(folder, { recursive: true })
  await beginOrGoOn(folder, {
    drawn: 'Every picture here is drawn. No vehicle, plate or place in them exists.',
    format: 'sallyport-synth/1',
    seed,
    shape,
  })
  let done = await labelled(folder)
  const before = done
  const progress = progressLine()
  try {
    while (done < count) {
      const block = Math.floor(done / blockSize)
      for await (const picture of drawBlock(seed, block, shape)) {
        // Drawn again to the same bytes: what stands in the labels is there already.
        if (picture.number < done || picture.number >= count) continue
        await write(folder, picture)
        done += 1
        progress.show(`${done} of ${count} drawn`)
      }
    }
  } finally {
    progress.end()
  }
  if (json) return jsonLine({ folder, pictures: done, drawn_now: done - before, seed })
  console.log(
    `${done} drawn pictures in ${folder}, ${done - before} of them now; labels in labels.jsonl and truth.csv`,
  )
  note('All of them are drawn: no vehicle, plate or place in them exists.')
}

/** Shares of the port's traffic, as the hub tells them to whoever is signed in. */
async function shapeOf(
  month: string,
  place: { readonly hub?: string },
): Promise<z.output<typeof trafficShape>> {
  const session = await openSession(place)
  const shape = await session.ask({
    path: `/v1/traffic-shapes/${encodeURIComponent(month)}`,
    answer: trafficShape,
  })
  if (Object.values(shape).every((shares) => shares.length === 0))
    note(`${month} has too few crossings to tell shares of: the pictures are drawn without them.`)
  return shape
}

async function beginOrGoOn(folder: string, wanted: Plan): Promise<void> {
  const file = path.join(folder, 'synth.json')
  const text = await readFile(file, 'utf8').catch(() => null)
  if (text === null) {
    await writeFile(path.join(folder, 'truth.csv'), head, { flag: 'wx' }).catch(foreign)
    await writeFile(path.join(folder, 'labels.jsonl'), '', { flag: 'wx' }).catch(foreign)
    await writeFile(file, `${JSON.stringify(wanted, null, 2)}\n`, { flag: 'wx' })
    return
  }
  if (JSON.stringify(planOf(text)) !== JSON.stringify(wanted))
    throw new CommandFailure(
      `${folder} was drawn with another seed or month. Name those of its synth.json, or another folder.`,
      exitCodes.wrongUse,
    )

  function foreign(error: unknown): never {
    throw new CommandFailure(
      `${folder} holds labels of something else. Name another folder.`,
      exitCodes.wrongUse,
      { cause: error },
    )
  }
}

function planOf(text: string): Plan | null {
  try {
    return plan.parse(JSON.parse(text))
  } catch {
    return null
  }
}

/** How many pictures have both their labels; half lines and labels of one kind alone, which a crash left, are removed. */
async function labelled(folder: string): Promise<number> {
  const [json, csv] = [path.join(folder, 'labels.jsonl'), path.join(folder, 'truth.csv')]
  const lines = wholeLines(await readFile(json, 'utf8'))
  const rows = wholeLines(await readFile(csv, 'utf8')).slice(1)
  const done = Math.min(lines.length, rows.length)
  await replace(json, lines.slice(0, done).join(''))
  await replace(csv, head + rows.slice(0, done).join(''))
  return done
}

function wholeLines(text: string): readonly string[] {
  return text.match(/[^\n]*\n/g) ?? []
}

async function replace(file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text)
  await rename(`${file}.new`, file)
}

/** The picture first: a label without its picture would be a lie. */
async function write(folder: string, picture: LabelledPicture): Promise<void> {
  const { number, jpeg, corners, text, jurisdiction, ...rest } = picture
  const file = `drawn-${String(number).padStart(7, '0')}.jpg`
  await writeFile(path.join(folder, file), jpeg)
  const [xs, ys] = [corners.map(({ x }) => x), corners.map(({ y }) => y)]
  const [x, y] = [Math.min(...xs), Math.min(...ys)]
  const box = [x, y, Math.max(...xs) - x, Math.max(...ys) - y].map((value) => value.toFixed(1))
  const label = {
    file,
    text,
    jurisdiction: jurisdiction.toLowerCase(),
    corners: corners.map((corner) => ({ x: round(corner.x), y: round(corner.y) })),
    ...rest,
    drawn: true,
  }
  await appendFile(path.join(folder, 'labels.jsonl'), `${JSON.stringify(label)}\n`)
  await appendFile(path.join(folder, 'truth.csv'), `${[file, ...box, text].join(',')}\n`)
}

function round(pixels: number): number {
  return Math.round(pixels * 10) / 10
}
