/** Being somebody at a hub from a terminal: what is kept, for how long, and what it never shows. */

import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'

import type { Role } from '@sallyport/core/opening'
import { inviteAccount } from '@sallyport/hub/accounts'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'

import {
  endSession,
  keepSession,
  openSession,
  signInWith,
} from '../../packages/cli/src/session/session.ts'
import { sallyport } from '../support/command.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'

let hub: TestHub
let folder: string
let file: string
let environment: NodeJS.ProcessEnv

beforeAll(async () => {
  hub = await startTestHub()
})
afterAll(() => hub.remove())
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sallyport-session-'))
  file = path.join(folder, 'sallyport', 'sessions.json')
  environment = { XDG_CONFIG_HOME: folder }
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const linkFor = async (...roles: readonly Role[]): Promise<string> =>
  (await inviteAccount(`Test ${roles.join(' ')}`, roles, hub.hub.parts)).url

async function signIn(...roles: readonly Role[]): Promise<void> {
  const { session, kept } = await signInWith(await linkFor(...roles), {}, environment)
  await keepSession(session.hub, kept, environment)
}

async function keptToken(): Promise<string> {
  const kept = JSON.parse(await readFile(file, 'utf8')) as { hubs: Record<string, unknown> }
  return (kept.hubs[hub.origin] as { token: string }).token
}

const whoami = {
  path: '/v1/session',
  answer: z.object({ account: z.object({ name: z.string() }) }),
}

test('signing in, being somebody, signing out; the token is in one closed file and on no screen', async () => {
  const run = (words: readonly string[], input?: string) =>
    sallyport(words, {
      environment: { ...environment, SALLYPORT_DEBUG: '1' },
      ...(input === undefined ? {} : { input }),
    })
  const link = await linkFor('supervisor')
  const first = await run(['sign-in'], `${link}\n`)
  expect(first.stderr).toContain(file)
  expect(first.code).toBe(0)
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect((await stat(path.dirname(file))).mode & 0o777).toBe(0o700)
  const token = await keptToken()

  const who = await run(['whoami', '--json'])
  expect(who.json[0]).toMatchObject({ hub: hub.origin, account: { name: 'Test supervisor' } })
  const out = await run(['sign-out'])
  expect([who.code, out.code]).toEqual([0, 0])
  const ended = await hub.request('/v1/session', {
    headers: { cookie: `sallyport_session=${token}` },
  })
  expect(ended.status).toBe(401)
  const after = await run(['whoami'])
  expect([after.code, after.stdout]).toEqual([3, ''])
  expect(after.stderr).toMatch(/not signed in.*sallyport sign-in/)
  const again = await run(['sign-in', link])
  expect([again.code, again.stderr]).toEqual([3, expect.stringContaining('link_not_valid')])

  const shown = [first, who, out, after, again].map(({ stdout, stderr }) => stdout + stderr).join()
  expect(shown).not.toContain(token)
  expect(shown).not.toContain(link.split('token=')[1])
  expect(await readFile(file, 'utf8')).not.toContain(token)
}, 120_000)

test('a session that was ended elsewhere is forgotten, and the way back is said', async () => {
  await signIn('officer')
  const cookie = `sallyport_session=${await keptToken()}`
  await hub.request('/v1/session', { method: 'DELETE', headers: { cookie } })
  const session = await openSession({}, environment)
  await expect(session.ask(whoami)).rejects.toThrow(/has ended.*sallyport sign-in/)
  await expect(openSession({}, environment)).rejects.toThrow(/not signed in/)
})

test('a session past its hour is not sent', async () => {
  await signIn('officer')
  const text = await readFile(file, 'utf8')
  const old = text.replace(/"expires_at": "[^"]+"/, '"expires_at": "2020-01-01T00:00:00Z"')
  await writeFile(file, old)
  await expect(openSession({}, environment)).rejects.toThrow(/ended at 2020.*sallyport sign-in/)
})

test.each([
  ['that others may read', (name: string) => chmod(name, 0o640), /open to others/],
  ['that was cut', (name: string) => writeFile(name, '{"version":1,'), /damaged/],
])('a file of sessions %s is not used', async (_name, spoil, message) => {
  await signIn('officer')
  await spoil(file)
  await expect(openSession({}, environment)).rejects.toThrow(message)
})

test('several hubs: the last is meant, the option and the variable name another', async () => {
  await signIn('officer')
  const other = 'https://hub.example'
  const far = { token: 'x', account: { id: '1', name: 'Far' }, expires_at: '2999-01-01T00:00:00Z' }
  await keepSession(other, far, environment)
  expect((await openSession({}, environment)).hub).toBe(other)
  expect((await openSession({ hub: `${hub.origin}/` }, environment)).hub).toBe(hub.origin)
  const named = { ...environment, SALLYPORT_HUB: hub.origin }
  expect(await (await openSession({}, named)).ask(whoami)).toMatchObject({
    account: { name: 'Test officer' },
  })
})

test('a hub that went away: signing out forgets, and says what is left there', async () => {
  const gone = 'http://localhost:1'
  const kept = { token: 'x', account: { id: '1', name: 'A' }, expires_at: '2999-01-01T00:00:00Z' }
  await keepSession(gone, kept, environment)
  await expect(endSession({}, environment)).rejects.toThrow(/did not answer.*2999/)
  expect(await readFile(file, 'utf8')).not.toContain('"token"')
})

test.each([
  ['nobody', '', /no one-time link/],
  ['an address without a token', 'http://localhost:1/sign-in', /no one-time link/],
  ['a hub in clear, far away', 'http://hub.example/sign-in#token=abc', /in clear/],
  ['no hub at all', 'ftp://hub.example/sign-in#token=abc', /no address of a hub/],
])('a link to %s is refused before anything is sent', async (_name, link, message) => {
  await expect(signInWith(link, {}, environment)).rejects.toThrow(message)
})

test('a server that sends us elsewhere, or answers with anything, gets no session out of us', async () => {
  const seen: (string | undefined)[] = []
  const listen = async (server: Server): Promise<string> => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  }
  const thief = createServer((request, response) => {
    seen.push(request.headers.cookie)
    response.end('{}')
  })
  const elsewhere = await listen(thief)
  const odd = createServer((request, response) => {
    if (request.url === '/v1/session') response.writeHead(307, { location: elsewhere }).end()
    else response.writeHead(200).end('<html>')
  })
  const hubLike = await listen(odd)
  const kept = { token: 'x', account: { id: '1', name: 'A' }, expires_at: '2999-01-01T00:00:00Z' }
  try {
    await keepSession(hubLike, kept, environment)
    const session = await openSession({}, environment)
    await expect(session.ask(whoami)).rejects.toThrow(/No hub answers/)
    await expect(session.ask({ ...whoami, path: '/v1/other' })).rejects.toThrow(/Is it a hub/)
    expect(seen).toEqual([])
  } finally {
    thief.close()
    odd.close()
  }
})
