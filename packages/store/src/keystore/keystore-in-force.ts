/** What a keystore begins with: its newest generation, or the first of a new one. */

import * as crypto from 'node:crypto'

import { type Contents, openContents, sealContents } from './contents.ts'
import { type Places, readGeneration, writeGeneration } from './folders.ts'
import { type HeldKey, type Holder, KeystoreError } from './keystore.ts'

/** The store key in force. */
export type Current = {
  readonly generation: number
  readonly storeKey: Uint8Array
  readonly held: HeldKey
}

type InForce = { readonly current: Current; readonly contents: Contents }

/** Throws a `KeystoreError`. */
export async function readOrBegin(
  places: Places,
  holder: Holder,
  mayBegin: boolean,
): Promise<InForce> {
  const found = await readGeneration(places)
  if (found !== null) {
    const { generation, held } = found
    const storeKey = await recovered(holder, held)
    const contents = openContents(found.contents, storeKey, generation)
    return { current: { generation, held, storeKey }, contents }
  }
  if (!mayBegin)
    throw new KeystoreError(
      'keystore_missing',
      `There is no keystore in ${places.folder}, and pictures are stored that need it. Put it back from a copy; a backup has none. When it is lost for good they never open again: begin another with sallyport keys begin.`,
    )
  return begin(places, holder)
}

async function begin(places: Places, holder: Holder): Promise<InForce> {
  const contents: Contents = { keks: new Map(), retired: [] }
  const storeKey = crypto.randomBytes(32)
  const held = await holder.protect(storeKey, 1)
  await writeGeneration(places, { generation: 1, held }, sealContents(contents, storeKey, 1))
  return { current: { generation: 1, storeKey, held }, contents }
}

async function recovered(holder: Holder, held: HeldKey): Promise<Uint8Array> {
  if (holder.kind !== held.holder)
    throw new KeystoreError(
      'other_holder',
      `The keystore is guarded by ${held.holder}, the settings name ${holder.kind}. Name ${held.holder}, or move it with sallyport keys rotate.`,
    )
  return holder.recover(held)
}
