/** The rear of a vehicle: window, tail, lamps. */

import { type Light, dim, fill, mix, paint, stroke } from './paint.ts'
import { type Place, placePath, polygon, roundedBox } from './projection.ts'
import { cabinSurface, roof, tyres } from './vehicle-cabin.ts'
import { type Workbench, both, glow, penOf } from './workbench.ts'

/** SVG of everything that is seen from behind except side, shadow and plate. */
export function drawRear(bench: Workbench): string {
  const { name } = bench.vehicle.body
  if (name === 'truck') return tyres(bench) + cargoDoors(bench) + tailLamps(bench)
  return [
    tyres(bench),
    roof(bench),
    rearWindow(bench),
    name === 'sedan' || name === 'pickup' ? deck(bench) : '',
    tail(bench),
    name === 'van' ? vanDoors(bench) : '',
    recess(bench),
    bumper(bench),
    tailLamps(bench),
  ].join('')
}

function rearWindow(bench: Workbench): string {
  const { vehicle, light, gradients, tones } = bench
  const { body } = vehicle
  const on = cabinSurface(
    bench,
    { y: body.tailCowlTop, back: body.tailCowlBack },
    { y: body.roofTop, back: body.tailRoofBack },
  )
  const frame =
    'M-1 -.05L-1 .9C-.97 .99 -.85 1.02 -.8 1.02C-.3 1.05 .3 1.05 .8 1.02C.85 1.02 .97 .99 1 .9L1 -.05Z'
  const pane =
    'M-.9 .06L-.86 .82C-.84 .88 -.8 .9 -.74 .9C-.3 .93 .3 .93 .74 .9C.8 .9 .84 .88 .86 .82L.9 .06C.4 0 -.4 0 -.9 .06Z'
  const glass = gradients.linear(on(0, 1), on(0, 0), [
    [0, paint('#0d1216', light.light)],
    [1, paint(mix('#1f2930', light.sky, 0.32), light.light)],
  ])
  const heater = [0.2, 0.32, 0.44, 0.56, 0.68].map((v) => `M-.8 ${v}L.8 ${v}`).join('')
  const shine = placePath(
    polygon([
      [0.3, 0.92],
      [0.6, 0.91],
      [0.4, 0.03],
      [0.02, 0.02],
    ]),
    on,
  )
  return (
    fill(placePath(frame, on), tones.base) +
    fill(placePath(pane, on), glass) +
    stroke(placePath(heater, on), paint('#5c4434', light.light, 1, 0.35), penOf(bench, 0.006)) +
    fill(shine, paint(light.sky, light.light, 1, 0.1))
  )
}

/** The boot lid of a sedan, or the bed of a pickup between the tailgate and the cabin. */
function deck(bench: Workbench): string {
  const { vehicle, at, gradients, tones, light } = bench
  const { body } = vehicle
  const bed = body.name === 'pickup'
  const lid: Place = (u, v) =>
    at(
      u * (body.half * 0.96 + (body.beltHalf - body.half * 0.96) * v),
      body.tailTop + (body.tailCowlTop - body.tailTop) * v + 0.03 * (1 - u * u),
      0.12 + (body.tailCowlBack - 0.12) * v,
    )
  const sheet = gradients.linear(lid(0, 0), lid(0, 1), [
    [0, tones.high],
    [1, bed ? paint('#0f1012', light.light) : tones.base],
  ])
  return fill(
    placePath('M-1 0L1 0L1 1.02L-1 1.02Z', lid),
    bed ? paint('#17191b', light.light) : sheet,
  )
}

