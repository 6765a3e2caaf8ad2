/** Certificates as an agency's own authority makes them: X.509 (RFC 5280) in DER, ECDSA on P-256, for tests. */

import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'

export type Authority = { readonly name: string; readonly key: KeyObject; readonly pem: string }
export type Issued = { readonly key: string; readonly cert: string }

export type Terms = {
  readonly names?: readonly string[]
  readonly addresses?: readonly string[]
  readonly from?: Date
  readonly to?: Date
}

export function makeAuthority(name = 'Agency root'): Authority {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const isAuthority = sequence(boolean(true))
  const extensions = [extension('2.5.29.19', isAuthority, true)]
  const pem = certificate({ subject: name, issuer: name, publicKey, extensions }, privateKey)
  return { name, key: privateKey, pem }
}

/** A server's certificate by `authority`, valid for a day unless told otherwise. */
export function issue(authority: Authority, terms: Terms = {}): Issued {
  const { names = [], addresses = [] } = terms
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const alternatives = sequence(
    ...names.map((name) => tagged(0x82, Buffer.from(name))),
    ...addresses.map((address) => tagged(0x87, Buffer.from(address.split('.').map(Number)))),
  )
  const extensions = [extension('2.5.29.17', alternatives, false)]
  const subject = names[0] ?? addresses[0] ?? 'nobody'
  const cert = certificate(
    { ...terms, subject, issuer: authority.name, publicKey, extensions },
    authority.key,
  )
  return { key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), cert }
}

type Content = Pick<Terms, 'from' | 'to'> & {
  readonly subject: string
  readonly issuer: string
  readonly publicKey: KeyObject
  readonly extensions: readonly Buffer[]
}

function certificate(content: Content, by: KeyObject): string {
  const dayMs = 24 * 3_600_000
  const { from = new Date(Date.now() - dayMs), to = new Date(Date.now() + dayMs) } = content
  const algorithm = sequence(objectId('1.2.840.10045.4.3.2'))
  const signed = sequence(
    tagged(0xa0, tagged(0x02, Buffer.of(2))),
    // Positive whatever its first bit.
    tagged(0x02, Buffer.concat([Buffer.of(1), randomBytes(8)])),
    algorithm,
    commonName(content.issuer),
    sequence(time(from), time(to)),
    commonName(content.subject),
    content.publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(...content.extensions)),
  )
  const signature = Buffer.concat([Buffer.of(0), sign('sha256', signed, by)])
  const der = sequence(signed, algorithm, tagged(0x03, signature))
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}

function tagged(tag: number, body: Buffer): Buffer {
  const { length } = body
  const head =
    length < 128
      ? [tag, length]
      : length < 256
        ? [tag, 0x81, length]
        : [tag, 0x82, length >> 8, length & 255]
  return Buffer.concat([Buffer.from(head), body])
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return tagged(0x30, Buffer.concat(parts))
}

function boolean(value: boolean): Buffer {
  return tagged(0x01, Buffer.of(value ? 0xff : 0))
}

function objectId(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number)
  const bytes = rest.flatMap((arc) => {
    const groups = [arc & 127]
    for (let left = arc >> 7; left > 0; left >>= 7) groups.unshift((left & 127) | 128)
    return groups
  })
  return tagged(0x06, Buffer.from([first * 40 + second, ...bytes]))
}

function commonName(name: string): Buffer {
  const pair = sequence(objectId('2.5.4.3'), tagged(0x0c, Buffer.from(name)))
  return sequence(tagged(0x31, pair))
}

function extension(id: string, value: Buffer, critical: boolean): Buffer {
  return sequence(objectId(id), ...(critical ? [boolean(true)] : []), tagged(0x04, value))
}

/** UTCTime: `YYMMDDHHMMSSZ`. */
function time(at: Date): Buffer {
  return tagged(0x17, Buffer.from(`${at.toISOString().replaceAll(/[-:T]/g, '').slice(2, 14)}Z`))
}
