/** Vectors of specs/log.md, and a whole small log. */

import { toBase64, toHex, utf8 } from '@sallyport/proof/bytes'
import { signCheckpoint } from '@sallyport/proof/checkpoint'
import { type LogEntry, commit, encodeEntry } from '@sallyport/proof/entry'
import {
  type HashReader,
  emptyRoot,
  leafHash,
  nodeHash,
  proveConsistency,
  proveInclusion,
  treeRoot,
} from '@sallyport/proof/merkle'
import type { Random } from '@sallyport/proof/node/age-payload'
import { publicKeyOf } from '@sallyport/proof/node/ed25519'
import { type NoteSigner, formatSkey, noteSigner } from '@sallyport/proof/note'
import { type Tile, tileHashReader, tilePath } from '@sallyport/proof/tiles'
import { formatProof } from '@sallyport/proof/tlog-proof'
import { emptyEdge, growEdge, rootOf } from '@sallyport/proof/tree-edge'

import { restoreExamples } from './restore-entry-cases.ts'
import { releaseExamples } from './release-entry-cases.ts'
import { retentionExamples } from './retention-entry-cases.ts'
import { stayExamples } from './stay-entry-cases.ts'
import { watchExamples } from './watch-entry-cases.ts'
import { windowExamples } from './window-entry-cases.ts'

const origin = 'example.gov/sallyport'

/** Entry n of the Merkle vectors and of the small log. */
export function numberedEntry(n: number): Uint8Array {
  return utf8(`entry ${n}`)
}

const merkleSizes = [0, 1, 2, 3, 4, 5, 6, 7, 8, 255, 256, 257, 1000]

export async function merkleVectors(): Promise<unknown> {
  const leaves = Array.from({ length: 1000 }, (_, n) => leafHash(numberedEntry(n)))
  const read = hashesOf(leaves)
  const roots = merkleSizes.map(async (size) => ({
    size,
    root: toHex(await treeRoot(size, read)),
  }))
  const paths = [
    [0, 1],
    [0, 8],
    [5, 7],
    [6, 7],
    [256, 257],
    [700, 1000],
    [999, 1000],
  ] as const
  const inclusion = paths.map(async ([index, size]) => ({
    index,
    size,
    path: (await proveInclusion(index, size, read)).map(toHex),
  }))
  const pairs = [
    [0, 8],
    [1, 8],
    [4, 8],
    [6, 8],
    [8, 8],
    [255, 256],
    [256, 1000],
    [700, 1000],
  ] as const
  const consistency = pairs.map(async ([from, size]) => ({
    from,
    size,
    proof: (await proveConsistency(from, size, read)).map(toHex),
  }))
  return {
    about: 'entry n is the text "entry n" in UTF-8',
    empty_root: toHex(emptyRoot()),
    first_leaf: toHex(leaves[0] ?? emptyRoot()),
    roots: await Promise.all(roots),
    inclusion: await Promise.all(inclusion),
    consistency: await Promise.all(consistency),
  }
}

function hashesOf(leaves: readonly Uint8Array[]): HashReader {
  const levels = [leaves]
  for (let below = leaves; below.length > 1;) {
    const above = Array.from({ length: Math.floor(below.length / 2) }, (_, at) =>
      nodeHash(below[2 * at] ?? emptyRoot(), below[2 * at + 1] ?? emptyRoot()),
    )
    levels.push(above)
    below = above
  }
  return async (nodes) =>
    nodes.map(({ level, index }) => {
      const hash = levels[level]?.[index]
      if (hash === undefined) throw new Error('no such subtree')
      return hash
    })
}

export function tileVectors(): unknown {
  const tiles: readonly Tile[] = [
    { level: 0, index: 0, width: 256 },
    { level: 0, index: 273, width: 112 },
    { level: 1, index: 1_234_067, width: 256 },
    { level: 2, index: 0, width: 1 },
    { level: 63, index: 999, width: 255 },
    { level: 'entries', index: 1000, width: 256 },
    { level: 'entries', index: 67, width: 8 },
  ]
  return {
    paths: tiles.map((tile) => ({ ...tile, path: tilePath(tile) })),
    malformed: [
      'tile/0/0',
      'tile/00/000',
      'tile/64/000',
      'tile/0/1000',
      'tile/0/x000/000',
      'tile/0/x001/x000',
      'tile/0/001/000',
      'tile/0/000.p/0',
      'tile/0/000.p/256',
      'tile/0/000.p/01',
      'tile/0/000/',
      'tile/0/../000',
      '/tile/0/000',
      'tile/Entries/000',
      'tile/entries/000.p/-1',
      'checkpoint',
    ],
  }
}

