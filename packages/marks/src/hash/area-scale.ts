/** Scaling down by areas: every source pixel counts by how much of it lies in a target pixel. */

import type { Plane } from '../pixels.ts'

/** The plane at another size. Sides that grow repeat their pixels. */
export function areaScaled(plane: Plane, width: number, height: number): Plane {
  return along(along(plane, width, 'columns'), height, 'rows')
}

function along(plane: Plane, wanted: number, axis: 'rows' | 'columns'): Plane {
  const length = axis === 'columns' ? plane.width : plane.height
  if (length === wanted) return plane
  const lines = axis === 'columns' ? plane.height : plane.width
  const step = axis === 'columns' ? 1 : plane.width
  const line = axis === 'columns' ? plane.width : 1
  const result =
    axis === 'columns'
      ? { width: wanted, height: plane.height }
      : { width: plane.width, height: wanted }
  const outStep = axis === 'columns' ? 1 : result.width
  const outLine = axis === 'columns' ? result.width : 1
  const data = new Float32Array(result.width * result.height)
  const ratio = length / wanted
  for (let to = 0; to < wanted; to++) {
    const begin = to * ratio
    const end = Math.min(length, begin + ratio)
    const first = Math.floor(begin)
    const last = Math.min(length - 1, Math.ceil(end) - 1)
    for (let each = 0; each < lines; each++) {
      let sum = 0
      for (let from = first; from <= last; from++) {
        const share = Math.min(end, from + 1) - Math.max(begin, from)
        sum += share * (plane.data[each * line + from * step] ?? 0)
      }
      data[each * outLine + to * outStep] = sum / (end - begin)
    }
  }
  return { ...result, data }
}
