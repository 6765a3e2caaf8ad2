/** Vectors of specs/seal.md: headers under a KEK, and days that are closed. */

import { createSecretKey } from 'node:crypto'

import { toBase64, toHex, utf8 } from '@sallyport/proof/bytes'
import { encodeDayClosed, signDayClosed } from '@sallyport/proof/day-closed'
import { appendPayload, fileKeyBytes, type Random } from '@sallyport/proof/node/age-payload'
import { publicKeyOf } from '@sallyport/proof/node/ed25519'
import { type Kek, wrapUnderKek } from '@sallyport/proof/node/kek-header'
import { splitSeal } from '@sallyport/proof/seal-format'

import { patterned } from './seal-cases.ts'

export function kekVectors(random: Random): unknown {
  const [one, two] = [makeKek(random), makeKek(random)]
  const fileKey = random(fileKeyBytes)
  const header = wrapUnderKek(one.kek, fileKey, random)
  const split = splitSeal(appendPayload(header, fileKey, patterned(40), random))
  if (split === null) throw new Error('a seal of ours has a header')
  const text = new TextDecoder().decode(header)
  const refusal = (name: string, code: string, changed: string, kek = one.shown) => ({
    name,
    code,
    kek,
    header: toBase64(utf8(changed)),
  })
  return {
    about: 'plaintext byte i is i mod 251; key is that of the KEK',
    keks: [one.shown, two.shown],
    cases: [
      {
        kek: one.shown,
        file_key: toHex(fileKey),
        plaintext_bytes: 40,
        header: toBase64(header),
        header_text: text,
        body: toBase64(split.body),
      },
    ],
    refusals: [
      refusal('another KEK', 'no_matching_recipient', text, two.shown),
      refusal(
        'the id of another KEK',
        'malformed_header',
        text.replace(one.shown.id, two.shown.id),
        two.shown,
      ),
      refusal('another version', 'no_matching_recipient', text.replace('kek/v1', 'kek/v2')),
      refusal(
        'a recipient beside it',
        'no_matching_recipient',
        text.replace('---', `-> X25519 ${'A'.repeat(43)}\n${'A'.repeat(43)}\n---`),
      ),
      refusal(
        'a changed MAC',
        'bad_mac',
        text.replace(/(?<=--- .{10})./, (character) => (character === 'A' ? 'B' : 'A')),
      ),
      refusal('a byte behind the header', 'malformed_header', `${text}\n`),
      refusal('a cut header', 'malformed_header', text.slice(0, -1)),
    ],
  }
}

function makeKek(random: Random): { kek: Kek; shown: { id: string; key: string } } {
  const [id, key] = [toHex(random(16)), random(32)]
  return { kek: { id, key: createSecretKey(key) }, shown: { id, key: toHex(key) } }
}

export function dayClosedVectors(random: Random, now: Date): unknown {
  const seed = random(32)
  const bytes = encodeDayClosed({
    version: 1,
    device: toHex(random(16)),
    port: 'north-bridge',
    through: new Date(now.getTime() - 86_400_000).toISOString().slice(0, 10),
    last_sequence: 1180,
    signed_at: now.toISOString(),
  })
  const statement = new TextDecoder().decode(bytes)
  const signed = (changed: string, key = seed) => ({
    statement: changed,
    signature: toHex(signDayClosed(key, utf8(changed))),
  })
  const { signature } = signed(statement)
  return {
    device_seed: toHex(seed),
    device_key: toHex(publicKeyOf(seed)),
    statement,
    signature,
    refusals: [
      { code: 'bad_signature', statement: statement.replace('1180', '1181'), signature },
      { code: 'bad_signature', ...signed(statement, random(32)) },
      { code: 'malformed_day_closed', ...signed(` ${statement}`) },
      { code: 'malformed_day_closed', ...signed(statement.replace('1180', '-1')) },
    ],
  }
}
