/** specs/vectors, read as a foreign implementation would, and regenerated. */

import * as crypto from 'node:crypto'

import { describe, expect, test } from 'vitest'

import { fixedChance, fixedTime, vectors } from '../../../../specs/vectors/generate.ts'
import { concat, fromBase64, fromHex, toHex, utf8 } from '../bytes.ts'
import { commit, parseEntry } from '../entry.ts'
import { verifyEpochs } from '../epoch.ts'
import { verifyLog } from '../log-verify.ts'
import { leafHash } from '../merkle.ts'
import { parseSkey, parseVkey } from '../note.ts'
import { parseTilePath, tilePath } from '../tiles.ts'
import { parsePolicy } from '../tlog-policy.ts'
import { parseProof, verifyReceipt, verifyWitnessedReceipt } from '../tlog-proof.ts'
import { claimedOrigin, decideAddCheckpoint, parseAddCheckpoint } from '../tlog-witness.ts'
import { emptyEdge, growEdge, rootOf } from '../tree-edge.ts'
import { openWitnessed } from '../witnessed.ts'
import { publicKeyOf, verify } from './ed25519.ts'
import { nodeVerifiers } from './ml-dsa.ts'
import { openSeal } from './seal.ts'
import { readVectors, vectorFiles } from './vector-files.ts'

const hex = (text: string) => fromHex(text) ?? new Uint8Array()
const base64 = (text: string) => fromBase64(text) ?? new Uint8Array()
const patterned = (bytes: number) => Uint8Array.from({ length: bytes }, (_, at) => at % 251)

test('the committed vectors are what the script writes', async () => {
  const written = await vectors(fixedChance, fixedTime)
  // Decisions of policies are written by people, and read by the tests of the hub.
  const committed = new Map([...vectorFiles()].filter(([name]) => !name.startsWith('policy/')))
  expect([...committed.keys()].toSorted()).toEqual([...written.keys()].toSorted())
  for (const [name, bytes] of written) expect(committed.get(name), `${name}`).toEqual(bytes)
})

type Detached = { readonly identity: string; readonly header: string; readonly body: string }
const seals = readVectors<{
  readonly identities: readonly { readonly identity: string; readonly recipient: string }[]
  readonly cases: readonly {
    readonly plaintext_bytes: number
    readonly recipients: readonly string[]
    readonly file?: string
  }[]
  readonly refusals: readonly (Detached & { readonly name: string; readonly code: string })[]
  readonly rewrapped: Detached & { readonly plaintext_bytes: number }
}>('seal/seal.json')

describe('seal/seal.json', () => {
  test('every file opens for each of its recipients', () => {
    for (const { file, recipients, plaintext_bytes: length } of seals.cases) {
      for (const { identity, recipient } of seals.identities) {
        const bytes = file === undefined ? null : base64(file)
        if (bytes === null || !recipients.includes(recipient)) continue
        const end = Buffer.from(bytes).indexOf('\n', Buffer.from(bytes).indexOf('\n--- ') + 1) + 1
        const split = { header: bytes.subarray(0, end), body: bytes.subarray(end) }
        expect(openSeal(split, identity)).toEqual({ kind: 'opened', plaintext: patterned(length) })
      }
    }
  })

  test('a re-wrapped header opens the body', () => {
    const { header, body, identity, plaintext_bytes: length } = seals.rewrapped
    expect(openSeal({ header: base64(header), body: base64(body) }, identity)).toEqual({
      kind: 'opened',
      plaintext: patterned(length),
    })
  })

  test.each(seals.refusals)('refused: $name', ({ header, body, identity, code }) => {
    const opened = openSeal({ header: base64(header), body: base64(body) }, identity)
    expect(opened).toMatchObject({ kind: 'refused', code })
  })
})

type SignedEpochs = { readonly document: string; readonly signature: string }
const epochs = readVectors<
  SignedEpochs & {
    readonly agency_key: string
    readonly refusals: readonly (SignedEpochs & { readonly name: string; readonly code: string })[]
  }
>('seal/epochs.json')

describe('seal/epochs.json', () => {
  const check = ({ document, signature }: SignedEpochs) =>
    verifyEpochs(hex(epochs.agency_key), utf8(document), hex(signature))

  test('the document is trusted', () => {
    expect(check(epochs)).toMatchObject({ kind: 'trusted', document: { port: 'north-bridge' } })
  })

  test.each(epochs.refusals)('refused: $name', (refusal) => {
    expect(check(refusal)).toMatchObject({ kind: 'refused', code: refusal.code })
  })
})

test.each(
  readVectors<{
    readonly paths: readonly {
      level: number | 'entries'
      index: number
      width: number
      path: string
    }[]
  }>('log/tiles.json').paths,
)('log/tiles.json $path', ({ path, ...tile }) => {
  expect(tilePath(tile)).toBe(path)
  expect(parseTilePath(path)).toEqual(tile)
})

test.each(readVectors<{ readonly malformed: readonly string[] }>('log/tiles.json').malformed)(
  'log/tiles.json is no tile: %s',
  (path) => expect(parseTilePath(path)).toBeNull(),
)

