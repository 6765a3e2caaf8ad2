import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { toBase64, utf8 } from './bytes.ts'
import { signCheckpoint } from './checkpoint.ts'
import { compareCheckpoints, continues } from './fork.ts'
import { emptyRoot, proveConsistency } from './merkle.ts'
import { generateSigningKey, sign, verify } from './node/ed25519.ts'
import { noteSigner, parseVkey } from './note.ts'
import { tileHashReader } from './tiles.ts'
import {
  type AddCheckpoint,
  type WitnessState,
  claimedOrigin,
  decideAddCheckpoint,
  formatAddCheckpoint,
  parseAddCheckpoint,
  parseSizeAnswer,
} from './tlog-witness.ts'
import { emptyEdge, growEdge, rootOf } from './tree-edge.ts'

const origin = 'example.gov/log'
const { privateKey, publicKey } = generateSigningKey()
const log = noteSigner(origin, privateKey, publicKey, sign)
const keys = [parseVkey(log.vkey)!]

/** A log of `size` entries, each of `flavour`: two flavours are two histories. */
function treeOf(size: number, flavour = 'entry') {
  const entries = Array.from({ length: size }, (_, n) => utf8(`${flavour} ${n}`))
  const { edge, files } = growEdge(emptyEdge, entries)
  const byPath = new Map(files.map(({ path, bytes }) => [path, bytes]))
  const read = tileHashReader({ read: async (path) => byPath.get(path) ?? null }, size)
  const root = size === 0 ? emptyRoot() : rootOf(edge)
  return { size, root, read, note: signCheckpoint({ origin, size, root }, log) }
}
type Tree = ReturnType<typeof treeOf>

async function requestOf(oldSize: number, tree: Tree): Promise<AddCheckpoint> {
  const proof = oldSize <= tree.size ? await proveConsistency(oldSize, tree.size, tree.read) : []
  return { oldSize, proof, note: tree.note }
}
const stateOf = ({ size, root }: Tree): WitnessState => ({ kind: 'cosigned', size, root })
const none: WitnessState = { kind: 'none' }

describe('bodies of requests', () => {
  // The example of the specification.
  const body = `old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=
`
  test('the example of the specification is read and written back', () => {
    const request = parseAddCheckpoint(utf8(body))
    expect(request).toMatchObject({ oldSize: 20_852_014 })
    expect(request?.proof.length).toBe(4)
    expect(request && formatAddCheckpoint(request)).toBe(body)
    expect(request && claimedOrigin(request)).toBe('example.com/behind-the-sofa')
  })

  const hash = `${toBase64(new Uint8Array(32))}\n`
  test.each([
    ['no old size', body.replace('old 20852014\n', '')],
    ['an old size with a leading zero', body.replace('old 2', 'old 02')],
    ['a negative old size', body.replace('old 2', 'old -2')],
    ['an old size beyond what is counted', body.replace('old 2', 'old 9999999999999999')],
    ['two spaces', body.replace('old ', 'old  ')],
    ['a proof of 64 hashes', body.replace('old 20852014\n', `old 20852014\n${hash.repeat(60)}`)],
    ['a hash of 31 bytes', body.replace(/PlRN.*\n/, `${toBase64(new Uint8Array(31))}\n`)],
    ['a carriage return', body.replaceAll('\n', '\r\n')],
    ['nothing', ''],
    ['no checkpoint', body.slice(0, body.indexOf('\n\n') + 1)],
  ])('%s is 400', (_, malformed) => {
    const request = parseAddCheckpoint(utf8(malformed))
    expect(decideAddCheckpoint(request, keys, none, verify)).toMatchObject({ status: 400 })
  })

  test('63 hashes are not too many to read', () => {
    const long = body.replace('old 20852014\n', `old 20852014\n${hash.repeat(59)}`)
    expect(parseAddCheckpoint(utf8(long))?.proof.length).toBe(63)
  })

  test('a checkpoint without a signature line is 400', async () => {
    const { note } = treeOf(3)
    const bare = note.slice(0, note.indexOf('\n\n') + 1)
    const decided = decideAddCheckpoint({ oldSize: 0, proof: [], note: bare }, keys, none)
    expect(decided).toMatchObject({ status: 400 })
  })
})

test('a log is followed from nothing, forward, and in place', async () => {
  let state: WitnessState = none
  for (const size of [0, 1, 1, 5, 256, 700, 700]) {
    const tree = treeOf(size)
    const request = await requestOf(state.kind === 'none' ? 0 : state.size, tree)
    const decided = decideAddCheckpoint(request, keys, state, verify)
    expect(decided).toMatchObject({ kind: 'cosign', checkpoint: { size } })
    state = stateOf(tree)
  }
})

