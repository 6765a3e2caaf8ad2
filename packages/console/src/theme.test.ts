import { readFileSync } from 'node:fs'

import { expect, test } from 'vitest'

const css = readFileSync(new URL('./theme.css', import.meta.url), 'utf8')
const [light = '', dark = ''] = css.split("[data-mantine-color-scheme='dark']")

/** The colour tokens of one scheme. */
function tokens(text: string): ReadonlyMap<string, string> {
  const found = text.slice(0, text.indexOf('\n}')).matchAll(/--sp-([\w-]+): (#[0-9a-f]{6});/g)
  return new Map(Array.from(found, ([, name = '', value = '']) => [name, value]))
}

/** Relative luminance (WCAG 2.2). */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b)
  return (high + 0.05) / (low + 0.05)
}

const grounds = ['ground', 'surface', 'sunken']
/** What is drawn on what, and the least contrast: 4.5 for text, 3 for edges and marks. */
const pairs: readonly (readonly [string, readonly string[], number])[] = [
  ['ink', [...grounds, 'accent-soft', 'warn-soft', 'bad-soft'], 7],
  ['ink-2', [...grounds, 'accent-soft', 'warn-soft', 'bad-soft'], 4.5],
  ['ink-3', [...grounds, 'accent-soft', 'warn-soft', 'bad-soft'], 4.5],
  ['accent', [...grounds, 'accent-soft'], 4.5],
  ['warn', [...grounds, 'warn-soft'], 4.5],
  ['bad', [...grounds, 'bad-soft'], 4.5],
  ['accent-ink', ['accent'], 4.5],
  ['bad-ink', ['bad'], 4.5],
  ['line-strong', grounds, 3],
  ['warn-line', ['surface', 'warn-soft'], 3],
  ['bad-line', ['surface', 'bad-soft'], 3],
]

test.each([
  ['light', light],
  ['dark', dark],
])('every pair of colours in the %s scheme can be told apart', (_name, text) => {
  const colours = tokens(text)
  const weak = pairs.flatMap(([name, on, least]) =>
    on
      .map((ground) => {
        const ratio = contrast(colours.get(name) ?? '#000000', colours.get(ground) ?? '#000000')
        return { pair: `${name} on ${ground}`, ratio: Math.round(ratio * 100) / 100, least }
      })
      .filter(({ ratio }) => ratio < least),
  )
  expect(colours.size).toBeGreaterThan(15)
  expect(weak).toEqual([])
})
