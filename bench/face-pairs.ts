/** Pairs of pictures of faces whose people are known, as `pairs.csv` lists them. */

import { readFile } from 'node:fs/promises'
import path from 'node:path'

export type FacePair = {
  readonly fold: string
  readonly a: string
  readonly b: string
  readonly same: boolean
}

/** The rows of `pairs.csv` (fold, a, b, same) in `folder`. */
export async function facePairs(folder: string): Promise<readonly FacePair[]> {
  const lines = (await readFile(path.join(folder, 'pairs.csv'), 'utf8')).trim().split(/\r?\n/)
  return lines.slice(1).map((line) => {
    const [fold = '', a = '', b = '', same] = line.split(',')
    return { fold, a, b, same: same === '1' }
  })
}
