/**
 * A process that posts and publishes as the hub does, to addresses on its standard input, one a line, and
 * answers one line each. Whom it trusts is decided when a process starts, as with a hub.
 */

import { createInterface } from 'node:readline'

import { createBroker } from '../../packages/hub/src/delivery/broker.ts'
import { composed } from '../../packages/hub/src/delivery/composer.ts'
import { testEvent } from '../../packages/hub/src/delivery/event.ts'
import { post } from '../../packages/hub/src/delivery/post.ts'
import { ranges } from '../../packages/hub/src/delivery/targets.ts'

const allowed = ranges(['127.0.0.0/8', '::1'])
const body = Buffer.from('{"secret":"of the event"}')

async function attempt(url: string): Promise<unknown> {
  if (!url.startsWith('mqtts:')) return post({ url, body, headers: {} }, { allowed })
  const broker = createBroker({ url, topic: 't', port: 'p', clientId: 'c', allowed })
  try {
    const origin = { logOrigin: 'test.example/log', port: 'p', hub: 'http://localhost' }
    return await broker.publish(composed(testEvent('0'.repeat(32), new Date(), origin)))
  } finally {
    await broker.close()
  }
}

for await (const url of createInterface({ input: process.stdin }))
  console.log(JSON.stringify(await attempt(url)))
