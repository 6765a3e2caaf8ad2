import { expect, test } from 'vitest'

import { isOnShift } from './on-shift.ts'

test.for<[string, string, readonly string[], boolean]>([
  ['the name as it is known', 'Ann Ruiz', ['Bob Lee', 'Ann Ruiz'], true],
  ['the surname first, without its accent', 'RUIZ, Anne', ['Anne Ruíz'], true],
  ['a surname alone', 'lee', ['Bob Lee'], true],
  ['somebody else', 'Ann Ruiz', ['Bob Lee'], false],
  ['a first name of one with the surname of the other', 'Ann Lee', ['Ann Ruiz', 'Bob Lee'], false],
  ['one who has more names than the account', 'Ann Ruiz Ortega', ['Ann Ruiz'], false],
  ['nobody on shift', 'Ann Ruiz', [], false],
  ['signs that spell nobody', '--', ['Ann Ruiz'], false],
])('stated: %s', ([, stated, onShift, agrees]) => {
  expect(isOnShift(stated, onShift)).toBe(agrees)
})
