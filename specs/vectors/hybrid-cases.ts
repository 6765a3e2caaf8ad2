/** Vectors of specs/seal.md: hybrid recipients, and announcements of version 2. */

import { toBase64, toHex, utf8 } from '@sallyport/proof/bytes'
import { encodeEpochs, epochDays, type EpochDocument, signEpochs } from '@sallyport/proof/epoch'
import type { Random } from '@sallyport/proof/node/age-payload'
import { publicKeyOf } from '@sallyport/proof/node/ed25519'
import { generateIdentity, seal } from '@sallyport/proof/node/seal'
import { generateHybridIdentity } from '@sallyport/proof/node/seal-hybrid'

import { patterned } from './seal-cases.ts'

export function hybridVectors(random: Random, now: Date): unknown {
  const [one, two] = [generateHybridIdentity(random), generateHybridIdentity(random)]
  return {
    about:
      'plaintext byte i is i mod 251; draws are the random bytes in the order they were taken: file key, ML-KEM message and X25519 secret of each recipient, nonce',
    identities: [one, two],
    cases: [
      sealed(0, [one.recipient], random),
      sealed(100, [one.recipient, two.recipient], random),
    ],
    epochs: announcement(random, now),
  }
}

function sealed(bytes: number, recipients: readonly string[], random: Random): object {
  const draws: string[] = []
  const file = seal(patterned(bytes), recipients, (n) => {
    const drawn = random(n)
    draws.push(toHex(drawn))
    return drawn
  })
  return { plaintext_bytes: bytes, recipients, draws, file: toBase64(file) }
}

function announcement(random: Random, now: Date): object {
  const seed = random(32)
  const document: EpochDocument = {
    version: 2,
    agency_key: toHex(publicKeyOf(seed)),
    port: 'north-bridge',
    hybrid_classes: ['face', 'reads'],
    epochs: epochDays(now, 1).map((day) => ({
      day,
      recipient: generateIdentity(random).recipient,
      hybrid_recipient: generateHybridIdentity(random).recipient,
    })),
    issued_at: now.toISOString(),
  }
  const text = new TextDecoder().decode(encodeEpochs(document))
  const signed = (changed: string) => ({
    document: changed,
    signature: toHex(signEpochs(seed, utf8(changed))),
  })
  const refusal = (name: string, changed: string) => ({
    name,
    code: 'malformed_epochs',
    ...signed(changed),
  })
  return {
    agency_key: document.agency_key,
    ...signed(text),
    refusals: [
      refusal('version 1 with hybrid recipients', text.replace('"version":2', '"version":1')),
      refusal('no classes', text.replace('"hybrid_classes":["face","reads"],', '')),
      refusal('classes out of order', text.replace('"face","reads"', '"reads","face"')),
      refusal('an unknown class', text.replace('"face"', '"video"')),
      refusal('a day without hybrid recipient', text.replace(/,"hybrid_recipient":"[^"]*"/, '')),
      refusal('a hybrid recipient that is X25519', text.replace(/age1pq1[^"]*/, 'age1pq1q')),
    ],
  }
}
