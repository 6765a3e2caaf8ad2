/** What a vehicle's front and rear share: tyres, roof, and the cabin. */

import { fill, mix, paint, stroke } from './paint.ts'
import { type Place, ellipse, placePath, polygon, roundedBox } from './projection.ts'
import { occupants } from './vehicle-people.ts'
import { type Workbench, penOf } from './workbench.ts'

export function tyres({ vehicle: { body }, at, light }: Workbench): string {
  const tyre = (side: number): string =>
    placePath(
      roundedBox(
        [side * (body.half - 0.27), body.wheel * 1.5],
        [side * (body.half - 0.03), 0],
        0.05,
      ),
      (x, y) => at(x, y, 0.55),
    )
  return fill(tyre(-1) + tyre(1), paint('#121315', light.light))
}

export function roof({ vehicle: { body, facing }, at, gradients, tones }: Workbench): string {
  const back = facing === 'front' ? body.roofBack : body.tailRoofBack
  const end = body.name === 'pickup' ? back + 1.5 : body.length - 1
  const top = polygon([
    [-body.roofHalf, back],
    [body.roofHalf, back],
    [body.roofHalf * 0.96, end],
    [-body.roofHalf * 0.96, end],
  ])
  const shine = gradients.linear(at(0, body.roofTop, back), at(0, body.roofTop, end), [
    [0, tones.base],
    [1, tones.high],
  ])
  return fill(
    placePath(top, (x, depth) => at(x, body.roofTop, depth)),
    shine,
  )
}

/** A surface between the belt line (v = 0) and the roof (v = 1); u is -1 to 1. */
export function cabinSurface(
  { vehicle: { body }, at }: Workbench,
  foot: { readonly y: number; readonly back: number },
  head: { readonly y: number; readonly back: number },
): Place {
  return (u, v) => {
    const half = body.beltHalf + (body.roofHalf - body.beltHalf) * v
    const bow = 0.12 * u * u
    return at(
      u * half,
      foot.y + (head.y - foot.y) * v - bow * 0.25,
      foot.back + (head.back - foot.back) * v + bow,
    )
  }
}

export function windscreen(bench: Workbench): string {
  const { vehicle, light, gradients, tones } = bench
  const { body } = vehicle
  const on = cabinSurface(
    bench,
    { y: body.cowlTop, back: body.cowlBack },
    { y: body.roofTop, back: body.roofBack },
  )
  const frame = placePath(
    'M-1 -.06L-1 .9C-.98 .98 -.9 1 -.8 1.01C-.3 1.04 .3 1.04 .8 1.01C.9 1 .98 .98 1 .9L1 -.06Z',
    on,
  )
  const pane = placePath(
    'M-.95 .03L-.93 .86C-.92 .92 -.86 .94 -.8 .95C-.3 .98 .3 .98 .8 .95C.86 .94 .92 .92 .93 .86L.95 .03C.4 -.03 -.4 -.03 -.95 .03Z',
    on,
  )
  const glass = gradients.linear(on(0, 1), on(0, 0), [
    [0, paint('#0f151a', light.light)],
    [0.45, paint(mix('#1b262e', light.sky, 0.12), light.light)],
    [1, paint(mix('#243039', light.sky, 0.42), light.light)],
  ])
  const seat = paint('#07090b', light.light, 1, 0.75)
  const inside = [-0.42, 0.42].map(
    (u) =>
      fill(placePath(roundedBox([u - 0.15, 0.62], [u + 0.15, 0.36], 0.05), on), seat) +
      fill(placePath(roundedBox([u - 0.27, 0.42], [u + 0.27, 0.06], 0.06), on), seat),
  )
  const rim = body.name === 'truck' ? ellipse(0.48, 0.12, 0.2, 0.09) : ellipse(0.44, 0.2, 0.2, 0.17)
  const wheel = stroke(placePath(rim, on), seat, penOf(bench, 0.03))
  const glare = placePath(
    polygon([
      [-0.55, 0.96],
      [-0.2, 0.97],
      [-0.62, 0.01],
      [-0.93, 0.04],
    ]),
    on,
  )
  const wipers = placePath('M-.75 .02L-.1 .11M.05 .01L.7 .1', on)
  return [
    fill(frame, tones.low),
    fill(pane, glass),
    ...(body.name === 'truck' ? [] : inside),
    occupants(bench, pane),
    wheel,
    fill(placePath(roundedBox([-0.1, 0.93], [0.1, 0.84], 0.02), on), seat),
    fill(glare, paint(light.sky, light.light, 1, 0.13)),
    stroke(wipers, paint('#0a0b0c', light.light), penOf(bench, 0.018)),
  ].join('')
}

export function mirrors({ vehicle: { body }, at, tones, light }: Workbench): string {
  const tall = body.name === 'truck' || body.name === 'van' ? 0.32 : 0.15
  const reach = body.beltHalf + 0.02
  return [-1, 1]
    .map((side) => {
      const on: Place = (x, y) => at(side * x, y, body.cowlBack + 0.35)
      const foot = body.cowlTop + 0.03
      return (
        fill(
          placePath(
            polygon([
              [reach - 0.06, foot],
              [reach + 0.07, foot + 0.07],
              [reach + 0.07, foot + 0.02],
            ]),
            on,
          ),
          paint('#15171a', light.light),
        ) +
        fill(
          placePath(roundedBox([reach + 0.03, foot + tall], [reach + 0.23, foot], 0.05), on),
          tones.base,
        ) +
        fill(
          placePath(roundedBox([reach + 0.03, foot + tall * 0.35], [reach + 0.23, foot], 0.04), on),
          tones.low,
        )
      )
    })
    .join('')
}
