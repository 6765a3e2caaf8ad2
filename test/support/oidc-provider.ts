/**
 * A small OpenID Connect provider on loopback: discovery, keys, codes and ID tokens that Node's own crypto signs.
 * It checks what a provider has to check (redirect address, PKCE, the client's secret), and misbehaves on request.
 */

import {
  createHash,
  createSign,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

type Claims = Record<string, unknown>
type Algorithm = 'RS256' | 'ES256'
type Key = {
  readonly kid: string
  readonly alg: Algorithm
  readonly privateKey: KeyObject
  readonly jwk: object
}
type Asked = {
  readonly redirect: string
  readonly challenge: string
  readonly nonce: string | null
  readonly claims: Claims
}

export type TestProvider = {
  readonly issuer: string
  readonly client: string
  readonly secret: string
  /** Where it sends people back to. */
  redirects: readonly string[]
  /** Claims beside those of the protocol. */
  person: Claims
  /** Changes a token's claims and head before it is signed. */
  tamper: (token: { head: Claims; claims: Claims }) => void
  /** Changes the finished token. */
  forge: (token: string) => string
  /** Changes the discovery document. */
  describe: (document: Claims) => void
  /** What is added to the answer that the browser brings back. */
  answer: (answer: URLSearchParams) => void
  /** Anything but null: every request is answered with this status. */
  status: number | null
  /** Requests by path, with what was sent. */
  readonly seen: { readonly path: string; readonly body: URLSearchParams }[]
  /** Signs with a new key from here on; the old one is no longer published. */
  rotate(algorithm?: Algorithm): void
  /** Signs in whoever `person` is, as a browser would: from the address to begin at to the answer's query. */
  visit(url: string): Promise<string>
  stop(): Promise<void>
}

export async function startTestProvider(): Promise<TestProvider> {
  const codes = new Map<string, Asked>()
  let keys: readonly Key[] = [makeKey('RS256')]
  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.writeHead(500).end())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address !== 'object') throw new Error('no port')
  const issuer = `http://localhost:${address.port}`

  const provider: TestProvider = {
    issuer,
    client: 'sallyport-test',
    secret: 'a secret / of the client',
    redirects: [],
    person: {},
    tamper: () => undefined,
    forge: (token) => token,
    describe: () => undefined,
    answer: () => undefined,
    status: null,
    seen: [],
    rotate(algorithm = 'RS256') {
      keys = [makeKey(algorithm)]
    },
    async visit(url) {
      const answer = await fetch(url, { redirect: 'manual' })
      const to = answer.headers.get('location')
      if (to === null)
        throw new Error(`the provider answered ${answer.status}: ${await answer.text()}`)
      return new URL(to).search.slice(1)
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', issuer)
    const body = new URLSearchParams(await textOf(request))
    provider.seen.push({ path: url.pathname, body })
    const json = (value: unknown, status = 200) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
    if (provider.status !== null) return void response.writeHead(provider.status).end()
    switch (url.pathname) {
      case '/.well-known/openid-configuration': {
        const document: Claims = {
          issuer,
          authorization_endpoint: `${issuer}/authorize`,
          token_endpoint: `${issuer}/token`,
          jwks_uri: `${issuer}/keys`,
          response_types_supported: ['code'],
          subject_types_supported: ['public'],
          id_token_signing_alg_values_supported: ['RS256', 'ES256', 'none', 'HS256'],
          code_challenge_methods_supported: ['S256'],
        }
        provider.describe(document)
        return void json(document)
      }
      case '/keys':
        return void json({ keys: keys.map(({ jwk }) => jwk) })
      case '/authorize': {
        const asked = url.searchParams
        const redirect = asked.get('redirect_uri') ?? ''
        if (!provider.redirects.includes(redirect)) return void json({ error: 'redirect_uri' }, 400)
        if (
          asked.get('client_id') !== provider.client ||
          asked.get('code_challenge_method') !== 'S256'
        )
          return void json({ error: 'invalid_request' }, 400)
        const code = randomBytes(12).toString('hex')
        codes.set(code, {
          redirect,
          challenge: asked.get('code_challenge') ?? '',
          nonce: asked.get('nonce'),
          claims: { ...provider.person },
        })
        const answer = new URLSearchParams({ code, state: asked.get('state') ?? '' })
        provider.answer(answer)
        return void response.writeHead(302, { location: `${redirect}?${answer}` }).end()
      }
      case '/token': {
        const asked = codes.get(body.get('code') ?? '')
        codes.delete(body.get('code') ?? '')
        const challenge = createHash('sha256')
          .update(body.get('code_verifier') ?? '')
          .digest('base64url')
        if (!isClient(request.headers.authorization, provider))
          return void json({ error: 'invalid_client' }, 401)
        if (asked?.redirect !== body.get('redirect_uri') || asked.challenge !== challenge)
          return void json({ error: 'invalid_grant' }, 400)
        return void json({
          access_token: randomBytes(9).toString('hex'),
          token_type: 'Bearer',
          id_token: tokenOf(asked),
        })
      }
      default:
        return void json({}, 404)
    }
  }

  function tokenOf({ nonce, claims }: Asked): string {
    const [key] = keys
    if (key === undefined) throw new Error('a key is always there')
    const now = Math.floor(Date.now() / 1000)
    const token = {
      head: { alg: key.alg, kid: key.kid, typ: 'JWT' } as Claims,
      claims: {
        iss: issuer,
        aud: provider.client,
        iat: now,
        exp: now + 300,
        auth_time: now,
        nonce,
        ...claims,
      } as Claims,
    }
    provider.tamper(token)
    return provider.forge(sign(token, key))
  }
  return provider
}

function makeKey(alg: Algorithm): Key {
  const { publicKey, privateKey } =
    alg === 'RS256'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const kid = randomBytes(6).toString('hex')
  return {
    kid,
    alg,
    privateKey,
    jwk: { ...publicKey.export({ format: 'jwk' }), kid, alg, use: 'sig' },
  }
}

function sign(
  { head, claims }: { head: Claims; claims: Claims },
  { alg, privateKey }: Key,
): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const text = `${part(head)}.${part(claims)}`
  const key = alg === 'ES256' ? { key: privateKey, dsaEncoding: 'ieee-p1363' as const } : privateKey
  return `${text}.${createSign('sha256').update(text).sign(key).toString('base64url')}`
}

/** RFC 6749 section 2.3.1: both parts are form-encoded first. */
function isClient(header: string | undefined, { client, secret }: TestProvider): boolean {
  const given = Buffer.from((header ?? '').replace('Basic ', ''), 'base64').toString('utf8')
  const [id, key] = given.split(':').map((part) => new URLSearchParams(`x=${part}`).get('x'))
  return id === client && key === secret
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  return text
}
