/**
 * The key that a face's template is sealed under (specs/seal.md, Templates): it follows from the file
 * key of the face's picture, so that whatever makes the picture unreadable takes the template along.
 */

import * as crypto from 'node:crypto'

import { utf8 } from '../bytes.ts'
import { hkdf } from './age-payload.ts'

const info = utf8('sallyport-face-template/1')
const emptySalt = new Uint8Array(0)

/** An AES-256 key; `fileKey` has the 16 bytes that the header of the picture's seal holds. */
export function templateKey(fileKey: Uint8Array): crypto.KeyObject {
  const bytes = hkdf(fileKey, emptySalt, info)
  const key = crypto.createSecretKey(bytes)
  bytes.fill(0)
  return key
}
