/** Files from this computer to a search, one after another: pictures, lists, and what ZIP archives hold. */

import { toBase64 } from '@sallyport/proof/bytes'

import { request } from '../api/client.ts'
import { limits } from './api.ts'
import { filesInZip, type Found, isArchive, limits as zipLimits } from './zip-files.ts'

/** Everything in what was dropped or chosen. */
export async function* foundIn(files: readonly File[]): AsyncGenerator<Found> {
  for (const file of files) {
    if (isArchive(file.name)) yield* filesInZip(file, file.name)
    else if (file.size > zipLimits.fileBytesMax) yield { name: file.name, unread: 'too_large' }
    else yield { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) }
  }
}

/** Sends one; throws what the hub refused. */
export async function sendFound(search: string, found: Found): Promise<void> {
  const name = found.name.slice(-1_000)
  await request(`/v1/leak-searches/${search}/files`, {
    method: 'POST',
    body:
      'unread' in found ? { name, unread: found.unread } : { name, content: toBase64(found.bytes) },
    timeoutMs: limits.fileMs,
  })
}
