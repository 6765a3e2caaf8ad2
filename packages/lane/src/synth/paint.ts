/** Colours under a light. */

/** What a white surface looks like under the light, per channel, 1 is full white. */
export type Light = readonly [red: number, green: number, blue: number]

export const daylight: Light = [1, 1, 1]

/** The CSS colour of a surface of colour `hex` (`#rrggbb`) under `light`, `gain` times as bright. */
export function paint(hex: string, light: Light = daylight, gain = 1, opacity = 1): string {
  const [red, green, blue] = channels(hex).map((value, at) =>
    Math.round(Math.min(255, value * (light[at] ?? 1) * gain)),
  )
  return opacity >= 1
    ? `rgb(${red},${green},${blue})`
    : `rgba(${red},${green},${blue},${opacity.toFixed(3)})`
}

/** The colour `share` of the way from one to the other. */
export function mix(from: string, to: string, share: number): string {
  const target = channels(to)
  const mixed = channels(from).map((value, at) =>
    Math.round(value + ((target[at] ?? 0) - value) * share)
      .toString(16)
      .padStart(2, '0'),
  )
  return `#${mixed.join('')}`
}

/** Light scaled towards dark, for surfaces that face away from it. */
export function dim(light: Light, factor: number): Light {
  return [light[0] * factor, light[1] * factor, light[2] * factor]
}

function channels(hex: string): readonly number[] {
  return [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16))
}

/** A filled path. */
export function fill(path: string, colour: string, more = ''): string {
  return `<path d="${path}" fill="${colour}"${more === '' ? '' : ` ${more}`}/>`
}

/** A path drawn with a pen `width` pixels wide. */
export function stroke(path: string, colour: string, width: number, more = ''): string {
  return `<path d="${path}" fill="none" stroke="${colour}" stroke-width="${width.toFixed(2)}"${more === '' ? '' : ` ${more}`}/>`
}

/** Collects the gradients of one drawing: ids are unique within it. */
export class Gradients {
  readonly #prefix: string
  #defined = ''
  #count = 0

  constructor(prefix: string) {
    this.#prefix = prefix
  }

  /** A linear gradient between two pixels; stops are [offset, colour]. Returns its `url(#…)`. */
  linear(
    from: { readonly x: number; readonly y: number },
    to: { readonly x: number; readonly y: number },
    stops: readonly (readonly [number, string])[],
  ): string {
    const ends = `x1="${from.x.toFixed(1)}" y1="${from.y.toFixed(1)}" x2="${to.x.toFixed(1)}" y2="${to.y.toFixed(1)}"`
    return this.#add('linearGradient', ends, stops)
  }

  /** A radial gradient around a pixel. */
  radial(
    centre: { readonly x: number; readonly y: number },
    radius: number,
    stops: readonly (readonly [number, string])[],
    more = '',
  ): string {
    const shape = `cx="${centre.x.toFixed(1)}" cy="${centre.y.toFixed(1)}" r="${radius.toFixed(1)}" ${more}`
    return this.#add('radialGradient', shape, stops)
  }

  /** `<defs>` with everything defined so far. */
  defs(): string {
    return `<defs>${this.#defined}</defs>`
  }

  #add(kind: string, shape: string, stops: readonly (readonly [number, string])[]): string {
    const id = `${this.#prefix}${this.#count++}`
    const list = stops.map(([at, colour]) => `<stop offset="${at}" stop-color="${colour}"/>`)
    this.#defined += `<${kind} id="${id}" gradientUnits="userSpaceOnUse" ${shape}>${list.join('')}</${kind}>`
    return `url(#${id})`
  }
}
