/** Vectors of specs/manifest.md. */

import { encodeBundle } from '@sallyport/proof/bundle'
import { toBase64, toHex, utf8 } from '@sallyport/proof/bytes'
import { epochDay } from '@sallyport/proof/epoch'
import {
  type GapReason,
  type Manifest,
  bodyClasses,
  encodeManifest,
  noPrevious,
  signManifest,
} from '@sallyport/proof/manifest'
import type { Random } from '@sallyport/proof/node/age-payload'
import { sha256Hex } from '@sallyport/proof/node/bundle-check'
import { publicKeyOf } from '@sallyport/proof/node/ed25519'
import { generateIdentity, seal } from '@sallyport/proof/node/seal'
import { splitSeal } from '@sallyport/proof/seal-format'

import { patterned } from './seal-cases.ts'

type Sealed = { readonly header: Uint8Array; readonly body: Uint8Array }

function sealedBodies(recipient: string, random: Random): readonly Sealed[] {
  return bodyClasses.slice(0, 2).map((_, at) => {
    const split = splitSeal(seal(patterned(30 + at), [recipient], random))
    if (split === null) throw new Error('a seal splits')
    return split
  })
}

function crossingOf(
  bodies: readonly Sealed[],
  recipient: string,
  random: Random,
  now: Date,
): Manifest {
  const sealedAt = new Date(now.getTime() + 412)
  return {
    version: 1,
    kind: 'crossing',
    crossing: toHex(random(16)),
    device: toHex(random(16)),
    lane: 'lane-2',
    port: 'north-bridge',
    sequence: 1,
    previous: noPrevious,
    boot: toHex(random(16)),
    monotonic_ms: 86_412.5,
    captured_at: now.toISOString(),
    sealed_at: sealedAt.toISOString(),
    epoch: { day: epochDay(now), recipient },
    bodies: bodies.map(({ header, body }, at) => ({
      id: toHex(random(16)),
      class: bodyClasses[at] ?? 'reads',
      bytes: body.length,
      sha256: sha256Hex(body),
      header_sha256: sha256Hex(header),
    })),
  }
}

function gapAfter(
  manifest: Manifest,
  reason: GapReason,
  { random, now }: { readonly random: Random; readonly now: Date },
): Manifest {
  const { gap: _, ...crossing } = manifest
  return {
    ...crossing,
    kind: 'gap',
    crossing: toHex(random(16)),
    sequence: manifest.sequence + 1,
    previous: sha256Hex(encodeManifest(manifest)),
    bodies: [],
    gap: {
      dropped: [
        { class: 'scene', count: 3 },
        { class: 'plate', count: 3 },
      ],
      from: now.toISOString(),
      to: new Date(now.getTime() + 60_000).toISOString(),
      reason,
    },
  }
}

export function manifestVectors(random: Random, now: Date): { manifest: unknown; bundle: unknown } {
  const seed = random(32)
  const { recipient } = generateIdentity(random)
  const bodies = sealedBodies(recipient, random)
  const first = crossingOf(bodies, recipient, random, now)
  const crossing = encodeManifest(first)
  const full = gapAfter(first, 'spool_full', { random, now })
  const gap = encodeManifest(full)
  const unsealed = encodeManifest(gapAfter(full, 'no_epoch', { random, now }))
  const text = new TextDecoder().decode(crossing)
  const gapText = new TextDecoder().decode(gap)
  const signed = (name: string, bytes: Uint8Array) => ({
    name,
    manifest: new TextDecoder().decode(bytes),
    sha256: sha256Hex(bytes),
    signature: toHex(signManifest(seed, bytes)),
  })
  return {
    manifest: {
      device_seed: toHex(seed),
      device_key: toHex(publicKeyOf(seed)),
      cases: [
        signed('a crossing', crossing),
        signed('a gap', gap),
        signed('a gap for want of an epoch', unsealed),
      ],
      malformed: malformed(text, gapText),
    },
    bundle: bundles(seed, crossing, gap, bodies),
  }
}

