import { expect, test } from 'vitest'

import { packs } from '../retention-packs.ts'
import { signPeriods } from './sign-periods.ts'

test('a sign promises no shorter time than what some rule of the policy allows', () => {
  for (const { policy } of packs)
    for (const { class: name, usual, longest } of signPeriods(policy)) {
      const hours = policy.rules[name].map(({ keep }) =>
        'hours' in keep ? keep.hours : keep.days * 24,
      )
      const said = longest === null ? 0 : 'hours' in longest ? longest.hours : longest.days * 24
      expect(said).toBe(Math.max(...hours))
      expect(usual).toEqual(policy.rules[name].at(-1)?.keep)
    }
})
