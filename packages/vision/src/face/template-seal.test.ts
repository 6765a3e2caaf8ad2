import crypto from 'node:crypto'

import { expect, test } from 'vitest'

import { openTemplate, sealTemplate } from './template-seal.ts'
import { toUnitLength } from './template.ts'

const key = crypto.createSecretKey(Buffer.alloc(32, 7))
const model = { name: 'own', identity: 'own@0123456789ab', dimensions: 128 } as const
const vector = toUnitLength(Float32Array.from({ length: 128 }, (_, at) => Math.sin(at + 1)))
const template = { name: 'own', model: model.identity, vector } as const
const sealed = sealTemplate(template, 'traveller 1', key)

test('a sealed template opens for its owner, to the last bit', () => {
  expect(openTemplate(sealed, 'traveller 1', key, model)).toEqual({ kind: 'template', template })
})

test('nothing of the numbers can be read from what lies on the disk', () => {
  const plain = Buffer.from(vector.buffer)
  for (let at = 0; at + 8 <= plain.length; at += 4)
    expect(Buffer.from(sealed).includes(plain.subarray(at, at + 8))).toBe(false)
  expect(sealTemplate(template, 'traveller 1', key)).not.toEqual(sealed)
})

test.each([
  ['another owner', 'traveller 2', key, model],
  ['another key', 'traveller 1', crypto.createSecretKey(Buffer.alloc(32, 8)), model],
  ['another model', 'traveller 1', key, { ...model, identity: 'own@ffffffffffff' }],
] as const)('for %s it does not open', (_, owner, otherKey, otherModel) => {
  expect(openTemplate(sealed, owner, otherKey, otherModel)).toMatchObject({
    kind: 'refused',
    code: 'template_not_opened',
  })
})

test('a template cut at any byte, or with any byte changed, is refused', () => {
  for (let length = 0; length < sealed.length; length++) {
    const opened = openTemplate(sealed.slice(0, length), 'traveller 1', key, model)
    expect(opened.kind, `cut at ${length}`).toBe('refused')
  }
  for (let at = 0; at < sealed.length; at++) {
    const changed = Uint8Array.from(sealed)
    changed[at] = (changed[at] ?? 0) ^ 0x40
    expect(openTemplate(changed, 'traveller 1', key, model).kind, `byte ${at}`).toBe('refused')
  }
})

test('a template of another length is one of another model, whatever its name says', () => {
  expect(openTemplate(sealed, 'traveller 1', key, { ...model, dimensions: 512 })).toMatchObject({
    code: 'other_model',
  })
})
