/** Receivers and brokers with certificates: who is believed, and what the others get to see. */

import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import * as https from 'node:https'
import * as net from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import * as tls from 'node:tls'

import { startTestBroker, type TestBroker } from '@sallyport/mqtt/testing/broker'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { type Issued, issue, makeAuthority } from '../support/certificates.ts'

const agency = makeAuthority()
const dayMs = 24 * 3_600_000
const certificates = {
  good: issue(agency, { names: ['localhost'], addresses: ['127.0.0.1'] }),
  otherName: issue(agency, { names: ['elsewhere.example'] }),
  expired: issue(agency, {
    names: ['localhost'],
    from: new Date(Date.now() - 3 * dayMs),
    to: new Date(Date.now() - dayMs),
  }),
  stranger: issue(makeAuthority('Nobody known'), { names: ['localhost'] }),
}
type Name = keyof typeof certificates

let folder: string
let broker: TestBroker
const servers: net.Server[] = []
const posted: string[] = []
const ports = new Map<string, number>()

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sallyport-certificates-'))
  await writeFile(path.join(folder, 'root.pem'), agency.pem)
  broker = await startTestBroker()
  for (const [name, issued] of Object.entries(certificates)) {
    ports.set(`https ${name}`, await listen(receiver(issued)))
    ports.set(`mqtts ${name}`, await listen(inFrontOf(broker, issued)))
  }
})
afterAll(async () => {
  for (const server of servers) server.close()
  await broker.down()
  await rm(folder, { recursive: true, force: true })
})

function receiver(issued: Issued): net.Server {
  return https.createServer(issued, (request, response) => {
    request.on('data', (chunk: Buffer) => posted.push(chunk.toString('utf8')))
    request.on('end', () => response.writeHead(204).end())
  })
}

/** TLS before a broker that has none. */
function inFrontOf({ url }: TestBroker, issued: Issued): net.Server {
  const port = Number(new URL(url).port)
  return tls.createServer(issued, (secure) => {
    const plain = net.connect(port, '127.0.0.1')
    for (const one of [secure, plain]) one.on('error', () => undefined)
    secure.pipe(plain).pipe(secure)
  })
}

async function listen(server: net.Server): Promise<number> {
  server.on('tlsClientError', () => undefined)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return typeof address === 'object' ? (address?.port ?? 0) : 0
}

type Attempt = { readonly kind: string; readonly reason?: string }

/** What a process that trusts the agency's authority, or only the public ones, makes of each address. */
async function attempts(
  urls: readonly string[],
  trustsAgency: boolean,
): Promise<readonly Attempt[]> {
  const { NODE_EXTRA_CA_CERTS: _set, ...rest } = process.env
  const env = trustsAgency ? { ...rest, NODE_EXTRA_CA_CERTS: path.join(folder, 'root.pem') } : rest
  const child = spawn(process.execPath, ['--import', 'tsx', 'test/support/secure-client.ts'], {
    env,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let text = ''
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')))
  child.stdin.end(urls.map((url) => `${url}\n`).join(''))
  await new Promise((resolve) => child.once('close', resolve))
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Attempt)
}

const at = (scheme: 'https' | 'mqtts', name: Name, host = 'localhost'): string =>
  `${scheme}://${scheme === 'mqtts' ? 'hub:pass-word@' : ''}${host}:${ports.get(`${scheme} ${name}`) ?? 0}/`

test('with the agency’s authority: its receiver and broker, by name and address, and nobody else', async () => {
  const [byName, byAddress, broker1, broker2, ...others] = await attempts(
    [
      at('https', 'good'),
      at('https', 'good', '127.0.0.1'),
      at('mqtts', 'good'),
      at('mqtts', 'good', '127.0.0.1'),
      ...(['otherName', 'expired', 'stranger'] as const).flatMap((name) => [
        at('https', name),
        at('mqtts', name),
      ]),
    ],
    true,
  )
  for (const one of [byName, byAddress, broker1, broker2])
    expect(one).toEqual({ kind: 'delivered' })
  expect(others.map(({ reason }) => reason)).toEqual([
    'err_tls_cert_altname_invalid',
    'mqtt_err_tls_cert_altname_invalid',
    'cert_has_expired',
    'mqtt_cert_has_expired',
    expect.stringMatching(/^unable_to_|^self_signed/),
    expect.stringMatching(/^mqtt_(unable_to_|self_signed)/),
  ])
  // Those who were not believed saw neither the event nor the password.
  expect(posted).toHaveLength(2)
  expect(broker.published).toHaveLength(2)
  expect(broker.visitors).toHaveLength(2)
}, 60_000)

test('without it an authority of one’s own is nobody: nothing is sent', async () => {
  const [before, visitors] = [posted.length, broker.visitors.length]
  const found = await attempts([at('https', 'good'), at('mqtts', 'good')], false)
  expect(found.map(({ kind }) => kind)).toEqual(['failed', 'failed'])
  expect(found[0]?.reason).toMatch(/^unable_to_|^self_signed/)
  expect([posted.length, broker.visitors.length]).toEqual([before, visitors])
}, 60_000)
