/** Who sits behind the windscreen. */

import { dim, fill, paint } from './paint.ts'
import { headMetres } from './people.ts'
import { placePath, roundedBox } from './projection.ts'
import type { Workbench } from './workbench.ts'

/** Metres from the middle of the vehicle to that of a front seat. */
const seatAside = 0.38

/** The people on the front seats, cut off where the glass ends; the driver sits on the vehicle's left. */
export function occupants(bench: Workbench, pane: string): string {
  const { vehicle, inside, light, at } = bench
  if (inside.length === 0) return ''
  const { body } = vehicle
  const back = body.cowlBack + 1.05
  const middle = body.roofTop - 0.23
  const drawn = inside.map(({ person, head }, seat) => {
    const x = seat === 0 ? seatAside : -seatAside
    const shoulders = placePath(
      roundedBox([x - 0.26, middle - 0.21], [x + 0.26, body.cowlTop - 0.25], 0.12),
      (u, v) => at(u, v, back + 0.05),
    )
    const left = at(x - headMetres / 2, middle, back)
    const right = at(x + headMetres / 2, middle, back)
    const side = right.x - left.x
    return (
      fill(shoulders, paint(person.clothes, dim(light.light, 0.7))) +
      `<image href="${head}" x="${left.x.toFixed(1)}" y="${(left.y - side / 2).toFixed(1)}" width="${side.toFixed(1)}" height="${side.toFixed(1)}"/>`
    )
  })
  return `<clipPath id="pane"><path d="${pane}"/></clipPath><g clip-path="url(#pane)">${drawn.join('')}</g>`
}
