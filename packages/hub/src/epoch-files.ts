/** The files of epoch identities: two for each day, and two more for each rotation that covered it. */

import { readdir } from 'node:fs/promises'
import path from 'node:path'

import type { SealIdentity } from '@sallyport/proof/node/seal'
import { nodeSecretFiles } from '@sallyport/store/keystore/secret-files'

import { readSecret, writeSecret } from './keys.ts'

/** Which identity of a port: its day, and the rotation that made it; null for the day's first. */
export type EpochPlace = { readonly day: string; readonly rotation: string | null }

/** Says the same place with the same words. */
export function placeName({ day, rotation }: EpochPlace): string {
  return rotation === null ? day : `${day}.${rotation}`
}

export function classicFile(directory: string, place: EpochPlace): string {
  return path.join(directory, `${placeName(place)}.key`)
}

export function hybridFile(directory: string, place: EpochPlace): string {
  return path.join(directory, `${placeName(place)}.hybrid.key`)
}

/** Every identity in `directory`, by day; on one day the first before those of rotations. */
export async function epochPlaces(directory: string): Promise<readonly EpochPlace[]> {
  return (await readdir(directory)).toSorted().flatMap((name) => {
    const [, day, rotation = null] =
      /^(\d{4}-\d{2}-\d{2})(?:\.([0-9a-f]{32}))?\.key$/.exec(name) ?? []
    return day === undefined ? [] : [{ day, rotation }]
  })
}

/** What `file` holds; null when it is not there. */
export async function readIdentity(file: string): Promise<SealIdentity | null> {
  const [recipient, identity] = (await readSecret(file))?.split(' ') ?? []
  return recipient === undefined || identity === undefined ? null : { recipient, identity }
}

/** Durable when this resolves. */
export async function writeIdentity(file: string, identity: SealIdentity): Promise<SealIdentity> {
  await writeSecret(file, `${identity.recipient} ${identity.identity}`)
  return identity
}

/** Both files of a place are overwritten and gone when this resolves. Idempotent. */
export async function eraseIdentities(directory: string, place: EpochPlace): Promise<void> {
  for (const file of [classicFile(directory, place), hybridFile(directory, place)]) {
    await nodeSecretFiles.erase(file)
    // A crash while it was made may have left the same secret under this name.
    await nodeSecretFiles.erase(`${file}.new`)
  }
}
