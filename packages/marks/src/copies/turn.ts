/** Pictures turned and mirrored, as searches name it. */

import type { Orientation } from '../hash/pdq.ts'
import type { Pixels } from '../pixels.ts'

const rules: Readonly<
  Record<
    Orientation,
    { readonly exchanged: boolean; readonly down: boolean; readonly across: boolean }
  >
> = {
  upright: { exchanged: false, down: false, across: false },
  turned_90: { exchanged: true, down: false, across: true },
  turned_180: { exchanged: false, down: true, across: true },
  turned_270: { exchanged: true, down: true, across: false },
  mirrored: { exchanged: false, down: false, across: true },
  upside_down: { exchanged: false, down: true, across: false },
  transposed: { exchanged: true, down: false, across: false },
  transversed: { exchanged: true, down: true, across: true },
}

/** The picture whose upright hash is the one that `pdqOrientations` gives for `orientation`. */
export function turned(pixels: Pixels, orientation: Orientation): Pixels {
  if (orientation === 'upright') return pixels
  const { exchanged, down, across } = rules[orientation]
  const { channels } = pixels
  const width = exchanged ? pixels.height : pixels.width
  const height = exchanged ? pixels.width : pixels.height
  const data = new Uint8Array(pixels.data.length)
  for (let y = 0; y < height; y++) {
    const row = down ? height - 1 - y : y
    for (let x = 0; x < width; x++) {
      const column = across ? width - 1 - x : x
      const from = exchanged ? column * pixels.width + row : row * pixels.width + column
      for (let channel = 0; channel < channels; channel++)
        data[(y * width + x) * channels + channel] = pixels.data[from * channels + channel]!
    }
  }
  return { width, height, channels, data }
}
