/** Pictures from the console's page: in memory to a lane that takes them, and nowhere else. */

import { systemClock } from '@sallyport/lane/clock'
import { openPush } from '@sallyport/lane/sources/push'
import type { Frame } from '@sallyport/lane/sources/source'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import { type Person, startTestHub, type TestHub } from '../support/hub.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const token = 'a-token-of-a-lane-for-this-test'
const ending = new AbortController()
const seen: Frame[] = []
let hub: TestHub
let officer: Person

beforeAll(async () => {
  const opened = await openPush({ port: 0, token }, systemClock)
  if (opened.kind === 'refused') throw new Error(opened.detail)
  void (async () => {
    for await (const frame of opened.source.frames(ending.signal)) {
      seen.push(frame)
      frame.answer?.(
        seen.length === 1
          ? { kind: 'spooled', crossing: 'ab'.repeat(16), sequence: 7 }
          : { kind: 'refused', code: 'not_a_picture', detail: 'It is no picture.' },
      )
    }
  })()
  const port = Number(opened.source.name.split(':')[1])
  hub = await startTestHub({ settings: { pictureLane: { lane: 'own-1', port, token } } })
  officer = await hub.signIn(['officer'])
})
afterAll(async () => {
  ending.abort()
  await hub.remove()
})

async function push(lane: string, picture: string) {
  const answer = await officer.request(`/v1/lanes/${lane}/pictures`, {
    method: 'POST',
    body: JSON.stringify({ picture }),
  })
  return { status: answer.status, ...((await answer.json()) as object) }
}

test('a picture larger than other requests goes to the lane as it is, and the answer names its crossing', async () => {
  const bytes = Buffer.alloc(300_000, 0x5a)
  expect(await push('own-1', bytes.toString('base64'))).toEqual({
    status: 201,
    crossing: 'ab'.repeat(16),
    sequence: 7,
  })
  expect(Buffer.from(seen[0]?.image as Uint8Array).equals(bytes)).toBe(true)
})

test('what the lane cannot read is said in its words', async () => {
  expect(await push('own-1', Buffer.from('words').toString('base64'))).toMatchObject({
    status: 400,
    code: 'picture_not_taken',
    detail: 'It is no picture.',
  })
})

test('no other lane takes pictures from a page, and what is no base64 goes nowhere', async () => {
  const before = seen.length
  expect(await push('in-1', 'AAAA')).toMatchObject({ status: 409, code: 'lane_takes_no_pictures' })
  expect(await push('own-1', 'not base64!')).toMatchObject({ code: 'picture_not_taken' })
  const auditorless = await hub.signIn(['integrator'])
  const refused = await auditorless.request('/v1/lanes/own-1/pictures', {
    method: 'POST',
    body: JSON.stringify({ picture: 'AAAA' }),
  })
  expect(refused.status).toBe(403)
  expect(seen).toHaveLength(before)
})

test('a lane that is away is said to be away', async () => {
  ending.abort()
  expect(await push('own-1', 'AAAA')).toMatchObject({ status: 503, code: 'lane_unreachable' })
})
