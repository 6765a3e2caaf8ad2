import { readFile } from 'node:fs/promises'

import fc from 'fast-check'
import { expect, test } from 'vitest'

import { limits } from '../limits.ts'
import { checkOnnx } from './onnx-check.ts'
import * as models from './testing/models.ts'

const shipped = await readFile(new URL('../../../vision/models/plate-reader.onnx', import.meta.url))

const codeOf = (bytes: Uint8Array): string => {
  const check = checkOnnx(bytes)
  return check.kind === 'refused' ? check.code : check.kind
}

test('models as tools export them are plausible, also those that only a sandbox can stop', () => {
  for (const bytes of [
    shipped,
    models.quietModel(),
    models.endlessModel(),
    models.swellingModel(),
    models.lyingModel(),
  ])
    expect(codeOf(bytes)).toBe('plausible')
})

test('operators of strangers are refused, also deep in a branch', () => {
  expect(codeOf(models.customModel())).toBe('custom_operators')
  expect(codeOf(models.hiddenCustomModel())).toBe('custom_operators')
  expect(checkOnnx(models.customModel())).toMatchObject({
    detail: expect.stringContaining('evil.example'),
  })
})

test('weights in another file, and tensors of any size that is said, are refused', () => {
  expect(codeOf(models.externalModel())).toBe('external_data')
  expect(codeOf(models.boastingModel())).toBe('huge_tensors')
  expect(codeOf(new Uint8Array(limits.candidateBytesMax + 1))).toBe('model_too_large')
})

test('a text, a picture, an empty file are no model', () => {
  const nothing = ['not_onnx', 'model_cut_off']
  expect(codeOf(new Uint8Array())).toBe('not_onnx')
  for (const text of ['hello', '{"model": 1}', '\u0089PNG\r\n', 'version https://git-lfs'])
    expect(nothing).toContain(codeOf(new TextEncoder().encode(text)))
})

test('a model cut at any byte is refused, and damaged bytes never throw', () => {
  const whole = models.endlessModel()
  for (let at = 0; at < whole.length; at++)
    expect(['not_onnx', 'model_cut_off', 'plausible']).toContain(codeOf(whole.subarray(0, at)))
  expect(codeOf(shipped.subarray(0, shipped.length / 2))).toBe('model_cut_off')
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 6 }),
      (changes) => {
        const damaged = Uint8Array.from(whole)
        for (const [at, byte] of changes) damaged[at] = byte
        codeOf(damaged)
      },
    ),
  )
})
