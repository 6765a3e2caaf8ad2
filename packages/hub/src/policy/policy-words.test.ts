/** A policy that decides must not answer people with its id. */

import { policyReasons } from '@sallyport/core/grants/policy-words'
import { expect, test } from 'vitest'

import { policyTexts } from './engine.ts'

const [views = ''] = policyTexts.agency.split('@id("release-')
const found = [...views.matchAll(/@id\("([^"]+)"\)\n(permit|forbid)/g)].map(
  ([, id = '', effect]) => ({
    id,
    effect,
  }),
)

test('every policy on pictures has words of its own and the effect that it has in Cedar', () => {
  expect(found.length).toBeGreaterThan(10)
  for (const { id, effect } of found) {
    const decision = effect === 'permit' ? 'allow' : 'refuse'
    const [reason] = policyReasons([id], decision)
    expect(reason).toMatchObject({ policy: id, effect })
    expect(reason?.words).not.toContain(`“${id}”`)
  }
})

test('a signed grant is named by its version, and what is unknown is not invented', () => {
  const grant = `grant/${'7'.repeat(32)}/3`
  expect(policyReasons([grant, 'made-up'], 'allow')).toEqual([
    { policy: grant, effect: 'permit', words: 'Every term of the grant is met (version 3).' },
    { policy: 'made-up', effect: 'permit', words: 'The policy “made-up”.' },
  ])
})
