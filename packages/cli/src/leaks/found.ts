/** Files as they come from a source, whatever that is. */

import type { unreadReasons } from '@sallyport/hub/api/leak-schemas'

/** A file, or why it cannot be read: it counts all the same. */
export type Found = { readonly name: string } & (
  | { readonly bytes: Uint8Array }
  | { readonly unread: keyof typeof unreadReasons }
)