describe('what a witness does not cosign', () => {
  test('a log that it does not know: 404, whoever signed', async () => {
    const request = await requestOf(0, treeOf(3))
    expect(decideAddCheckpoint(request, [], none)).toMatchObject({
      status: 404,
      code: 'unknown_log',
    })
  })

  test('a stranger under the name of the log, and a bad signature under its key: 403', async () => {
    const stranger = generateSigningKey()
    const other = noteSigner(origin, stranger.privateKey, stranger.publicKey, sign)
    const tree = treeOf(3)
    const note = signCheckpoint({ origin, size: 3, root: tree.root }, other)
    expect(decideAddCheckpoint({ oldSize: 0, proof: [], note }, keys, none)).toMatchObject({
      status: 403,
      code: 'no_known_signature',
    })
    const changed = tree.note.replace('\n3\n', '\n4\n')
    expect(decideAddCheckpoint({ oldSize: 0, proof: [], note: changed }, keys, none)).toMatchObject(
      {
        status: 403,
        code: 'bad_signature',
      },
    )
  })

  test('an old size beyond the checkpoint: 400', async () => {
    const request = { ...(await requestOf(0, treeOf(3))), oldSize: 4 }
    expect(decideAddCheckpoint(request, keys, none)).toMatchObject({
      status: 400,
      code: 'old_size_beyond_checkpoint',
    })
  })

  test.each([
    ['a log rolled back', 7, 7, 5],
    ['a client that is behind', 10, 5, 12],
    ['a client that is ahead', 5, 7, 12],
    ['a client that does not know', 5, 0, 12],
  ])('%s: 409 with the size that the witness has', async (_, known, oldSize, size) => {
    const request = { ...(await requestOf(0, treeOf(size))), oldSize: Math.min(oldSize, size) }
    const decided = decideAddCheckpoint(request, keys, stateOf(treeOf(known)), verify)
    expect(decided).toMatchObject({ status: 409, code: 'other_old_size', size: known })
  })

  test('another history: 422, and two roots of one size are evidence', async () => {
    const state = stateOf(treeOf(7))
    const fork = treeOf(12, 'other')
    const request = { oldSize: 7, proof: await proveConsistency(7, 12, fork.read), note: fork.note }
    expect(decideAddCheckpoint(request, keys, state, verify)).toMatchObject({
      status: 422,
      code: 'inconsistent',
      evidence: false,
    })
    const same = treeOf(7, 'other')
    const decided = decideAddCheckpoint(
      { oldSize: 7, proof: [], note: same.note },
      keys,
      state,
      verify,
    )
    expect(decided).toMatchObject({ status: 422, code: 'two_roots', evidence: true })
    expect(compareCheckpoints(treeOf(7).note, same.note, log.vkey, verify)).toEqual({
      kind: 'fork',
      size: 7,
    })
  })

  test('a proof that is cut, longer, changed, or given where there is none: 422', async () => {
    const tree = treeOf(12)
    const state = stateOf(treeOf(7))
    const { proof, note } = await requestOf(7, tree)
    const changed = proof.map((hash, at) => (at === 1 ? hash.map((byte) => byte ^ 1) : hash))
    for (const wrong of [[], proof.slice(1), [...proof, tree.root], changed]) {
      const decided = decideAddCheckpoint({ oldSize: 7, proof: wrong, note }, keys, state, verify)
      expect(decided).toMatchObject({ status: 422, code: 'inconsistent' })
    }
    const first = { oldSize: 0, proof: [tree.root], note }
    expect(decideAddCheckpoint(first, keys, none)).toMatchObject({ status: 422 })
    const still = { oldSize: 12, proof: [tree.root], note }
    expect(decideAddCheckpoint(still, keys, stateOf(tree))).toMatchObject({ status: 422 })
  })

  test('a tree without leaves that has another root: 422 with evidence', () => {
    const note = signCheckpoint({ origin, size: 0, root: new Uint8Array(32) }, log)
    expect(decideAddCheckpoint({ oldSize: 0, proof: [], note }, keys, none)).toMatchObject({
      status: 422,
      code: 'empty_root_wrong',
      evidence: true,
    })
  })
})

test('of any two histories a witness follows one: whatever is sent, sizes grow and roots fit', async () => {
  const sizes = [1, 2, 3, 7, 8, 12, 40]
  const trees = sizes.flatMap((size) => [treeOf(size), treeOf(size, 'other')])
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(trees.length - 1), fc.nat(45)), { maxLength: 20 }),
      async (sent) => {
        let state: WitnessState = none
        for (const [which, oldSize] of sent) {
          const tree = trees[which]!
          const decided = decideAddCheckpoint(await requestOf(oldSize, tree), keys, state, verify)
          if (decided.kind === 'refused') continue
          expect(tree.size).toBeGreaterThanOrEqual(state.kind === 'none' ? 0 : state.size)
          if (state.kind === 'cosigned') {
            expect(await continues(tree.read, state.size, state.root)).toBe(true)
          }
          state = stateOf(tree)
        }
      },
    ),
    { numRuns: 60 },
  )
})

test('the size of a 409 is read from its own content type only', () => {
  expect(parseSizeAnswer('text/x.tlog.size', '50\n')).toBe(50)
  expect(parseSizeAnswer('text/x.tlog.size; charset=utf-8', '0\n')).toBe(0)
  for (const [type, body] of [
    ['text/plain', '50\n'],
    [null, '50\n'],
    ['text/x.tlog.size', '50'],
    ['text/x.tlog.size', '050\n'],
    ['text/x.tlog.size', '\n'],
    ['text/x.tlog.size', '50\n1\n'],
  ] as const) {
    expect(parseSizeAnswer(type, body)).toBeNull()
  }
})

test('checkpoints of other keys are compared with nothing; of other sizes, left to the tiles', () => {
  const [three, five] = [treeOf(3).note, treeOf(5).note]
  expect(compareCheckpoints(three, three, log.vkey)).toEqual({ kind: 'same', size: 3 })
  expect(compareCheckpoints(five, three, log.vkey)).toMatchObject({ smaller: 3, larger: 5 })
  const stranger = generateSigningKey()
  const other = noteSigner(origin, stranger.privateKey, stranger.publicKey, sign)
  expect(compareCheckpoints(three, three, other.vkey)).toMatchObject({ code: 'no_known_signature' })
})
