/** An age file under a passphrase (c2sp.org/age, scrypt recipient): for keys of the hub itself. */

import * as crypto from 'node:crypto'

import { concat, fromBase64Unpadded, toBase64Unpadded, utf8 } from '../bytes.ts'
import { limits } from '../limits.ts'
import { refuse } from '../refusal.ts'
import { parseSealHeader } from '../seal-format.ts'
import {
  type Opened,
  type Random,
  appendPayload,
  checkedFileKey,
  fileKeyBytes,
  macHeader,
  openBody,
  unwrapKey,
  wrapKey,
} from './age-payload.ts'

const saltBytes = 16
const zeroNonce = new Uint8Array(12)

/** A whole age file. Costs 2^`workFactor` KiB of memory: 256 MiB and about a second at 18. */
export async function sealWithPassphrase(
  plaintext: Uint8Array,
  passphrase: string,
  workFactor: number,
  random: Random = crypto.randomBytes,
): Promise<Uint8Array> {
  const fileKey = random(fileKeyBytes)
  const salt = random(saltBytes)
  const key = await keyOf(passphrase, salt, workFactor)
  const args = ['scrypt', toBase64Unpadded(salt), String(workFactor)]
  const header = macHeader(fileKey, [{ args, body: wrapKey(key, zeroNonce, fileKey) }])
  return appendPayload(header, fileKey, plaintext, random)
}

/** Opens an age file under a passphrase; `no_matching_recipient` means that it is another one. */
export async function openWithPassphrase(file: Uint8Array, passphrase: string): Promise<Opened> {
  const header = parseSealHeader(file)
  if (header === null) return refuse('malformed_header', 'This is not an age v1 header.')
  const [stanza] = header.stanzas
  // It stands alone, or whoever made the file could tell passphrases apart (age's rule).
  if (stanza?.args[0] !== 'scrypt' || header.stanzas.length !== 1) {
    const scrypt = header.stanzas.some(({ args }) => args[0] === 'scrypt')
    return scrypt
      ? refuse('malformed_header', 'A passphrase stands alone in a header.')
      : refuse('no_matching_recipient', 'The file is not under a passphrase.')
  }
  const salt = stanza.args.length === 3 ? fromBase64Unpadded(stanza.args[1] ?? '') : null
  const work = /^[1-9][0-9]?$/.test(stanza.args[2] ?? '') ? Number(stanza.args[2]) : null
  if (salt?.length !== saltBytes || work === null || stanza.body.length !== 32)
    return refuse('malformed_header', 'A recipient stanza is malformed.')
  if (work > limits.scryptWorkMax)
    return refuse('malformed_header', `The passphrase asks for 2^${work} rounds of work.`)
  const fileKey = unwrapKey(await keyOf(passphrase, salt, work), zeroNonce, stanza.body)
  if (fileKey === null) return refuse('no_matching_recipient', 'It is another passphrase.')
  const checked = checkedFileKey(header, fileKey)
  return checked.kind === 'refused' ? checked : openBody(fileKey, file.subarray(header.bytes))
}

function keyOf(passphrase: string, salt: Uint8Array, workFactor: number): Promise<Buffer> {
  const N = 2 ** workFactor
  const labelled = concat(utf8('age-encryption.org/v1/scrypt'), salt)
  return new Promise((resolve, reject) =>
    crypto.scrypt(
      passphrase,
      labelled,
      32,
      { N, r: 8, p: 1, maxmem: 128 * 8 * N + 2 ** 20 },
      (error, key) => (error === null ? resolve(key) : reject(error)),
    ),
  )
}
