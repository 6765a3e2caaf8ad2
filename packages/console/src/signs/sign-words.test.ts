import { languages } from '@sallyport/core/language'
import { expect, test } from 'vitest'

import type { Sign } from './sign-types.ts'
import { signText } from './sign-words.ts'

const sign: Sign = {
  at: '2026-11-22T12:00:00.000Z',
  port: { name: 'Otay Mesa', site: 'border' },
  faces: { kind: 'on', why: 'border' },
  basis: null,
  age_min: 14,
  watched_plates: 3,
  frequent_rules: 0,
  retention: {
    policy: 'US 2018',
    classes: [
      { class: 'face', usual: { hours: 12 }, longest: { days: 14 } },
      { class: 'scene', usual: { days: 14 }, longest: { days: 14 } },
    ],
  },
  contact: null,
  lanes: [],
}

test('where faces are off no sign speaks of comparing them, nor of how long they are kept', () => {
  const off = { ...sign, faces: { kind: 'off', why: 'no_basis' } } as const
  for (const language of languages) {
    const text = JSON.stringify(signText(off, language))
    expect(text).not.toMatch(/decline|rechazar|refuser la/)
    expect(signText(off, language).kept).toHaveLength(1)
    expect(signText(sign, language).points).toHaveLength(6)
  }
})

test('a sign says that those who cross often are expected, where faces are on and a rule is in force', () => {
  const often = { ...sign, frequent_rules: 2 }
  const off = { ...often, faces: { kind: 'off', why: 'no_basis' } } as const
  for (const language of languages) {
    const added = signText(often, language).points.filter(
      (point) => !signText(sign, language).points.includes(point),
    )
    expect(added).toHaveLength(1)
    expect(signText(off, language).points).not.toContain(added[0])
  }
})

test('a sign names the longest period, not only the usual one', () => {
  expect(signText(sign, 'en').kept[0]?.how).toBe('usually 12 hours, at most 14 days')
  expect(signText(sign, 'en').kept[1]?.how).toBe('14 days')
})

test('without a policy a sign does not promise that anything is deleted', () => {
  const none = { ...sign, retention: { policy: null, classes: [] } }
  for (const language of languages) expect(signText(none, language).keptNote).not.toBeNull()
})

test('a ground of two people stands on the sign of a site that is no border', () => {
  const campus: Sign = {
    ...sign,
    port: { name: 'Campus', site: 'campus' },
    faces: { kind: 'on', why: 'basis' },
    basis: { document: 'Order 12', responsible: 'Data office', dated: '2026-10-01' },
  }
  for (const language of languages)
    expect(signText(campus, language).points.join()).toMatch(/Order 12 \(Data office\)/)
})
