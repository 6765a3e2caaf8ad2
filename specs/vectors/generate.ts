/**
 * Writes the vectors beside this file: `node --import tsx specs/vectors/generate.ts`. Chance and
 * time are arguments, so the same files come out every time; a test compares them.
 */

import * as crypto from 'node:crypto'
import * as fs from 'node:fs'
import * as path from 'node:path'

import { utf8 } from '@sallyport/proof/bytes'
import type { Random } from '@sallyport/proof/node/age-payload'

import { entryVectors } from './entry-cases.ts'
import { hybridVectors } from './hybrid-cases.ts'
import { dayClosedVectors, kekVectors } from './key-cases.ts'
import { merkleVectors, receiptVectors, tileVectors, treeVectors } from './log-cases.ts'
import { manifestVectors } from './manifest-cases.ts'
import { markVectors } from './mark-cases.ts'
import { readerVectors } from './reader-cases.ts'
import { rotationVectors } from './rotation-cases.ts'
import { scopeVectors } from './scope-cases.ts'
import { epochVectors, sealVectors } from './seal-cases.ts'
import { witnessVectors } from './witness-cases.ts'

/** All vector files by their path below this folder. */
export async function vectors(
  random: (name: string) => Random,
  now: Date,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const { manifest, bundle } = manifestVectors(random('manifest'), now)
  const scope = await scopeVectors(random('scope'), now)
  const json: readonly (readonly [string, unknown])[] = [
    ['seal/seal.json', sealVectors(random('seal'))],
    ['seal/epochs.json', epochVectors(random('epochs'), now)],
    ['seal/hybrid.json', hybridVectors(random('hybrid'), now)],
    ['seal/rotated.json', rotationVectors(random('rotated'), now)],
    ['seal/keks.json', kekVectors(random('keks'))],
    ['seal/day-closed.json', dayClosedVectors(random('day-closed'), now)],
    ['manifest/manifest.json', manifest],
    ['manifest/bundle.json', bundle],
    ['log/merkle.json', await merkleVectors()],
    ['log/tiles.json', tileVectors()],
    ['log/entries.json', entryVectors(random('entries'), now)],
    ['log/receipts.json', await receiptVectors(random('receipts'))],
    ['mark/mark.json', markVectors(random('mark'))],
    ['log/witness.json', await witnessVectors(random('witness'))],
    ['scope/scope.json', scope.keys],
    ...readerVectors(now),
  ]
  const files = new Map<string, Uint8Array>()
  for (const [name, value] of json) files.set(name, utf8(printed(value)))
  files.set('scope/bundle.jsonl', utf8(scope.bundle))
  for (const [name, bytes] of await treeVectors(random('tree')))
    files.set(`log/tree/${name}`, bytes)
  return files
}

/** JSON as the formatter of this repository prints it: short lists of texts stand on one line. */
function printed(value: unknown): string {
  const text = JSON.stringify(value, null, 2)
  const lists = /^( *(?:"[a-z0-9_]+": )?)\[\n((?: *"[^"]*",?\n)+) *\](,?)$/gm
  return `${text.replace(lists, (list, before: string, items: string, after: string) => {
    const line = `${before}[${items.trim().split(/\n */).join(' ')}]${after}`
    return line.length <= 100 ? line : list
  })}\n`
}

/** Bytes that look random and are the same for the same name: SHA-256 of name and counter. */
export function fixedChance(name: string): Random {
  let counter = 0
  return (n) => {
    const blocks: Uint8Array[] = []
    for (let length = 0; length < n; length += 32) {
      blocks.push(crypto.createHash('sha256').update(`sallyport ${name} ${counter++}`).digest())
    }
    return new Uint8Array(Buffer.concat(blocks).subarray(0, n))
  }
}

export const fixedTime = new Date('2026-07-22T14:03:11.250Z')

async function main(folder: string): Promise<void> {
  for (const [name, bytes] of await vectors(fixedChance, fixedTime)) {
    const file = path.join(folder, name)
    fs.mkdirSync(path.dirname(file), { recursive: true })
    fs.writeFileSync(file, bytes)
  }
}

if (process.argv[1] === import.meta.filename) await main(import.meta.dirname)
