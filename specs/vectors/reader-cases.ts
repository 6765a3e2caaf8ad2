/** Vectors of docs/integrating.md: one picture's plates as other readers' clients expect them. */

import type { Look } from '@sallyport/core/plate'
import { checkAnswer } from '@sallyport/core/reader-check'
import {
  openAlprAnswer,
  plateRecognizerAnswer,
  type ReaderAnswer,
} from '@sallyport/core/reader-formats'

const read: Look = {
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
const withoutCharacters: Look = { ...read, text: '' }
const ofNoKnownPlace: Look = { ...read, text: '7XYZ', jurisdiction: null, alternatives: [] }

/** Answers of readers that were changed in one place, and what a check says of each. */
function changedAnswers(good: object): readonly object[] {
  const text = JSON.stringify(good)
  const changed = (name: string, from: RegExp, to: string) => {
    const answer = text.replace(from, to)
    if (answer === text) throw new Error(`${name}: nothing was changed`)
    const parsed: unknown = JSON.parse(answer)
    return { name, answer: parsed, findings: checkAnswer('platerecognizer', parsed).findings }
  }
  return [
    { name: 'as it should be', answer: good, findings: [] },
    changed('plates in capitals', /"plate":"ab0123"/, '"plate":"AB0123"'),
    changed('a score in percent', /"dscore":0\.988/, '"dscore":98.8'),
    changed('a box without one side', /"xmax":221,/, ''),
    changed('scores as texts', /"score":0\.875/, '"score":"0.875"'),
    changed('results that are no list', /"results":\[.*\],"filename"/, '"results":{},"filename"'),
    changed('no time', /,"timestamp":"[^"]*"/, ''),
  ]
}

export function readerVectors(now: Date): ReadonlyMap<string, unknown> {
  const answer: ReaderAnswer = {
    file: 'gate/car.jpg',
    picture: { width: 1280, height: 720 },
    looks: [read, withoutCharacters, ofNoKnownPlace],
    ms: 41.5,
    now,
  }
  const good = plateRecognizerAnswer(answer, {
    cameraId: 'gate-1',
    timestamp: '2026-07-22T14:03:10Z',
    usage: { calls: 12, max_calls: 100_000 },
  })
  return new Map<string, unknown>([
    ['readers/openalpr.json', openAlprAnswer(answer)],
    ['readers/platerecognizer.json', good],
    ['readers/platerecognizer-changed.json', changedAnswers(good)],
  ])
}
