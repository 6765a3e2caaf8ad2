/** Sealing and opening, beside `age-encryption` in the same run, to both types of recipient: `node --import tsx bench/seal.ts`. */

import * as crypto from 'node:crypto'

import {
  generateIdentity,
  openingKey,
  openSeal,
  seal,
  type SealIdentity,
} from '@sallyport/proof/node/seal'
import { generateHybridIdentity } from '@sallyport/proof/node/seal-hybrid'
import { splitSeal } from '@sallyport/proof/seal-format'
import * as age from 'age-encryption'

import { type Row, measure, printRows } from './measure.ts'

const sizes = [
  ['32 B', 32, 200],
  ['150 KB', 150_000, 60],
  ['2 MB', 2_000_000, 12],
] as const

async function main(): Promise<void> {
  await compared('one X25519 recipient', generateIdentity())
  await compared('one hybrid recipient: ML-KEM-768 and X25519', generateHybridIdentity())
}

async function compared(title: string, { identity, recipient }: SealIdentity): Promise<void> {
  const key = openingKey(identity)
  const encrypter = new age.Encrypter()
  encrypter.addRecipient(recipient)
  const decrypter = new age.Decrypter()
  decrypter.addIdentity(identity)
  const rows: Row[] = []
  for (const [label, bytes, rounds] of sizes) {
    const plaintext = new Uint8Array(crypto.randomBytes(bytes))
    const file = seal(plaintext, [recipient])
    const split = splitSeal(file)
    if (split === null) throw new Error('a seal splits')
    const referenceRounds = Math.ceil(rounds / 3)
    rows.push(
      await measure(`seal ${label}`, 1, rounds, () => seal(plaintext, [recipient])),
      await measure(`age-encryption seal ${label}`, 1, referenceRounds, () =>
        encrypter.encrypt(plaintext),
      ),
      await measure(`open ${label}`, 1, rounds, () => openSeal(split, key)),
      await measure(`age-encryption open ${label}`, 1, referenceRounds, () =>
        decrypter.decrypt(file),
      ),
    )
  }
  printRows(`Seals (age v1, ${title}, one thread)`, rows, new Date())
}

await main()