function tailOutline({ vehicle: { body } }: Workbench): string {
  const [half, top, bottom] = [body.half, body.tailTop, body.clearance]
  return (
    `M${-half * 0.93} ${top - 0.02}C${-half * 0.5} ${top + 0.03} ${half * 0.5} ${top + 0.03} ${half * 0.93} ${top - 0.02}` +
    `C${half} ${top - 0.1} ${half} ${top - 0.2} ${half} ${(top + bottom) / 2}L${half * 0.99} ${bottom + 0.15}` +
    `C${half * 0.98} ${bottom + 0.03} ${half * 0.9} ${bottom} ${half * 0.8} ${bottom}L${-half * 0.8} ${bottom}` +
    `C${-half * 0.9} ${bottom} ${-half * 0.98} ${bottom + 0.03} ${-half * 0.99} ${bottom + 0.15}L${-half} ${(top + bottom) / 2}` +
    `C${-half} ${top - 0.2} ${-half} ${top - 0.1} ${-half * 0.93} ${top - 0.02}Z`
  )
}

function tail(bench: Workbench): string {
  const { vehicle, gradients, tones } = bench
  const { body } = vehicle
  const skin = gradients.linear(bench.face(0, body.tailTop), bench.face(0, body.clearance), [
    [0, tones.high],
    [0.15, tones.base],
    [0.6, tones.base],
    [0.75, tones.low],
    [1, tones.deep],
  ])
  const rounding = gradients.linear(bench.face(-body.half, 0.6), bench.face(body.half, 0.6), [
    [0, 'rgba(0,0,0,.45)'],
    [0.15, 'rgba(0,0,0,0)'],
    [0.85, 'rgba(0,0,0,0)'],
    [1, 'rgba(0,0,0,.45)'],
  ])
  const shape = placePath(tailOutline(bench), bench.face)
  return fill(shape, skin) + fill(shape, rounding)
}

function vanDoors(bench: Workbench): string {
  const { vehicle, light, tones, at } = bench
  const { body } = vehicle
  const up: Place = (x, y) => at(x, y, 0.04)
  const wall = roundedBox(
    [-body.half * 0.97, body.roofTop - 0.03],
    [body.half * 0.97, body.tailTop - 0.12],
    0.09,
  )
  const panes = [-1, 1].map((side) =>
    placePath(
      roundedBox(
        [side * 0.09, body.roofTop - 0.2],
        [side * body.half * 0.82, body.roofTop - 0.72],
        0.06,
      ),
      up,
    ),
  )
  return (
    fill(placePath(wall, up), tones.base) +
    fill(panes.join(''), paint(mix('#161d23', light.sky, 0.2), light.light)) +
    stroke(
      placePath(`M0 ${body.roofTop - 0.06}L0 ${body.clearance + 0.3}`, up),
      tones.deep,
      penOf(bench, 0.018),
    ) +
    fill(placePath(roundedBox([0.05, 1.22], [0.2, 1.16], 0.02), up), paint('#17191b', light.light))
  )
}

/** The darker field that holds the plate, with a handle above it. */
function recess(bench: Workbench): string {
  const { vehicle, tones, light } = bench
  const { body } = vehicle
  const [width, height] = vehicle.plate.design.size
  const [wide, tall, y] = [width / 2000 + 0.07, height / 2000 + 0.045, body.plateRear]
  return (
    fill(
      placePath(roundedBox([-wide, y + tall + 0.02], [wide, y - tall], 0.03), bench.face),
      tones.low,
    ) +
    stroke(
      placePath(`M${-wide} ${y + tall + 0.02}L${wide} ${y + tall + 0.02}`, bench.face),
      tones.deep,
      penOf(bench, 0.02),
    ) +
    fill(
      placePath(roundedBox([-0.2, y + tall + 0.05], [0.2, y + tall + 0.015], 0.012), bench.face),
      paint(body.name === 'pickup' ? '#1b1d20' : '#b9c0c6', light.light),
    )
  )
}

function bumper(bench: Workbench): string {
  const { vehicle, light, tones } = bench
  const { body, style } = vehicle
  const [half, bottom] = [body.half, body.clearance]
  const truck = body.name === 'pickup'
  const low = roundedBox([-half * 0.84, bottom + 0.13], [half * 0.84, bottom - 0.02], 0.05)
  const pipe = roundedBox([half * 0.5, bottom + 0.08], [half * 0.68, bottom + 0.015], 0.025)
  return (
    stroke(
      placePath(`M${-half * 0.97} ${bottom + 0.34}L${half * 0.97} ${bottom + 0.34}`, bench.face),
      tones.deep,
      penOf(bench, 0.012),
    ) +
    fill(placePath(low, bench.face), paint(truck ? '#a9afb5' : '#16181a', light.light)) +
    (style % 2 === 0 ? fill(both(bench, pipe), paint('#7d848a', dim(light.light, 0.9))) : '') +
    fill(
      both(bench, roundedBox([half * 0.6, bottom + 0.22], [half * 0.86, bottom + 0.18], 0.015)),
      paint('#8e1a1d', light.light),
    )
  )
}

