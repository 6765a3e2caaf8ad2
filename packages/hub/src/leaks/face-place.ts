/** Where a box around one picture's face lies in another picture of it. */

import type { Box } from '@sallyport/core/plate'
import type { Hint } from '@sallyport/marks/copies/likeness'

import type { FoundFace } from './face-memory.ts'

type Points = Pick<FoundFace, 'points'>
type Face = Pick<FoundFace, 'box' | 'points'>

/** Where the box of the one may lie in the other, the likeliest first. */
export function faceHints(there: Face, here: Face): readonly Hint[] {
  return [boxByPoints(there.box, there, here), here.box].map((box) => ({ box, loose: false }))
}

/** As eyes, nose and mouth lie in both; a detector's own box differs from crop to crop. */
function boxByPoints(box: Box, from: Points, to: Points): Box {
  const [a, b] = [spread(from), spread(to)]
  const scale = b.size / a.size
  return {
    x: b.x + (box.x - a.x) * scale,
    y: b.y + (box.y - a.y) * scale,
    width: box.width * scale,
    height: box.height * scale,
  }
}

function spread({ points }: Points) {
  const x = points.reduce((sum, one) => sum + one.x, 0) / points.length
  const y = points.reduce((sum, one) => sum + one.y, 0) / points.length
  const size = points.reduce((sum, one) => sum + Math.hypot(one.x - x, one.y - y), 0)
  return { x, y, size: Math.max(size, 1) }
}
