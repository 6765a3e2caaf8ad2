/** The MQTT broker of the settings: events are published there with QoS 1, in the order of the outbox. */

import { lookup } from 'node:dns/promises'
import type { BlockList } from 'node:net'

import { openSession, type Session } from '@sallyport/mqtt/session'

import { limits } from '../limits.ts'
import type { Broker } from './deliveries.ts'
import { contains, ranges } from './targets.ts'

const thisMachine = ranges(['127.0.0.0/8', '::1'])

/** Connects with the first event and again after every failure; the outbox decides when. */
export function createBroker(options: {
  readonly url: string
  readonly topic: string
  readonly port: string
  readonly clientId: string
  /** Where plain `mqtt://` is allowed, beside this machine. */
  readonly allowed: BlockList
}): Broker {
  const { topic, port, clientId, allowed } = options
  const url = new URL(options.url)
  let session: Promise<Session> | null = null

  async function open(): Promise<Session> {
    if (url.protocol === 'mqtt:' && !(await mayBePlain(url, allowed)))
      throw new Error('plain_not_allowed')
    const opened = await openSession({ url, clientId, answerMsMax: limits.deliveryMsMax })
    void opened.ended.then(() => (session = null))
    return opened
  }

  async function drop(): Promise<void> {
    const dropped = session
    session = null
    await (await dropped?.catch(() => null))?.end()
  }

  return {
    async publish({ event, body }) {
      try {
        session ??= open()
        const name = event.type.replace(/^sallyport\.(.+)\.v\d+$/, '$1')
        await (await session).publish(`${topic}/${port}/${name}`, body)
        return { kind: 'delivered' }
      } catch (error) {
        // A session that did not take one event may be half dead: the next begins anew.
        await drop()
        const reason = error instanceof Error ? error.message : 'failed'
        return { kind: 'failed', reason: `mqtt_${reason}`.slice(0, 80), retryAfterSeconds: null }
      }
    },
    close: drop,
  }
}

/** How the broker stands in the row of its subscription: without its password. */
export function brokerAddress(url: string, topic: string): string {
  const { protocol, host } = new URL(url)
  return `${protocol}//${host}/${topic}`
}

async function mayBePlain(url: URL, allowed: BlockList): Promise<boolean> {
  const found = await lookup(url.hostname.replace(/^\[|\]$/g, ''), { all: true })
  return found.every(({ address }) => contains(thisMachine, address) || contains(allowed, address))
}