function exampleEntries(random: Random, now: Date, by: string): readonly LogEntry[] {
  const id = () => toHex(random(16))
  const hash = () => toHex(random(32))
  const head = { v: 1, at: now.toISOString() } as const
  return [
    { ...head, kind: 'log_started' },
    {
      ...head,
      kind: 'crossing',
      crossing: id(),
      manifest_sha256: hash(),
      bodies: [
        { class: 'scene', sha256: hash() },
        { class: 'reads', sha256: hash() },
      ],
    },
    {
      ...head,
      kind: 'opening',
      opening: id(),
      capture: id(),
      class: 'scene',
      sha256: hash(),
      purpose: 'inspection',
      by,
    },
    {
      ...head,
      kind: 'opening_refused',
      opening: id(),
      capture: id(),
      class: 'face',
      code: 'other_lane',
      purpose: 'inspection',
      by,
    },
    { ...head, kind: 'device_enrolled', device: id(), public_key_sha256: hash() },
    { ...head, kind: 'device_revoked', device: id(), public_key_sha256: hash() },
    { ...head, kind: 'account_created', by },
    { ...head, kind: 'session_started', by },
    { ...head, kind: 'alarm', alarm: id(), alarm_kind: 'sequence_gap', device: id() },
    { ...head, kind: 'alarm', alarm: id(), alarm_kind: 'disk_full' },
    { ...head, kind: 'token_issued', token: id(), by },
    { ...head, kind: 'token_revoked', token: id(), by },
    { ...head, kind: 'reading', reading: id(), token: id() },
    {
      ...head,
      kind: 'subscription_started',
      subscription: id(),
      purpose: 'gate_control',
      plates: 'with_plates',
      by,
    },
    {
      ...head,
      kind: 'subscription_ended',
      subscription: id(),
      purpose: 'statistics',
      plates: 'without_plates',
      by,
    },
    { ...head, kind: 'plate_sent', subscription: id(), crossing: id() },
    {
      ...head,
      kind: 'verdict',
      verdict: id(),
      crossing: id(),
      says: 'corrected',
      text: hash(),
      by,
      sha256: hash(),
      supersedes: id(),
    },
    {
      ...head,
      kind: 'verdict',
      verdict: id(),
      crossing: id(),
      says: 'withdrawn',
      text: hash(),
      by,
    },
    { ...head, kind: 'evaluation', evaluation: id(), label_set_sha256: hash(), labels: 250, by },
    ...watchExamples(head, id, hash, by),
    ...retentionExamples(head, id, hash, by),
    ...releaseExamples(head, id, hash, by),
    ...restoreExamples(head, hash),
    ...stayExamples(head, id, hash, by),
    ...windowExamples(head, id, hash, by),
    {
      ...head,
      kind: 'candidate_evaluation',
      evaluation: id(),
      set: 'verdicts:2026-10',
      model_sha256: hash(),
      owner: hash(),
      by,
    },
    { ...head, kind: 'candidate_reported', evaluation: id(), report_sha256: hash() },
  ]
}

