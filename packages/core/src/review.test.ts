import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import type { Role } from './opening.ts'
import type { Look, PlateRead, PlateText } from './plate.ts'
import {
  candidatesOf,
  decideVerdict,
  decideWithdrawal,
  isSampled,
  lanesToReview,
  reviewLimits,
  statementOf,
  type VerdictRequest,
} from './review.ts'

const now = new Date('2026-11-22T12:00:00Z')
const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000)
const point = { x: 0, y: 0 }

function look(
  text: string,
  confidence: number,
  alternatives: Readonly<Record<string, number>> = {},
): Look {
  return {
    text,
    confidence,
    characters: [],
    jurisdiction: null,
    corners: [point, point, point, point],
    box: { x: 0, y: 0, width: 1, height: 1 },
    alternatives: Object.entries(alternatives).map(([other, sure]) => ({
      text: other,
      confidence: sure,
    })),
    detection: 1,
    plateWidthPx: 100,
  }
}

function unsure(
  text: string,
  alternatives: Readonly<Record<number, readonly [string, number]>> = {},
): PlateRead {
  return {
    kind: 'unsure',
    reason: 'low_confidence',
    text,
    confidence: 0.6,
    characters: Array.from(text, (character, place) => {
      const other = alternatives[place]
      return {
        character,
        confidence: other === undefined ? 0.99 : 0.5,
        alternatives: other === undefined ? [] : [{ character: other[0], confidence: other[1] }],
      }
    }),
    jurisdiction: null,
    looks: 1,
    agreement: 1,
  }
}

const texts = (plate: PlateRead | null, looks: readonly Look[]) =>
  candidatesOf(plate, looks).map(({ text }) => text)

describe('what a person may choose from', () => {
  test('the vote stands first, also where a look is surer of something else', () => {
    expect(texts(unsure('AB1'), [look('A81', 0.9), look('AB1', 0.6)])).toEqual(['AB1', 'A81'])
  })

  test('a text that only one frame’s second thought holds is still offered', () => {
    expect(texts(unsure('AB1'), [look('AB1', 0.7, { AE1: 0.2, AB7: 0.002 })])).toEqual([
      'AB1',
      'AE1',
    ])
  })

  test('a weak character that no look spelled out is exchanged in the vote', () => {
    expect(texts(unsure('AB1', { 1: ['8', 0.4] }), [look('AB1', 0.6)])).toEqual(['AB1', 'A81'])
  })

  test('where nothing was read there is nothing to confirm with one key', () => {
    expect(texts({ kind: 'unreadable', reason: 'no_plate_found' }, [])).toEqual([])
    expect(texts(null, [])).toEqual([])
  })

  test('no text twice, no key without a text, the likeliest first', () => {
    const plate = fc.string({ unit: fc.constantFrom('A', 'B', '8', '0'), maxLength: 4 })
    const share = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(
        plate,
        fc.array(fc.tuple(plate, share, plate, share), { maxLength: 30 }),
        (vote, seen) => {
          const found = candidatesOf(
            vote === '' ? null : unsure(vote, { 0: ['8', 0.3] }),
            seen.map(([text, sure, other, less]) => look(text, sure, { [other]: less })),
          )
          const keyed = vote === '' ? found : found.slice(1)
          expect(new Set(found.map(({ text }) => text)).size).toBe(found.length)
          expect(found.map(({ text }) => text)).not.toContain('')
          expect(keyed.length).toBeLessThanOrEqual(reviewLimits.candidatesMax)
          expect(keyed.map((one) => one.share)).toEqual(
            keyed.map((one) => one.share).toSorted((a, b) => b - a),
          )
          if (vote !== '') expect(found[0]?.text).toBe(vote)
        },
      ),
    )
  })
})

test('a text that is the machine’s own is a confirmation, whoever typed it', () => {
  expect(statementOf('AB1', 'AB1' as PlateText).kind).toBe('confirmed')
  expect(statementOf('ABO', 'AB0' as PlateText).kind).toBe('corrected')
  expect(statementOf(null, 'AB1' as PlateText).kind).toBe('corrected')
})

