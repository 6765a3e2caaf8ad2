import { expect, test } from 'vitest'

import { isForPage, limits, press, shortcuts, type Pressed } from './keymap.ts'

const plain: Pressed = {
  key: 'o',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  repeat: false,
  tag: 'body',
  editable: false,
  inDialog: false,
}

const pressed = (one: (typeof shortcuts)[number]) => one.keys.join(' ')

test('no key means two things in one place', () => {
  const clashes = shortcuts.filter((one, at) =>
    shortcuts.some(
      (other, otherAt) =>
        otherAt > at &&
        pressed(other) === pressed(one) &&
        (other.place === one.place || [one.place, other.place].includes('everywhere')),
    ),
  )
  expect(clashes).toEqual([])
})

test('the same keys mean the same action wherever they are offered', () => {
  const actions = new Map(shortcuts.map((one) => [pressed(one), one.action]))
  expect(shortcuts.filter((one) => actions.get(pressed(one)) !== one.action)).toEqual([])
})

test('a first key waits for its second, and not for ever', () => {
  const first = press(null, 'g', 0)
  expect(first).toEqual({ pending: { key: 'g', at: 0 }, action: null })
  expect(press(first.pending, 'l', 400).action).toBe('go-live')
  expect(press(first.pending, 'o', 400).action).toBe('go-log')
  expect(press(first.pending, 'o', limits.sequenceMs + 1).action).toBe('open')
  expect(press(first.pending, 'q', 400)).toEqual({ pending: null, action: null })
})

test.each<[string, Partial<Pressed>]>([
  ['a letter typed into a field', { tag: 'input' }],
  ['a letter in a note', { tag: 'textarea' }],
  ['a letter in editable text', { editable: true }],
  ['a letter in a dialog', { inDialog: true }],
  ["the browser's own Ctrl+O", { ctrlKey: true }],
  ['Enter on a button that has the focus', { key: 'Enter', tag: 'button' }],
  ['Enter held down, which would confirm plate after plate', { key: 'Enter', repeat: true }],
  ['a key held down, which would open picture after picture', { repeat: true }],
])('%s is not a shortcut', (_name, change) => {
  expect(isForPage({ ...plain, ...change })).toBe(false)
})

test('a key held down walks a list', () => {
  expect(isForPage(plain)).toBe(true)
  expect(isForPage({ ...plain, key: 'j', repeat: true })).toBe(true)
})
