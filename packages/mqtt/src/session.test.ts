/** A session with a broker that is well, away, deaf or rude. */

import * as net from 'node:net'

import { afterEach, expect, test } from 'vitest'

import { openSession } from './session.ts'
import { startTestBroker } from './testing/broker.ts'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

async function broker() {
  const started = await startTestBroker()
  closers.push(() => started.down())
  return started
}

const at = (url: string, answerMsMax = 10_000) => ({
  url: new URL(url),
  clientId: 'test',
  answerMsMax,
})

test('what is published has arrived when it says so, also many at once', async () => {
  const there = await broker()
  const session = await openSession(at(there.url.replace('//', '//gate:s%40cret@')))
  await Promise.all(
    Array.from({ length: 40 }, (_, n) => session.publish(`lane/${n}`, Buffer.from([n]))),
  )
  expect(there.published.map(({ payload }) => payload[0])).toEqual(
    Array.from({ length: 40 }, (_, n) => n),
  )
  expect(there.visitors).toEqual([{ username: 'gate', password: 's@cret' }])
  await session.end()
  expect(await session.ended).toBe('closed')
  await expect(session.publish('late', new Uint8Array())).rejects.toThrow('closed')
})

test('what is subscribed to comes, and nothing else', async () => {
  const there = await broker()
  const heard: string[] = []
  const session = await openSession({ ...at(there.url), message: (topic) => heard.push(topic) })
  await session.subscribe('frigate/events')
  there.send('frigate/stats', '{}')
  there.send('frigate/events', '{}')
  await expect.poll(() => heard).toEqual(['frigate/events'])
  await session.end()
})

test('a broker that refuses, is away, is deaf or hangs up is told apart', async () => {
  const there = await broker()
  there.welcomeCode = 5
  await expect(openSession(at(there.url))).rejects.toThrow('refused_5')
  there.welcomeCode = 0

  const session = await openSession(at(there.url, 1500))
  there.deaf = true
  await expect(session.publish('a', new Uint8Array())).rejects.toThrow('timeout')
  const pending = session.publish('b', new Uint8Array()).catch((error: unknown) => String(error))
  await there.down()
  expect(await pending).toMatch(/closed|econnreset/)
  await expect(openSession(at(there.url))).rejects.toThrow('econnrefused')
  await there.up()
  there.deaf = false
  await (await openSession(at(there.url))).end()
})

test('one that takes the connection and says nothing, or says nonsense, ends in time', async () => {
  for (const word of [null, 'HTTP/1.1 200 OK\r\n\r\n']) {
    const server = net.createServer((socket) => {
      socket.on('error', () => undefined)
      if (word !== null) socket.end(word)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    closers.push(() => server.close())
    const { port } = server.address() as net.AddressInfo
    await expect(openSession(at(`mqtt://127.0.0.1:${port}`, 500))).rejects.toThrow(/timeout|closed/)
  }
})

test('a dead line is noticed without anybody publishing', async () => {
  const server = net.createServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', () => socket.write(Buffer.from([0x20, 2, 0, 0])))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => server.close())
  const { port } = server.address() as net.AddressInfo
  const session = await openSession({ ...at(`mqtt://127.0.0.1:${port}`), keepAliveSeconds: 0.1 })
  expect(await session.ended).toBe('closed')
})