test('during a shift one reviews one’s lane, and a forgotten shift binds nobody', () => {
  expect(lanesToReview(null, now)).toBeNull()
  expect(lanesToReview({ lane: 'in-1', startedAt: ago(5) }, now)).toEqual(['in-1'])
  expect(lanesToReview({ lane: 'in-1', startedAt: ago(60 * 24) }, now)).toBeNull()
})

const ada: VerdictRequest = {
  account: { id: 'ada', roles: ['officer'] },
  shift: null,
  lane: 'in-1',
  supersedes: null,
  head: null,
  claim: null,
}
const benHead = { id: 'v1', kind: 'confirmed', account: 'ben', at: ago(5) } as const
const ofSupervisor = { account: { id: 'sam', roles: ['supervisor'] as readonly Role[] } }

function check(hazard: string, change: Partial<VerdictRequest>, expected: string) {
  test(hazard, () => {
    const decision = decideVerdict({ ...ada, ...change }, now)
    expect(decision.kind === 'allow' ? 'allow' : decision.code).toBe(expected)
  })
}

describe('a verdict', () => {
  check('is given to what waits', {}, 'allow')
  check('of two officers, the second is told', { head: benHead }, 'verdict_conflict')
  check(
    'upon a verdict that has been taken back meanwhile is told too',
    { head: { ...benHead, id: 'v2', kind: 'withdrawn' }, supersedes: 'v1' },
    'verdict_conflict',
  )
  check(
    'of somebody else is not overwritten, though it was seen',
    { head: benHead, supersedes: 'v1' },
    'verdict_of_another',
  )
  check(
    'of somebody else is changed by a supervisor who saw it',
    { ...ofSupervisor, head: benHead, supersedes: 'v1' },
    'allow',
  )
  check(
    'follows one that was taken back',
    { head: { ...benHead, kind: 'withdrawn' }, supersedes: 'v1' },
    'allow',
  )
  check(
    'waits while somebody else looks',
    { claim: { account: 'ben', until: new Date(now.getTime() + 1) } },
    'claimed',
  )
  check('does not wait for who went away', { claim: { account: 'ben', until: now } }, 'allow')
  check(
    'is for one’s own lane during a shift',
    { shift: { lane: 'in-2', startedAt: ago(1) } },
    'other_lane',
  )
})

describe('taking a verdict back', () => {
  const mine = { ...benHead, account: 'ada' }
  const withdraw = (change: Partial<VerdictRequest>) => {
    const decision = decideWithdrawal({ ...ada, head: mine, supersedes: 'v1', ...change }, now)
    return decision.kind === 'allow' ? 'allow' : decision.code
  }

  test('is for one’s own, the newest, and soon', () => {
    expect(withdraw({})).toBe('allow')
    expect(withdraw({ head: benHead })).toBe('verdict_of_another')
    expect(withdraw({ head: null })).toBe('verdict_conflict')
    expect(withdraw({ head: { ...mine, id: 'v2' } })).toBe('verdict_conflict')
    expect(withdraw({ head: { ...mine, kind: 'withdrawn' } })).toBe('verdict_conflict')
    expect(withdraw({ head: { ...mine, at: ago(reviewLimits.undoMinutesMax + 1) } })).toBe(
      'not_in_review',
    )
  })

  test('is for a supervisor at any time', () => {
    expect(withdraw({ ...ofSupervisor, head: { ...benHead, at: ago(60 * 24 * 30) } })).toBe('allow')
  })
})

test.each([
  ['read', 200, 0, true],
  ['read', 200, 0.004_999, true],
  ['read', 200, 0.005, false],
  ['read', 1, 0.999_999, true],
  // Off, whatever chance says.
  ['read', 0, 0, false],
  // These wait for a person anyway, or have no plate.
  ['unsure', 1, 0, false],
  ['unreadable', 1, 0, false],
  ['none', 1, 0, false],
] as const)(
  'a plate that is %s, one in %d, at chance %d: drawn %s',
  (kind, oneIn, chance, drawn) => {
    expect(isSampled(kind, oneIn, chance)).toBe(drawn)
  },
)
