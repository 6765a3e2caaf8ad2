/** One hash of the program that runs here: the same on every computer with the same files. */

import { createHash } from 'node:crypto'
import * as fs from 'node:fs/promises'
import * as path from 'node:path'
import { fileURLToPath } from 'node:url'

import type { DeviceAttestation } from '@sallyport/proof/device-attestation'
import { sha256Hex } from '@sallyport/proof/node/bundle-check'
import { z } from 'zod'

/** The folder of the packages that a lane consists of. */
export const packagesDirectory = fileURLToPath(new URL('../../../', import.meta.url))
const packages = ['cli', 'core', 'lane', 'marks', 'mqtt', 'proof', 'vision'] as const
const cardShape = z.object({ version: z.string().max(40) })

/**
 * SHA-256 over one line `HASH PATH` for each file, sorted by path: sources, models and cards of the packages.
 * What they depend on is named by their cards, and not read.
 */
export async function softwareHash(
  directory: string = packagesDirectory,
): Promise<DeviceAttestation['software']> {
  const files: string[] = []
  for (const name of packages) {
    for (const inside of ['src', 'models']) await list(directory, `${name}/${inside}`, files)
    files.push(`${name}/package.json`)
  }
  const whole = createHash('sha256')
  for (const name of files.toSorted()) {
    whole.update(`${sha256Hex(await fs.readFile(path.join(directory, name)))} ${name}\n`)
  }
  const card: unknown = JSON.parse(
    await fs.readFile(path.join(directory, 'lane/package.json'), 'utf8'),
  )
  return {
    version: cardShape.parse(card).version,
    files: files.length,
    sha256: whole.digest('hex'),
  }
}

async function list(root: string, inside: string, files: string[]): Promise<void> {
  const entries = await fs.readdir(path.join(root, inside), { withFileTypes: true }).catch(() => [])
  for (const entry of entries) {
    const name = `${inside}/${entry.name}`
    if (entry.isDirectory()) await list(root, name, files)
    else if (entry.isFile()) files.push(name)
  }
}
