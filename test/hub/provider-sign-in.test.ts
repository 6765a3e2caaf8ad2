/** Signing in through the agency's provider: who is let in, as whom, and who is not. */

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { type ProviderHub, sessionOf, startProviderHub } from '../support/provider-hub.ts'

let at: ProviderHub
let name: string

beforeAll(async () => {
  at = await startProviderHub()
})
afterAll(() => at.remove())
beforeEach(() => {
  ;({ name } = at.reset())
})

const refused = (code: string) => ({ body: { code } })

describe('a person of the agency', () => {
  test('is signed in with the roles and the unit of the settings; account and start stand in the log', async () => {
    const before = at.hub.hub.parts.journal.size()
    at.provider.person['groups'] = ['leads', 'officers', 'bowling']
    const answer = await at.signIn()
    expect(answer).toMatchObject({
      status: 200,
      body: {
        account: { name: name, roles: ['officer', 'supervisor'], party: 'agency' },
      },
    })
    expect(sessionOf(answer)).not.toBe('')
    expect(await at.kindsSince(before)).toEqual(['account_created', 'session_started'])
  })

  test('has the same account the next time, with what the agency says by then', async () => {
    const first = await at.signIn()
    const session = sessionOf(first)
    const before = at.hub.hub.parts.journal.size()
    at.provider.person['groups'] = ['privacy']
    const second = await at.signIn()
    expect((second.body['account'] as { id: string }).id).toBe(
      (first.body['account'] as { id: string }).id,
    )
    expect(await at.kindsSince(before)).toEqual(['account_changed', 'session_started'])
    const old = await at.hub.request('/v1/session', {
      headers: { cookie: session },
    })
    expect(await old.json()).toMatchObject({ account: { roles: ['privacy'] } })
  })

  test('signs out like everybody else', async () => {
    const session = sessionOf(await at.signIn())
    const as = { headers: { cookie: session } }
    expect((await at.hub.request('/v1/session', { ...as, method: 'DELETE' })).status).toBe(204)
    expect((await at.hub.request('/v1/session', as)).status).toBe(401)
  })

  test('has to say who they are each time: the provider’s own session is not enough', async () => {
    const asked = new URL((await at.leave()).url).searchParams
    expect([asked.get('prompt'), asked.get('max_age')]).toEqual(['login', '600'])
    at.provider.tamper = ({ claims }) =>
      (claims['auth_time'] = Math.floor(Date.now() / 1000) - 3600)
    expect(await at.signIn()).toMatchObject(refused('provider_answer_not_valid'))
    at.provider.tamper = ({ claims }) => delete claims['auth_time']
    expect(await at.signIn()).toMatchObject(refused('provider_answer_not_valid'))
  })
})

describe('nobody is let in', () => {
  test.each([
    ['whom no rule of the settings names', { groups: ['visitors'] }],
    ['who claims roles instead of groups', { groups: [], roles: ['supervisor'] }],
    ['who stands in two units', { groups: ['officers', 'privacy'] }],
    ['whose party is not here', { groups: [], employer: 'Nobody Ltd' }],
  ])('%s, and they are told what next', async (_, claims) => {
    const before = at.hub.hub.parts.journal.size()
    Object.assign(at.provider.person, claims)
    const answer = await at.signIn()
    expect(answer).toMatchObject({ status: 403, ...refused('sign_in_refused') })
    expect(String(answer.body['detail'])).toMatch(/Ask whoever runs the hub|A supervisor/)
    expect(sessionOf(answer)).toBe('')
    expect(await at.kindsSince(before)).toEqual([])
  })

  test('whose groups were taken away: their passkey is worth nothing any more, either', async () => {
    const session = sessionOf(await at.signIn())
    at.provider.person['groups'] = []
    expect(await at.signIn()).toMatchObject(refused('sign_in_refused'))
    const headers = { cookie: session }
    expect((await at.hub.request('/v1/crossings', { headers })).status).toBe(403)
  })

  test('whose account was closed in an incident', async () => {
    await at.signIn()
    const { db } = at.hub.hub.parts
    await db
      .updateTable('account')
      .set({ disabled_at: new Date() })
      .where('name', '=', name)
      .execute()
    expect(await at.signIn()).toMatchObject({ status: 403, ...refused('sign_in_refused') })
  })
})

describe('one person stays one person', () => {
  test('who has an account by invitation gets no second one, but connects it', async () => {
    const invited = await at.hub.signIn(['officer'], { unit: 'north' })
    at.provider.person['name'] = 'Test officer'
    expect(await at.signIn()).toMatchObject(refused('sign_in_refused'))
    const connected = await at.signIn({ connect: true }, [invited.cookie])
    expect(connected).toMatchObject({ status: 200, body: { account: { name: 'Test officer' } } })
    expect((await at.signIn()).body['account']).toEqual(connected.body['account'])
  })

  test('an account is connected by who is signed in to it, from the beginning to the end', async () => {
    expect(await at.leave({ connect: true })).toMatchObject({ status: 401 })
    const [one, other] = [await at.hub.signIn(['privacy']), await at.hub.signIn(['auditor'])]
    const browser = await at.leave({ connect: true }, [one.cookie])
    const query = await at.provider.visit(browser.url)
    const changed = [other.cookie, ...browser.cookies.filter((cookie) => cookie !== one.cookie)]
    expect(await at.back(query, changed)).toMatchObject(refused('not_signed_in'))
  })

  test('who comes back in two pages in the same moment has one account', async () => {
    const pages = await Promise.all([at.leave(), at.leave(), at.leave()])
    const queries = await Promise.all(pages.map(({ url }) => at.provider.visit(url)))
    const answers = await Promise.all(
      pages.map(({ cookies }, page) => at.back(queries[page] ?? '', cookies)),
    )
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    const { db } = at.hub.hub.parts
    const accounts = await db.selectFrom('account').selectAll().where('name', '=', name).execute()
    expect(accounts).toHaveLength(1)
  })

  test('a subject that has an account is not connected with another one', async () => {
    await at.signIn()
    const invited = await at.hub.signIn(['integrator'])
    expect(await at.signIn({ connect: true }, [invited.cookie])).toMatchObject(
      refused('sign_in_refused'),
    )
  })
})
