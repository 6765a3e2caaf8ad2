/** Pictures that marks are measured on: photographs of folders, disjoint crops of them, drawings. */

import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'

import { drawnPicture } from '@sallyport/marks/drawn'
import type { Pixels } from '@sallyport/marks/pixels'

import { decoded } from './mark-attacks.ts'

export type Named = { readonly name: string; readonly pixels: Pixels }

/** Every `every`-th picture of the folders, in the order of their names. */
export async function* photographs(folders: readonly string[], every = 1): AsyncGenerator<Named> {
  let at = 0
  for (const folder of folders) {
    const files = (await readdir(folder)).filter((file) => /\.(jpe?g|png)$/i.test(file)).toSorted()
    for (const file of files) {
      if (at++ % every !== 0) continue
      yield { name: file, pixels: await decoded(await readFile(path.join(folder, file))) }
    }
  }
}

export function* drawings(count: number, width: number, height: number): Generator<Named> {
  for (let seed = 1; seed <= count; seed++) {
    yield { name: `drawing ${seed}`, pixels: drawnPicture(width, height, seed) }
  }
}

/** The picture cut into squares that share no pixel. */
export function* disjointCrops({ name, pixels }: Named, side: number): Generator<Named> {
  const { width, height, channels, data } = pixels
  for (let top = 0; top + side <= height; top += side) {
    for (let left = 0; left + side <= width; left += side) {
      const part = new Uint8Array(side * side * channels)
      for (let y = 0; y < side; y++) {
        const from = ((top + y) * width + left) * channels
        part.set(data.subarray(from, from + side * channels), y * side * channels)
      }
      yield {
        name: `${name} ${left},${top}`,
        pixels: { ...pixels, width: side, height: side, data: part },
      }
    }
  }
}
