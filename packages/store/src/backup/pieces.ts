/** Pieces on their way in and out: packed, sealed and named; checked, opened and unpacked. */

import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'

import { sha256Hex } from '@sallyport/proof/node/bundle-check'
import { type OpeningKey, openSeal, seal } from '@sallyport/proof/node/seal'
import { type Refused, refuse } from '@sallyport/proof/refusal'
import { splitSeal } from '@sallyport/proof/seal-format'

import type { BackupFolder } from './backup-folder.ts'
import type { BackupKey } from './backup-key.ts'
import { backupLimits } from './limits.ts'
import type { Part, Piece } from './snapshot.ts'

const pack = promisify(gzip)
const unpack = promisify(gunzip)

/** Sealed bodies do not get smaller; rows and entries do. */
const packed: ReadonlySet<Part> = new Set(['tables', 'rows', 'log'])

export type PieceWriter = {
  put(about: Pick<Piece, 'part' | 'of' | 'from' | 'to'>, plaintext: Uint8Array): Promise<Piece>
  /** Bytes that were written because no object had them yet. */
  readonly written: { objects: number; bytes: number }
}

/** Writes what is not in the folder yet. An interrupted run's pieces are found and not sealed again. */
export function pieceWriter(
  folder: BackupFolder,
  key: BackupKey,
  recipients: readonly string[],
): PieceWriter {
  const written = { objects: 0, bytes: 0 }
  return {
    written,
    async put({ part, of, from, to }, plaintext) {
      const object = key.name(`${part}\n${recipients.join(' ')}`, plaintext)
      if ((await folder.objectBytes(object)) !== null) {
        const before = await folder.readObject(object)
        return { part, of, from, to, object, bytes: before.length, sha256: sha256Hex(before) }
      }
      const sealed = seal(packed.has(part) ? await pack(plaintext) : plaintext, recipients)
      await folder.writeObject(object, sealed)
      written.objects += 1
      written.bytes += sealed.length
      return { part, of, from, to, object, bytes: sealed.length, sha256: sha256Hex(sealed) }
    },
  }
}

export type PieceRefusal = 'piece_missing' | 'piece_differs' | 'wrong_identity' | 'piece_damaged'

/** The sealed object of a piece, if it is the one that was signed for. */
export async function readSealed(
  folder: BackupFolder,
  piece: Piece,
): Promise<{ readonly kind: 'sealed'; readonly bytes: Uint8Array } | Refused<PieceRefusal>> {
  const name = `objects/${piece.object.slice(0, 2)}/${piece.object}.age`
  const length = await folder.objectBytes(piece.object)
  if (length === null) return refuse('piece_missing', `${name} (${nameOf(piece)}) is not there.`)
  if (length !== piece.bytes)
    return refuse(
      'piece_differs',
      `${name} (${nameOf(piece)}) has ${length} bytes, not ${piece.bytes}.`,
    )
  const bytes = await folder.readObject(piece.object)
  return sha256Hex(bytes) === piece.sha256
    ? { kind: 'sealed', bytes }
    : refuse('piece_differs', `${name} (${nameOf(piece)}) is not what was backed up.`)
}

/** What a piece holds, with the first of `identities` that opens it. */
export async function openPiece(
  folder: BackupFolder,
  piece: Piece,
  identities: readonly OpeningKey[],
): Promise<{ readonly kind: 'opened'; readonly plaintext: Uint8Array } | Refused<PieceRefusal>> {
  const sealed = await readSealed(folder, piece)
  if (sealed.kind === 'refused') return sealed
  const split = splitSeal(sealed.bytes)
  if (split === null) return refuse('piece_damaged', `${nameOf(piece)} is no age file.`)
  for (const identity of identities) {
    const opened = openSeal(split, identity)
    if (opened.kind === 'refused' && opened.code === 'no_matching_recipient') continue
    if (opened.kind === 'refused')
      return refuse('piece_damaged', `${nameOf(piece)}: ${opened.detail}`)
    if (!packed.has(piece.part)) return opened
    const maxOutputLength = backupLimits.unpackedMax
    const plaintext = await unpack(opened.plaintext, { maxOutputLength }).catch(() => null)
    return plaintext === null
      ? refuse('piece_damaged', `${nameOf(piece)} does not unpack.`)
      : { kind: 'opened', plaintext }
  }
  return refuse('wrong_identity', 'None of these identities opens the backup.')
}

/** 'segment-000001.seg 0–4096', for people. */
export function nameOf({ part, of, from, to }: Piece): string {
  return `${of === '-' ? part : of} ${from}–${to}`
}
