/** Signing in through the agency's provider: what a provider, a network or a browser may try. */

import { createHmac } from 'node:crypto'

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import type { TestProvider } from '../support/oidc-provider.ts'
import { type ProviderHub, sessionOf, startProviderHub } from '../support/provider-hub.ts'

const minuteMs = 60_000

let at: ProviderHub
let hours = 0

beforeAll(async () => {
  at = await startProviderHub()
})
afterAll(() => at.remove())
beforeEach(() => {
  at.reset()
})

const refused = (code: string) => ({ body: { code } })
/** So late that the hub asks for the provider's description again. */
const later = () => ++hours * 60 * minuteMs

describe('a token is not believed', () => {
  const other = 'https://login.elsewhere.example'
  const now = () => Math.floor(Date.now() / 1000)
  test.each<[string, Partial<Pick<TestProvider, 'tamper' | 'forge'>>]>([
    ['of another issuer', { tamper: ({ claims }) => (claims['iss'] = other) }],
    ['for another client', { tamper: ({ claims }) => (claims['aud'] = 'another-hub') }],
    [
      'for several clients, asked for by another',
      { tamper: ({ claims }) => Object.assign(claims, { aud: ['sallyport-test', 'x'], azp: 'x' }) },
    ],
    [
      'that ran out',
      { tamper: ({ claims }) => Object.assign(claims, { iat: now() - 900, exp: now() - 600 }) },
    ],
    ['that begins later', { tamper: ({ claims }) => (claims['nbf'] = now() + 600) }],
    ['of another sign-in (nonce)', { tamper: ({ claims }) => (claims['nonce'] = 'x'.repeat(43)) }],
    ['without a nonce', { tamper: ({ claims }) => delete claims['nonce'] }],
    ['without a subject', { tamper: ({ claims }) => delete claims['sub'] }],
    ['with extensions that must be understood', { tamper: ({ head }) => (head['crit'] = ['b64']) }],
    [
      'that nobody signed (alg none)',
      {
        forge: (token) =>
          `${Buffer.from('{"alg":"none"}').toString('base64url')}.${token.split('.')[1]}.`,
      },
    ],
    ['that says alg none and is signed', { tamper: ({ head }) => (head['alg'] = 'none') }],
    [
      'whose signature is of something else',
      { forge: (token) => token.replace(/.{8}$/, 'AAAAAAAA') },
    ],
    ['whose content was changed', { forge: (token) => swapClaims(token, { groups: ['leads'] }) }],
    [
      'signed with the client’s secret (HS256)',
      { forge: (token) => hmacSigned(token, at.provider.secret) },
    ],
    ['of a key that is not published', { tamper: ({ head }) => (head['kid'] = 'unknown') }],
    ['that is none', { forge: () => 'a.b' }],
  ])('%s', async (_, trick) => {
    Object.assign(at.provider, trick)
    const before = at.hub.hub.parts.journal.size()
    const answer = await at.signIn()
    expect(answer).toMatchObject({ status: 401, ...refused('provider_answer_not_valid') })
    expect(sessionOf(answer)).toBe('')
    expect(await at.kindsSince(before)).toEqual([])
  })

  test.each(['RS256', 'ES256'] as const)(
    'whose key was exchanged is the old one; the new %s key holds at once',
    async (algorithm) => {
      expect((await at.signIn()).status).toBe(200)
      at.provider.rotate(algorithm)
      expect((await at.signIn()).status).toBe(200)
    },
  )
})

describe('an answer fits only the browser that asked, once', () => {
  test('a second time it is refused', async () => {
    const browser = await at.leave()
    const query = await at.provider.visit(browser.url)
    expect((await at.back(query, browser.cookies)).status).toBe(200)
    expect(await at.back(query, browser.cookies)).toMatchObject(
      refused('provider_answer_not_valid'),
    )
  })

  test('of eight that come in the same moment one is taken', async () => {
    const browser = await at.leave()
    const query = await at.provider.visit(browser.url)
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => at.back(query, browser.cookies)),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  })

  test.each([
    ['without the cookie', (): readonly string[] => []],
    ['with a made-up cookie', (): readonly string[] => [`sallyport_attempt=${'a'.repeat(32)}`]],
  ])('%s it is none', async (_, cookies) => {
    const query = await at.provider.visit((await at.leave()).url)
    expect(await at.back(query, cookies())).toMatchObject(refused('provider_answer_not_valid'))
  })

  test('of somebody else’s sign-in it is refused: nobody is signed in as who sent a link', async () => {
    const [attacker, victim] = [await at.leave(), await at.leave()]
    const query = await at.provider.visit(attacker.url)
    expect(await at.back(query, victim.cookies)).toMatchObject(refused('provider_answer_not_valid'))
    const swapped = query.replace(
      /state=[^&]+/,
      `state=${new URL(victim.url).searchParams.get('state')}`,
    )
    const again = await at.leave()
    expect(await at.back(swapped, again.cookies)).toMatchObject(
      refused('provider_answer_not_valid'),
    )
  })

  test('with the state of this browser and the code of another, the code verifier does not fit', async () => {
    const [attacker, victim] = [await at.leave(), await at.leave()]
    const code = new URLSearchParams(await at.provider.visit(attacker.url)).get('code') ?? ''
    const state = new URL(victim.url).searchParams.get('state') ?? ''
    const query = String(new URLSearchParams({ code, state }))
    expect(await at.back(query, victim.cookies)).toMatchObject(refused('provider_answer_not_valid'))
    expect(at.hub.reports.join()).toContain('invalid_grant')
  })

  test('too late it is refused', async () => {
    const browser = await at.leave()
    const query = await at.provider.visit(browser.url)
    at.offsetMs = 11 * minuteMs
    expect(await at.back(query, browser.cookies)).toMatchObject(
      refused('provider_answer_not_valid'),
    )
  })

  test('nothing that opens it is stored: state, nonce and verifier are in no row', async () => {
    const browser = await at.leave()
    const rows = JSON.stringify(
      await at.hub.hub.parts.db.selectFrom('provider_attempt').selectAll().execute(),
    )
    const secret = browser.cookies[0]?.split('=')[1] ?? ''
    const asked = new URL(browser.url).searchParams
    for (const text of [secret, asked.get('state'), asked.get('nonce')]) {
      expect(text).toMatch(/^[\w-]{32,}$/)
      expect(rows).not.toContain(text)
    }
  })
})

