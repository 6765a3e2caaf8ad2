import { describe, expect, test } from 'vitest'

import type { FaceCurves } from '../face-calibration.ts'
import { defaultThresholds } from '../face-calibration.ts'
import { decideOutcome, type GalleryFinding } from './outcome.ts'

/** A match at 0.1 or nearer in small galleries, no match from 0.3 on; one in a million is known of. */
const curves: FaceCurves = {
  impostors: 30_000_000,
  genuine: 10_000,
  falseMatch: [
    { distance: 0.4, share: 0.5 },
    { distance: 0.1, share: 0.001 },
    { distance: 0.05, share: 0.000_001 },
  ],
  falseNonMatch: [
    { distance: 0.05, share: 0.5 },
    { distance: 0.3, share: 0.003 },
  ],
  logistic: { slope: 200, offset: 40 },
}
const calibration = { curves, thresholds: defaultThresholds }

function gallery(
  found: readonly (readonly [string, number, string?])[],
  { id = 'g1', size = 10 }: { readonly id?: string | null; readonly size?: number } = {},
): GalleryFinding {
  return {
    gallery: id,
    size,
    found: found.map(([entry, distance, identity = entry]) => ({ entry, identity, distance })),
  }
}

describe('what is said of a face', () => {
  test.for<[string, readonly GalleryFinding[], string, readonly string[]]>([
    ['nobody is expected anywhere', [], 'no_gallery', []],
    ['a gallery without any template', [gallery([], { size: 0 })], 'no_gallery', []],
    ['one who is near, and nobody else', [gallery([['a', 0.06]])], 'match', ['a']],
    [
      'one who is near, another far',
      [
        gallery([
          ['a', 0.06],
          ['b', 0.35],
        ]),
      ],
      'match',
      ['a'],
    ],
    [
      'twins',
      [
        gallery([
          ['a', 0.06],
          ['b', 0.061],
        ]),
      ],
      'too_close',
      ['a', 'b'],
    ],
    ['one who is neither near nor far', [gallery([['a', 0.2]])], 'too_close', ['a']],
    [
      'all are far',
      [
        gallery([
          ['a', 0.35],
          ['b', 0.5],
        ]),
      ],
      'no_match',
      [],
    ],
    [
      'one person on two lists is one candidate',
      [gallery([['a1', 0.06, 'P1']]), gallery([['a2', 0.061, 'P1']], { id: 'g2' })],
      'match',
      ['a1'],
    ],
    [
      'one who is looked for is never a match by machine alone',
      [gallery([['a', 0.35]]), gallery([['w', 0.05]], { id: null })],
      'too_close',
      ['w'],
    ],
    [
      'one who is expected and looked for is seen to be both',
      [gallery([['a', 0.05, 'P1']]), gallery([['w', 0.05, 'P1']], { id: null })],
      'too_close',
      ['a', 'w'],
    ],
    [
      'who travels on a document of their own making is still seen to be looked for',
      [gallery([['a', 0.04]]), gallery([['w', 0.08]], { id: null })],
      'too_close',
      ['a', 'w'],
    ],
    [
      'one who is looked for and only a little alike is nobody’s alarm',
      [gallery([['a', 0.06]]), gallery([['w', 0.2]], { id: null })],
      'match',
      ['a'],
    ],
    [
      'nobody is expected, and whoever is looked for is only a little alike',
      [gallery([['w', 0.2]], { id: null })],
      'no_gallery',
      [],
    ],
    [
      'nobody is expected, and whoever is looked for is far',
      [gallery([['w', 0.4]], { id: null })],
      'no_gallery',
      [],
    ],
  ])('%s', ([, findings, kind, entries]) => {
    const outcome = decideOutcome(calibration, findings)
    expect(outcome.kind).toBe(kind)
    const candidates = 'candidates' in outcome ? outcome.candidates : []
    expect(candidates.map(({ entry }) => entry)).toEqual(entries)
  })

  test('what is near enough among ten is too close to call among a thousand', () => {
    expect(decideOutcome(calibration, [gallery([['a', 0.09]])]).kind).toBe('match')
    const many = [gallery([['a', 0.09]]), gallery([], { id: 'g2', size: 990 })]
    expect(decideOutcome(calibration, many).kind).toBe('too_close')
  })

  test('more people than the calibration knows strangers for are not compared with a guess', () => {
    const outcome = decideOutcome(calibration, [gallery([['a', 0.01]], { size: 20_000 })])
    expect(outcome).toEqual({ kind: 'off', reason: 'gallery_too_large' })
  })

  test('a crowd of candidates is cut to what a person can look at', () => {
    const many = Array.from({ length: 9 }, (_, at) => [`e${at}`, 0.06 + at / 1000] as const)
    const outcome = decideOutcome(calibration, [gallery(many)])
    expect('candidates' in outcome && outcome.candidates).toHaveLength(5)
  })

  test('one who is looked for is not cut from a crowd of people who are more alike', () => {
    const many = Array.from({ length: 9 }, (_, at) => [`e${at}`, 0.05 + at / 1000] as const)
    const outcome = decideOutcome(calibration, [
      gallery(many),
      gallery([['w', 0.09]], { id: null, size: 1 }),
    ])
    const named = 'candidates' in outcome ? outcome.candidates.map(({ entry }) => entry) : []
    expect(named).toEqual(['e0', 'e1', 'e2', 'e3', 'w'])
  })
})
