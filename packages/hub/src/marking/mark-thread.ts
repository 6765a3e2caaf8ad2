/** The thread that marks copies: pixels are decoded, marked and encoded in its memory. */

import { parentPort } from 'node:worker_threads'

import type { Area } from '@sallyport/marks/activity'
import { embed } from '@sallyport/marks/embed'
import type { MarkKey } from '@sallyport/marks/secret'
import { encodeJpeg } from '@sallyport/vision/encode'
import { decodePicture } from '@sallyport/vision/picture'

export type MarkTask = {
  readonly task: number
  readonly picture: Uint8Array
  readonly code: string
  readonly key: MarkKey
  readonly spare: readonly Area[]
}

export type MarkAnswer = { readonly task: number } & (
  | { readonly kind: 'marked'; readonly picture: Uint8Array }
  | { readonly kind: 'refused'; readonly detail: string }
)

/** High enough that the encoder takes little of the mark and nothing of a plate. */
const quality = 92

async function mark({ task, picture, code, key, spare }: MarkTask): Promise<MarkAnswer> {
  const decoded = await decodePicture(picture)
  if (decoded.kind === 'refused') return { task, kind: 'refused', detail: decoded.detail }
  const made = embed({ ...decoded.picture, channels: 3 }, code, key, spare)
  if (made.kind === 'refused') return { task, kind: 'refused', detail: made.detail }
  return { task, kind: 'marked', picture: await encodeJpeg(made.pixels, quality) }
}

if (parentPort !== null) {
  const port = parentPort
  port.on('message', (task: MarkTask) => {
    void mark(task)
      .catch((error: unknown): MarkAnswer => {
        const detail = error instanceof Error ? error.message : String(error)
        return { task: task.task, kind: 'refused', detail }
      })
      .then((answer) => port.postMessage(answer))
  })
}
