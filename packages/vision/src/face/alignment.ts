/** Faces brought into the place where a description network expects them. */

import type { Point } from '@sallyport/core/plate'

import type { Similarity } from './sample.ts'

/**
 * The similarity from `template` points to `points` with the least squared error (Umeyama 1991, for the
 * plane without reflection). Null when all points of the template are one.
 */
export function similarityBetween(
  template: readonly Point[],
  points: readonly Point[],
): Similarity | null {
  const from = meanOf(template)
  const to = meanOf(points)
  let along = 0
  let across = 0
  let spread = 0
  for (const [index, source] of template.entries()) {
    const target = points[index]
    if (target === undefined) return null
    const x = source.x - from.x
    const y = source.y - from.y
    const u = target.x - to.x
    const v = target.y - to.y
    along += x * u + y * v
    across += x * v - y * u
    spread += x * x + y * y
  }
  if (spread === 0) return null
  const a = along / spread
  const b = across / spread
  return { a, b, tx: to.x - a * from.x + b * from.y, ty: to.y - b * from.x - a * from.y }
}

function meanOf(points: readonly Point[]): Point {
  const sum = points.reduce((all, one) => ({ x: all.x + one.x, y: all.y + one.y }), { x: 0, y: 0 })
  return { x: sum.x / points.length, y: sum.y / points.length }
}
