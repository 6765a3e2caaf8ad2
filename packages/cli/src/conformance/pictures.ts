/** Pictures whose plates are known: drawn here and now, or a folder with truth.csv. */

import { readFile } from 'node:fs/promises'
import path from 'node:path'

import type { Box, Corners } from '@sallyport/core/plate'
import type { TruePlate } from '@sallyport/core/reader-score'
import { Painter } from '@sallyport/lane/synth/painter'
import { drawnLane, planPass, truthOf } from '@sallyport/lane/synth/pass-plan'

import { CommandFailure, exitCodes } from '../exit.ts'

export type KnownPicture = {
  readonly name: string
  readonly bytes: Uint8Array
  /** Null: there is no plate in it. */
  readonly truth: TruePlate | null
}

/** Draws `count` vehicles at lanes of their own; the same ones every time. */
export async function* drawnPictures(count: number): AsyncGenerator<KnownPicture, void> {
  for (let number = 0; number < count; number++) {
    const lane = drawnLane(`conformance ${number}`)
    const plan = planPass(lane, number)
    const [pose] = plan.poses.toSorted(
      (a, b) => Math.abs(a.distance - 5) - Math.abs(b.distance - 5),
    )
    if (pose === undefined) continue
    const { jpeg, corners } = await new Painter(lane).drawPose(plan, pose)
    if (corners === null) continue
    yield {
      name: `drawn-${number}.jpg`,
      bytes: jpeg,
      truth: { text: truthOf(plan).text, box: boxAround(corners) },
    }
  }
}

/** A drawn lane on which nothing stands. */
export async function emptyLane(): Promise<Uint8Array> {
  return (await new Painter(drawnLane('conformance empty')).drawEmpty('day')).jpeg
}

/** Pictures of a folder by its `truth.csv`: `file,x,y,width,height,plate` or `file,…,plate`. */
export async function* folderPictures(folder: string): AsyncGenerator<KnownPicture, void> {
  const text = await readFile(path.join(folder, 'truth.csv'), 'utf8').catch(() => {
    throw new CommandFailure(
      `${folder} has no truth.csv. It needs one line a picture: file,x,y,width,height,plate.`,
      exitCodes.wrongUse,
    )
  })
  const [head = '', ...lines] = text.trim().split(/\r?\n/)
  const columns = head.split(',').map((name) => name.trim())
  if (!columns.includes('file') || !columns.includes('plate'))
    throw new CommandFailure(
      `${folder}/truth.csv needs the columns file and plate; x, y, width, height where the place is known.`,
      exitCodes.wrongUse,
    )
  for (const line of lines) {
    const cells = line.split(',')
    const cell = (name: string) => cells[columns.indexOf(name)]?.trim() ?? ''
    const name = cell('file')
    const bytes = await readFile(path.join(folder, path.basename(name))).catch(() => null)
    if (bytes === null) throw new CommandFailure(`${folder}/${name} is not there.`)
    const plate = cell('plate')
      .toUpperCase()
      .replaceAll(/[^A-Z0-9]/g, '')
    yield { name, bytes, truth: plate === '' ? null : { text: plate, box: boxIn(columns, cell) } }
  }
}

function boxIn(columns: readonly string[], cell: (name: string) => string): Box | null {
  if (!columns.includes('x')) return null
  const [x, y, width, height] = ['x', 'y', 'width', 'height'].map((name) => Number(cell(name)))
  return { x: x ?? 0, y: y ?? 0, width: width ?? 0, height: height ?? 0 }
}

function boxAround(corners: Corners): Box {
  const [xs, ys] = [corners.map(({ x }) => x), corners.map(({ y }) => y)]
  const [x, y] = [Math.min(...xs), Math.min(...ys)]
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y }
}
