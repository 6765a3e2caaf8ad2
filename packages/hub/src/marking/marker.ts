/**
 * Marks every copy that is shown with a release id of its own, in a thread of its own, so that the hub
 * goes on meanwhile. What cannot be marked is not shown.
 */

import { randomBytes } from 'node:crypto'

import type { Area } from '@sallyport/marks/activity'
import { epochOf, type MarkKeys, openMarkKeys } from '@sallyport/marks/node/key-file'
import type { MarkKey } from '@sallyport/marks/secret'

import { limits } from '../limits.ts'
import { TaskThread } from '../task-thread.ts'
import type { MarkAnswer, MarkTask } from './mark-thread.ts'

/** One copy's id, random, and the key that writes it. What it means stands in the row of its opening. */
export type Release = { readonly code: string; readonly key: MarkKey }

export type MarkedCopy =
  | { readonly kind: 'marked'; readonly picture: Uint8Array }
  | {
      readonly kind: 'refused'
      readonly code: 'picture_not_markable' | 'busy'
      readonly detail: string
    }

export type Marker = {
  /** An id for one copy. Throws when the file of keys cannot be read or written. */
  release(now: Date): Promise<Release>
  /** Every key that may have marked a copy, newest first. */
  keys(now: Date): Promise<readonly MarkKey[]>
  /** The picture with the mark, weaker in `spare`, as JPEG; only in memory. */
  mark(picture: Uint8Array, release: Release, spare: readonly Area[]): Promise<MarkedCopy>
  close(): Promise<void>
}

/** `keyFile` is made at first use, and gets a key each month. The thread starts with the first copy. */
export function createMarker(keyFile: string): Marker {
  let keys: MarkKeys | null = null
  let thread: TaskThread<MarkTask, MarkAnswer> | null = null
  let closed = false

  async function keysOf(now: Date): Promise<MarkKeys> {
    if (keys?.current.epoch !== epochOf(now)) keys = await openMarkKeys(keyFile, now)
    return keys
  }

  return {
    async release(now) {
      return { code: randomBytes(8).toString('hex'), key: (await keysOf(now)).current }
    },
    async keys(now) {
      return (await keysOf(now)).all
    },
    async mark(picture, { code, key }, spare) {
      if (closed) return refused('picture_not_markable', 'The hub stops.')
      if (thread === null || thread.ended) thread = markThread()
      if (thread.waiting >= limits.markWaitingMax)
        return refused('busy', 'Too many copies wait for their mark. Ask again shortly.')
      const answer = await thread.ask({ picture, code, key, spare })
      return answer.kind === 'marked' ? answer : refused('picture_not_markable', answer.detail)
    },
    async close() {
      closed = true
      await thread?.close()
    },
  }
}

function markThread(): TaskThread<MarkTask, MarkAnswer> {
  const script = new URL('./mark-thread.ts', import.meta.url)
  return new TaskThread<MarkTask, MarkAnswer>(script, (detail) => ({ kind: 'refused', detail }))
}

function refused(
  code: 'picture_not_markable' | 'busy',
  detail: string,
): Extract<MarkedCopy, { kind: 'refused' }> {
  return { kind: 'refused', code, detail }
}
