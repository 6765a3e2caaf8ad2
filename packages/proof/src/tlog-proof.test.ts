/** Proof files under a policy: what a lying server, a changed bit or a missing witness does to them. */

import { expect, test } from 'vitest'

import { toBase64, utf8 } from './bytes.ts'
import { signCheckpoint } from './checkpoint.ts'
import { generateSigningKey, sign } from './node/ed25519.ts'
import { nodeVerifiers } from './node/ml-dsa.ts'
import { noteSigner } from './note.ts'
import { proveEntry } from './prove.ts'
import { cosign, cosigner } from './tlog-cosignature.ts'
import { parsePolicy } from './tlog-policy.ts'
import { parseProof, verifyWitnessedReceipt } from './tlog-proof.ts'
import { emptyEdge, growEdge, rootOf } from './tree-edge.ts'

const origin = 'example.gov/log'
const { privateKey, publicKey } = generateSigningKey()
const log = noteSigner(origin, privateKey, publicKey, sign)
const witnesses = ['one', 'two', 'three'].map((name) => {
  const key = generateSigningKey()
  return cosigner(`${name}.example/w`, 'ed25519', key.publicKey, (m) => sign(key.privateKey, m))
})
const lines = witnesses.map(({ vkey }, at) => `witness W${at} ${vkey}`).join('\n')
const parsed = parsePolicy(utf8(`log ${log.vkey}\n${lines}\ngroup two 2 W0 W1 W2\nquorum two\n`))
if (parsed.kind === 'refused') throw new Error(parsed.detail)
const { policy } = parsed

const size = 300
const { edge, files } = growEdge(
  emptyEdge,
  Array.from({ length: size }, (_, n) => utf8(`entry ${n}`)),
)
const tiles = new Map(files.map((one) => [one.path, one.bytes]))
const reader = { read: async (path: string) => tiles.get(path) ?? null }
const checkpoint = { origin, size, root: rootOf(edge) }
const note = signCheckpoint(checkpoint, log)
const text = note.slice(0, note.indexOf('\n\n') + 1)
const cosigned = (by: readonly number[]) =>
  note + by.map((at) => cosign(text, witnesses[at]!, 1_800_000_000 + at)).join('')
const proofOf = async (index: number, by: readonly number[]) =>
  (await proveEntry(reader, index, cosigned(by), checkpoint, { withEntry: true })).proof
const verified = (proof: string, entry?: Uint8Array) =>
  verifyWitnessedReceipt(
    proof,
    entry ?? parseProof(proof)?.extra ?? new Uint8Array(),
    policy,
    nodeVerifiers,
  )

test('a proof file holds its entry, and holds under the policy', async () => {
  expect(verified(await proofOf(130, [0, 2]))).toMatchObject({
    kind: 'verified',
    index: 130,
    size,
    vkey: log.vkey,
    witnesses: [{ name: 'W0', time: 1_800_000_000 }, { name: 'W2' }],
  })
  expect(verified(await proofOf(130, [1]))).toMatchObject({ code: 'quorum_not_met' })
})

test('the entry in the file is believed for its hash only', async () => {
  const proof = await proofOf(130, [0, 1])
  const lie = proof.replace(/^extra .*$/m, `extra ${toBase64(utf8('entry 131'))}`)
  expect(verified(lie)).toMatchObject({ code: 'not_included' })
  expect(verified(proof.replace(/^extra .*\n/m, ''), utf8('entry 130')).kind).toBe('verified')
})

test('one bit flipped anywhere in a proof, its checkpoint or its cosignatures does not hold', async () => {
  const good = utf8(await proofOf(130, [0, 1]))
  const step = process.env['SLOW'] === '1' ? 1 : 7
  let refused = 0
  for (let bit = 0; bit < good.length * 8; bit += step) {
    const bad = Uint8Array.from(good, (byte, at) =>
      at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte,
    )
    const answer = verified(new TextDecoder().decode(bad), utf8('entry 130'))
    // The `extra` line is no part of what is proved when the entry is given beside it.
    const isExtra = bit >> 3 > 22 && bit >> 3 < good.indexOf(0x0a, 24)
    if (isExtra && answer.kind === 'verified') continue
    expect(answer.kind, `bit ${bit}`).toBe('refused')
    refused += 1
  }
  expect(refused).toBeGreaterThan((good.length * 8) / step / 2)
})

test('a lying server: the path, the entry or the head of another tree convinces nobody', async () => {
  const proof = await proofOf(130, [0, 1])
  const other = await proofOf(131, [0, 1])
  const pathOf = (one: string) => one.slice(one.indexOf('index'), one.indexOf('\n\n'))
  expect(verified(proof.replace(pathOf(proof), pathOf(other)))).toMatchObject({
    code: 'not_included',
  })
  const forged = growEdge(
    emptyEdge,
    Array.from({ length: size }, (_, n) => utf8(`lie ${n}`)),
  )
  const forgedTiles = new Map(forged.files.map((one) => [one.path, one.bytes]))
  const lying = { read: async (path: string) => forgedTiles.get(path) ?? null }
  // Its own tiles do not lead to the signed root, so no proof comes of them at all.
  await expect(proveEntry(lying, 130, note, checkpoint)).rejects.toThrow('does not lead')
  const root = rootOf(forged.edge)
  const signed = signCheckpoint({ origin, size, root }, log)
  const { proof: made } = await proveEntry(lying, 130, signed, { origin, size, root })
  expect(verified(made, utf8('lie 130'))).toMatchObject({ code: 'quorum_not_met' })
  const cosignatures = cosigned([0, 1]).slice(note.length)
  expect(verified(made + cosignatures, utf8('lie 130'))).toMatchObject({ code: 'bad_signature' })
})
