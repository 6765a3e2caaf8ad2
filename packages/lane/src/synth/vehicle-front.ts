/** The front of a vehicle: cabin without people, bonnet, face, lamps. */

import { dim, fill, mix, paint, stroke } from './paint.ts'
import { type Place, ellipse, placePath, polygon, roundedBox } from './projection.ts'
import { mirrors, roof, tyres, windscreen } from './vehicle-cabin.ts'
import { type Workbench, both, faceDepth, glow, penOf } from './workbench.ts'

/** SVG of everything that is seen from the front except side, shadow and plate. */
export function drawFront(bench: Workbench): string {
  const { body } = bench.vehicle
  return [
    body.name === 'truck' ? cargoBox(bench) : '',
    tyres(bench),
    roof(bench),
    windscreen(bench),
    mirrors(bench),
    body.name === 'truck' ? '' : bonnet(bench),
    face(bench),
    intake(bench),
    grille(bench),
    headlamps(bench),
  ].join('')
}

function cargoBox({ at, light, gradients }: Workbench): string {
  const on: Place = (x, y) => at(x, y, 1.5)
  const wall = gradients.linear(on(0, 3.6), on(0, 1), [
    [0, paint('#f2f3f3', light.light)],
    [1, paint('#c3c7ca', light.light)],
  ])
  return fill(placePath(roundedBox([-1.27, 3.7], [1.27, 0.9], 0.05), on), wall)
}

function bonnet(bench: Workbench): string {
  const { vehicle, at, gradients, tones, light } = bench
  const { body } = vehicle
  const on: Place = (u, v) => {
    const half = (body.half + (body.beltHalf - body.half) * v) * 0.965
    const nose = faceDepth(body, u * body.half, body.noseTop)
    const crown = 0.05 * (1 - u * u) * (1 - v * 0.4)
    return at(
      u * half,
      body.noseTop - 0.05 + (body.cowlTop - body.noseTop + 0.05) * v + crown,
      nose + (body.cowlBack - nose) * v,
    )
  }
  const sheet = gradients.linear(on(0, 0), on(0, 1), [
    [0, tones.base],
    [0.35, tones.high],
    [1, paint(mix(vehicle.colour, light.sky, 0.45), light.light)],
  ])
  const crease = placePath('M-.6 0C-.58 .3 -.5 .7 -.46 1M.6 0C.58 .3 .5 .7 .46 1', on)
  return (
    fill(placePath('M-1 0C-.6 -.02 .6 -.02 1 0L1 1C.5 1.03 -.5 1.03 -1 1Z', on), sheet) +
    fill(
      placePath(
        polygon([
          [-0.6, 0],
          [-0.46, 1],
          [-1, 1],
          [-1, 0],
        ]),
        on,
      ),
      tones.low,
      'opacity=".28"',
    ) +
    fill(
      placePath(
        polygon([
          [0.6, 0],
          [0.46, 1],
          [1, 1],
          [1, 0],
        ]),
        on,
      ),
      tones.low,
      'opacity=".28"',
    ) +
    stroke(crease, tones.low, penOf(bench, 0.012), 'opacity=".7"') +
    stroke(placePath('M-1 1C-.5 1.03 .5 1.03 1 1', on), tones.deep, penOf(bench, 0.03))
  )
}

function face(bench: Workbench): string {
  const { vehicle, gradients, tones, light } = bench
  const { body } = vehicle
  const [half, top, bottom] = [body.half, body.noseTop, body.clearance]
  const outline =
    `M${-half * 0.95} ${top - 0.05}C${-half * 0.5} ${top + 0.035} ${half * 0.5} ${top + 0.035} ${half * 0.95} ${top - 0.05}` +
    `C${half} ${top - 0.12} ${half} ${top - 0.2} ${half} ${(top + bottom) / 2}L${half * 0.99} ${bottom + 0.14}` +
    `C${half * 0.98} ${bottom + 0.03} ${half * 0.92} ${bottom} ${half * 0.8} ${bottom}L${-half * 0.8} ${bottom}` +
    `C${-half * 0.92} ${bottom} ${-half * 0.98} ${bottom + 0.03} ${-half * 0.99} ${bottom + 0.14}L${-half} ${(top + bottom) / 2}` +
    `C${-half} ${top - 0.2} ${-half} ${top - 0.12} ${-half * 0.95} ${top - 0.05}Z`
  const skin = gradients.linear(bench.face(0, top), bench.face(0, bottom), [
    [0, tones.high],
    [0.18, tones.base],
    [0.55, tones.base],
    [0.72, tones.low],
    [1, tones.deep],
  ])
  const rounding = gradients.linear(bench.face(-half, 0.6), bench.face(half, 0.6), [
    [0, 'rgba(0,0,0,.42)'],
    [0.16, 'rgba(0,0,0,0)'],
    [0.84, 'rgba(0,0,0,0)'],
    [1, 'rgba(0,0,0,.42)'],
  ])
  const shape = placePath(outline, bench.face)
  const lip = roundedBox([-half * 0.86, bottom + 0.06], [half * 0.86, bottom - 0.03], 0.03)
  return (
    fill(shape, skin) +
    fill(shape, rounding) +
    fill(placePath(lip, bench.face), paint('#131416', dim(light.light, 0.9))) +
    stroke(
      placePath(
        `M${-half * 0.95} ${top - 0.05}C${-half * 0.5} ${top + 0.035} ${half * 0.5} ${top + 0.035} ${half * 0.95} ${top - 0.05}`,
        bench.face,
      ),
      tones.deep,
      penOf(bench, 0.014),
    )
  )
}

