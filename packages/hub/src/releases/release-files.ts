/** The files of a release: pictures opened in memory, marked and sealed, drawn ones among them, and what is said of them. */

import { createHash } from 'node:crypto'

import { foldPlateText } from '@sallyport/core/plate'
import { pdqOf, pdqText } from '@sallyport/marks/hash/pdq'
import { seal } from '@sallyport/proof/node/seal'
import { releaseFileNames } from '@sallyport/proof/release'
import { insertFile } from '@sallyport/store/releases/files'
import { capturesOfRelease, type ReleaseRow } from '@sallyport/store/releases/releases'
import { decodePicture } from '@sallyport/vision/picture'

import { spareIn } from '../marking/spare.ts'
import { openForRelease } from '../openings.ts'
import { drawCanaries, recordOf, type RecordLine } from './canaries.ts'
import type { ReleaseContext } from './context.ts'
import { type Actor, type Judged } from './decide.ts'

/** Why a release could not be made; the pictures that were opened for it stand in the log. */
export class NotMade extends Error {
  readonly code: string

  constructor(code: string) {
    super(code)
    this.code = code
  }
}

/** What becomes one file: a picture of the vault, or a drawn one among them. */
export type Copy = {
  readonly line: RecordLine
  readonly what:
    | { readonly kind: 'capture'; readonly found: Found }
    | {
        readonly kind: 'canary'
        readonly id: string
        readonly plate: string
        readonly picture: Uint8Array
      }
}
type Found = Awaited<ReturnType<typeof capturesOfRelease>>[number]

/** Real and drawn ones in the order of their times, so that the numbers tell nothing. */
export async function planCopies(
  release: ReleaseRow,
  { db, draw }: ReleaseContext,
): Promise<readonly Copy[]> {
  const real = await capturesOfRelease(db, release.id)
  if (real.length === 0) throw new NotMade('picture_shredded')
  const drawn = draw === null ? [] : await drawCanaries(release.canaries, real, draw, db)
  if (drawn.length < release.canaries) throw new NotMade('no_canaries')
  return [
    ...real.map((found) => ({ line: recordOf(found), what: { kind: 'capture', found } }) as const),
    ...drawn.map(
      ({ id, plate, picture, line }) =>
        ({ line, what: { kind: 'canary', id, plate, picture } }) as const,
    ),
  ].toSorted((a, b) => (a.line.captured_at < b.line.captured_at ? -1 : 1))
}

/** The pixels of one file before its mark; of a real picture only after the opening is logged. */
export async function pictureOf(
  { what }: Copy,
  actor: Actor,
  { policies, policySet }: Judged,
  context: ReleaseContext,
): Promise<Uint8Array> {
  if (what.kind === 'canary') return what.picture
  const part = { view: 'original', policies, policy_set: policySet } as const
  const opened = await openForRelease(what.found, { account: actor, part }, context)
  if (opened.kind === 'problem') throw new NotMade(opened.code)
  return opened.picture
}

export async function addPicture(
  release: string,
  number: number,
  { what }: Copy,
  picture: Uint8Array,
  recipient: string,
  { db, marker, now }: ReleaseContext,
): Promise<void> {
  const mark = await marker.release(now())
  const spare = what.kind === 'capture' ? await spareIn(what.found, db) : []
  const copy = await marker.mark(picture, mark, spare)
  if (copy.kind === 'refused') throw new NotMade(copy.code)
  const body = seal(copy.picture, [recipient])
  await insertFile(db, release, {
    number,
    kind: what.kind,
    capture: what.kind === 'capture' ? what.found.capture.id : null,
    mark: mark.code,
    mark_epoch: mark.key.epoch,
    ...measured(body, copy.picture),
    canary:
      what.kind === 'capture'
        ? null
        : {
            id: what.id,
            plate_folded: foldPlateText(what.plate),
            pdq: await lookOf(copy.picture),
          },
  })
}

/** What is said of the pictures, sealed like them. */
export async function addRecords(
  release: string,
  lines: readonly string[],
  recipient: string,
  { db }: ReleaseContext,
): Promise<void> {
  const plain = Buffer.from(lines.map((line) => `${line}\n`).join(''))
  const body = seal(plain, [recipient])
  const none = { capture: null, mark: null, mark_epoch: null, canary: null } as const
  await insertFile(db, release, { number: 0, kind: 'records', ...none, ...measured(body, plain) })
}

function measured(body: Uint8Array, plain: Uint8Array) {
  const sha256 = createHash('sha256').update(body).digest()
  return {
    body,
    bytes: body.length,
    sha256,
    copy_sha256: createHash('sha256').update(plain).digest(),
  }
}

async function lookOf(jpeg: Uint8Array): Promise<Buffer> {
  const decoded = await decodePicture(jpeg)
  if (decoded.kind === 'refused') throw new Error('a copy that was just made can be decoded')
  return Buffer.from(pdqText(pdqOf({ ...decoded.picture, channels: 3 }).hash), 'hex')
}

/** Name of a sealed file by its number; 0 are the records. */
export function fileName(number: number): string {
  return number === 0 ? releaseFileNames.records : `${nameOf(number)}.jpg.age`
}

export function nameOf(number: number): string {
  return String(number).padStart(4, '0')
}
