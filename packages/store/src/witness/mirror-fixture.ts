/** What the tests of mirrors share: a history of a log, a witness beside a mirror, and a sender. */

import { concat, utf8 } from '@sallyport/proof/bytes'
import { signCheckpoint } from '@sallyport/proof/checkpoint'
import { verifyLog } from '@sallyport/proof/log-verify'
import { emptyRoot } from '@sallyport/proof/merkle'
import { publicKeyOf, sign, verify } from '@sallyport/proof/node/ed25519'
import { parseVkey } from '@sallyport/proof/note'
import { proveGrowth } from '@sallyport/proof/prove'
import type { TileReader } from '@sallyport/proof/tiles'
import { cosigner, openCosignatures } from '@sallyport/proof/tlog-cosignature'
import {
  formatAddEntries,
  makePackage,
  packagesOf,
  parseMirrorInfo,
} from '@sallyport/proof/tlog-mirror'
import { formatAddCheckpoint } from '@sallyport/proof/tlog-witness'
import { emptyEdge, growEdge, rootOf } from '@sallyport/proof/tree-edge'

import { type DurableFiles, nodeFiles } from '../log/durable-files.ts'
import { origin, signer } from '../log/log-fixture.ts'
import { openMirror } from './mirror-directory.ts'
import { openWitness, originHash, type WitnessAnswer } from './witness-directory.ts'

const keyOf = (name: string, fill: number) => {
  const seed = new Uint8Array(32).fill(fill)
  return cosigner(name, 'ed25519', publicKeyOf(seed), (message) => sign(seed, message))
}
export const witnessKey = keyOf('witness.example/w1', 21)
export const mirrorKey = keyOf('mirror.example/m1', 22)
const logKey = parseVkey(signer.vkey)
export const logs = logKey === null ? [] : [logKey]
export const now = () => new Date('2026-11-22T10:00:00Z')

/** A log of `length` entries that no other flavour has, at any of its sizes. */
export function historyOf(flavour: string, length = 1200) {
  const entries = Array.from({ length }, (_, n) => utf8(`${flavour} ${n}`))
  const treeAt = (size: number) => {
    const { edge, files } = growEdge(emptyEdge, entries.slice(0, size))
    const byPath = new Map(files.map((one) => [one.path, one.bytes]))
    const tiles: TileReader = { read: async (path) => byPath.get(path) ?? null }
    const root = size === 0 ? emptyRoot() : rootOf(edge)
    return { tiles, note: signCheckpoint({ origin, size, root }, signer) }
  }
  return {
    entries,
    treeAt,
    async checkpointRequest(oldSize: number, size: number): Promise<Uint8Array> {
      const { tiles, note } = treeAt(size)
      const proof = await proveGrowth(tiles, Math.min(oldSize, size), size)
      return utf8(formatAddCheckpoint({ oldSize, proof, note }))
    },
    /** A request for `start` to `end`, or its first `packages` only. */
    async entriesRequest(
      start: number,
      end: number,
      {
        ticket = new Uint8Array(),
        packages = Infinity,
      }: { readonly ticket?: Uint8Array; readonly packages?: number } = {},
    ): Promise<Uint8Array> {
      const { tiles } = treeAt(end)
      const ranges = [...packagesOf(start, end)].slice(0, packages)
      const made = await Promise.all(ranges.map((range) => makePackage(tiles, range, end)))
      return concat(formatAddEntries({ origin, start, end, ticket }), ...made)
    },
  }
}

export type Pair = Awaited<ReturnType<typeof openPair>>

/** A witness and the mirror beside it, in one directory. */
export async function openPair(directory: string, files: DurableFiles = nodeFiles) {
  const witness = await openWitness({ directory, cosigners: [witnessKey], logs, files })
  const mirror = await openMirror({ directory, witness, cosigners: [mirrorKey], logs, files })
  return {
    witness,
    mirror,
    checkpoint: (body: Uint8Array) => witness.addCheckpoint(body, now),
    entries: (body: Uint8Array) => mirror.addEntries(inParts(body), now),
  }
}

/** As a network brings it. */
async function* inParts(body: Uint8Array, size = 7_000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < body.length; at += size) yield body.subarray(at, at + size)
}

/** Status and, of mirror info, its first two lines. */
export function said({ status, body }: WitnessAnswer): string {
  return status === 202 || status === 409
    ? `${status} ${body.split('\n').slice(0, 2).join(' ')}`
    : String(status)
}

/** The log of most tests. */
export const honest = historyOf('entry')
export const hash: string = originHash(origin)

/** Entries under the checkpoint that the mirror serves, all verified; null before the first. */
export async function heldBy({ mirror }: Pair): Promise<number | null> {
  const reader = mirror.reader(hash)
  if (reader === null) throw new Error('the log is mirrored')
  const note = await reader.read('checkpoint')
  if (note === null) return null
  const verdict = await verifyLog(reader, signer.vkey, { verifySignature: verify })
  if (verdict.kind !== 'sound') throw new Error(JSON.stringify(verdict.findings))
  const opened = openCosignatures(note, [mirrorKey])
  if (opened.kind === 'refused' || opened.found.length !== 1) throw new Error('not cosigned')
  return verdict.size
}

/** Shows a tree to the witness beside the mirror. */
export async function shown(pair: Pair, size: number): Promise<void> {
  const old = pair.witness.cosigned(origin)?.size ?? 0
  const answer = await pair.checkpoint(await honest.checkpointRequest(old, size))
  if (answer.status !== 200) throw new Error(answer.body)
}

export const info = (answer: { contentType: string; body: string }) =>
  parseMirrorInfo(answer.contentType, answer.body)