function malformed(text: string, gapText: string): readonly object[] {
  const changed = (name: string, from: string | RegExp, to: string, of = text) => {
    const manifest = of.replace(from, to)
    if (manifest === of) throw new Error(`${name}: nothing was changed`)
    return { name, manifest }
  }
  return [
    { name: 'empty', manifest: '' },
    { name: 'not JSON', manifest: text.slice(0, -1) },
    { name: 'not an object', manifest: '[]' },
    changed('white space', ':1,', ': 1,'),
    changed('a line feed at the end', /$/, '\n'),
    changed(
      'keys in another order',
      '"version":1,"kind":"crossing"',
      '"kind":"crossing","version":1',
    ),
    changed('a key twice', '"version":1', '"version":1,"version":1'),
    changed('an unknown key', '"version":1', '"version":1,"note":""'),
    changed('a missing key', /"boot":"[0-9a-f]*",/, ''),
    changed('another version', '"version":1', '"version":2'),
    changed('a number spelled otherwise', '"sequence":1', '"sequence":1.0'),
    changed('sequence zero', '"sequence":1', '"sequence":0'),
    changed('a sequence beyond exact numbers', '"sequence":1', '"sequence":9007199254740992'),
    changed('a negative clock', '"monotonic_ms":', '"monotonic_ms":-'),
    changed('an upper-case id', /"crossing":"[0-9a-f]*"/, `"crossing":"${'A'.repeat(32)}"`),
    changed('a lane that is a path', '"lane-2"', '"../lane-2"'),
    changed('a lane spelled with an escape', '"lane-2"', '"lane\\u002d2"'),
    changed('a time without milliseconds', /\.\d{3}Z/, 'Z'),
    changed('a time with an offset', /\.(\d{3})Z/, '.$1+00:00'),
    changed('a day that does not exist', /"day":"[^"]*"/, '"day":"2026-02-30"'),
    changed('a recipient that is none', /"age1[^"]*"/, '"age1"'),
    changed('a class that is none', '"class":"plate"', '"class":"trunk"'),
    changed('a body too short to be sealed', /"bytes":\d+/, '"bytes":31'),
    changed('a body id twice', /("id":")[0-9a-f]{32}(.*"id":")([0-9a-f]{32})/, '$1$3$2$3'),
    changed('a crossing without bodies', /"bodies":\[.*\]/, '"bodies":[]'),
    changed('a gap without a gap', /,"gap":.*/, '}', gapText),
    changed('a crossing with a gap', '"kind":"gap"', '"kind":"crossing"', gapText),
    changed('a gap that ends before it begins', /"to":"20/, '"to":"19', gapText),
    changed('a gap that drops a class twice', '"class":"plate"', '"class":"scene"', gapText),
    changed('a gap that drops nothing', '"count":3', '"count":0', gapText),
    changed('a gap for a reason that is none', '"reason":"spool_full"', '"reason":"idle"', gapText),
  ]
}

function bundles(
  seed: Uint8Array,
  crossing: Uint8Array,
  gap: Uint8Array,
  bodies: readonly Sealed[],
): unknown {
  const bundle = encodeBundle({
    manifest: crossing,
    signature: signManifest(seed, crossing),
    bodies,
  })
  const ofGap = encodeBundle({ manifest: gap, signature: signManifest(seed, gap), bodies: [] })
  const [first, second] = bodies
  if (first === undefined || second === undefined) throw new Error('two bodies')
  const withBodies = (...sent: readonly Sealed[]) =>
    encodeBundle({ manifest: crossing, signature: signManifest(seed, crossing), bodies: sent })
  const short = { header: first.header, body: first.body.subarray(1) }
  const broken = { manifest: utf8('{}'), signature: new Uint8Array(64), bodies: [] }
  const huge = bundle.slice()
  huge.set([0xff, 0xff, 0xff, 0xff], 4)
  const refusal = (name: string, code: string, bytes: Uint8Array) => ({
    name,
    code,
    bundle: toBase64(bytes),
  })
  return {
    device_key: toHex(publicKeyOf(seed)),
    cases: [
      { name: 'a crossing', bundle: toBase64(bundle) },
      { name: 'a gap', bundle: toBase64(ofGap) },
    ],
    refusals: [
      refusal('empty', 'truncated_bundle', new Uint8Array()),
      refusal('cut in the last body', 'truncated_bundle', bundle.subarray(0, -1)),
      refusal('another magic', 'not_a_bundle', Uint8Array.of(0x53, 0x50, 0x42, 0x32)),
      refusal('a manifest of 4 GiB', 'bundle_too_large', huge),
      refusal('a manifest that is none', 'malformed_manifest', encodeBundle(broken)),
      refusal('a body shorter than stated', 'body_mismatch', withBodies(short, second)),
      refusal('a body missing', 'truncated_bundle', withBodies(first)),
      refusal('a body too many', 'trailing_bytes', withBodies(first, second, second)),
      refusal('a byte behind it', 'trailing_bytes', Uint8Array.of(...bundle, 0)),
    ],
    other_bodies: toBase64(
      withBodies({ header: first.header, body: first.body.map((byte) => byte ^ 1) }, second),
    ),
    other_headers: toBase64(withBodies({ header: second.header, body: first.body }, second)),
  }
}
