/** One opened picture: asked for, shown, dropped. Its bytes live here only, never in a cache. */

import type { Purpose } from '@sallyport/core/opening'
import { fromBase64 } from '@sallyport/proof/bytes'
import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'

import { ApiFailure, limits as requestLimits, request } from '../api/client.ts'
import { keys } from '../api/queries.ts'
import type { Capture, OpenedCapture } from '../api/types.ts'

export const limits = {
  /** An opened picture closes by itself after this long. */
  openMs: 5 * 60_000,
  noteCharacters: 500,
} as const

/** What is kept of an opening beside its picture: enough to verify and to download. */
export type OpeningReceipt = {
  readonly opening: string
  readonly logIndex: number
  readonly proofText: string
  readonly entry: Uint8Array
  readonly capture: Capture
  readonly purpose: Purpose
}

export type PictureState =
  | { readonly kind: 'closed' }
  | { readonly kind: 'asking' }
  | {
      readonly kind: 'open'
      /** Object URL of the picture's bytes in memory. */
      readonly url: string
      readonly receipt: OpeningReceipt
    }
  | { readonly kind: 'refused'; readonly error: unknown; readonly purpose: Purpose }

export type PictureControl = {
  readonly state: PictureState
  /** Asks the hub, which logs before it answers. Resolves when the state says how it went. */
  readonly open: (capture: Capture, purpose: Purpose, note?: string) => Promise<void>
  /** Drops the bytes. */
  readonly close: () => void
}

/** `path` names another place than the capture's own, where the picture is opened the same way. */
export function usePicture(path?: string): PictureControl {
  const client = useQueryClient()
  const [state, setState] = useState<PictureState>({ kind: 'closed' })
  const url = useRef<string | null>(null)
  const asked = useRef(0)

  const drop = useCallback(() => {
    // An answer still on its way belongs to nobody any more.
    asked.current += 1
    if (url.current !== null) URL.revokeObjectURL(url.current)
    url.current = null
  }, [])
  const close = useCallback(() => {
    drop()
    setState({ kind: 'closed' })
  }, [drop])

  const open = useCallback(
    async (capture: Capture, purpose: Purpose, note?: string) => {
      drop()
      const mine = asked.current
      setState({ kind: 'asking' })
      let next: PictureState
      try {
        const answer = await request<OpenedCapture>(
          path ?? `/v1/captures/${encodeURIComponent(capture.id)}/openings`,
          {
            method: 'POST',
            body: { purpose, ...(note === undefined || note === '' ? {} : { note }) },
            timeoutMs: requestLimits.openingMs,
          },
        )
        if (mine !== asked.current) return
        next = shown(answer, capture, purpose)
        url.current = next.url
      } catch (error) {
        if (mine !== asked.current) return
        next = { kind: 'refused', error, purpose }
      }
      setState(next)
      // Opened or refused, it stands in the log and in the lists now.
      for (const queryKey of [keys.openings, keys.crossingAll]) {
        void client.invalidateQueries({ queryKey })
      }
    },
    [client, drop, path],
  )

  useEffect(() => drop, [drop])
  useEffect(() => {
    if (state.kind !== 'open') return undefined
    const timer = setTimeout(close, limits.openMs)
    return () => clearTimeout(timer)
  }, [state, close])
  return { state, open, close }
}

function shown(
  answer: OpenedCapture,
  capture: Capture,
  purpose: Purpose,
): Extract<PictureState, { kind: 'open' }> {
  const picture = fromBase64(answer.picture)
  const entry = fromBase64(answer.entry)
  if (picture === null || entry === null) {
    throw new ApiFailure('malformed_answer', 200, 'The hub’s answer could not be decoded.')
  }
  // The type is fixed here: whatever the bytes are, the browser may only draw them as a picture.
  const blob = new Blob([new Uint8Array(picture)], { type: 'image/jpeg' })
  return {
    kind: 'open',
    url: URL.createObjectURL(blob),
    receipt: {
      opening: answer.opening,
      logIndex: answer.log_index,
      proofText: answer.receipt,
      entry,
      capture,
      purpose,
    },
  }
}
