/** The picture at the window: opened for inspection, bound to one crossing and named after it. */

import { useCallback, useEffect, useRef, useState } from 'react'

import type { Crossing, Lane } from '../api/types.ts'
import { usePicture, type PictureState } from '../captures/use-picture.ts'
import { notifyDone } from '../shell/notify.ts'
import { limits, pictureForWindow } from './lane-state.ts'

export type WindowControl = {
  readonly state: PictureState
  /** The crossing that the picture is of; null while there is none. It may not be the newest. */
  readonly of: Crossing | null
  readonly open: () => void
  readonly close: () => void
}

/**
 * A picture stays until it is closed, or for a while after the next crossing came: whoever looks at it
 * may not have done. `auto` opens each newest crossing by itself instead; every one is an opening,
 * logged like any other. A page that nobody can see opens nothing.
 */
export function useWindow(lane: Lane, auto: boolean): WindowControl {
  const { state, open, close: drop } = usePicture()
  const crossing = lane.newest
  const [asked, setAsked] = useState<Crossing | null>(null)
  const automatic = useRef<string | null>(null)

  const close = useCallback(() => {
    setAsked(null)
    drop()
  }, [drop])
  const openNewest = (): boolean => {
    const capture = crossing === null ? null : pictureForWindow(crossing)
    if (crossing === null || capture === null) return false
    automatic.current = crossing.id
    setAsked(crossing)
    void open(capture, 'inspection')
    return true
  }
  const latest = useRef(openNewest)
  useEffect(() => {
    latest.current = openNewest
  })

  const id = crossing?.id ?? null
  useEffect(() => {
    if (!auto || id === null || automatic.current === id) return undefined
    const openWhenSeen = (): void => {
      if (document.visibilityState !== 'visible' || automatic.current === id) return
      // A picture beside another car's plate would be a lie.
      if (!latest.current()) close()
    }
    openWhenSeen()
    document.addEventListener('visibilitychange', openWhenSeen)
    return () => document.removeEventListener('visibilitychange', openWhenSeen)
  }, [id, auto, close])

  const isEarlier = asked !== null && asked.id !== id
  const isRefused = state.kind === 'refused'
  useEffect(() => {
    if (!isEarlier) return undefined
    const timer = setTimeout(close, isRefused ? 0 : limits.earlierPictureMs)
    return () => clearTimeout(timer)
  }, [isEarlier, isRefused, close])

  return {
    state,
    of: state.kind === 'closed' ? null : asked,
    open: () => {
      if (!openNewest()) notifyDone('Nothing to open', 'The next crossing brings a picture.')
    },
    close,
  }
}
