import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'

import type { Plate } from '../api/types.ts'
import { PlateCells } from './plate-cells.tsx'

const plate: Plate = {
  kind: 'unsure',
  text: 'A8',
  confidence: 0.62,
  reason: 'low_confidence',
  jurisdiction: null,
  looks: 3,
  agreement: 0.6,
  characters: [
    { character: 'A', confidence: 0.999, alternatives: [] },
    {
      character: '8',
      confidence: 0.62,
      alternatives: [{ character: 'B', confidence: 0.31 }],
    },
  ],
}

const draw = (one: Plate) => renderToStaticMarkup(createElement(PlateCells, { plate: one }))

test('doubt is drawn by more than colour: marks, a number and the alternatives', () => {
  const markup = draw(plate)
  expect(markup.match(/data-on="true"/g)).toHaveLength(5 + 2)
  expect(markup).toContain('62 %')
  expect(markup).toContain('<b>B</b> 31 %')
  expect(markup).toContain('aria-label="Unsure, best guess A 8. 8: 62 %, weak, or B 31 %"')
})

test('a plate without a text shows no cells that could be taken for one', () => {
  const markup = draw({
    ...plate,
    kind: 'unreadable',
    text: null,
    reason: 'no_plate_found',
    characters: [],
  })
  expect(markup).toContain('aria-hidden="true"')
  expect(markup.replace(/<[^>]*>/g, '')).toBe('')
})

test('a text whose characters were not kept still shows, at the confidence of the whole', () => {
  expect(
    draw({ ...plate, characters: [], confidence: 0.5 }).match(/data-weak="true"/g),
  ).toHaveLength(2)
})
