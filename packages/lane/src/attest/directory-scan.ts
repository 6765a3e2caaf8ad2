/**
 * Every file in a lane's own directory, judged by what is in it, not by its name alone: a sealed bundle
 * has to parse and hash, an event has to be signed, and nothing may be a picture.
 */

import * as fs from 'node:fs/promises'
import * as path from 'node:path'

import { parseBundle } from '@sallyport/proof/bundle'
import { fromHex, fromUtf8 } from '@sallyport/proof/bytes'
import type { DeviceAttestation, Stray, StrayKind } from '@sallyport/proof/device-attestation'
import { sayable, verifyDeviceEvent } from '@sallyport/proof/device-event'
import { limits as proofLimits } from '@sallyport/proof/limits'
import { verifyManifest } from '@sallyport/proof/manifest'
import { checkBodies } from '@sallyport/proof/node/bundle-check'
import { verify } from '@sallyport/proof/node/ed25519'
import { parseSealHeader } from '@sallyport/proof/seal-format'
import { decodePicture } from '@sallyport/vision/picture'

import { parseJson } from '../device.ts'
import { temporarySuffix } from '../durable-files.ts'
import { limits } from '../limits.ts'

export type DirectoryScan = Pick<DeviceAttestation, 'directory' | 'spool'>

type Judge = (bytes: Uint8Array, publicKey: Uint8Array) => boolean

/** What a lane keeps, by the whole path in its directory. */
const kept: readonly (readonly [RegExp, Judge])[] = [
  [/^\.lock$/, isJsonObject],
  [/^(?:device|epochs|closed-days|duty)\.json$/, isJsonObject],
  [/^(?:spool|events)\/state\.json$/, isJsonObject],
  [/^device\.key$/, isHexLine],
  [/^push\.token$/, isShortLine],
  [/^spool\/(?:refused\/)?\d{16}\.spb$/, isSealedBundle],
  [/^events\/(?:refused\/)?\d{16}\.event$/, isSignedEvent],
  [/^verdicts\/(?:refused\/)?\d{16}-[0-9a-f]{32}\.json$/, isJsonObject],
]
/** Networks that were converted here; they are believed by their hash when they are opened. */
const modelPattern = /^cache\/[A-Za-z0-9._/-]+\.(?:onnx|json)$/

/** Named before others where not all find room. */
const worstKinds: ReadonlySet<StrayKind> = new Set<StrayKind>([
  'picture',
  'private_key',
  'unsealed',
])

type Found = { readonly name: string; readonly file: string; readonly isPlain: boolean }

/** Looks through `directory`; events and bundles are those of `publicKey`. */
export async function scanDirectory(
  directory: string,
  publicKey: Uint8Array,
): Promise<DirectoryScan> {
  const found: Found[] = []
  await list(directory, '', 0, found)
  // A draft that a running lane is writing is gone by the time that the rest is looked through.
  const ordered = [...found.filter((one) => !isDraft(one)), ...found.filter(isDraft)]
  const looked = ordered.slice(0, limits.attestFilesMax)
  const spool = { waiting: 0, waiting_bytes: 0, refused: 0, refused_bytes: 0 }
  const strays: Stray[] = []
  let [files, bytes] = [0, 0]
  for (const one of looked) {
    const judged = await judge(one, publicKey)
    if (judged === 'gone') continue
    files += 1
    bytes += judged.bytes
    if (judged.kind !== 'kept') {
      strays.push({ kind: judged.kind, name: sayable(one.name), bytes: judged.bytes })
    } else if (one.name.startsWith('spool/refused/')) {
      spool.refused += 1
      spool.refused_bytes += judged.bytes
    } else if (one.name.endsWith('.spb')) {
      spool.waiting += 1
      spool.waiting_bytes += judged.bytes
    }
  }
  const worst = (one: Stray): number => (worstKinds.has(one.kind) ? 0 : 1)
  const worstFirst = strays.toSorted((a, b) => worst(a) - worst(b))
  const named = worstFirst.slice(0, proofLimits.attestedMax)
  const skipped = ordered.length - looked.length
  return { spool, directory: { files, bytes, skipped, strays: strays.length, named } }
}

