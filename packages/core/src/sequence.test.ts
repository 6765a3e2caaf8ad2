import { expect, test } from 'vitest'

import {
  type ArrivingManifest,
  type DeviceCursor,
  judgeSequence,
  type SequenceVerdict,
} from './sequence.ts'

const here: DeviceCursor = { lastSequence: 7, lastManifestSha256: 'h7' }

function check(
  hazard: string,
  arriving: Partial<ArrivingManifest>,
  expected: SequenceVerdict,
  cursor = here,
) {
  test(hazard, () => {
    expect(
      judgeSequence(cursor, {
        sequence: 8,
        previous: 'h7',
        sha256: 'h8',
        acceptedSha256: null,
        ...arriving,
      }),
    ).toEqual(expected)
  })
}

check('the next manifest that follows the last one is taken', {}, { kind: 'next' })
check(
  'the first manifest of a device is taken',
  { sequence: 1, previous: '0' },
  { kind: 'next' },
  { lastSequence: 0, lastManifestSha256: '0' },
)
check(
  'one missing manifest is a gap of one',
  { sequence: 9 },
  { kind: 'after_gap', from: 8, to: 8 },
)
check(
  'many missing manifests are named from first to last',
  { sequence: 20 },
  { kind: 'after_gap', from: 8, to: 19 },
)
check('a device key in use twice breaks the chain', { previous: 'other' }, { kind: 'chain_broken' })
check('what fills a gap later is late', { sequence: 5 }, { kind: 'late' })
check(
  'a replay of what is here is a duplicate',
  { sequence: 7, sha256: 'h7', acceptedSha256: 'h7' },
  { kind: 'duplicate' },
)
check(
  'other content under a taken sequence is a conflict',
  { sequence: 7, sha256: 'x', acceptedSha256: 'h7' },
  { kind: 'conflict' },
)
check(
  'a conflict is one even when it would be next',
  { sha256: 'x', acceptedSha256: 'h8' },
  { kind: 'conflict' },
)
