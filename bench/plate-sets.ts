/** Labelled pictures of plates: a folder with `truth.csv`. */

import { readFile } from 'node:fs/promises'
import path from 'node:path'

import { type Box, foldPlateText } from '@sallyport/core/plate'

/** One labelled plate. `text` is folded (O as 0); "?" where nobody wrote it down. */
export type TruePlate = { readonly box: Box | null; readonly text: string }

export type TruePicture = {
  readonly file: string
  /** Two letters of a state, lower case, or empty. */
  readonly state: string
  readonly plates: readonly TruePlate[]
}

/**
 * Reads `truth.csv` of a folder: columns file, x, y, width, height, plate (a row for every plate, an
 * empty row for a picture without one), or file, state, plate for pictures of nothing but a plate.
 */
export async function truePictures(directory: string): Promise<readonly TruePicture[]> {
  const [head = '', ...lines] = (await readFile(path.join(directory, 'truth.csv'), 'utf8'))
    .trim()
    .split(/\r?\n/)
  const columns = head.split(',')
  const pictures = new Map<string, { state: string; plates: TruePlate[] }>()
  for (const line of lines) {
    const cells = line.split(',')
    const cell = (name: string) => cells[columns.indexOf(name)] ?? ''
    const text = foldPlateText(cell('plate').toUpperCase())
    const picture = pictures.get(cell('file')) ?? { state: cell('state').toLowerCase(), plates: [] }
    pictures.set(cell('file'), picture)
    if (text !== '') picture.plates.push({ box: columns.includes('x') ? boxOf(cell) : null, text })
  }
  return Array.from(pictures, ([file, picture]) => ({ file, ...picture }))
}

function boxOf(cell: (name: string) => string): Box {
  return {
    x: Number(cell('x')),
    y: Number(cell('y')),
    width: Number(cell('width')),
    height: Number(cell('height')),
  }
}
