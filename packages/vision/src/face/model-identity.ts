/** What makes two templates comparable: the same network, seeing faces in the same way. */

import { createHash } from 'node:crypto'

import type { Describer } from './describe-face.ts'

/** The model's name and twelve digits of a hash over network, alignment, normalisation and mirror. */
export function modelIdentity(name: string, sha256: string, describer: Describer): string {
  const { input, output, dimensions, normalisation, outside, mirror, alignment } = describer
  const { mean, scale, order } = normalisation
  const seen = [
    sha256,
    [input.width, input.height, output, dimensions, outside, mirror],
    [mean, scale, order],
    alignment.map(({ x, y }) => [x, y]),
  ]
  const hash = createHash('sha256').update(JSON.stringify(seen)).digest('hex')
  return `${name}@${hash.slice(0, 12)}`
}
