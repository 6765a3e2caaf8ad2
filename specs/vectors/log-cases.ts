/** Vectors of specs/log.md, and a whole small log. */

import { toBase64, toHex, utf8 } from '@sallyport/proof/bytes'
import { signCheckpoint } from '@sallyport/proof/checkpoint'
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