function tailLamps(bench: Workbench): string {
  const { vehicle, light, tones } = bench
  const { body, style } = vehicle
  const outer = body.half * 0.965
  const upright =
    body.name === 'van' || body.name === 'pickup' || body.name === 'suv' || body.name === 'truck'
  const y = body.name === 'truck' ? 0.75 : body.tailTop - (upright ? 0.2 : 0.14)
  const inner = upright ? outer - 0.16 : body.half * (style % 2 === 0 ? 0.5 : 0.6)
  const tall = upright && body.name !== 'truck' ? 0.2 : 0.075
  const lamp = roundedBox([inner, y + tall], [outer, y - tall], 0.035)
  const white = roundedBox([inner + 0.02, y - tall * 0.1], [inner + 0.1, y - tall * 0.75], 0.015)
  const dark: Light = light.lampsOn ? [1, 0.8, 0.8] : light.light
  const parts = [
    fill(both(bench, lamp), paint(light.brakesOn ? '#ff3b30' : '#a5161b', dark)),
    fill(both(bench, white), paint('#e9dcd8', light.light, 0.9)),
    stroke(both(bench, lamp), tones.deep, penOf(bench, 0.01)),
    stroke(
      both(bench, `M${inner + 0.015} ${y + tall * 0.4}L${outer - 0.015} ${y + tall * 0.4}`),
      paint('#ff8a80', dark, 1, 0.7),
      penOf(bench, 0.014),
    ),
  ]
  const strength = light.brakesOn ? 0.55 : light.lampsOn ? 0.3 : 0
  if (strength > 0) {
    const x = (inner + outer) / 2
    parts.push(glow(bench, x, y, strength, '#ff4336'), glow(bench, -x, y, strength, '#ff4336'))
  }
  return parts.join('')
}

/** The rear of a box truck: two doors with bars, and a beam below. */
function cargoDoors(bench: Workbench): string {
  const { light, gradients, at, tones } = bench
  const on: Place = (x, y) => at(x, y, 0.03)
  const wall = gradients.linear(on(0, 3.6), on(0, 0.9), [
    [0, paint('#f0f1f1', light.light)],
    [1, paint('#c5c9cc', light.light)],
  ])
  const bars = [-0.42, -0.3, 0.3, 0.42].map((x) => `M${x} 3.6L${x} 1.02`).join('')
  const tape = Array.from({ length: 8 }, (_, index) =>
    roundedBox([-1.22 + index * 0.31, 1.12], [-1.07 + index * 0.31, 1.05], 0.005),
  )
  return (
    fill(placePath(roundedBox([-1.27, 3.75], [1.27, 0.98], 0.04), on), wall) +
    stroke(
      placePath('M0 3.7L0 1M-1.22 3.7L-1.22 1M1.22 3.7L1.22 1', on),
      paint('#8d9397', light.light),
      penOf(bench, 0.02),
    ) +
    stroke(placePath(bars, on), paint('#9aa1a6', light.light), penOf(bench, 0.035)) +
    fill(placePath(tape.join(''), on), paint('#c4272b', light.light, 1.1)) +
    fill(placePath(roundedBox([-1.2, 0.97], [1.2, 0.5], 0.03), on), paint('#25282b', light.light)) +
    fill(
      placePath(roundedBox([-1.1, 0.56], [1.1, 0.44], 0.03), on),
      paint('#3b4044', light.light),
    ) +
    fill(placePath(roundedBox([-0.32, 0.92], [0.32, 0.66], 0.02), on), tones.deep)
  )
}
