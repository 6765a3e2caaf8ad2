/**
 * What width, blur, turn and light cost a read, on drawn pictures: where the cut-offs of the gauge come
 * from. `npx tsx bench/gauge.ts [--blocks 30]`: pictures are drawn in blocks of 20, and each is made worse in
 * every way apart.
 */

import { parseArgs } from 'node:util'

import { foldPlateText } from '@sallyport/core/plate'
import { drawBlock, type LabelledPicture } from '@sallyport/lane/synth/labelled'
import { randomFrom, between } from '@sallyport/lane/synth/random'
import { rawImage } from '@sallyport/vision/encode'
import { decodePicture, type Picture } from '@sallyport/vision/picture'
import { lightOf, tiltOf } from '@sallyport/vision/plate-measure'
import { openPlateReader } from '@sallyport/vision/plate-reader'

const { values } = parseArgs({
  options: { blocks: { type: 'string', default: '30' }, way: { type: 'string' } },
})
const reader = await openPlateReader()

const ways = ['width', 'sharpness', 'tilt', 'light'] as const
type Way = (typeof ways)[number]
const steps: Readonly<Record<Way, readonly number[]>> = {
  width: [40, 50, 60, 70, 80, 90, 100, 120, 150],
  sharpness: [0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5],
  tilt: [0, 5, 10, 15, 20, 25],
  light: [0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5],
}

type Told = { readonly value: number; readonly right: boolean; readonly sure: boolean }
const told = new Map<Way, Told[]>(ways.map((way) => [way, []]))

for (let block = 0; block < Number(values.blocks); block++) {
  for await (const one of drawBlock('gauge', block, null)) {
    for (const way of ways) {
      if (values.way !== undefined && values.way !== way) continue
      const answer = await tell(one, way, randomFrom(`gauge ${way} ${one.number}`))
      if (answer !== null) told.get(way)?.push(answer)
    }
  }
}
await reader.close()

for (const [way, all] of told) {
  console.log(`\n${way} (${all.length} plates found)`)
  for (const [index, from] of steps[way].entries()) {
    const to = steps[way][index + 1] ?? Number.POSITIVE_INFINITY
    const those = all.filter(({ value }) => value >= from && value < to)
    const share = (count: number): string =>
      those.length === 0 ? '–' : `${Math.round((100 * count) / those.length)} %`
    const right = those.filter((each) => each.right).length
    const sure = those.filter((each) => each.sure).length
    console.log(
      `from ${from}: ${those.length} plates, right ${share(right)}, said with 0.9 or more ${share(sure)}`,
    )
  }
}

/** One picture made worse in one way, with what the reader says of its plate; null where it finds none. */
async function tell(
  { jpeg, text }: LabelledPicture,
  way: Way,
  random: () => number,
): Promise<Told | null> {
  const decoded = await decodePicture(jpeg)
  if (decoded.kind === 'refused') return null
  const picture = await worse(decoded.picture, way, random)
  const [look] = await reader.look(picture, { origin: false })
  if (look === undefined) return null
  // Small plates are the other table's matter.
  if (way !== 'width' && look.plateWidthPx < 100) return null
  const value = {
    width: look.plateWidthPx,
    sharpness: look.sharpness ?? 0,
    tilt: Math.abs(tiltOf(look.corners)),
    light: lightOf(picture, look.corners).contrast,
  }[way]
  const right = foldPlateText(look.text) === foldPlateText(text)
  return { value, right, sure: look.confidence >= 0.9 }
}

async function worse(picture: Picture, way: Way, random: () => number): Promise<Picture> {
  const image = rawImage(picture)
  switch (way) {
    case 'width':
      return picture
    case 'sharpness':
      image.blur(between(random, 0.3, 5))
      break
    case 'tilt':
      image.rotate(between(random, -28, 28))
      break
    case 'light': {
      const gain = between(random, 0.05, 1)
      image.linear(gain, random() < 0.5 ? 0 : 255 * (1 - gain))
      break
    }
  }
  const { data, info } = await image.removeAlpha().raw().toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, data }
}
