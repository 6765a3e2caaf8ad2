/** Pictures turned and mirrored, as searches name it. */

import { type Orientation, turns } from '../hash/pdq.ts'
import type { Pixels } from '../pixels.ts'

/** The picture whose upright hash is the one that `pdqOrientations` gives for `orientation`. */
export function turned(pixels: Pixels, orientation: Orientation): Pixels {
  if (orientation === 'upright') return pixels
  const { exchanged, rows, columns } = turns[orientation]
  const { channels } = pixels
  const width = exchanged ? pixels.height : pixels.width
  const height = exchanged ? pixels.width : pixels.height
  const data = new Uint8Array(pixels.data.length)
  for (let y = 0; y < height; y++) {
    const row = rows ? height - 1 - y : y
    for (let x = 0; x < width; x++) {
      const column = columns ? width - 1 - x : x
      const from = exchanged ? column * pixels.width + row : row * pixels.width + column
      for (let channel = 0; channel < channels; channel++)
        data[(y * width + x) * channels + channel] = pixels.data[from * channels + channel]!
    }
  }
  return { width, height, channels, data }
}
