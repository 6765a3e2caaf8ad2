import { expect, test } from 'vitest'

import { bodyClasses } from './crossing.ts'
import { longKept } from './long-kept.ts'
import { packs } from './retention-packs.ts'
import type { Keep, Policy, Rule } from './retention.ts'

const always = (keep: Keep): Rule => ({ when: 'always', keep, source: 'test' })
const short = [always({ days: 30 })]

function policyWith(reads: readonly Rule[]): Policy {
  return { name: 'test', rules: { scene: short, plate: short, face: short, reads } }
}

test('where no policy is chosen everything is kept for ever', () => {
  expect(longKept(null)).toEqual(bodyClasses)
})

test('five years are not more than five years, wherever their leap days fall', () => {
  for (const days of [1825, 1826, 1827])
    expect(longKept(policyWith([always({ days })]))).toEqual([])
  expect(longKept(policyWith([always({ days: 1828 })]))).toEqual(['reads'])
  expect(longKept(policyWith([always({ hours: 24 * 366 })]))).toEqual([])
})

test('one rule that may keep it long is enough, whichever applies in the end', () => {
  const rules: readonly Rule[] = [
    { when: 'watch_confirmed', keep: { days: 7300 }, source: 'test' },
    always({ days: 1 }),
  ]
  expect(longKept(policyWith(rules))).toEqual(['reads'])
})

test('none of the packs keeps anything that long', () => {
  for (const { policy } of packs) expect(longKept(policy)).toEqual([])
})
