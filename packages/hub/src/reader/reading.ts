/**
 * One call of the plate reader from outside: counted and logged before the picture is looked at, read
 * in memory, forgotten with the answer. No entry and no row says what was read.
 */

import type { Look } from '@sallyport/core/plate'
import {
  insertReading,
  noteReadingEnded,
  noteReadingLogged,
  validAccessToken,
  type ValidToken,
} from '@sallyport/store/access-tokens'
import type { Db } from '@sallyport/store/postgres/database'
import type { PictureRefusal } from '@sallyport/vision/picture'

import { newId } from '../ids.ts'
import type { Journal } from '../journal.ts'
import type { ReaderDesk } from './desk.ts'

export type Reading =
  | {
      readonly kind: 'read'
      readonly looks: readonly Look[]
      readonly picture: { readonly width: number; readonly height: number }
    }
  | { readonly kind: 'picture_refused'; readonly code: PictureRefusal; readonly detail: string }
  /** Not read: the reader has too much to do. */
  | { readonly kind: 'busy' }
  /** Revoked, expired or disowned while the picture was read. */
  | { readonly kind: 'token_gone' }

export type ReadingContext = {
  readonly db: Db
  readonly journal: Journal
  readonly desk: ReaderDesk
  readonly now: () => Date
}

/** Reads `bytes` for a token that was valid a moment ago. Throws when log or database are away. */
export async function readFor(
  token: ValidToken & { readonly secretSha256: Uint8Array },
  bytes: Uint8Array,
  { db, journal, desk, now }: ReadingContext,
): Promise<Reading> {
  const id = newId()
  const at = now()
  await insertReading(db, { id, token: token.id, at, bytes: bytes.length })
  const index = await journal.append({
    v: 1,
    at: at.toISOString(),
    kind: 'reading',
    reading: id,
    token: token.id,
  })
  await noteReadingLogged(db, id, index)
  const started = performance.now()
  const answer = await desk.read(bytes).catch(async (error: unknown) => {
    await noteReadingEnded(db, id, { outcome: 'reader_failed', plates: null, ms: null })
    throw error
  })
  if (answer.kind === 'refused') {
    await noteReadingEnded(db, id, { outcome: answer.code, plates: null, ms: null })
    return { kind: 'picture_refused', code: answer.code, detail: answer.detail }
  }
  if (answer.kind === 'busy') {
    await noteReadingEnded(db, id, { outcome: 'busy', plates: null, ms: null })
    return answer
  }
  // A queue lies between the question and now: what was revoked meanwhile gets nothing more.
  if ((await validAccessToken(db, token.secretSha256, now())) === null) {
    await noteReadingEnded(db, id, { outcome: 'token_not_valid', plates: null, ms: null })
    return { kind: 'token_gone' }
  }
  const plates = answer.looks.filter(({ text }) => text !== '').length
  const ms = Math.round(performance.now() - started)
  await noteReadingEnded(db, id, { outcome: 'read', plates, ms })
  return { kind: 'read', looks: answer.looks, picture: answer.picture }
}