function intake(bench: Workbench): string {
  const { vehicle, light, tones } = bench
  const { body, style } = vehicle
  const [bottom, half] = [body.clearance, body.half]
  const wide = half * (style % 2 === 0 ? 0.62 : 0.5)
  const mouth = roundedBox([-wide, bottom + 0.17], [wide, bottom + 0.07], 0.035)
  const slats = [0.1, 0.135]
    .map((up) => `M${-wide + 0.02} ${bottom + up}L${wide - 0.02} ${bottom + up}`)
    .join('')
  const corner = roundedBox([half * 0.66, bottom + 0.25], [half * 0.9, bottom + 0.1], 0.05)
  const fog = ellipse(half * 0.78, bottom + 0.175, 0.05, 0.045)
  return (
    fill(placePath(mouth, bench.face), paint('#0d0e10', light.light)) +
    stroke(placePath(slats, bench.face), paint('#2b2e32', light.light), penOf(bench, 0.012)) +
    fill(both(bench, corner), paint('#131518', light.light)) +
    fill(both(bench, fog), paint('#aab2b8', light.light, light.lampsOn ? 1.3 : 0.9)) +
    stroke(
      placePath(
        `M${-half * 0.97} ${bottom + 0.3}L${-half * 0.62} ${bottom + 0.27}M${half * 0.62} ${bottom + 0.27}L${half * 0.97} ${bottom + 0.3}`,
        bench.face,
      ),
      tones.deep,
      penOf(bench, 0.01),
    )
  )
}

function grille(bench: Workbench): string {
  const { vehicle, light } = bench
  const { body, style } = vehicle
  const truck = body.name === 'truck'
  const top = truck
    ? body.noseTop - 0.13
    : Math.min(body.noseTop - 0.07, body.lamp.y + body.lamp.tall * 1.1)
  const [, plateTall] = vehicle.plate.design.size
  const bottom = Math.max(body.plateFront + plateTall / 2000 + (truck ? 0.22 : 0.03), top - 0.5)
  const wide = body.lamp.inner - (style % 3 === 1 ? 0.1 : 0.02)
  const low = style % 3 === 2 && !truck ? Math.max(bottom, top - 0.1) : bottom
  const shape =
    style % 3 === 1
      ? polygon([
          [-wide, top],
          [wide, top],
          [wide * 0.82, bottom],
          [-wide * 0.82, bottom],
        ])
      : roundedBox([-wide, top], [wide, low], 0.04)
  const bars =
    style % 2 === 0
      ? Array.from({ length: 5 }, (_, at) => {
          const y = top - ((at + 1) / 6) * (top - low)
          return `M${-wide * 0.93} ${y}L${wide * 0.93} ${y}`
        })
      : Array.from({ length: 15 }, (_, at) => {
          const x = -wide * 0.84 + (at / 14) * wide * 1.68
          return `M${x} ${top - 0.015}L${x} ${low + 0.015}`
        })
  const chrome = paint('#c6ccd1', light.light)
  const middle = (top + low) / 2
  const badge =
    style % 2 === 0
      ? ellipse(0, middle, 0.055, 0.055)
      : polygon([
          [-0.06, middle],
          [0, middle + 0.055],
          [0.06, middle],
          [0, middle - 0.055],
        ])
  return (
    fill(placePath(shape, bench.face), paint('#0e1012', light.light)) +
    stroke(
      placePath(bars.join(''), bench.face),
      paint('#596067', light.light),
      penOf(bench, 0.013),
    ) +
    stroke(placePath(shape, bench.face), chrome, penOf(bench, 0.014)) +
    fill(placePath(badge, bench.face), chrome) +
    stroke(placePath(badge, bench.face), paint('#3f464d', light.light), penOf(bench, 0.01))
  )
}

function headlamps(bench: Workbench): string {
  const { vehicle, light } = bench
  const { body, style } = vehicle
  const { y, tall, inner } = body.lamp
  const outer = body.half * 0.965
  const slant = style % 3 === 1 ? 0.04 : 0
  const housing =
    `M${inner} ${y - tall * 0.7}L${outer - 0.06} ${y - tall + slant}Q${outer} ${y - tall + slant} ${outer} ${y - tall * 0.3 + slant}` +
    `L${outer - 0.02} ${y + tall + slant}Q${outer - 0.1} ${y + tall * 1.25 + slant} ${inner + 0.1} ${y + tall * 0.8}L${inner + 0.01} ${y + tall * 0.45}Z`
  const lens = [0.36, 0.68].map(
    (share) => [inner + (outer - inner) * share, y + slant * share] as const,
  )
  const strip = `M${inner + 0.03} ${y - tall * 0.45}L${outer - 0.04} ${y - tall * 0.62 + slant}`
  const lit = light.lampsOn
  const parts = [
    fill(both(bench, housing), paint('#2a3036', light.light)),
    fill(both(bench, housing), paint(light.sky, light.light, 1, 0.28)),
    ...lens.map(([x, up]) =>
      fill(both(bench, ellipse(x, up, tall * 0.62, tall * 0.62)), paint('#c9d3da', light.light)),
    ),
    ...lens.map(([x, up]) =>
      fill(
        both(bench, ellipse(x, up, tall * 0.4, tall * 0.4)),
        lit ? '#fffdf2' : paint('#717c85', light.light),
      ),
    ),
    stroke(
      both(bench, strip),
      lit ? '#ffffff' : paint('#eef3f6', light.light),
      penOf(bench, 0.018),
    ),
    stroke(both(bench, housing), paint('#0c0d0f', light.light), penOf(bench, 0.009)),
  ]
  if (lit) {
    const x = inner + (outer - inner) * 0.5
    parts.push(glow(bench, x, y, 0.5, '#fff6dc'), glow(bench, -x, y, 0.5, '#fff6dc'))
  }
  return parts.join('')
}
