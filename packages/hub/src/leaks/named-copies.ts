/** Which copy that left a found file is: by its bytes, or by the mark that it carries. */

import type { Evidence } from '@sallyport/core/leaks/finding'
import type { MarkKey } from '@sallyport/marks/secret'
import type { CaptureRow } from '@sallyport/store/crossings'
import { type KnownCopy, markedCopiesOf } from '@sallyport/store/leaks/copies'
import type { Db } from '@sallyport/store/postgres/database'

import { limits } from '../limits.ts'
import { plateAlone } from '../policy/plate-alone.ts'
import type { ReaderDesk } from '../reader/desk.ts'
import type { Comparer } from './comparer.ts'
import type { Candidate } from './retrieve.ts'

export type NamedCopiesContext = {
  readonly db: Db
  readonly desk: Pick<ReaderDesk, 'read'>
  readonly comparer: Comparer
  /** Every key that ever marked a copy, newest first. */
  readonly markKeys: () => Promise<readonly MarkKey[]>
}

/** Which of the copies that left carry what the found one has more than the stored picture. */
export async function copiesIn(
  bytes: Uint8Array,
  stored: Uint8Array,
  {
    capture,
    orientation,
  }: { readonly capture: Pick<CaptureRow, 'id'> } & Pick<Candidate, 'orientation'>,
  context: NamedCopiesContext,
): Promise<readonly Evidence[]> {
  const copies = await markedCopiesOf(context.db, capture.id, limits.leakCopiesMax)
  if (copies.length === 0) return []
  const keys = await context.markKeys()
  const named: Evidence[] = []
  for (const view of new Set(copies.map((one) => one.view === 'plate_crop'))) {
    const shown = view ? await plateAlone(stored, context.desk) : null
    if (shown !== null && shown.kind !== 'shown') continue
    const answer = await context.comparer.ask({
      kind: 'suspects',
      found: { bytes, orientation },
      stored: shown === null ? stored : shown.picture,
      codes: copies.flatMap(({ mark }) => (mark === null ? [] : [mark])),
      keys,
    })
    if (answer.kind !== 'suspects') continue
    for (const suspect of answer.suspects.filter((one) => one.named)) {
      const copy = copies.find(({ mark }) => mark === suspect.code)
      if (copy !== undefined) named.push(markEvidence(copy, 'informed', suspect.falsePositiveBound))
    }
  }
  return named
}

/** The file is this copy, byte for byte. */
export function bytesEvidence({ copy, capture, canary }: KnownCopy): Evidence {
  if (canary !== null && copy.kind === 'release')
    return { kind: 'canary', canary, release: copy.release, by: 'bytes' }
  if (capture === null) throw new Error('a copy is of a picture or planted')
  return { kind: 'exact_bytes', capture, copy }
}

/** The file carries the mark of this copy; that this is chance is at most as likely as `bound`. */
export function markEvidence(
  { copy, capture, canary }: KnownCopy,
  way: 'blind' | 'informed',
  bound: number,
): Evidence {
  if (canary !== null && copy.kind === 'release')
    return { kind: 'canary', canary, release: copy.release, by: 'mark' }
  if (capture === null) throw new Error('a marked copy is of a picture or planted')
  return { kind: 'mark', way, capture, copy, falsePositiveBound: bound }
}
