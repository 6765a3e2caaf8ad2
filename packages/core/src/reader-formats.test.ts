/** The answers are compared whole and in their order: what other people's clients were built on. */

import { readFileSync } from 'node:fs'

import { expect, test } from 'vitest'

import type { Look } from './plate.ts'
import { openAlprAnswer, plateRecognizerAnswer } from './reader-formats.ts'

const golden = (name: string): string =>
  readFileSync(new URL(`../../../specs/vectors/readers/${name}.json`, import.meta.url), 'utf8')

const look: Look = {
  text: 'AB0123',
  confidence: 0.91266,
  characters: [],
  jurisdiction: { code: 'us-ca', confidence: 0.8749 },
  corners: [
    { x: 100.4, y: 200.6 },
    { x: 220.5, y: 202.2 },
    { x: 219.6, y: 250.1 },
    { x: 99.7, y: 249.9 },
  ],
  box: { x: 99.7, y: 200.6, width: 120.8, height: 49.5 },
  alternatives: [
    { text: 'ABO123', confidence: 0.0512 },
    { text: 'A80123', confidence: 0.0104 },
  ],
  detection: 0.98765,
  plateWidthPx: 120,
}
const nowhere: Look = { ...look, text: '7XYZ', jurisdiction: null, alternatives: [] }
const empty: Look = { ...look, text: '' }
const answer = {
  file: 'gate/car.jpg',
  picture: { width: 1280, height: 720 },
  looks: [look, empty, nowhere],
  ms: 41.5,
  now: new Date('2026-07-22T14:03:11.250Z'),
}
const whole = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

test('an OpenALPR client finds every key where it was, percentages and all', () => {
  expect(whole(openAlprAnswer(answer))).toBe(golden('openalpr'))
})

test('a Plate Recognizer client finds every key where it was, lower case and all', () => {
  const asked = {
    cameraId: 'gate-1',
    timestamp: '2026-07-22T14:03:10Z',
    usage: { calls: 12, max_calls: 100_000 },
  }
  expect(whole(plateRecognizerAnswer(answer, asked))).toBe(golden('platerecognizer'))
})

test('a picture without a plate is an empty list in both, not an error', () => {
  expect(openAlprAnswer({ ...answer, looks: [empty] }).results).toEqual([])
  expect(plateRecognizerAnswer({ ...answer, looks: [] })).toMatchObject({
    results: [],
    camera_id: null,
    timestamp: '2026-07-22T14:03:11.250Z',
  })
})
