/** One plate, drawn on a surface of millimetres. */

import { type Lettering, textPath, textWidth } from './glyphs.ts'
import { type Light, Gradients, fill, mix, paint, stroke } from './paint.ts'
import type { Emblem, PlateDesign } from './plate-designs.ts'
import { type Place, ellipse, placePath, polygon, roundedBox } from './projection.ts'

export type PlateLook = {
  readonly light: Light
  /** A sheet throws a headlight's or lamp's light back: 1 is daylight, more is brighter. */
  readonly reflection: number
  /** Share of the plate's lower part under dirt, 0 to 1. */
  readonly dirt: number
  /** A dealer's frame around the edge. */
  readonly frame: boolean
}

/**
 * SVG of a plate. `place` maps millimetres from its top left corner to pixels, `scale` is pixels per
 * millimetre, `text` is what is painted, with separators.
 */
export function drawPlate(
  design: PlateDesign,
  text: string,
  look: PlateLook,
  surface: { readonly place: Place; readonly scale: number; readonly gradients: Gradients },
): string {
  const { place, scale, gradients } = surface
  const [width, height] = design.size
  const { light, reflection: gain } = look
  const on = (path: string): string => placePath(path, place)
  const sheet = gradients.linear(place(width / 2, 0), place(width / 2, height), [
    [0, paint(design.sheet[0], light, gain)],
    [1, paint(design.sheet[1], light, gain)],
  ])
  const pen = (unit: number): number => Math.max(0.5, unit * scale)
  const parts = [
    fill(on(roundedBox([-4, -3], [width + 5, height + 6], 10)), 'rgba(0,0,0,.45)'),
    fill(on(roundedBox([0, 0], [width, height], 9)), sheet),
    emblem(design.emblem, design, surface, look),
    band(design, surface, look),
    words(design, surface, look),
    bolts(design, surface, look),
    characters(design, text, surface, look),
    stroke(
      on(roundedBox([3.5, 3.5], [width - 3.5, height - 3.5], 7)),
      paint(mix(design.ink, design.sheet[0], 0.45), light, gain),
      pen(2),
    ),
  ]
  if (look.dirt > 0) parts.push(dirt(design, surface, look))
  if (look.frame) {
    parts.push(
      stroke(on(roundedBox([1, 1], [width - 1, height - 1], 8)), paint('#1b1c1e', light), pen(9)),
    )
  }
  return parts.join('')
}

type Surface = { readonly place: Place; readonly scale: number; readonly gradients: Gradients }

function characters(design: PlateDesign, text: string, surface: Surface, look: PlateLook): string {
  const { lettering, top } = design
  const room = freeWidth(design)
  const fitted = fit(text, lettering, room.width)
  const left = room.left + (room.width - textWidth(text, fitted)) / 2
  const path = (du: number, dv: number): string =>
    placePath(textPath(text, [left + du, top + dv], fitted), surface.place)
  const width = fitted.pen * surface.scale
  const joints = 'stroke-linejoin="round" stroke-linecap="butt"'
  // Embossed: a bright edge above and a dark one below the ink.
  return (
    stroke(path(-0.8, -1.1), paint('#ffffff', look.light, look.reflection, 0.55), width, joints) +
    stroke(
      path(1, 1.4),
      paint(mix(design.ink, '#000000', 0.5), look.light, 1, 0.4),
      width,
      joints,
    ) +
    stroke(
      path(0, 0),
      paint(design.ink, look.light, Math.min(1.25, look.reflection)),
      width,
      joints,
    )
  )
}

/** The plate's width beside a side band, with a margin. */
function freeWidth({ size, band }: PlateDesign): { left: number; width: number } {
  const left = (band?.side === 'left' ? band.size : 0) + 17
  return { left, width: size[0] - left - 17 }
}

function fit(text: string, lettering: Lettering, width: number): Lettering {
  const wide = textWidth(text, lettering)
  if (wide <= width) return lettering
  const share = width / wide
  return {
    ...lettering,
    aspect: lettering.aspect * share,
    gap: lettering.gap * share,
    pen: lettering.pen * Math.max(0.86, share),
  }
}

function band(design: PlateDesign, { place }: Surface, look: PlateLook): string {
  const { band: strip, size } = design
  if (strip === null) return ''
  const colour = paint(strip.colour, look.light, Math.min(1.3, look.reflection))
  if (strip.side === 'top') {
    return fill(placePath(roundedBox([0, 0], [size[0], strip.size], 6), place), colour)
  }
  const ring = Array.from({ length: 12 }, (_, at) => {
    const angle = (at / 12) * Math.PI * 2
    return ellipse(strip.size / 2 + 12 * Math.sin(angle), 32 - 12 * Math.cos(angle), 1.9, 1.9)
  })
  return (
    fill(placePath(roundedBox([0, 0], [strip.size, size[1]], 8), place), colour) +
    fill(placePath(ring.join(''), place), paint('#f4cf3a', look.light, 0.95))
  )
}

