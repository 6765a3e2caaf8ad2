import { expect, test } from 'vitest'

import { fitting } from './fitting.ts'

const parts = { gap: 4, more: 60 }

test.each<[string, readonly number[], number, number]>([
  ['all fit to the pixel: no "more" is needed', [50, 50, 50], 158, 3],
  ['one pixel short: "more" takes the room of two', [50, 50, 50], 157, 1],
  ['a bar too small for anything', [50, 50, 50], 40, 0],
  ['a bar of no width, as before the first layout', [50, 50], 0, 0],
  ['no pages at all', [], 0, 0],
  ['a wide one early keeps what follows out: the order stays', [200, 10, 10], 150, 0],
])('%s', (_name, widths, room, count) => {
  expect(fitting(widths, room, parts)).toBe(count)
})

test('whatever is shown fits, and one more would not', () => {
  const widths = Array.from({ length: 14 }, (_, at) => 40 + ((at * 37) % 50))
  const used = (shown: number): number =>
    widths.slice(0, shown).reduce((sum, width) => sum + width + parts.gap, 0)
  const wrong = Array.from({ length: 900 }, (_, room) => room).filter((room) => {
    const count = fitting(widths, room, parts)
    const fits = count === 0 || count === widths.length || used(count) + parts.more <= room
    const full = count >= widths.length - 1 || used(count + 1) + parts.more > room
    return !fits || !full
  })
  expect(wrong).toEqual([])
})
