/** How much light a decoded picture had. */

import { type Light, lightOf } from '@sallyport/core/evaluation-candidate'
import type { Picture } from '@sallyport/vision/picture'

export function lightIn({ data }: Picture): Light {
  let sum = 0
  for (const byte of data) sum += byte
  return lightOf(sum / Math.max(1, data.length))
}
