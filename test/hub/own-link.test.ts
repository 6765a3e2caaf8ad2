/** Links that people make for their own terminal: they let nobody stay longer, and nobody else in. */

import { afterAll, beforeAll, expect, test } from 'vitest'

import { signInWith } from '../../packages/cli/src/session/session.ts'
import { type Person, startTestHub, type TestHub } from '../support/hub.ts'

let hub: TestHub
let officer: Person
let offsetMs = 0
const hourMs = 3_600_000

beforeAll(async () => {
  hub = await startTestHub({ now: () => new Date(Date.now() + offsetMs) })
  officer = await hub.signIn(['officer'])
})
afterAll(() => hub.remove())

async function ownLink(headers: HeadersInit): Promise<string> {
  const answer = await hub.request('/v1/session/links', { method: 'POST', headers, body: '{}' })
  expect(answer.status).toBe(201)
  return ((await answer.json()) as { url: string }).url
}

/** Signs in with a link; the cookie of the session, and for how many seconds it is. */
async function use(url: string) {
  const token = url.split('token=')[1] ?? ''
  const body = JSON.stringify({ token })
  const answer = await hub.request('/v1/session/link', { method: 'POST', body })
  const cookie = answer.headers.get('set-cookie') ?? ''
  return {
    status: answer.status,
    cookie: cookie.split(';')[0] ?? '',
    seconds: Number(/max-age=(\d+)/i.exec(cookie)?.[1] ?? 0),
  }
}

test('a terminal is signed in as the same person, once, by the command that people use', async () => {
  const url = await ownLink({ cookie: officer.cookie })
  const { who } = await signInWith(url, {}, {})
  expect(who.account.name).toBe('Test officer')
  await expect(signInWith(url, {}, {})).rejects.toMatchObject({ code: 'link_not_valid' })
})

test('link after link keeps nobody in longer than the first session could last', async () => {
  let { cookie } = officer
  const left: number[] = []
  for (const hours of [1, 5, 11]) {
    offsetMs = hours * hourMs
    const next = await use(await ownLink({ cookie }))
    expect(next.status).toBe(200)
    left.push(Math.round(next.seconds / 3600))
    cookie = next.cookie
  }
  expect(left).toEqual([11, 7, 1])
  offsetMs = 12.1 * hourMs
  expect((await hub.request('/v1/session', { headers: { cookie } })).status).toBe(401)
  offsetMs = 0
})

test('an end that somebody wrote into a link makes it another link, which nobody knows', async () => {
  const url = await ownLink({ cookie: officer.cookie })
  const longer = url.replace(/u(\d+)$/, (_, seconds: string) => `u${Number(seconds) + 86_400}`)
  expect(longer).not.toBe(url)
  expect((await use(longer)).status).toBe(401)
})

test('it works for ten minutes, and only those who are signed in make one', async () => {
  const url = await ownLink({ cookie: officer.cookie })
  offsetMs = 11 * 60_000
  expect((await use(url)).status).toBe(401)
  offsetMs = 0
  const stranger = await hub.request('/v1/session/links', { method: 'POST', body: '{}' })
  expect(stranger.status).toBe(401)
})
