/** specs/vectors/seal/hybrid.json, opened by age-encryption as well. */

import * as age from 'age-encryption'
import { expect, test } from 'vitest'

import { fromBase64, fromHex, utf8 } from '../bytes.ts'
import { verifyEpochs } from '../epoch.ts'
import { splitSeal } from '../seal-format.ts'
import { openSeal } from './seal.ts'
import { readVectors } from './vector-files.ts'

type Signed = { readonly document: string; readonly signature: string }
const vectors = readVectors<{
  readonly identities: readonly { readonly identity: string; readonly recipient: string }[]
  readonly cases: readonly {
    readonly plaintext_bytes: number
    readonly recipients: readonly string[]
    readonly draws: readonly string[]
    readonly file: string
  }[]
  readonly epochs: Signed & {
    readonly agency_key: string
    readonly refusals: readonly (Signed & { readonly name: string; readonly code: string })[]
  }
}>('seal/hybrid.json')

test.each(vectors.cases)(
  '$plaintext_bytes bytes open for each recipient, here and by age-encryption',
  async ({ plaintext_bytes: length, recipients, file }) => {
    const bytes = fromBase64(file) ?? new Uint8Array()
    const plaintext = Uint8Array.from({ length }, (_, at) => at % 251)
    for (const { identity, recipient } of vectors.identities) {
      const opened = openSeal(splitSeal(bytes)!, identity)
      if (!recipients.includes(recipient)) {
        expect(opened).toMatchObject({ code: 'no_matching_recipient' })
        continue
      }
      expect(opened).toEqual({ kind: 'opened', plaintext })
      const decrypter = new age.Decrypter()
      decrypter.addIdentity(identity)
      expect(await decrypter.decrypt(bytes)).toEqual(plaintext)
    }
  },
)

const check = ({ document, signature }: Signed) =>
  verifyEpochs(
    fromHex(vectors.epochs.agency_key) ?? new Uint8Array(),
    utf8(document),
    fromHex(signature) ?? new Uint8Array(),
  )

test('the announcement is trusted', () => {
  expect(check(vectors.epochs)).toMatchObject({ kind: 'trusted', document: { version: 2 } })
})

test.each(vectors.epochs.refusals)('refused: $name', (refusal) => {
  expect(check(refusal)).toMatchObject({ kind: 'refused', code: refusal.code })
})
