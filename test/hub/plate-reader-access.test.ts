/** Who gets an answer of the plate reader, and who no longer. */

import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { type Person, startTestHub, type TestHub } from '../support/hub.ts'
import { askReader, drawnCar, issueToken } from '../support/reader-client.ts'

let hub: TestHub
let integrator: Person
let picture: Buffer
let now = new Date('2026-07-22T10:00:00Z')

beforeAll(async () => {
  hub = await startTestHub({ now: () => now })
  integrator = await hub.signIn(['integrator'])
  picture = await drawnCar()
})
afterAll(() => hub.remove())

describe('nobody else', () => {
  test.each([
    ['no token', ''],
    ['a wrong token', `Token spr_${'a'.repeat(32)}`],
    ['the token of another scheme', 'Bearer abcdefabcdefabcdef'],
    ['a token as long as a picture', `Token ${'a'.repeat(8000)}`],
  ])('%s: 403, as their clients know it', async (_name, authorization) => {
    const answer = await hub.request('/v1/plate-reader/', {
      method: 'POST',
      headers: { authorization, 'content-type': 'multipart/form-data; boundary=x' },
      body: 'x',
    })
    expect(answer.status).toBe(403)
    expect(await answer.json()).toMatchObject({
      code: 'token_not_valid',
      detail: expect.stringMatching(/^Invalid token\./),
      status_code: 403,
    })
  })

  test('a signed-in person without a token reads nothing with the session alone', async () => {
    const answer = await integrator.request('/v1/plate-reader/', { method: 'POST', body: '{}' })
    expect(answer.status).toBe(403)
  })

  test('a token whose time is over', async () => {
    const { token } = await issueToken(integrator, 1)
    const before = now
    now = new Date(now.getTime() + 86_400_001)
    try {
      expect((await askReader(hub, token, { upload: picture })).status).toBe(403)
    } finally {
      now = before
    }
  })

  test('a token whose maker was disabled or is no integrator any more', async () => {
    for (const change of [sql`disabled_at = now()`, sql`roles = '{officer}'`]) {
      const other = await hub.signIn(['integrator'])
      const { id, token } = await issueToken(other)
      const { db } = hub.hub.parts
      await sql`update account set ${change} where id = (select account from access_token where id = ${id})`.execute(
        db,
      )
      expect((await askReader(hub, token, { upload: picture })).status).toBe(403)
    }
  })

  test('only an integrator makes tokens; an officer does not even see them', async () => {
    const supervisor = await hub.signIn(['supervisor'])
    const body = JSON.stringify({ name: 'x', purpose: 'why not' })
    expect((await supervisor.request('/v1/tokens', { method: 'POST', body })).status).toBe(403)
    const officer = await hub.signIn(['officer'])
    expect((await officer.request('/v1/tokens')).status).toBe(403)
  })

  test('a token that is revoked while its picture is read gets no plate', async () => {
    const { id, token } = await issueToken(integrator)
    const { desk } = hub.hub.parts
    const read = desk.read.bind(desk)
    let revoked = 0
    Object.assign(desk, {
      read: async (bytes: Uint8Array) => {
        const answer = await read(bytes)
        revoked = (await integrator.request(`/v1/tokens/${id}/revocation`, { method: 'POST' }))
          .status
        return answer
      },
    })
    try {
      const answer = await askReader(hub, token, { upload: picture })
      expect([revoked, answer.status]).toEqual([204, 403])
      expect(await answer.text()).not.toContain('results')
    } finally {
      Object.assign(desk, { read })
    }
    expect((await askReader(hub, token, { upload: picture })).status).toBe(403)
  })
})

test('a token that asks too often is told when to come back; another is not held up by it', async () => {
  const [greedy, modest] = [await issueToken(integrator), await issueToken(integrator)]
  const many = await Promise.all(
    Array.from({ length: 40 }, () =>
      askReader(hub, greedy.token, { upload: Buffer.from('no picture') }),
    ),
  )
  const refused = many.filter(({ status }) => status === 429)
  expect(refused.length).toBeGreaterThan(15)
  expect(refused[0]?.headers.get('retry-after')).toMatch(/^\d+$/)
  expect(await refused[0]?.json()).toMatchObject({
    detail: expect.stringMatching(/^Request was throttled\. Expected available in \d+ seconds?\.$/),
  })
  expect((await askReader(hub, modest.token, { upload: picture })).status).toBe(201)
})

test('people see their tokens, who answers for them and for what, and never a secret', async () => {
  const { id, token } = await issueToken(integrator)
  const supervisor = await hub.signIn(['supervisor'])
  const text = await (await supervisor.request('/v1/tokens')).text()
  expect(text).not.toContain(token)
  const { tokens } = JSON.parse(text) as { tokens: { id: string }[] }
  expect(tokens.find((one) => one.id === id)).toMatchObject({
    name: 'Barrier',
    purpose: 'opens the staff gate',
    account: { name: 'Test integrator' },
    state: 'active',
    calls_30_days: 0,
  })
  await supervisor.request(`/v1/tokens/${id}/revocation`, { method: 'POST' })
  const after = (await (await supervisor.request('/v1/tokens')).json()) as {
    tokens: { id: string; state: string }[]
  }
  expect(after.tokens.find((one) => one.id === id)?.state).toBe('revoked')
})
