/** Pictures that are drawn, busy and flat like photographs, for vectors, tests and figures. */

import { chanceOf } from './chance.ts'
import type { Pixels } from './pixels.ts'

/** A picture of `seed`: soft ground, shapes with edges, grain. The same in every run. */
export function drawnPicture(width: number, height: number, seed: number): Pixels {
  const chance = chanceOf(seed)
  const data = new Uint8Array(width * height * 3)
  const waves = Array.from({ length: 5 }, () => ({
    x: (chance() - 0.5) * 0.06,
    y: (chance() - 0.5) * 0.06,
    at: chance() * 6,
  }))
  const shapes = Array.from({ length: 24 }, () => ({
    x: chance() * width,
    y: chance() * height,
    w: (0.02 + 0.2 * chance()) * width,
    h: (0.02 + 0.2 * chance()) * height,
    colour: [chance() * 160 - 80, chance() * 160 - 80, chance() * 160 - 80] as const,
    round: chance() < 0.5,
  }))
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++, to += 3) {
      let ground = 120
      for (const wave of waves) ground += 14 * Math.sin(wave.x * x + wave.y * y + wave.at)
      let [red, green, blue] = [ground + 6, ground, ground - 9]
      for (const { x: cx, y: cy, w, h, colour, round } of shapes) {
        const [dx, dy] = [Math.abs(x - cx) / w, Math.abs(y - cy) / h]
        if (round ? dx * dx + dy * dy > 1 : dx > 1 || dy > 1) continue
        red += colour[0]
        green += colour[1]
        blue += colour[2]
      }
      const grain = (chance() + chance() + chance() - 1.5) * 9
      data[to] = clamp(red + grain)
      data[to + 1] = clamp(green + grain)
      data[to + 2] = clamp(blue + grain)
    }
  }
  return { width, height, channels: 3, data }
}

function clamp(value: number): number {
  return Math.round(Math.min(255, Math.max(0, value)))
}
