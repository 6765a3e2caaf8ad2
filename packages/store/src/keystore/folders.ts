/** The files of a keystore and of its copies, by generation. */

import * as path from 'node:path'

import { type HeldKey, type Holder, KeystoreError, keystoreLimits } from './keystore.ts'
import { nodeSecretFiles, type SecretFiles } from './secret-files.ts'

export type Places = {
  readonly files: SecretFiles
  readonly folder: string
  readonly copies: readonly string[]
}

type Generation = { readonly generation: number; readonly held: HeldKey }

const namePattern = /^(?:keks|store)-(\d{10})(?:\.key)?(?:\.draft)?$/

/** The newest generation that was finished; null when there is none. Throws a `KeystoreError`. */
export async function readGeneration({
  files,
  folder,
}: Places): Promise<(Generation & { readonly contents: Uint8Array }) | null> {
  const finished = (await files.list(folder))
    .filter((name) => /^keks-\d{10}$/.test(name))
    .toSorted()
  const last = finished.at(-1)
  if (last === undefined) return null
  const generation = Number(last.slice('keks-'.length))
  const contents = await files.read(path.join(folder, last))
  const held = await readHeld(files, path.join(folder, storeName(generation)))
  if (held === null)
    throw new KeystoreError(
      'store_key_missing',
      `${storeName(generation)} is not beside ${last} in ${folder}. Where the keystore was put back after a destruction, its store key is gone, as it should be: put the newest copy of both in their place.`,
    )
  if (contents === null || contents.length > keystoreLimits.fileBytesMax)
    throw new KeystoreError('keystore_damaged', `${last} in ${folder} cannot be read.`)
  return { generation, held, contents }
}

/** Store key first: with the contents under their name, the generation is in force. */
export async function writeGeneration(
  { files, folder }: Places,
  { generation, held }: Generation,
  contents: Uint8Array,
): Promise<void> {
  const storeFile = path.join(folder, storeName(generation))
  const text = encodeHeld(held)
  const there = await files.read(storeFile)
  if (there === null || !text.equals(there)) await files.write(storeFile, text)
  await files.write(path.join(folder, keksName(generation)), contents)
}

/** Makes a copy's folder hold this generation and no other. */
export async function bringUpToDate(
  places: Places,
  copy: string,
  current: Generation,
  contents: Uint8Array,
): Promise<void> {
  const { files } = places
  // Never made here: a folder on a disk that is not mounted would be one on the hub's own disk.
  await files.list(copy)
  const there = await files.read(path.join(copy, keksName(current.generation)))
  const mine = { ...places, folder: copy }
  if (there === null || !Buffer.from(contents).equals(there))
    await writeGeneration(mine, current, contents)
  for (const { file } of await leftovers(mine, current.generation)) await files.erase(file)
}

/** What belongs to no generation or to another than `current`. */
export async function leftovers({ files, folder }: Places, current: number) {
  const found: { file: string; held: { generation: number; key: HeldKey } | null }[] = []
  for (const name of await files.list(folder)) {
    const generation = Number(namePattern.exec(name)?.[1] ?? Number.NaN)
    const kept = name === keksName(current) || name === storeName(current)
    if (Number.isNaN(generation) || kept) continue
    const file = path.join(folder, name)
    const key = name === storeName(generation) ? await readLeft(files, file) : null
    found.push({ file, held: key === null ? null : { generation, key } })
  }
  return found
}

export type FolderStatus = {
  readonly generation: number
  readonly holder: string
  readonly reference: string
  readonly bytes: number
  /** Files of other generations: what a crash left, or a hub that runs is about to erase. */
  readonly leftOver: number
  readonly copies: readonly {
    readonly folder: string
    readonly state: 'up to date' | 'behind' | 'away'
  }[]
}

/** What lies in a keystore's folder and its copies, without opening it. Null when there is none. */
export async function readKeystoreStatus(
  folder: string,
  copies: readonly string[],
  files: SecretFiles = nodeSecretFiles,
): Promise<FolderStatus | null> {
  const there = await files.list(folder).catch(() => null)
  const places = { files, folder, copies }
  const found = there === null ? null : await readGeneration(places)
  if (found === null) return null
  const { generation, held, contents } = found
  const states = copies.map(async (copy) => {
    const names = await files.list(copy).catch(() => null)
    if (names === null) return { folder: copy, state: 'away' } as const
    const same = await files.read(path.join(copy, keksName(generation)))
    const others = await leftovers({ ...places, folder: copy }, generation)
    const fits = same !== null && Buffer.from(same).equals(contents) && others.length === 0
    return { folder: copy, state: fits ? 'up to date' : 'behind' } as const
  })
  return {
    generation,
    holder: held.holder,
    reference: held.reference,
    bytes: contents.length,
    leftOver: (await leftovers(places, generation)).length,
    copies: await Promise.all(states),
  }
}

/** Lets a holder open the store key of a folder: whether it can is all that is told. */
export async function recoverHeld(
  folder: string,
  holder: Holder,
  files: SecretFiles = nodeSecretFiles,
): Promise<HeldKey & { readonly generation: number }> {
  const found = await readGeneration({ files, folder, copies: [] })
  if (found === null)
    throw new KeystoreError('keystore_missing', `There is no keystore in ${folder}.`)
  const storeKey = await holder.recover(found.held)
  storeKey.fill(0)
  return { ...found.held, generation: found.generation }
}

function keksName(generation: number): string {
  return `keks-${String(generation).padStart(10, '0')}`
}

function storeName(generation: number): string {
  return `store-${String(generation).padStart(10, '0')}.key`
}

function encodeHeld({ holder, reference, wrapped }: HeldKey): Buffer {
  const fields = { version: 1, holder, reference, wrapped: Buffer.from(wrapped).toString('base64') }
  return Buffer.from(`${JSON.stringify(fields)}\n`)
}

/** One that was being overwritten when the process was killed names no key any more: null. */
async function readLeft(files: SecretFiles, file: string): Promise<HeldKey | null> {
  return readHeld(files, file).catch((error: unknown) => {
    if (error instanceof KeystoreError) return null
    throw error
  })
}

async function readHeld(files: SecretFiles, file: string): Promise<HeldKey | null> {
  const bytes = await files.read(file)
  if (bytes === null) return null
  try {
    const fields: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'))
    if (
      typeof fields === 'object' &&
      fields !== null &&
      'holder' in fields &&
      typeof fields.holder === 'string' &&
      'reference' in fields &&
      typeof fields.reference === 'string' &&
      'wrapped' in fields &&
      typeof fields.wrapped === 'string'
    ) {
      const { holder, reference, wrapped } = fields
      const held = { holder, reference, wrapped: Buffer.from(wrapped, 'base64') }
      // Exactly as it was written, or it is not ours.
      if (encodeHeld(held).equals(bytes)) return held
    }
  } catch {
    // Told below.
  }
  throw new KeystoreError('keystore_damaged', `${path.basename(file)} is damaged.`)
}