describe('providers that are mixed up, or gone', () => {
  test('an answer that names another issuer is refused before its code is shown to anybody', async () => {
    at.provider.answer = (answer) => answer.set('iss', 'https://login.elsewhere.example')
    const before = at.provider.seen.length
    expect(await at.signIn()).toMatchObject(refused('provider_answer_not_valid'))
    expect(at.provider.seen.slice(before).map(({ path }) => path)).not.toContain('/token')
  })

  test.each([
    ['twice the same word', (answer: URLSearchParams) => answer.append('code', 'another')],
    ['an error', (answer: URLSearchParams) => answer.set('error', 'access_denied')],
    ['no code', (answer: URLSearchParams) => answer.delete('code')],
  ])('an answer with %s signs nobody in', async (_, change) => {
    at.provider.answer = change
    expect(await at.signIn()).toMatchObject(refused('provider_answer_not_valid'))
  })

  test.each([
    [
      'names another issuer',
      (document: Record<string, unknown>) => (document['issuer'] = 'http://localhost:1'),
    ],
    [
      'sends people to an address without https elsewhere',
      (document: Record<string, unknown>) =>
        (document['authorization_endpoint'] = 'ftp://elsewhere.example/'),
    ],
  ])('a description that %s is not followed', async (_, change) => {
    at.offsetMs = later()
    at.provider.describe = change
    expect(await at.leave()).toMatchObject(refused('provider_answer_not_valid'))
  })

  test('the address that people come back to is the hub’s own, whatever a browser says', async () => {
    const browser = await at.leave()
    const tampered = new URL(browser.url)
    tampered.searchParams.set('redirect_uri', 'https://elsewhere.example/sign-in/provider')
    await expect(at.provider.visit(tampered.href)).rejects.toThrow(/redirect_uri/)
    const query = `${await at.provider.visit(browser.url)}&redirect_uri=https%3A%2F%2Felsewhere.example`
    await at.back(query, browser.cookies)
    const sent = at.provider.seen
      .findLast(({ path }) => path === '/token')
      ?.body.get('redirect_uri')
    expect(sent).toBe(`${at.hub.origin}/sign-in/provider`)
  })

  test('while the provider is down people are told so, and a link works', async () => {
    at.offsetMs = later()
    at.provider.status = 503
    expect(await at.leave()).toMatchObject({ status: 503, ...refused('provider_unreachable') })
    const invited = await at.hub.signIn(['officer'])
    expect(invited.cookie).toMatch(/^sallyport_session=/)
  })

  test('a provider that goes down half way signs nobody in', async () => {
    const browser = await at.leave()
    const query = await at.provider.visit(browser.url)
    at.provider.status = 502
    expect(await at.back(query, browser.cookies)).toMatchObject(refused('provider_unreachable'))
  })

  test('an endless description is cut off', async () => {
    at.offsetMs = later()
    at.provider.describe = (document) => (document['x'] = 'x'.repeat(600_000))
    expect(await at.leave()).toMatchObject(refused('provider_unreachable'))
  })

  test('what the provider said of a person is in no report', async () => {
    at.provider.tamper = ({ claims }) => (claims['aud'] = 'another-hub')
    await at.signIn()
    expect(at.hub.reports.join('\n')).toMatch(/^sign-in provider: OAUTH_[A-Z_]+$/)
  })
})

function swapClaims(token: string, claims: object): string {
  const [head, body = '', signature] = token.split('.')
  const changed = {
    ...(JSON.parse(Buffer.from(body, 'base64url').toString()) as object),
    ...claims,
  }
  return [head, Buffer.from(JSON.stringify(changed)).toString('base64url'), signature].join('.')
}

function hmacSigned(token: string, secret: string): string {
  const text = `${Buffer.from('{"alg":"HS256"}').toString('base64url')}.${token.split('.')[1]}`
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
}
