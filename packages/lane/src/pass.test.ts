import { expect, test } from 'vitest'

import { beginPass, keepBest } from './pass.ts'
import { testLook, testPicture } from './testing/pictures.ts'
import { followLooks } from './track.ts'

/** The time of the look that is kept after looks of one plate 200 ms apart, with these confidences. */
function keptAt(confidences: readonly number[]): number | null {
  const pass = beginPass(0)
  for (const [at, confidence] of confidences.entries()) {
    const atMs = at * 200
    pass.tracks = followLooks(pass.tracks, [testLook('ABC123', { confidence })], {
      frame: at,
      atMs,
    })
    const frame = {
      image: new Uint8Array(),
      takenAt: new Date(atMs),
      monotonicMs: atMs,
      pass: 'live' as const,
    }
    keepBest(pass, frame, testPicture(), atMs)
  }
  return pass.best.values().next().value?.look?.atMs ?? null
}

test('a vehicle that rolls up is kept as it stands, not as it came', () => {
  expect(keptAt([0.6, 1, 0.95, 0.93])).toBe(600)
})

test('what got between camera and plate takes no good picture’s place', () => {
  expect(keptAt([0.6, 1, 0.5, 0.8])).toBe(200)
})

test('looks that get worse little by little do not creep past the best one', () => {
  expect(keptAt([1, 0.9, 0.8, 0.7, 0.6])).toBe(200)
})
