import * as crypto from 'node:crypto'

/** Names a root without saying anything of it: 16 hex digits. */
export function rootId(root: Uint8Array): string {
  const hash = crypto.createHash('sha256').update('sallyport/root/v1\n').update(root)
  return hash.digest('hex').slice(0, 16)
}
