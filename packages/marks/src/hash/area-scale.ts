/** Scaling down by areas: every source pixel counts by how much of it lies in a target pixel. */

import type { Plane } from '../pixels.ts'

/** The plane at another size. Sides that grow repeat their pixels. */
export function areaScaled(plane: Plane, width: number, height: number): Plane {
  return shorter(narrower(plane, width), height)
}

/** For each target pixel the first source pixel, how many, and by which share each counts. */
function sharesOf(length: number, wanted: number) {
  const ratio = length / wanted
  const most = Math.ceil(ratio) + 1
  const first = new Uint32Array(wanted)
  const shares = new Float64Array(wanted * most)
  for (let to = 0; to < wanted; to++) {
    const begin = to * ratio
    const end = Math.min(length, begin + ratio)
    first[to] = Math.floor(begin)
    for (let each = 0; each < most; each++) {
      const from = Math.floor(begin) + each
      const share = Math.min(end, from + 1) - Math.max(begin, from)
      shares[to * most + each] = Math.max(0, share) / (end - begin)
    }
  }
  return { first, shares, most }
}

function narrower(plane: Plane, wanted: number): Plane {
  const { width, height, data } = plane
  if (width === wanted) return plane
  const { first, shares, most } = sharesOf(width, wanted)
  const result = new Float32Array(wanted * height)
  for (let row = 0; row < height; row++) {
    for (let to = 0; to < wanted; to++) {
      const from = row * width + first[to]!
      let sum = 0
      // Behind the last column the share is 0; at the end of the data there is nothing to multiply.
      for (let each = 0; each < most; each++) {
        const share = shares[to * most + each]!
        if (share > 0) sum += share * data[from + each]!
      }
      result[row * wanted + to] = sum
    }
  }
  return { width: wanted, height, data: result }
}

function shorter(plane: Plane, wanted: number): Plane {
  const { width, height, data } = plane
  if (height === wanted) return plane
  const { first, shares, most } = sharesOf(height, wanted)
  const result = new Float32Array(width * wanted)
  const sums = new Float64Array(width)
  for (let to = 0; to < wanted; to++) {
    sums.fill(0)
    for (let each = 0; each < most; each++) {
      const share = shares[to * most + each]!
      if (share === 0) continue
      const from = (first[to]! + each) * width
      for (let column = 0; column < width; column++) sums[column]! += share * data[from + column]!
    }
    result.set(sums, to * width)
  }
  return { width, height: wanted, data: result }
}