function words(design: PlateDesign, surface: Surface, look: PlateLook): string {
  const [width, height] = design.size
  const line = (
    text: string,
    tall: number,
    middle: number,
    top: number,
    wide: number,
    ink = design.headingInk,
  ): string => {
    const colour = paint(ink, look.light, Math.min(1.2, look.reflection))
    const lettering = fit(text, { height: tall, pen: tall * 0.2, aspect: 0.62, gap: 0.22 }, wide)
    const at = [middle - textWidth(text, lettering) / 2, top] as const
    const path = placePath(textPath(text, at, lettering), surface.place)
    return stroke(path, colour, lettering.pen * surface.scale, 'stroke-linejoin="round"')
  }
  if (design.band?.side === 'left') return line(design.heading, 20, design.band.size / 2, 72, 28)
  const inBand = design.band !== null
  const heading = line(design.heading, inBand ? 13 : 17, width / 2, inBand ? 7 : 13, width * 0.6)
  return design.slogan === ''
    ? heading
    : heading + line(design.slogan, 9, width / 2, height - 20, width * 0.62, design.ink)
}

function emblem(kind: Emblem, design: PlateDesign, surface: Surface, look: PlateLook): string {
  const [width, height] = design.size
  const tone = (colour: string, opacity: number): string => paint(colour, look.light, 1, opacity)
  const on = (path: string): string => placePath(path, surface.place)
  switch (kind) {
    case 'hills':
      return hills([width, height], on, tone)
    case 'sun':
      return (
        fill(on(dome(width / 2, height - 3, 70)), tone('#f08f2c', 0.35)) +
        fill(on(dome(width / 2, height - 3, 44)), tone('#e2571e', 0.4))
      )
    case 'pine':
      return [26, 52, width - 52, width - 26]
        .map((u) =>
          fill(
            on(
              polygon([
                [u, 96],
                [u + 13, 136],
                [u - 13, 136],
              ]),
            ),
            tone('#2d7350', 0.45),
          ),
        )
        .join('')
    case 'waves':
      return [112, 124, 136]
        .map((v) =>
          stroke(
            on(
              `M8 ${v}C60 ${v - 12} 90 ${v + 12} ${width / 2} ${v}C215 ${v - 12} 245 ${v + 12} 297 ${v}`,
            ),
            tone('#2f7fb5', 0.35),
            4 * surface.scale,
          ),
        )
        .join('')
    case 'star': {
      const points = Array.from({ length: 12 }, (_, at) => {
        const [angle, radius] = [(at / 12) * Math.PI * 2, at % 2 === 0 ? 15 : 6]
        return [30 + radius * Math.sin(angle), 24 - radius * Math.cos(angle)] as const
      })
      return fill(on(polygon(points)), tone('#b3262e', 0.8))
    }
    case 'none':
      return ''
  }
}

function hills(
  [width, height]: readonly [number, number],
  on: (path: string) => string,
  tone: (colour: string, opacity: number) => string,
): string {
  return (
    fill(
      on(
        polygon([
          [0, 118],
          [60, 92],
          [110, 112],
          [180, 84],
          [250, 108],
          [width, 90],
          [width, height],
          [0, height],
        ]),
      ),
      tone('#6fa267', 0.5),
    ) +
    fill(
      on(
        polygon([
          [0, 132],
          [90, 112],
          [170, 128],
          [width, 112],
          [width, height],
          [0, height],
        ]),
      ),
      tone('#497f4c', 0.5),
    )
  )
}

/** The upper half of a circle, on the line `v`. */
function dome(u: number, v: number, radius: number): string {
  const k = radius * 0.5523
  return (
    `M${u - radius} ${v}C${u - radius} ${v - k} ${u - k} ${v - radius} ${u} ${v - radius}` +
    `C${u + k} ${v - radius} ${u + radius} ${v - k} ${u + radius} ${v}Z`
  )
}

function bolts({ size, jurisdiction }: PlateDesign, { place }: Surface, look: PlateLook): string {
  const [width, height] = size
  const inset = jurisdiction === 'EU' ? 0.25 : 0.2
  const rows = jurisdiction === 'EU' ? [height / 2] : jurisdiction === 'BR' ? [] : [14]
  return rows
    .flatMap((v) => [width * inset, width * (1 - inset)].map((u) => [u, v] as const))
    .map(([u, v]) =>
      fill(placePath(ellipse(u, v, 4.6, 4.6), place), paint('#6d7073', look.light, 1, 0.75)),
    )
    .join('')
}

function dirt({ size }: PlateDesign, { place, gradients }: Surface, look: PlateLook): string {
  const [width, height] = size
  const mud = (opacity: number): string => paint('#5d4c38', look.light, 1, opacity)
  const film = gradients.linear(place(width / 2, 0), place(width / 2, height), [
    [0, mud(0.08 * look.dirt)],
    [0.45, mud(0.3 * look.dirt)],
    [1, mud(0.95 * look.dirt)],
  ])
  const clods = Array.from({ length: 9 }, (_, at) =>
    ellipse(
      width * (0.08 + 0.84 * (((at * 73) % 97) / 97)),
      height * (0.5 + ((at * 37) % 53) / 140),
      8 + ((at * 29) % 15),
      4 + ((at * 13) % 8),
    ),
  )
  return (
    fill(placePath(roundedBox([0, 0], [width, height], 9), place), film) +
    fill(placePath(clods.join(''), place), mud(0.55 * look.dirt))
  )
}
