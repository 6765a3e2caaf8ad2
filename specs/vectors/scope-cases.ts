/** A small log, and a scope over two of its crossings as a signed bundle (specs/scope.md). */

import * as crypto from 'node:crypto'

import { countScope } from '@sallyport/core/scope/counts'
import { scopeResult } from '@sallyport/core/scope/scope'
import { toBase64, toHex, utf8 } from '@sallyport/proof/bytes'
import { signCheckpoint } from '@sallyport/proof/checkpoint'
import { commit, encodeEntry, type LogEntry } from '@sallyport/proof/entry'
import { encodeManifest, type Manifest, noPrevious } from '@sallyport/proof/manifest'
import { type HashReader, leafHash, nodeHash, treeRoot } from '@sallyport/proof/merkle'
import { proveMany } from '@sallyport/proof/multi-proof'
import type { Random } from '@sallyport/proof/node/age-payload'
import { publicKeyOf, sign } from '@sallyport/proof/node/ed25519'
import { noteSigner, signNote } from '@sallyport/proof/note'
import {
  type BundleHead,
  type BundleLine,
  bundleNoteText,
} from '@sallyport/proof/scope-bundle-lines'

const origin = 'example.gov/sallyport'

export async function scopeVectors(random: Random, now: Date) {
  const id = () => toHex(random(16))
  const hash = () => toHex(random(32))
  const signer = (name: string) => {
    const seed = random(32)
    return noteSigner(name, seed, publicKeyOf(seed), sign)
  }
  const [log, agency] = [signer(origin), signer(`${origin}/agency`)]
  const head = { v: 1, at: now.toISOString() } as const
  const device = id()
  const manifests = [1, 2].map((sequence): Manifest => ({
    version: 1,
    kind: 'crossing',
    crossing: id(),
    device,
    lane: 'in-1',
    port: 'north',
    sequence,
    previous: noPrevious,
    boot: id(),
    monotonic_ms: sequence * 1000,
    captured_at: now.toISOString(),
    sealed_at: now.toISOString(),
    epoch: {
      day: '2026-07-22',
      recipient: 'age1n4pn2nyjv4ndx3tpvpjzahk89ahhrp2t462fhrvpv2ajee70asks2wn8v6',
    },
    bodies: (['scene', 'plate'] as const).map((name) => ({
      id: id(),
      class: name,
      bytes: 100,
      sha256: hash(),
      header_sha256: hash(),
    })),
  }))
  const arrivals = manifests.map((manifest): LogEntry => ({
    ...head,
    kind: 'crossing',
    crossing: manifest.crossing,
    manifest_sha256: sha256(encodeManifest(manifest)),
    bodies: manifest.bodies.map(({ class: name, sha256: body }) => ({ class: name, sha256: body })),
  }))
  const [first] = manifests
  const [shown] = first?.bodies ?? []
  if (first === undefined || shown === undefined) throw new Error('a crossing has a scene')
  const [salt, account, documentSalt] = [random(16), id(), random(16)]
  const opening: LogEntry = {
    ...head,
    kind: 'opening',
    opening: id(),
    capture: shown.id,
    class: 'scene',
    sha256: shown.sha256,
    purpose: 'audit',
    by: commit(salt, account),
  }
  const pictures = manifests.flatMap(({ crossing, bodies }) =>
    bodies.map((body) => ({
      capture: body.id,
      class: body.class,
      crossing,
      port: 'north',
      lane: 'in-1',
      day: '2026-07-22',
      grade:
        body.id === shown.id
          ? ('released_in_clear' as const)
          : ('handled_by_untrusted_device' as const),
    })),
  )
  const vehicles = new Map([[first.crossing, id()]])
  const counts = countScope(pictures, (crossing) => ({
    vehicle: vehicles.get(crossing) ?? null,
    identity: null,
  }))
  const scope = id()
  const document = JSON.stringify({
    v: 1,
    scope,
    version: 1,
    revises: null,
    incident: null,
    at: now.toISOString(),
    why: 'an example',
    zone: 'America/Chicago',
    question: {
      from: '2026-07-22T00:00:00.000Z',
      to: '2026-07-23T00:00:00.000Z',
      suspicions: [{ kind: 'device', device }, { kind: 'window' }],
    },
    result: scopeResult(counts, { changes: [], logSize: 3 }),
  })
  const stated: LogEntry = {
    ...head,
    kind: 'scope_stated',
    scope,
    version: 1,
    document: commit(documentSalt, document),
    by: commit(random(16), account),
  }
  const started: LogEntry = { ...head, kind: 'log_started' }
  const entries = [started, ...arrivals, opening, stated].map(encodeEntry)
  const read = readerOf(entries)
  const root = await treeRoot(entries.length, read)
  const lines: (BundleHead | BundleLine)[] = [
    {
      kind: 'head',
      v: 1,
      document,
      document_salt: toHex(documentSalt),
      entry: 4,
      vkey: log.vkey,
      agency: agency.vkey,
      checkpoint: signCheckpoint({ origin, size: entries.length, root }, log),
    },
    ...manifests.map((manifest, at) => ({
      kind: 'crossing' as const,
      entry: at + 1,
      manifest: toBase64(encodeManifest(manifest)),
      vehicle: vehicles.get(manifest.crossing) ?? null,
      identity: null,
    })),
    { kind: 'opening', entry: 3, account, salt: toHex(salt), party: 'agency' },
    ...pictures.map(({ capture, crossing, grade, day }) => ({
      kind: 'picture' as const,
      capture,
      crossing,
      grade,
      day,
    })),
    ...[1, 2, 3, 4].map((index) => ({
      kind: 'entry' as const,
      index,
      entry: new TextDecoder().decode(entries[index]),
    })),
  ]
  const hashes: string[] = []
  for await (const one of proveMany([1, 2, 3, 4], entries.length, read)) hashes.push(toBase64(one))
  lines.push({ kind: 'hashes', hashes })
  const rows = `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`
  const note = signNote(bundleNoteText(scope, Buffer.from(sha256(utf8(rows)), 'hex')), [agency])
  const bundle = `${rows}${JSON.stringify({ kind: 'signature', note })}\n`
  return { bundle, keys: { vkey: log.vkey, agency: agency.vkey, counts } }
}

function sha256(bytes: Uint8Array): string {
  return crypto.createHash('sha256').update(bytes).digest('hex')
}

/** Hashes of complete subtrees straight from the entries. */
function readerOf(entries: readonly Uint8Array[]): HashReader {
  const at = (level: number, index: number): Uint8Array =>
    level === 0
      ? leafHash(entries[index] ?? new Uint8Array())
      : nodeHash(at(level - 1, 2 * index), at(level - 1, 2 * index + 1))
  return (nodes) => Promise.resolve(nodes.map(({ level, index }) => at(level, index)))
}
