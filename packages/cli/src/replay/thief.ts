/**
 * What a thief can make of bytes: everything that looks like a JPEG is decoded, and every sealed body is
 * tried with every secret that was carried away with it.
 */

import { createHash } from 'node:crypto'

import { type Bundle, parseBundle } from '@sallyport/proof/bundle'
import { openBody } from '@sallyport/proof/node/age-payload'
import {
  generateIdentity,
  openingKey,
  type OpeningKey,
  unwrapFileKey,
} from '@sallyport/proof/node/seal'
import { decodePicture } from '@sallyport/vision/picture'

import { withoutNumber } from './stubs.ts'

const jpegBegins = Buffer.from([0xff, 0xd8, 0xff])
const most = 24 * 1024 * 1024
export const thiefLimits = {
  bundleMax: most,
  manifestMax: most,
  sealHeaderMax: most,
  bodyMax: most,
}
const decoded = new Map<string, Promise<boolean>>()

/** Whether it decodes; the same pixels under another number are decoded once. */
export function isReadable(jpeg: Uint8Array): Promise<boolean> {
  const bare = withoutNumber(jpeg)
  const key = createHash('sha1').update(bare).digest('base64')
  const known = decoded.get(key) ?? decodePicture(bare).then(({ kind }) => kind === 'picture')
  decoded.set(key, known)
  return known
}

/** Pictures in clear anywhere within these bytes. */
export async function picturesWithin(bytes: Buffer): Promise<number> {
  let found = 0
  for (let at = bytes.indexOf(jpegBegins); at >= 0; at = bytes.indexOf(jpegBegins, at + 1)) {
    const { kind } = await decodePicture(bytes.subarray(at))
    if (kind === 'picture') found += 1
  }
  return found
}

/**
 * The keys that secrets of 32 bytes can be: each an age identity as it is, and the Diffie-Hellman key
 * that belongs to it as a seed of Ed25519.
 */
export function keysOf(secrets: readonly Uint8Array[]): OpeningKey {
  const scalars = secrets.flatMap((secret) => [
    secret,
    createHash('sha512').update(secret).digest().subarray(0, 32),
  ])
  return openingKey(...scalars.map((scalar) => generateIdentity(() => scalar).identity))
}

/** How many sealed pictures of a bundle open with any of these keys. */
function picturesOpened({ manifest, bodies }: Bundle, keys: OpeningKey): number {
  return bodies.filter(({ header, body }, at) => {
    if (manifest.bodies[at]?.class === 'reads') return false
    const unwrapped = unwrapFileKey(header, keys)
    return unwrapped.kind === 'unwrapped' && openBody(unwrapped.fileKey, body).kind === 'opened'
  }).length
}

/** What somebody gets of a bundle that crosses the network. */
export async function tapped(
  bytes: Uint8Array,
  keys: OpeningKey,
): Promise<{ readonly pictures: number; readonly opened: number; readonly clear: number }> {
  const bundle = parseBundle(bytes, thiefLimits)
  if (bundle.kind === 'refused') throw new Error(`a bundle of ours parses: ${bundle.detail}`)
  return {
    pictures: bundle.manifest.bodies.filter((one) => one.class !== 'reads').length,
    opened: picturesOpened(bundle, keys),
    clear: await picturesWithin(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)),
  }
}