async function list(
  directory: string,
  inside: string,
  depth: number,
  found: Found[],
): Promise<void> {
  const entries = await fs.readdir(directory, { withFileTypes: true }).catch(() => null)
  if (entries === null || depth > limits.attestFoldersDeep) {
    found.push({ name: inside, file: directory, isPlain: false })
    return
  }
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const file = path.join(directory, entry.name)
    const name = inside === '' ? entry.name : `${inside}/${entry.name}`
    if (entry.isDirectory()) await list(file, name, depth + 1, found)
    else found.push({ name, file, isPlain: entry.isFile() })
  }
}

type Judged = { readonly kind: StrayKind | 'kept'; readonly bytes: number } | 'gone'

async function judge({ name, file, isPlain }: Found, publicKey: Uint8Array): Promise<Judged> {
  if (!isPlain) return { kind: 'link', bytes: 0 }
  const size = await fs.stat(file).then(
    ({ size: bytes }) => bytes,
    () => null,
  )
  if (size === null) return 'gone'
  const isKept = kept.find(([pattern]) => pattern.test(name))?.[1]
  const most = name.endsWith('.spb') ? proofLimits.bundleMax : limits.attestSmallFileMax
  const content = await read(file, isKept === undefined ? limits.attestLookBytesMax : most)
  if (content === 'gone') return 'gone'
  if (content === null) return { kind: 'unreadable', bytes: size }
  const holdsKey = Buffer.from(content).includes(privateKeyStart)
  if (isKept !== undefined && size <= most && !holdsKey && isKept(content, publicKey))
    return { kind: 'kept', bytes: size }
  const kind = await strayKind(content)
  if (kind === 'unknown' && modelPattern.test(name)) return { kind: 'kept', bytes: size }
  return { kind: isKept === undefined ? kind : kind === 'unknown' ? 'unsealed' : kind, bytes: size }
}

/** The first `most` bytes. */
async function read(file: string, most: number): Promise<Uint8Array | 'gone' | null> {
  try {
    const handle = await fs.open(file, 'r')
    try {
      const { size } = await handle.stat()
      const bytes = Buffer.alloc(Math.min(size, most))
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, 0)
      return bytes.subarray(0, bytesRead)
    } finally {
      await handle.close()
    }
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'gone' : null
  }
}

/** What a file is that does not belong. A picture counts wherever in it it begins, and cut off, too. */
async function strayKind(bytes: Uint8Array): Promise<StrayKind> {
  const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (content.includes(privateKeyStart)) return 'private_key'
  if (await isPicture(content)) return 'picture'
  let at = -1
  for (let tried = 0; tried < limits.attestPicturesTried; tried += 1) {
    const next = pictureStarts
      .map((start) => content.indexOf(start, at + 1))
      .filter((found) => found !== -1)
    if (next.length === 0) return 'unknown'
    at = Math.min(...next)
    if (await isPicture(content.subarray(at))) return 'picture'
  }
  return 'unknown'
}

const privateKeyStart = 'AGE-SECRET-KEY-'
const pictureStarts = [Buffer.from('ffd8ff', 'hex'), Buffer.from('89504e470d0a1a0a', 'hex')]

async function isPicture(bytes: Uint8Array): Promise<boolean> {
  const decoded = await decodePicture(bytes.subarray(0, limits.pictureBytesMax))
  return decoded.kind === 'picture' || decoded.code === 'truncated_picture'
}

function isSealedBundle(bytes: Uint8Array, publicKey: Uint8Array): boolean {
  const bundle = parseBundle(bytes)
  return (
    bundle.kind === 'bundle' &&
    checkBodies(bundle) === null &&
    verifyManifest(publicKey, bundle.manifestBytes, bundle.signature, verify) &&
    bundle.bodies.every(({ header }) => parseSealHeader(header)?.bytes === header.length)
  )
}

function isSignedEvent(bytes: Uint8Array, publicKey: Uint8Array): boolean {
  const signature = fromHex(fromUtf8(bytes.subarray(0, 128)) ?? '')
  const statement = bytes.subarray(129)
  return (
    signature !== null &&
    verifyDeviceEvent(publicKey, statement, signature, verify).kind === 'trusted'
  )
}

function isJsonObject(bytes: Uint8Array): boolean {
  const value = parseJson(fromUtf8(bytes) ?? '')
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isHexLine(bytes: Uint8Array): boolean {
  return /^[0-9a-f]{64}\n?$/.test(fromUtf8(bytes) ?? '')
}

function isShortLine(bytes: Uint8Array): boolean {
  return /^[\x21-\x7e]{16,200}\n?$/.test(fromUtf8(bytes) ?? '')
}

function isDraft({ name }: Found): boolean {
  return name.endsWith(temporarySuffix)
}
