import { describe, expect, test } from 'vitest'

import { type Evidence, findingCuts, findingOf } from './finding.ts'

const capture = 'c'.repeat(32)
const copy = { kind: 'opening', opening: 'a'.repeat(32) } as const

function laid(change: Partial<Extract<Evidence, { kind: 'laid_over' }>> = {}): Evidence {
  return {
    kind: 'laid_over',
    capture,
    subject: 'plate',
    corners: 200,
    box: 0.98,
    grain: 0.9,
    frame: 0.99,
    around: 0.97,
    bare: false,
    ...change,
  }
}

describe('what looks alike is no finding', () => {
  test.for<[string, readonly Evidence[]]>([
    ['a near hash', [{ kind: 'near_hash', capture, distance: 2 }]],
    [
      'an equal plate in another picture',
      [{ kind: 'plate', capture, differing: 0 }, laid({ box: 0.2 })],
    ],
    ['a frame that agrees but for its plate', [laid({ box: 0.4, corners: 900, frame: 0.99 })]],
    ['a plate swapped within one frame', [laid({ box: 0.85, corners: 1_500 })]],
    [
      'a bare crop of the same plate in another picture',
      [laid({ corners: null, box: 0.93, grain: 0.4 })],
    ],
    [
      'a face that agrees with its surroundings, but not in what is finest: the next frame of the pass',
      [laid({ subject: 'face', grain: 0.5 })],
    ],
    ['the same plate in another photograph of its vehicle', [laid({ around: 0.6 })]],
    [
      'a photograph around whose plate nothing of the stored one is left to compare',
      [laid({ corners: null, around: null })],
    ],
    ['a face as alike as those of one person', [{ kind: 'face', capture, sure: true }]],
    ['few corners that agree by chance', [laid({ corners: 19, grain: 0.5 })]],
    ['a frame in which the plate is not seen', [laid({ box: null })]],
  ])('%s', ([, evidence]) => {
    expect(findingOf(evidence, 1).verdict).not.toBe('ours')
    expect(findingOf(evidence, 1).errorProbability).toBeNull()
  })
})

describe('what was not compared is never "not ours"', () => {
  test.for<[string, Evidence]>([
    ['a file that is no picture', { kind: 'not_compared', reason: 'It is text.' }],
    ['a picture whose candidate is shredded', { kind: 'shredded', capture }],
  ])('%s', ([, evidence]) => expect(findingOf([evidence], 0).verdict).toBe('unsure'))
})

test('a file without any trace is not ours', () => {
  expect(findingOf([], 0)).toMatchObject({ verdict: 'not_ours', level: null, capture: null })
})

test('another picture of the vehicle whose plate agrees better does not hide the one that it is', () => {
  const other = 'd'.repeat(32)
  const evidence = [laid({ capture: other, box: 0.99, around: 0.2 }), laid({ box: 0.96 })]
  for (const order of [evidence, evidence.toReversed()])
    expect(findingOf(order, 2)).toMatchObject({ verdict: 'ours', level: 'this_picture', capture })
})

test('each comparison more makes a chance agreement likelier, and the finding says so', () => {
  const [one, twenty] = [findingOf([laid()], 1), findingOf([laid()], 20)]
  expect(one).toMatchObject({ verdict: 'ours', level: 'this_picture', capture, copy: null })
  expect(one.errorProbability).toBeCloseTo(3 / findingCuts.strangersMeasured.plate)
  expect(twenty.errorProbability).toBeCloseTo(20 * (one.errorProbability ?? 0))
})

test('a bare crop needs its grain as well', () => {
  const bare = { corners: null, around: null, bare: true }
  expect(findingOf([laid(bare)], 1).verdict).toBe('ours')
  expect(findingOf([laid({ ...bare, grain: 0.7 })], 1).verdict).toBe('unsure')
})

test('another photograph of a vehicle that is stored is the same subject, for a person to look at', () => {
  expect(findingOf([laid({ around: 0.6 })], 1)).toMatchObject({
    verdict: 'unsure',
    level: 'same_subject',
    capture,
  })
})

test('exact bytes outrank a mark, a mark outranks a comparison; the copy that they name is said', () => {
  const mark = { kind: 'mark', way: 'blind', capture, copy, falsePositiveBound: 1e-12 } as const
  const other = { kind: 'opening', opening: 'b'.repeat(32) } as const
  expect(findingOf([laid(), mark], 3)).toMatchObject({ copy, errorProbability: 1e-12 })
  const exact = { kind: 'exact_bytes', capture, copy: other } as const
  expect(findingOf([mark, exact], 3)).toMatchObject({ copy: other, errorProbability: 0 })
})

test('a planted record names the release and no capture', () => {
  const canary = {
    kind: 'canary',
    canary: 'd'.repeat(32),
    release: 'e'.repeat(32),
    by: 'plate',
  } as const
  expect(findingOf([canary], 0)).toMatchObject({
    verdict: 'ours',
    capture: null,
    copy: { kind: 'release', release: canary.release },
    // That somebody else has such a plate by chance is not known.
    errorProbability: null,
  })
})
