/** What the thieves have in the end, counted by trying to read every byte of it. */

import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'

import { readSigningSeed } from '@sallyport/lane/device'
import { encodeBundle, parseBundle } from '@sallyport/proof/bundle'
import { encodeManifest, signManifest } from '@sallyport/proof/manifest'
import { sign } from '@sallyport/proof/node/ed25519'

import { keysOf, picturesWithin, tapped, thiefLimits } from './thief.ts'

export type Loot = {
  readonly files: number
  readonly bytes: number
  /** Sealed pictures on the drive, and how many of them open with what lies beside them. */
  readonly sealed: number
  readonly opened: number
  /** Pictures in clear in any file of it. */
  readonly clear: number
}

/** Tries everything under a directory, with every device key in it. */
export async function tryAll(directory: string): Promise<Loot> {
  const names = (await readdir(directory, { recursive: true, withFileTypes: true })).filter((one) =>
    one.isFile(),
  )
  const folders = new Set(names.map(({ parentPath }) => parentPath))
  const seeds = new Map<string, Uint8Array>()
  for (const folder of folders) {
    const seed = await readSigningSeed(folder)
    if (seed !== null) seeds.set(Buffer.from(seed).toString('hex'), seed)
  }
  const keys = keysOf([...seeds.values()])
  const loot = { files: 0, bytes: 0, sealed: 0, opened: 0, clear: 0 }
  const seen = new Set<string>()
  for (const { parentPath, name } of names) {
    const bytes = await readFile(path.join(parentPath, name))
    loot.files += 1
    loot.bytes += bytes.length
    // The same file on two visits is one.
    const hash = createHash('sha256').update(bytes).digest('hex')
    if (seen.has(hash)) continue
    seen.add(hash)
    if (!name.endsWith('.spb')) {
      loot.clear += await picturesWithin(bytes)
      continue
    }
    const found = await tapped(bytes, keys)
    loot.sealed += found.pictures
    loot.opened += found.opened
    loot.clear += found.clear
  }
  return loot
}

/** A crossing that never was, signed with a copied key under a number that the lane has used. */
export async function forgedFrom(copy: string): Promise<Uint8Array> {
  const spool = path.join(copy, 'spool')
  const newest = (await readdir(spool))
    .filter((name) => name.endsWith('.spb'))
    .toSorted()
    .at(-1)
  const seed = await readSigningSeed(copy)
  if (newest === undefined || seed === null) throw new Error('the drive has a spool and its key')
  const bundle = parseBundle(await readFile(path.join(spool, newest)), thiefLimits)
  if (bundle.kind === 'refused') throw new Error(bundle.detail)
  const { manifest, bodies } = bundle
  const crossing = createHash('md5').update(manifest.crossing).digest('hex')
  const bytes = encodeManifest({ ...manifest, crossing })
  return encodeBundle({ manifest: bytes, signature: signManifest(seed, bytes, sign), bodies })
}