export function entryVectors(random: Random, now: Date): unknown {
  const salt = random(16)
  const by = commit(salt, 'account 17')
  const entries = exampleEntries(random, now, by)
  const texts = entries.map((entry) => new TextDecoder().decode(encodeEntry(entry)))
  const opening = texts[2] ?? ''
  const changed = (name: string, from: string | RegExp, to: string) => {
    const entry = opening.replace(from, to)
    if (entry === opening) throw new Error(`${name}: nothing was changed`)
    return { name, entry }
  }
  return {
    commitment: { salt: toHex(salt), value: 'account 17', sha256: by },
    entries: texts.map((entry) => ({ entry, leaf_hash: toHex(leafHash(utf8(entry))) })),
    malformed: [
      { name: 'not JSON', entry: '' },
      changed('an unknown kind', '"opening"', '"closing"'),
      changed('no kind', '"kind":"opening",', ''),
      changed('a name in clear', '"by":', '"officer":"Ana Roe","by":'),
      changed('a purpose in free text', '"inspection"', '"she asked"'),
      changed('white space', '"v":1', '"v": 1'),
      changed('keys in another order', /("v":1),("at":"[^"]*")/, '$2,$1'),
    ],
  }
}

export async function receiptVectors(random: Random): Promise<unknown> {
  const seed = random(32)
  const publicKey = publicKeyOf(seed)
  const signer = noteSigner(origin, seed, publicKey)
  const strange = random(32)
  const stranger = noteSigner(origin, strange, publicKeyOf(strange))
  const leaves = Array.from({ length: 300 }, (_, n) => leafHash(numberedEntry(n)))
  const read = hashesOf(leaves)
  const receiptFor = async (index: number, size: number, by: NoteSigner = signer) => {
    const root = await treeRoot(size, read)
    const checkpoint = signCheckpoint({ origin: by.name, size, root }, by)
    return formatProof({
      index,
      hashes: await proveInclusion(index, size, read),
      extra: null,
      checkpoint,
    })
  }
  const good = await receiptFor(130, 300)
  return {
    skey: formatSkey(origin, seed, publicKey),
    vkey: signer.vkey,
    cases: await Promise.all(
      [
        [0, 1],
        [130, 300],
        [299, 300],
      ].map(async ([index = 0, size = 0]) => ({
        entry: toBase64(numberedEntry(index)),
        index,
        size,
        root: toHex(await treeRoot(size, read)),
        receipt: await receiptFor(index, size),
      })),
    ),
    with_extra: good.replace('\nindex', '\nextra aGVsbG8=\nindex'),
    refusals: receiptRefusals(good, {
      stranger: await receiptFor(130, 300, stranger),
      elsewhere: await receiptFor(130, 300, noteSigner('example.org/other', seed, publicKey)),
    }),
  }
}

function receiptRefusals(
  good: string,
  others: { readonly stranger: string; readonly elsewhere: string },
): readonly object[] {
  const refusal = (name: string, code: string, receipt: string, entry = 130) => ({
    name,
    code,
    entry: toBase64(numberedEntry(entry)),
    receipt,
  })
  return [
    refusal('another entry', 'not_included', good, 131),
    refusal('another index', 'not_included', good.replace('index 130', 'index 131')),
    refusal(
      'an index outside the log',
      'index_outside_log',
      good.replace('index 130', 'index 300'),
    ),
    refusal('a hash less', 'not_included', good.replace(/(index 130\n).*\n/, '$1')),
    refusal('another size', 'bad_signature', good.replace('\n300\n', '\n301\n')),
    refusal('another key of the same name', 'no_known_signature', others.stranger),
    refusal('another log', 'no_known_signature', others.elsewhere),
    refusal('another format', 'malformed_proof', good.replace('@v1', '@v2')),
    refusal('an index with a leading zero', 'malformed_proof', good.replace('130', '0130')),
    refusal('a hash without padding', 'malformed_proof', good.replace('=\n', '\n')),
    refusal('no checkpoint', 'malformed_proof', good.slice(0, good.indexOf('\n\n'))),
    refusal('an unsigned checkpoint', 'malformed_note', good.slice(0, good.indexOf('\n— '))),
  ]
}

/** A log of 260 entries with checkpoints at 5 and at 260: what lies in a log's folder. */
export async function treeVectors(random: Random): Promise<ReadonlyMap<string, Uint8Array>> {
  const seed = random(32)
  const signer = noteSigner(origin, seed, publicKeyOf(seed))
  const numbered = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, at) => numberedEntry(from + at))
  const first = growEdge(emptyEdge, numbered(0, 5))
  const second = growEdge(first.edge, numbered(5, 260))
  const files = new Map<string, Uint8Array>()
  // The tiles of size 5 are not among them: the full tile has replaced them.
  for (const { path, bytes } of second.files) files.set(path, bytes)
  const root = rootOf(second.edge)
  files.set('checkpoint', utf8(signCheckpoint({ origin, size: 260, root }, signer)))
  files.set('vkey', utf8(`${signer.vkey}\n`))
  const reader = { read: async (path: string) => files.get(path) ?? null }
  const old = await treeRoot(5, tileHashReader(reader, 260))
  if (toHex(old) !== toHex(rootOf(first.edge))) throw new Error('the tree does not continue itself')
  return files
}
