/** Pixels as every function here takes them. */

/**
 * Packed rows from the top, 8 bits a channel: grey (1), RGB (3) or RGB with alpha (4).
 * `data.length === width * height * channels`.
 */
export type Pixels = {
  readonly width: number
  readonly height: number
  readonly channels: 1 | 3 | 4
  readonly data: Uint8Array
}

/** One value a pixel. */
export type Plane = {
  readonly width: number
  readonly height: number
  readonly data: Float32Array
}

/** Luma, 0 to 255 (BT.601). */
export function lumaOf({ width, height, channels, data }: Pixels): Plane {
  const luma = new Float32Array(width * height)
  if (channels === 1) {
    luma.set(data)
  } else {
    for (let at = 0, from = 0; at < luma.length; at++, from += channels) {
      luma[at] = 0.299 * data[from]! + 0.587 * data[from + 1]! + 0.114 * data[from + 2]!
    }
  }
  return { width, height, data: luma }
}

/** The plane with each side divided by a whole number: means of squares of pixels, the rest cut off. */
export function shrunk(plane: Plane, by: number): Plane {
  if (by === 1) return plane
  const width = Math.floor(plane.width / by)
  const height = Math.floor(plane.height / by)
  const data = new Float32Array(width * height)
  for (let y = 0; y < height * by; y++) {
    const to = Math.floor(y / by) * width
    for (let x = 0; x < width * by; x++) {
      data[to + Math.floor(x / by)]! += plane.data[y * plane.width + x]! / (by * by)
    }
  }
  return { width, height, data }
}
