/** Pictures and looks for tests. */

import type { Look } from '@sallyport/core/plate'
import type { Picture } from '@sallyport/vision/picture'
import type { PlateReader } from '@sallyport/vision/plate-reader'

/** A grey picture with light boxes, and a little texture so that JPEGs of it differ everywhere. */
export function testPicture(
  boxes: readonly {
    readonly x: number
    readonly y: number
    readonly width: number
    readonly height: number
    readonly grey: number
  }[] = [],
  { width = 640, height = 360, base = 90 } = {},
): Picture {
  const data = new Uint8Array(width * height * 3)
  for (let at = 0; at < width * height; at++) {
    const [x, y] = [at % width, Math.floor(at / width)]
    data.fill(base + ((x * 7 + y * 13) % 5), at * 3, at * 3 + 3)
  }
  for (const box of boxes) {
    for (let y = box.y; y < Math.min(height, box.y + box.height); y++) {
      const [left, right] = [Math.max(0, box.x), Math.min(width, box.x + box.width)]
      data.fill(box.grey + ((y * 13) % 5), (y * width + left) * 3, (y * width + right) * 3)
    }
  }
  return { width, height, data }
}

/** One look at a plate of `width` pixels at `x`, `y`. */
export function testLook(
  text: string,
  { x = 200, y = 200, width = 100, confidence = 0.97, detection = 0.95 } = {},
): Look {
  const height = width / 3
  return {
    text,
    confidence,
    characters: Array.from(text, (character) => ({ character, confidence, alternatives: [] })),
    jurisdiction: null,
    corners: [
      { x, y },
      { x: x + width, y },
      { x: x + width, y: y + height },
      { x, y: y + height },
    ],
    box: { x, y, width, height },
    alternatives: [],
    detection,
    plateWidthPx: width,
  }
}

/** A reader that says what it is told, one answer per picture, the last one for ever. */
export function scriptedReader(
  answers: readonly (readonly Look[])[],
): PlateReader & { looked: number } {
  const reader = {
    looked: 0,
    models: { detector: 'scripted', reader: 'scripted' },
    look() {
      const looks = answers[Math.min(reader.looked, answers.length - 1)] ?? []
      reader.looked += 1
      return Promise.resolve(looks)
    },
    origin: () => Promise.resolve(null),
    close: () => Promise.resolve(),
  }
  return reader
}
