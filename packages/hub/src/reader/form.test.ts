/** Forms from programs of other people, whole and broken. */

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { limits } from '../limits.ts'
import { parseForm } from './form.ts'

const type = 'multipart/form-data; boundary=xYz'
const picture = Buffer.from([0xff, 0xd8, 0, 13, 10, 45, 45, 120, 13, 10, 45, 45, 0x58, 0xff, 0xd9])

function form(parts: readonly (readonly [string, Buffer | string])[], end = '--xYz--\r\n'): Buffer {
  const chunks = parts.flatMap(([head, body]) => [
    Buffer.from(`--xYz\r\n${head}\r\n\r\n`),
    Buffer.from(body),
    Buffer.from('\r\n'),
  ])
  return Buffer.concat([...chunks, Buffer.from(end)])
}

const file: readonly [string, Buffer] = [
  'Content-Disposition: form-data; name="upload"; filename="a b.jpg"\r\nContent-Type: image/jpeg',
  picture,
]
const region = (code: string): readonly [string, string] => [
  'content-disposition: form-data; name=regions',
  code,
]
const whole = form([file, region('us-ca'), region('mx')])

test('a picture comes out as it went in, also with line ends and dashes in it', () => {
  const parsed = parseForm(type, whole)
  if (parsed.kind !== 'form') throw new Error(parsed.detail)
  expect(parsed.file('upload')?.name).toBe('a b.jpg')
  expect(Buffer.from(parsed.file('upload')?.bytes ?? []).equals(picture)).toBe(true)
  expect(parsed.texts('regions')).toEqual(['us-ca', 'mx'])
  expect([parsed.file('regions'), parsed.texts('upload')]).toEqual([null, []])
})

test('the browsers and clients of Node write forms that are understood', async () => {
  const body = new FormData()
  body.set('upload', new Blob([picture]), 'ü.jpg')
  body.append('camera_id', 'gate-1')
  const request = new Request('http://hub/', { method: 'POST', body })
  const bytes = new Uint8Array(await request.arrayBuffer())
  const parsed = parseForm(request.headers.get('content-type') ?? '', bytes)
  if (parsed.kind !== 'form') throw new Error(parsed.detail)
  expect(Buffer.from(parsed.file('upload')?.bytes ?? []).equals(picture)).toBe(true)
  expect(parsed.texts('camera_id')).toEqual(['gate-1'])
})

test('a form cut at any byte is called cut off, never half a picture', () => {
  for (let length = 0; length < whole.length - 2; length++) {
    const parsed = parseForm(type, whole.subarray(0, length))
    expect(parsed.kind, `cut at ${length}`).toBe('refused')
  }
})

describe('what is no form is refused by name', () => {
  const cases: readonly (readonly [string, string, Buffer, string])[] = [
    ['no boundary', 'multipart/form-data', whole, 'not_a_form'],
    ['another boundary', 'multipart/form-data; boundary=other', whole, 'not_a_form'],
    ['a part without a name', type, form([['content-type: text/plain', 'x']]), 'not_a_form'],
    ['an endless head', type, form([[`x: ${'a'.repeat(70_000)}`, '']]), 'not_a_form'],
    [
      'a flood of parts',
      type,
      form(Array.from({ length: 5000 }, () => region('us'))),
      'too_many_fields',
    ],
    ['half a JSON', 'application/json', Buffer.from('{"upload":"aGk'), 'truncated_form'],
    ['a JSON list', 'application/json', Buffer.from('["upload"]'), 'not_a_form'],
    ['a picture as the body', 'image/jpeg', picture, 'not_a_form'],
  ]
  test.each(cases)('%s', (_name, contentType, bytes, code) => {
    expect(parseForm(contentType, bytes)).toMatchObject({ kind: 'refused', code })
  })
})

test('base64 in a form or in JSON arrives as text, plus signs and all', () => {
  const base64 = 'a+b/c+=='
  const asForm = parseForm(
    'application/x-www-form-urlencoded',
    Buffer.from(`upload=${encodeURIComponent(base64)}&regions=us`),
  )
  const asJson = parseForm(
    'application/json',
    Buffer.from(JSON.stringify({ upload: base64, regions: ['us', 7] })),
  )
  for (const parsed of [asForm, asJson]) {
    if (parsed.kind !== 'form') throw new Error(parsed.detail)
    expect(parsed.texts('upload')).toEqual([base64])
    expect(parsed.texts('regions')).toEqual(['us'])
  }
})

test('no bytes make it throw or take long', () => {
  const types = [
    type,
    'application/json',
    'application/x-www-form-urlencoded',
    '',
    'multipart/form-data; boundary="-"',
  ]
  fc.assert(
    fc.property(
      fc.constantFrom(...types),
      fc.uint8Array({ maxLength: 400 }),
      (contentType, bytes) => {
        expect(['form', 'refused']).toContain(parseForm(contentType, bytes).kind)
      },
    ),
  )
  const dashes = Buffer.alloc(limits.readerRequestBytesMax, '\r\n--xY')
  const started = performance.now()
  parseForm(type, Buffer.concat([Buffer.from('--xYz\r\n\r\n'), dashes]))
  expect(performance.now() - started).toBeLessThan(1000)
})
