import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { ByteQueue, PartReader, boundaryOf } from './multipart.ts'

const maxima = { header: 1024, part: 10_000 }

function stream(parts: readonly Uint8Array[], withLength: boolean): Buffer {
  return Buffer.concat([
    ...parts.flatMap((part) => [
      Buffer.from(
        `--frame\r\nContent-Type: image/jpeg\r\n${withLength ? `Content-Length: ${part.length}\r\n` : ''}\r\n`,
      ),
      part,
      Buffer.from('\r\n'),
    ]),
    Buffer.from('--frame\r\n'),
  ])
}

/** Feeds a stream in pieces cut at `cuts`. */
function readAll(bytes: Uint8Array, cuts: readonly number[]): readonly Uint8Array[] {
  const reader = new PartReader('frame', maxima)
  const at = [0, ...cuts.map((cut) => cut % bytes.length).toSorted((a, b) => a - b), bytes.length]
  return at.slice(1).flatMap((end, index) => {
    const read = reader.take(bytes.subarray(at[index], end))
    if (read.kind === 'refused') throw new Error(read.code)
    return read.parts
  })
}

const cuts = fc.array(fc.nat(100_000), { maxLength: 20 })
const part = fc.uint8Array({ minLength: 1, maxLength: 600 })

test('wherever the network cuts the stream, the parts are the same; bodies may look like boundaries', () => {
  const nasty = part.map((bytes) =>
    Buffer.concat([bytes, Buffer.from('\r\n--frame\r\n\r\n'), bytes]),
  )
  fc.assert(
    fc.property(
      fc.array(fc.oneof(part, nasty), { minLength: 1, maxLength: 5 }),
      cuts,
      (parts, at) => {
        expect(readAll(stream(parts, true), at).map((one) => Buffer.from(one))).toEqual(
          parts.map((one) => Buffer.from(one)),
        )
      },
    ),
  )
})

test('without a content length the next boundary ends a part', () => {
  const parts = [
    Buffer.from([0xff, 0xd8, 1, 2, 3, 0xff, 0xd9]),
    Buffer.from([0xff, 0xd8, 9, 0xff, 0xd9]),
  ]
  fc.assert(
    fc.property(cuts, (at) => {
      expect(readAll(stream(parts, false), at).map((one) => Buffer.from(one))).toEqual(parts)
    }),
  )
})

test.each([
  [
    'a header that never ends',
    Buffer.concat([Buffer.from('--frame\r\n'), Buffer.alloc(2000, 'a')]),
    'header_too_long',
  ],
  ['no boundary at all', Buffer.alloc(2000, 'a'), 'header_too_long'],
  [
    'a part that says it is huge',
    Buffer.from('--frame\r\nContent-Length: 99999999\r\n\r\n'),
    'part_too_long',
  ],
  [
    'a part without end',
    Buffer.concat([Buffer.from('--frame\r\n\r\n'), Buffer.alloc(20_000, 'a')]),
    'part_too_long',
  ],
])('%s is refused', (_, bytes, code) => {
  expect(new PartReader('frame', maxima).take(bytes)).toEqual({ kind: 'refused', code })
})

test('any bytes at all give parts or a refusal, within the limits', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          fc.uint8Array({ maxLength: 500 }),
          fc.constantFrom(
            Buffer.from('--frame\r\n'),
            Buffer.from('Content-Length: 7\r\n\r\n'),
            Buffer.from('\r\n\r\n'),
          ),
        ),
      ),
      (chunks) => {
        const reader = new PartReader('frame', maxima)
        for (const chunk of chunks) {
          const read = reader.take(chunk)
          if (read.kind === 'refused') return
          for (const one of read.parts) expect(one.length).toBeLessThanOrEqual(maxima.part)
        }
      },
    ),
  )
})

test.each([
  ['multipart/x-mixed-replace; boundary=frame', 'frame'],
  ['multipart/x-mixed-replace;boundary="my frame"', 'my frame'],
  ['multipart/x-mixed-replace; boundary=--myboundary', 'myboundary'],
  ['image/jpeg', null],
  ['multipart/x-mixed-replace', null],
  ['', null],
])('the boundary of "%s" is %s', (type, boundary) => {
  expect(boundaryOf(type)).toBe(boundary)
})

test('a byte queue gives back what went in, in order', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.uint8Array({ maxLength: 40_000 }), fc.nat(50_000)), { maxLength: 12 }),
      (steps) => {
        const queue = new ByteQueue()
        const [put, taken]: [Buffer[], Buffer[]] = [[], []]
        for (const [chunk, wanted] of steps) {
          queue.push(chunk)
          put.push(Buffer.from(chunk))
          taken.push(Buffer.from(queue.take(Math.min(wanted, queue.length))))
        }
        taken.push(Buffer.from(queue.take(queue.length)))
        expect(Buffer.concat(taken).equals(Buffer.concat(put))).toBe(true)
      },
    ),
    { numRuns: 40 },
  )
})
