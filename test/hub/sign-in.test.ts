/** Links, sessions and roles: used once, for a time, and for what the role allows. */

import { type Role, roles } from '@sallyport/core/opening'
import { inviteAccount } from '@sallyport/hub/accounts'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { deliver, enrolTestDevice } from '../support/device.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'

const hourMs = 3_600_000

let hub: TestHub
let offsetMs = 0

beforeAll(async () => {
  hub = await startTestHub({ now: () => new Date(Date.now() + offsetMs) })
  await enrolTestDevice(hub, 'in-1')
})
afterAll(() => hub.remove())
beforeEach(() => {
  offsetMs = 0
})

async function token(given: readonly Role[] = ['officer']): Promise<string> {
  const { url } = await inviteAccount('Somebody', given, hub.hub.parts)
  expect(url).toMatch(new RegExp(`^${hub.origin}/sign-in#token=[a-z0-9]{32}$`))
  return url.split('token=')[1] ?? ''
}

function useLink(link: string): Promise<Response> {
  return hub.request('/v1/session/link', { method: 'POST', body: JSON.stringify({ token: link }) })
}

describe('a one-time link', () => {
  test('signs in once, also when two use it in the same moment', async () => {
    const link = await token()
    const answers = await Promise.all(Array.from({ length: 8 }, () => useLink(link)))
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
      200, 401, 401, 401, 401, 401, 401, 401,
    ])
    expect((await useLink(link)).status).toBe(401)
  })

  test('is good for a day and not longer', async () => {
    const [early, late] = [await token(), await token()]
    offsetMs = 23.9 * hourMs
    expect((await useLink(early)).status).toBe(200)
    offsetMs = 24.1 * hourMs
    expect((await useLink(late)).status).toBe(401)
  })

  test.each(['', 'x', 'a'.repeat(100), "' or 1=1 --", '\u0000'])(
    'that was made up (%j) gives nothing away',
    async (made) => {
      const answer = await useLink(made)
      expect(answer.status).toBe(401)
      expect(answer.headers.get('set-cookie')).toBeNull()
      expect(await answer.json()).toMatchObject({ code: 'link_not_valid' })
    },
  )

  test('is not stored: the database has its hash only', async () => {
    const link = await token()
    const rows = await hub.hub.parts.db.selectFrom('sign_in_link').selectAll().execute()
    expect(rows.length).toBeGreaterThan(0)
    expect(JSON.stringify(rows)).not.toContain(link)
    for (const row of rows) expect(row.token_sha256.includes(Buffer.from(link))).toBe(false)
  })

  test('of an account that was disabled since is refused', async () => {
    const link = await token()
    await hub.hub.parts.db
      .updateTable('account')
      .set({ disabled_at: new Date() })
      .where('name', '=', 'Somebody')
      .execute()
    expect((await useLink(link)).status).toBe(401)
  })
})

describe('a session', () => {
  test('lasts twelve hours', async () => {
    const person = await hub.signIn(['officer'])
    offsetMs = 11.9 * hourMs
    expect((await person.request('/v1/session')).status).toBe(200)
    offsetMs = 12.1 * hourMs
    expect((await person.request('/v1/session')).status).toBe(401)
  })

  test('ends for good when its person signs out', async () => {
    const person = await hub.signIn(['officer'])
    const out = await person.request('/v1/session', { method: 'DELETE' })
    expect(out.status).toBe(204)
    expect(out.headers.get('set-cookie')).toMatch(/sallyport_session=;.*Max-Age=0/)
    expect((await person.request('/v1/session')).status).toBe(401)
  })

  test('ends when its account is disabled', async () => {
    const person = await hub.signIn(['responder'])
    await hub.hub.parts.db
      .updateTable('account')
      .set({ disabled_at: new Date() })
      .where('name', '=', 'Test responder')
      .execute()
    expect((await person.request('/v1/session')).status).toBe(401)
  })

  test('is a cookie that scripts and other sites do not get', async () => {
    const answer = await useLink(await token())
    expect(answer.headers.get('set-cookie')).toMatch(
      /^sallyport_session=[a-z0-9]{32}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/,
    )
  })

  test.each([
    '',
    'sallyport_session=',
    `sallyport_session=${'a'.repeat(32)}`,
    `sallyport_session=${'a'.repeat(5000)}`,
  ])('that was made up is none: %#', async (cookie) => {
    const answer = await hub.request('/v1/session', { headers: { cookie } })
    expect(answer.status).toBe(401)
  })
})

