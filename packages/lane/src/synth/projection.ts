/** A pinhole camera over the lane, and paths drawn on surfaces in front of it. Metres in, pixels out. */

import type { Point } from '@sallyport/core/plate'

/** Metres: right of the lane's middle, above the asphalt, away from the camera. */
export type Position = readonly [x: number, y: number, z: number]

export type Camera = {
  readonly width: number
  readonly height: number
  /** Focal length in pixels. */
  readonly focal: number
  readonly at: Position
  /** Radians; down is positive. */
  readonly pitch: number
  /** Radians; to the right is positive. */
  readonly yaw: number
}

/** Where a surface's own coordinates land in the picture. */
export type Place = (u: number, v: number) => Point

const nearest = 0.35

/** The pixel that shows `position`. What lies behind the camera is pulled to just before it. */
export function project(camera: Camera, [x, y, z]: Position): Point {
  const [dx, dy, dz] = [x - camera.at[0], y - camera.at[1], z - camera.at[2]]
  const [cosYaw, sinYaw] = [Math.cos(camera.yaw), Math.sin(camera.yaw)]
  const right = dx * cosYaw - dz * sinYaw
  const ahead = dx * sinYaw + dz * cosYaw
  const [cosPitch, sinPitch] = [Math.cos(camera.pitch), Math.sin(camera.pitch)]
  const down = -dy * cosPitch - ahead * sinPitch
  const depth = Math.max(nearest, ahead * cosPitch - dy * sinPitch)
  return {
    x: camera.width / 2 + (camera.focal * right) / depth,
    y: camera.height / 2 + (camera.focal * down) / depth,
  }
}

/** Pixels per metre at `position`. */
export function scaleAt(camera: Camera, [x, y, z]: Position): number {
  const left = project(camera, [x - 0.5, y, z])
  const right = project(camera, [x + 0.5, y, z])
  return Math.hypot(right.x - left.x, right.y - left.y)
}

/**
 * An SVG path (absolute M, L, C, Q and Z with numbers) drawn on a surface: every point and control
 * point is placed. Coordinates in the result are pixels with one decimal.
 */
export function placePath(path: string, place: Place): string {
  let placed = ''
  let held: number | null = null
  for (const [token] of path.matchAll(/[MLCQZ]|-?\d*\.?\d+/g)) {
    if (/[MLCQZ]/.test(token)) {
      placed += token
    } else if (held === null) {
      held = Number(token)
    } else {
      const { x, y } = place(held, Number(token))
      placed += `${x.toFixed(1)} ${y.toFixed(1)} `
      held = null
    }
  }
  return placed
}

/** A closed path through `points` of a surface. */
export function polygon(points: readonly (readonly [number, number])[]): string {
  return `M${points.map(([u, v]) => `${u} ${v}`).join('L')}Z`
}

/** A closed rectangle between two opposite corners. */
export function rectangle(
  [left, top]: readonly [number, number],
  [right, bottom]: readonly [number, number],
): string {
  return `M${left} ${top}L${right} ${top}L${right} ${bottom}L${left} ${bottom}Z`
}

/** A closed rectangle with rounded corners, `u` to the right and `v` in either direction. */
export function roundedBox(
  [left, top]: readonly [number, number],
  [right, bottom]: readonly [number, number],
  radius: number,
): string {
  const down = Math.sign(bottom - top) * radius
  const side = Math.sign(right - left) * radius
  return (
    `M${left + side} ${top}L${right - side} ${top}Q${right} ${top} ${right} ${top + down}` +
    `L${right} ${bottom - down}Q${right} ${bottom} ${right - side} ${bottom}` +
    `L${left + side} ${bottom}Q${left} ${bottom} ${left} ${bottom - down}` +
    `L${left} ${top + down}Q${left} ${top} ${left + side} ${top}Z`
  )
}

/** An ellipse as a closed path. */
export function ellipse(u: number, v: number, radiusU: number, radiusV: number): string {
  const [kU, kV] = [radiusU * 0.5523, radiusV * 0.5523]
  return (
    `M${u - radiusU} ${v}C${u - radiusU} ${v - kV} ${u - kU} ${v - radiusV} ${u} ${v - radiusV}` +
    `C${u + kU} ${v - radiusV} ${u + radiusU} ${v - kV} ${u + radiusU} ${v}` +
    `C${u + radiusU} ${v + kV} ${u + kU} ${v + radiusV} ${u} ${v + radiusV}` +
    `C${u - kU} ${v + radiusV} ${u - radiusU} ${v + kV} ${u - radiusU} ${v}Z`
  )
}
