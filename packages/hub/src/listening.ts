/** The address that a hub listens on. */

import type { Server } from 'node:http'
import { createServer } from 'node:net'

import { serve } from '@hono/node-server'

import type { Events } from './events.ts'
import { limits } from './limits.ts'
import type { HubSettings } from './settings.ts'
import { HubStartError } from './start-error.ts'

/** Told before a database is made for nothing; the hub listens last. */
export async function expectFreePort({ host, port }: HubSettings): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const probe = createServer()
    probe.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? reject(portInUse(port)) : reject(error),
    )
    probe.listen(port, host === 'localhost' ? '127.0.0.1' : host, () =>
      probe.close(() => resolve()),
    )
  })
}

function portInUse(port: number): Error {
  return new HubStartError(
    'port_in_use',
    `Port ${port} is in use. End what uses it, or choose another with --port.`,
  )
}

/** Listens; resolves with the function that ends it. Throws with the address when it is taken. */
export async function listen(
  fetch: Parameters<typeof serve>[0]['fetch'],
  { host, port }: HubSettings,
  events: Events,
): Promise<() => Promise<void>> {
  const server = await new Promise<Server>((resolve, reject) => {
    // Loopback has two addresses; "localhost" alone would take the one that the resolver names first.
    const started = serve(
      { fetch, hostname: host === 'localhost' ? '127.0.0.1' : host, port },
      () => resolve(started as Server),
    ) as Server
    // Longer than lanes and proxies keep a quiet connection: it is they who close it.
    started.keepAliveTimeout = limits.keepAliveMs
    started.maxConnections = limits.connectionsMax
    started.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? portInUse(port) : error),
    )
  })
  return () =>
    new Promise((resolve) => {
      const timer = setTimeout(() => server.closeAllConnections(), limits.stopMsMax)
      // A connection that falls quiet meanwhile would keep the server waiting.
      const sweep = setInterval(() => server.closeIdleConnections(), 50)
      server.close(() => {
        clearInterval(sweep)
        clearTimeout(timer)
        resolve()
      })
      events.end()
      server.closeIdleConnections()
    })
}
