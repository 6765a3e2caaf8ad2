/** A real hub on a database and directory of its own, for one test file. */

import { randomInt } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'

import type { Role } from '@sallyport/core/opening'
import { inviteAccount } from '@sallyport/hub/accounts'
import { type Hub, startHub } from '@sallyport/hub/hub'
import type { DrawPicture } from '@sallyport/hub/releases/context'
import type { hubSettings } from '@sallyport/hub/settings'
import type { z } from 'zod'

import { makeDatabase, makeMigratedDatabase, type TestDatabase } from './database.ts'
import { testSettings } from './hub-settings.ts'

export type TestHub = {
  readonly hub: Hub
  /** Where it listens: `http://localhost:PORT`. */
  readonly origin: string
  readonly data: string
  readonly database: TestDatabase
  /** What the hub reported, one line each. */
  readonly reports: string[]
  /** Sends a request to the application, without a network. */
  request(path: string, init?: RequestInit): Promise<Response>
  /** Signs a new account in and returns what sends requests as it. */
  /** Somebody new with these roles; of the agency unless another party is named. */
  signIn(
    roles: readonly Role[],
    affiliation?: { readonly party?: string; readonly unit?: string },
  ): Promise<Person>
  /** Stops the hub; `restart` starts another on the same data. */
  stop(): Promise<void>
  restart(): Promise<void>
  /** Stops and deletes everything. */
  remove(): Promise<void>
}

export type Person = {
  readonly cookie: string
  request(path: string, init?: RequestInit): Promise<Response>
}

export type TestHubOptions = {
  readonly now?: () => Date
  /** By default time passes as `now` says; a clock that stands still makes every step of it a jump. */
  readonly steady?: () => number
  /** False: the hub looks after nothing by itself, whoever moves `now` does. */
  readonly ownUpkeep?: boolean
  /** Draws what is planted in releases. */
  readonly draw?: DrawPicture
  /** Another PostgreSQL than the run's own. */
  readonly databaseServer?: string
  /** Serves the built console as well. */
  readonly console?: boolean
  /** A tlog-policy file, asked for at each start. */
  readonly logPolicy?: () => string | undefined
  /** Settings beyond these. */
  readonly settings?: Partial<z.input<typeof hubSettings>>
  /** Data directory; one of its own when it is not given. */
  readonly data?: string
  /** Rows to begin with; a database without any when they are not given. */
  readonly database?: TestDatabase
}

const consoleDirectory = path.resolve('packages/console/dist')

export async function startTestHub(options: TestHubOptions = {}): Promise<TestHub> {
  const data = options.data ?? (await mkdtemp(path.join(tmpdir(), 'sallyport-hub-')))
  const database =
    options.database ??
    (options.databaseServer === undefined
      ? await makeMigratedDatabase()
      : await makeDatabase(options.databaseServer))
  const reports: string[] = []
  const port = await freePort()
  const start = () =>
    startHub({
      settings: testSettings({
        data,
        port,
        databaseUrl: database.url,
        ...options.settings,
        logPolicy: options.logPolicy?.(),
      }),
      consoleDirectory: options.console === true ? consoleDirectory : null,
      report: (message) => reports.push(message),
      ...(options.draw === undefined ? {} : { draw: options.draw }),
      ...(options.now === undefined ? {} : { now: options.now }),
      ownUpkeep: options.ownUpkeep ?? true,
      steady: options.steady ?? (() => (options.now?.() ?? new Date()).getTime()),
    })
  let hub = await start()
  let stopped = false
  const request = async (where: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers)
    headers.set('host', `localhost:${port}`)
    if (init.body !== undefined && init.body !== null && !headers.has('content-length')) {
      headers.set('content-length', String(lengthOf(init.body)))
      if (!headers.has('content-type')) headers.set('content-type', 'application/json')
    }
    return hub.app.request(where, { ...init, headers })
  }
  const testHub: TestHub = {
    get hub() {
      return hub
    },
    origin: `http://localhost:${port}`,
    data,
    database,
    reports,
    request,
    async signIn(roles, affiliation = {}) {
      const name = `Test ${roles.join(' ')}`
      const { url } = await inviteAccount(name, roles, hub.parts, affiliation)
      const token = url.split('token=')[1] ?? ''
      const answer = await request('/v1/session/link', {
        method: 'POST',
        body: JSON.stringify({ token }),
      })
      const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
      return {
        cookie,
        request: (where, init = {}) => {
          const headers = new Headers(init.headers)
          headers.set('cookie', cookie)
          return request(where, { ...init, headers })
        },
      }
    },
    async stop() {
      if (!stopped) await hub.stop()
      stopped = true
    },
    async restart() {
      await testHub.stop()
      hub = await start()
      stopped = false
    },
    async remove() {
      await testHub.stop()
      await database.drop()
      await rm(data, { recursive: true, force: true })
    },
  }
  return testHub
}

function lengthOf(body: BodyInit): number {
  if (typeof body === 'string') return Buffer.byteLength(body)
  if (body instanceof Uint8Array) return body.length
  throw new Error('tests send text or bytes')
}

/**
 * A port that nothing listens on. Below those that systems give to connections of their own (32768 on
 * Linux, 49152 elsewhere): one of these could be taken before the hub has it.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(10_240, 32_768)
    if (await isFree(port)) return port
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' || error.code === 'EACCES' ? resolve(false) : reject(error),
    )
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
