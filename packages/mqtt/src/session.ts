/**
 * One connection to a broker, from its beginning to its end. It does not come back by itself: whoever
 * uses it knows best when to try again. Every wait has an end.
 */

import * as net from 'node:net'
import * as tls from 'node:tls'

import { encodePacket, type Packet, PacketReader } from './packets.ts'

export type SessionOptions = {
  /** `mqtts://name:password@host:8883` or `mqtt://…`. */
  readonly url: URL
  readonly clientId: string
  readonly keepAliveSeconds?: number
  /** For the connection, and for each acknowledgement. */
  readonly answerMsMax?: number
  readonly message?: (topic: string, payload: Uint8Array) => void
}

export type Session = {
  /** Resolves when the broker has it (QoS 1). Rejects when it does not say so in time. */
  publish(topic: string, payload: Uint8Array): Promise<void>
  /** Resolves when the broker will send what fits the filter. */
  subscribe(filter: string): Promise<void>
  /** Why it ended. Never rejects. */
  readonly ended: Promise<string>
  end(): Promise<void>
}

/** Connects and signs in. Rejects with a closed reason: `refused_5`, `timeout`, `econnrefused`, ... */
export async function openSession(options: SessionOptions): Promise<Session> {
  const { url, clientId, keepAliveSeconds = 30, answerMsMax = 10_000, message } = options
  const socket = connect(url)
  const reader = new PacketReader()
  const waiting = new Map<number, { done: () => void; fail: (reason: string) => void }>()
  let lastId = 0
  let welcome: (code: number) => void = () => undefined
  let heardAt = Date.now()

  const ended = new Promise<string>((resolve) => {
    socket.once('close', () => resolve('closed'))
    socket.once('error', (error: NodeJS.ErrnoException) =>
      resolve((error.code ?? 'connection_failed').toLowerCase()),
    )
  })
  const send = (packet: Packet): void => void socket.write(encodePacket(packet))
  socket.on('data', (chunk: Buffer) => {
    heardAt = Date.now()
    const read = reader.take(chunk)
    if (read.kind === 'refused') return void socket.destroy()
    for (const packet of read.packets) handle(packet)
  })

  function handle(packet: Packet): void {
    switch (packet.kind) {
      case 'connack':
        return welcome(packet.code)
      case 'publish':
        message?.(packet.topic, packet.payload)
        if (packet.qos === 1) send({ kind: 'puback', id: packet.id })
        return
      case 'puback':
        return waiting.get(packet.id)?.done()
      case 'suback': {
        const one = waiting.get(packet.id)
        return packet.codes.every((code) => code <= 1) ? one?.done() : one?.fail('not_allowed')
      }
      case 'pingresp':
        return
      // Only a client says such things.
      case 'connect':
      case 'subscribe':
      case 'pingreq':
      case 'disconnect':
        socket.destroy()
    }
  }

  /** Sends a packet that carries an id and waits for its answer. */
  function ask(make: (id: number) => Packet): Promise<void> {
    do lastId = (lastId % 65_535) + 1
    while (waiting.has(lastId))
    const id = lastId
    const packet = make(id)
    return new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => fail('timeout'), answerMsMax)
      const settle = (): void => {
        clearTimeout(late)
        waiting.delete(id)
      }
      const fail = (reason: string): void => {
        settle()
        reject(new Error(reason))
      }
      const done = (): void => {
        settle()
        resolve()
      }
      waiting.set(id, { done, fail })
      if (socket.destroyed) return fail('closed')
      send(packet)
    })
  }

  const ping = setInterval(() => {
    if (Date.now() - heardAt > 1500 * keepAliveSeconds) socket.destroy()
    else send({ kind: 'pingreq' })
  }, keepAliveSeconds * 1000)
  ping.unref()
  void ended.then((reason) => {
    clearInterval(ping)
    for (const one of waiting.values()) one.fail(reason)
  })

  const code = await new Promise<number | string>((resolve) => {
    const late = setTimeout(() => resolve('timeout'), answerMsMax)
    welcome = resolve
    void ended.then(resolve)
    socket.once(url.protocol === 'mqtts:' ? 'secureConnect' : 'connect', () =>
      send({ kind: 'connect', clientId, keepAliveSeconds, ...credentialsOf(url) }),
    )
    void ended.finally(() => clearTimeout(late))
    const before = welcome
    welcome = (given) => {
      clearTimeout(late)
      before(given)
    }
  })
  if (code !== 0) {
    socket.destroy()
    throw new Error(typeof code === 'string' ? code : `refused_${code}`)
  }
  return {
    publish: (topic, payload) =>
      ask((id) => ({ kind: 'publish', topic, payload, retain: false, qos: 1, id, again: false })),
    subscribe: (filter) => ask((id) => ({ kind: 'subscribe', id, filter, qos: 1 })),
    ended,
    async end() {
      if (!socket.destroyed) {
        send({ kind: 'disconnect' })
        socket.end()
        setTimeout(() => socket.destroy(), 1000).unref()
      }
      await ended
    },
  }
}

function connect(url: URL): net.Socket {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const secure = url.protocol === 'mqtts:'
  const port = url.port === '' ? (secure ? 8883 : 1883) : Number(url.port)
  if (!secure) return net.connect({ host, port })
  return tls.connect({ host, port, ...(net.isIP(host) === 0 ? { servername: host } : {}) })
}

function credentialsOf({ username, password }: URL) {
  const said = (value: string) => (value === '' ? null : decodeURIComponent(value))
  return { username: said(username), password: said(password) }
}
