/** Vectors of specs/seal.md. */

import { toBase64, toHex, utf8 } from '@sallyport/proof/bytes'
import { encodeEpochs, epochDays, signEpochs } from '@sallyport/proof/epoch'
import type { Random } from '@sallyport/proof/node/age-payload'
import { sha256Hex } from '@sallyport/proof/node/bundle-check'
import { publicKeyOf } from '@sallyport/proof/node/ed25519'
import { generateIdentity, rewrapHeader, seal } from '@sallyport/proof/node/seal'
import { splitSeal } from '@sallyport/proof/seal-format'

/** Plaintext of every case: byte i is i mod 251. */
export function patterned(bytes: number): Uint8Array {
  return Uint8Array.from({ length: bytes }, (_, at) => at % 251)
}

export function sealVectors(random: Random): unknown {
  const one = generateIdentity(random)
  const two = generateIdentity(random)
  const cases = [
    ...[0, 1, 100, 65_536, 65_537, 150_000].map((bytes) => sealed(bytes, [one.recipient], random)),
    sealed(100, [one.recipient, two.recipient], random),
  ]
  return {
    about: 'plaintext byte i is i mod 251; draws are the random bytes in the order they were taken',
    identities: [one, two],
    cases,
    refusals: refusals(random, one, two),
    rewrapped: rewrapped(random, one, two),
  }
}

function sealed(bytes: number, recipients: readonly string[], random: Random): object {
  const draws: string[] = []
  const file = seal(patterned(bytes), recipients, (n) => {
    const drawn = random(n)
    draws.push(toHex(drawn))
    return drawn
  })
  const split = splitSeal(file)
  if (split === null) throw new Error('a seal splits')
  return {
    plaintext_bytes: bytes,
    recipients,
    draws,
    file_sha256: sha256Hex(file),
    header_sha256: sha256Hex(split.header),
    body_sha256: sha256Hex(split.body),
    ...(file.length > 1000 ? {} : { file: toBase64(file) }),
  }
}

type Identity = { readonly identity: string; readonly recipient: string }

function refusals(random: Random, one: Identity, two: Identity): readonly object[] {
  const { header, body } = cut(seal(patterned(40), [one.recipient], random))
  const other = cut(seal(patterned(40), [one.recipient], random))
  const flipped = (bytes: Uint8Array, at: number) =>
    bytes.map((byte, index) => (index === (at + bytes.length) % bytes.length ? byte ^ 1 : byte))
  const text = new TextDecoder().decode(header)
  const refusal = (name: string, code: string, h: Uint8Array, b: Uint8Array, who = one) => ({
    name,
    code,
    identity: who.identity,
    header: toBase64(h),
    body: toBase64(b),
  })
  return [
    refusal('another version', 'malformed_header', utf8(text.replace('v1', 'v2')), body),
    refusal('carriage returns', 'malformed_header', utf8(text.replaceAll('\n', '\r\n')), body),
    refusal('no recipient', 'malformed_header', utf8(text.replace(/-> [^-]*/, '')), body),
    refusal('a byte behind the header', 'malformed_header', utf8(`${text}\n`), body),
    refusal('a cut header', 'malformed_header', header.subarray(0, -1), body),
    refusal('another identity', 'no_matching_recipient', header, body, two),
    refusal('a changed MAC', 'bad_mac', utf8(text.replace(/(?<=--- .{10})./, swapped)), body),
    refusal('the body of another seal', 'bad_body', header, other.body),
    refusal('a changed nonce', 'bad_body', header, flipped(body, 0)),
    refusal('a changed byte', 'bad_body', header, flipped(body, 20)),
    refusal('a changed tag', 'bad_body', header, flipped(body, -1)),
    refusal('a cut body', 'bad_body', header, body.subarray(0, -1)),
    refusal('only a nonce', 'bad_body', header, body.subarray(0, 16)),
    refusal('a byte more', 'bad_body', header, Uint8Array.of(...body, 0)),
  ]
}

function rewrapped(random: Random, one: Identity, two: Identity): object {
  const { header, body } = cut(seal(patterned(40), [one.recipient], random))
  const again = rewrapHeader(header, one.identity, [two.recipient], random)
  if (again.kind === 'refused') throw new Error(again.detail)
  return {
    plaintext_bytes: 40,
    identity: two.identity,
    header: toBase64(again.header),
    body: toBase64(body),
  }
}

export function epochVectors(random: Random, now: Date): unknown {
  const seed = random(32)
  const agencyKey = toHex(publicKeyOf(seed))
  const stranger = random(32)
  const epochs = epochDays(now, 3).map((day) => ({
    day,
    recipient: generateIdentity(random).recipient,
  }))
  const document = {
    version: 1,
    agency_key: agencyKey,
    port: 'north-bridge',
    epochs,
    issued_at: now.toISOString(),
  } as const
  const bytes = encodeEpochs(document)
  const text = new TextDecoder().decode(bytes)
  const signed = (changed: string, key = seed) => ({
    document: changed,
    signature: toHex(signEpochs(key, utf8(changed))),
  })
  return {
    agency_seed: toHex(seed),
    agency_key: agencyKey,
    ...signed(text),
    refusals: [
      { name: 'another key', code: 'bad_signature', ...signed(text, stranger) },
      {
        name: 'a day added',
        code: 'bad_signature',
        document: text.replace('"day":"2', '"day":"3'),
        signature: signed(text).signature,
      },
      {
        name: 'names another agency',
        code: 'other_agency',
        ...signed(text.replace(agencyKey, toHex(publicKeyOf(stranger)))),
      },
      { name: 'white space', code: 'malformed_epochs', ...signed(text.replace(':1', ': 1')) },
      {
        name: 'days not ascending',
        code: 'malformed_epochs',
        ...signed(text.replace(`"day":"${epochs[1]?.day}"`, `"day":"${epochs[0]?.day}"`)),
      },
      {
        name: 'no such day',
        code: 'malformed_epochs',
        ...signed(text.replace(`"day":"${epochs[2]?.day}"`, '"day":"2026-02-30"')),
      },
      {
        name: 'a recipient with a wrong checksum',
        code: 'malformed_epochs',
        ...signed(text.replace(/(?<="recipient":"age1)./, swapped)),
      },
    ],
  }
}

function swapped(character: string): string {
  return character === 'q' ? 'p' : 'q'
}

function cut(file: Uint8Array) {
  const split = splitSeal(file)
  if (split === null) throw new Error('a seal splits')
  return split
}
