/** The thread that marks copies: pixels are decoded, marked and encoded in its memory. */

import type { Area } from '@sallyport/marks/activity'
import { embed } from '@sallyport/marks/embed'
import type { MarkKey } from '@sallyport/marks/secret'
import { encodeJpeg } from '@sallyport/vision/encode'
import { decodePicture } from '@sallyport/vision/picture'

import { answerTasks } from '../task-answers.ts'

export type MarkTask = {
  readonly picture: Uint8Array
  readonly code: string
  readonly key: MarkKey
  readonly spare: readonly Area[]
}

export type MarkAnswer =
  | { readonly kind: 'marked'; readonly picture: Uint8Array }
  | { readonly kind: 'refused'; readonly detail: string }

/** High enough that the encoder takes little of the mark and nothing of a plate. */
const quality = 92

async function mark({ picture, code, key, spare }: MarkTask): Promise<MarkAnswer> {
  const decoded = await decodePicture(picture)
  if (decoded.kind === 'refused') return decoded
  const made = embed({ ...decoded.picture, channels: 3 }, code, key, spare)
  if (made.kind === 'refused') return made
  return { kind: 'marked', picture: await encodeJpeg(made.pixels, quality) }
}

answerTasks(mark, (detail): MarkAnswer => ({ kind: 'refused', detail }))