describe('every role reaches what it needs and nothing else', () => {
  const lane = { id: 'in-1', name: 'Again', direction: 'in' }
  /** What is tried, and who gets past the role check (whatever comes after it). */
  const table: readonly [string, string, unknown, readonly Role[]][] = [
    ['GET', '/v1/session', undefined, roles],
    ['GET', '/v1/lanes', undefined, roles],
    ['GET', '/v1/alarms', undefined, roles],
    ['GET', '/v1/figures', undefined, roles],
    ['GET', '/v1/log/receipts/0', undefined, roles],
    [
      'GET',
      '/v1/crossings',
      undefined,
      ['officer', 'supervisor', 'privacy', 'auditor', 'responder'],
    ],
    ['GET', '/v1/openings', undefined, ['auditor', 'privacy', 'supervisor']],
    ['GET', '/v1/accounts', undefined, ['supervisor']],
    ['GET', '/v1/policy/people', undefined, ['supervisor', 'privacy', 'auditor', 'responder']],
    ['POST', '/v1/invitations', { name: 'X', roles: ['officer'] }, ['supervisor']],
    ['POST', '/v1/lanes', lane, ['integrator', 'supervisor']],
    ['POST', '/v1/lanes/in-1/enrolment-codes', {}, ['integrator', 'supervisor']],
    [
      'POST',
      `/v1/devices/${'0'.repeat(32)}/revocation`,
      { reason: 'none' },
      ['integrator', 'supervisor'],
    ],
    ['PUT', '/v1/shift', { lane: 'in-1' }, ['officer']],
    [
      'POST',
      `/v1/alarms/${'0'.repeat(32)}/acknowledgement`,
      {},
      ['supervisor', 'integrator', 'responder', 'auditor'],
    ],
  ]

  test.each(table)('%s %s', async (method, address, body, allowed) => {
    const init = { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }
    expect((await hub.request(address, init)).status).toBe(401)
    for (const role of roles) {
      const answer = await (await hub.signIn([role])).request(address, init)
      const code = answer.status < 400 ? '' : ((await answer.json()) as { code: string }).code
      expect(code === 'role_missing', `${role}: ${answer.status} ${code}`).toBe(
        !allowed.includes(role),
      )
    }
  })

  test('an integrator hears of lanes without what crossed there', async () => {
    const device = await enrolTestDevice(hub, 'in-5')
    expect((await deliver(hub, device.bundle().bytes)).status).toBe(201)
    for (const [role, sees] of [
      ['integrator', false],
      ['officer', true],
    ] as const) {
      const answer = await (await hub.signIn([role])).request('/v1/lanes')
      const { lanes } = (await answer.json()) as { lanes: { newest: unknown }[] }
      expect(lanes.some(({ newest }) => newest !== null)).toBe(sees)
    }
  })
})

test('signing in and making accounts stand in the log without a name', async () => {
  const { journal } = hub.hub.parts
  const before = journal.size()
  const { url } = await inviteAccount('Very Distinct Name', ['auditor'], hub.hub.parts)
  await useLink(url.split('token=')[1] ?? '')
  const kinds: string[] = []
  for (let index = before; index < journal.size(); index++) {
    const entry = Buffer.from((await journal.receipt(index))?.entry ?? []).toString('utf8')
    kinds.push((JSON.parse(entry) as { kind: string }).kind)
    expect(entry).not.toContain('Distinct')
  }
  expect(kinds).toEqual(['account_created', 'session_started'])
})