const entries = readVectors<{
  readonly commitment: { readonly salt: string; readonly value: string; readonly sha256: string }
  readonly entries: readonly { readonly entry: string; readonly leaf_hash: string }[]
  readonly malformed: readonly { readonly name: string; readonly entry: string }[]
}>('log/entries.json')

describe('log/entries.json', () => {
  test('the commitment is SHA-256 of salt and value', () => {
    const { salt, value, sha256 } = entries.commitment
    expect(commit(hex(salt), value)).toBe(sha256)
    const hash = crypto.createHash('sha256').update(concat(hex(salt), utf8(value)))
    expect(hash.digest('hex')).toBe(sha256)
  })

  test.each(entries.entries)('$entry', ({ entry, leaf_hash: hash }) => {
    expect(parseEntry(utf8(entry))).toMatchObject({ kind: 'entry' })
    expect(toHex(leafHash(utf8(entry)))).toBe(hash)
  })

  test.each(entries.malformed)('refused: $name', ({ entry }) => {
    expect(parseEntry(utf8(entry))).toMatchObject({ code: 'malformed_entry' })
  })
})

type Receipt = { readonly entry: string; readonly receipt: string }
const receipts = readVectors<{
  readonly skey: string
  readonly vkey: string
  readonly cases: readonly (Receipt & { index: number; size: number; root: string })[]
  readonly with_extra: string
  readonly refusals: readonly (Receipt & { readonly name: string; readonly code: string })[]
}>('log/receipts.json')

describe('log/receipts.json', () => {
  test('the keys belong together', () => {
    const secret = parseSkey(receipts.skey)
    const key = parseVkey(receipts.vkey)
    expect(toHex(publicKeyOf(secret?.seed ?? new Uint8Array()))).toBe(
      toHex(key?.publicKey ?? new Uint8Array()),
    )
    expect(secret?.name).toBe(key?.name)
  })

  test.each(receipts.cases)('entry $index of $size', ({ entry, receipt, index, size, root }) => {
    for (const how of [undefined, verify]) {
      const verified = verifyReceipt(receipt, base64(entry), receipts.vkey, how)
      expect(verified).toEqual({ kind: 'verified', index, size, root: hex(root) })
    }
  })

  test('extra data are passed over', () => {
    const entry = base64(receipts.cases[1]?.entry ?? '')
    expect(verifyReceipt(receipts.with_extra, entry, receipts.vkey).kind).toBe('verified')
  })

  test.each(receipts.refusals)('refused: $name', ({ entry, receipt, code }) => {
    const verified = verifyReceipt(receipt, base64(entry), receipts.vkey)
    expect(verified).toMatchObject({ kind: 'refused', code })
  })
})

test('log/tree is a sound log', async () => {
  const files = vectorFiles()
  const reader = { read: async (path: string) => files.get(`log/tree/${path}`) ?? null }
  const vkey = new TextDecoder().decode(files.get('log/tree/vkey')).trim()
  expect(await verifyLog(reader, vkey)).toMatchObject({ kind: 'sound', size: 260 })
})

describe('log/witness.json', () => {
  const witness = readVectors<{
    readonly log: string
    readonly witnesses: readonly { readonly vkey: string }[]
    readonly cosigned: string
    readonly proof: string
    readonly policies: readonly {
      readonly name: string
      readonly met: boolean
      readonly policy: string
      readonly checkpoint: string
    }[]
    readonly requests: {
      readonly cases: readonly {
        readonly name: string
        readonly state: number
        readonly body: string
        readonly status: number
        readonly size?: number
      }[]
    }
  }>('log/witness.json')
  const policyOf = (text: string) => {
    const parsed = parsePolicy(utf8(text))
    if (parsed.kind === 'refused') throw new Error(parsed.detail)
    return parsed.policy
  }

  test.each(witness.policies)('$name', ({ met, policy, checkpoint }) => {
    const opened = openWitnessed(checkpoint, policyOf(policy), nodeVerifiers)
    expect(opened.kind === 'refused' ? opened.code : opened.kind).toBe(
      met ? 'witnessed' : 'quorum_not_met',
    )
  })

  test('the proof holds its entry, under both witnesses', () => {
    const { policy } = witness.policies[0]!
    const entry = parseProof(witness.proof)?.extra ?? new Uint8Array()
    expect(verifyWitnessedReceipt(witness.proof, entry, policyOf(policy))).toMatchObject({
      kind: 'verified',
      index: 130,
      size: 300,
    })
    expect(entry).toEqual(utf8('entry 130'))
  })

  test.each(witness.requests.cases)('$name: $status', ({ state, body, status, size }) => {
    const entries = Array.from({ length: state }, (_, n) => utf8(`entry ${n}`))
    const request = parseAddCheckpoint(utf8(body))
    const origin = request === null ? null : claimedOrigin(request)
    const key = parseVkey(witness.log)!
    const decided = decideAddCheckpoint(
      request,
      origin === key.name ? [key] : [],
      state === 0
        ? { kind: 'none' }
        : { kind: 'cosigned', size: state, root: rootOf(growEdge(emptyEdge, entries).edge) },
      verify,
    )
    expect(decided.kind === 'cosign' ? 200 : decided.status).toBe(status)
    expect(decided.kind === 'refused' ? decided.size : undefined).toBe(size)
  })
})
