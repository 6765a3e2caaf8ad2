/** Vectors of specs/seal.md: announcements of version 3, and which of two a lane goes on with. */

import { toHex, utf8 } from '@sallyport/proof/bytes'
import { encodeEpochs, epochDays, type EpochDocument, signEpochs } from '@sallyport/proof/epoch'
import type { Random } from '@sallyport/proof/node/age-payload'
import { publicKeyOf } from '@sallyport/proof/node/ed25519'
import { generateIdentity } from '@sallyport/proof/node/seal'
import { generateHybridIdentity } from '@sallyport/proof/node/seal-hybrid'

export function rotationVectors(random: Random, now: Date): unknown {
  const seed = random(32)
  const later = (seconds: number) => new Date(now.getTime() + seconds * 1_000).toISOString()
  const announce = (version: 2 | 3, issuedAt: string, rotatedAt: string | null): string => {
    const document: EpochDocument = {
      version,
      agency_key: toHex(publicKeyOf(seed)),
      port: 'north-bridge',
      hybrid_classes: ['reads'],
      epochs: epochDays(now, 1).map((day) => ({
        day,
        recipient: generateIdentity(random).recipient,
        hybrid_recipient: generateHybridIdentity(random).recipient,
      })),
      ...(rotatedAt === null ? {} : { rotated_at: rotatedAt }),
      issued_at: issuedAt,
    }
    return new TextDecoder().decode(encodeEpochs(document))
  }
  const signed = (document: string) => ({
    document,
    signature: toHex(signEpochs(seed, utf8(document))),
  })
  const texts = {
    'version 2': announce(2, later(3_000), null),
    'version 3, never replaced': announce(3, later(3_600), null),
    'replaced once': announce(3, later(60), later(10)),
    'replaced once, issued later': announce(3, later(600), later(10)),
    'replaced again, issued earlier': announce(3, later(30), later(20)),
  }
  const names = Object.keys(texts)
  const once = texts['replaced once']
  const refusal = (name: string, changed: string) => ({
    name,
    code: 'malformed_epochs',
    ...signed(changed),
  })
  return {
    about:
      'goes_on_with: whether a lane that holds `held` takes `offered`, by their names; one that holds nothing takes any',
    agency_key: toHex(publicKeyOf(seed)),
    announcements: Object.entries(texts).map(([name, text]) => ({ name, ...signed(text) })),
    // Written by hand from rules 6 and 23, not by the code that they test.
    goes_on_with: names.flatMap((held, at) =>
      names.map((offered, other) => ({ held, offered, takes: takes[at]?.[other] === 'x' })),
    ),
    refusals: [
      refusal('version 2 with a rotation', once.replace('"version":3', '"version":2')),
      refusal('a rotation that is no time', once.replace(later(10), 'today')),
      refusal('a rotation without milliseconds', once.replace(later(10), '2026-07-22T14:03:21Z')),
      refusal(
        'a rotation behind the time of issue',
        once.replace(/("rotated_at":"[^"]*"),("issued_at":"[^"]*")/, '$2,$1'),
      ),
    ],
  }
}

/** A row for each that is held, in it what is offered, in the order of the announcements. */
const takes = ['xxxxx', '.xxxx', '..xxx', '...xx', '....x']
