/** Files as they come from a source, whatever that is. */

import type { unreadReasons } from '@sallyport/hub/api/leak-schemas'

/** A file, or why it cannot be read: it counts all the same. */
export type Found = { readonly name: string } & (
  | { readonly bytes: Uint8Array }
  | { readonly unread: keyof typeof unreadReasons }
)

/** Bytes of a stream up to `limit`; null when there are more. */
export async function bytesUpTo(
  stream: AsyncIterable<Uint8Array>,
  limit: number,
): Promise<Buffer | null> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of stream) {
    length += chunk.length
    if (length > limit) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
