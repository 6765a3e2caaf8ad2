/** specs/vectors/seal/rotated.json: which of two announcements a lane goes on with. */

import { expect, test } from 'vitest'

import { fromHex, utf8 } from '../bytes.ts'
import { type EpochDocument, supersedes, verifyEpochs } from '../epoch.ts'
import { readVectors } from './vector-files.ts'

type Signed = { readonly name: string; readonly document: string; readonly signature: string }
const vectors = readVectors<{
  readonly agency_key: string
  readonly announcements: readonly Signed[]
  readonly goes_on_with: readonly {
    readonly held: string
    readonly offered: string
    readonly takes: boolean
  }[]
  readonly refusals: readonly (Signed & { readonly code: string })[]
}>('seal/rotated.json')

function check({ document, signature }: Omit<Signed, 'name'>) {
  const bytes = (hex: string) => fromHex(hex) ?? new Uint8Array()
  return verifyEpochs(bytes(vectors.agency_key), utf8(document), bytes(signature))
}

function trusted(name: string): EpochDocument {
  const found = vectors.announcements.find((one) => one.name === name)
  const verified = found === undefined ? null : check(found)
  if (verified?.kind !== 'trusted') throw new Error(`${name} is not trusted`)
  return verified.document
}

test('every announcement is trusted, and three say that their recipients replaced others', () => {
  const documents = vectors.announcements.map(({ name }) => trusted(name))
  expect(documents.map(({ version, rotated_at }) => [version, rotated_at !== undefined])).toEqual([
    [2, false],
    ...[false, true, true, true].map((rotated) => [3, rotated]),
  ])
})

test.each(vectors.goes_on_with)('held: $held. Offered: $offered', ({ held, offered, takes }) => {
  expect(supersedes(trusted(offered), trusted(held))).toBe(takes)
  expect(supersedes(trusted(offered), null)).toBe(true)
})

test.each(vectors.refusals)('refused: $name', (refusal) => {
  expect(check(refusal)).toMatchObject({ kind: 'refused', code: refusal.code })
})
