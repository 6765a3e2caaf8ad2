import * as crypto from 'node:crypto'

import { expect, test } from 'vitest'

import { signCheckpoint } from '../checkpoint.ts'
import { noteSigner } from '../note.ts'
import { cosign, cosigner, openCosignatures } from '../tlog-cosignature.ts'
import { addSignatures } from '../witnessed.ts'
import { publicKeyOf, sign } from './ed25519.ts'
import { mlDsa44, nodeVerifiers } from './ml-dsa.ts'

const offered = mlDsa44 !== null

test('ML-DSA is there exactly where this Node makes such keys', () => {
  const make = () => crypto.generateKeyPairSync('ml-dsa-44' as unknown as 'ed25519')
  if (offered) expect(make).not.toThrow()
  else expect(make).toThrow()
  expect(nodeVerifiers.mlDsa44 === null).toBe(!offered)
})

test.skipIf(!offered)(
  'an ML-DSA-44 cosignature holds for its name, origin, tree and time only (skipped: this Node has no ML-DSA, 24.6 and newer do)',
  () => {
    if (mlDsa44 === null) return
    const seed = new Uint8Array(32).fill(3)
    const log = noteSigner('example.gov/log', seed, publicKeyOf(seed), sign)
    const note = signCheckpoint({ origin: log.name, size: 9, root: new Uint8Array(32) }, log)
    const text = note.slice(0, note.indexOf('\n\n') + 1)
    const { publicKeyOf: publicKey, sign: signMlDsa } = mlDsa44
    const witness = cosigner('w.example', 'ml-dsa-44', publicKey(seed), (m) => signMlDsa(seed, m))
    const line = cosign(text, witness, 1_800_000_000)
    expect(openCosignatures(addSignatures(note, line), [witness], nodeVerifiers)).toMatchObject({
      found: [{ found: { kind: 'cosigned', time: 1_800_000_000 } }],
    })
    const other = signCheckpoint({ origin: log.name, size: 10, root: new Uint8Array(32) }, log)
    expect(openCosignatures(addSignatures(other, line), [witness], nodeVerifiers)).toMatchObject({
      code: 'bad_signature',
    })
  },
)
