/** The picture at the window: opened for inspection, bound to one crossing, dropped when the next comes. */

import { useEffect, useRef } from 'react'

import type { Lane } from '../api/types.ts'
import { usePicture, type PictureState } from '../captures/use-picture.ts'
import { notifyDone } from '../shell/notify.ts'
import { pictureForWindow } from './lane-state.ts'

export type WindowControl = {
  readonly state: PictureState
  readonly open: () => void
  readonly close: () => void
}

/**
 * `auto` opens each newest crossing by itself; every one is an opening, logged like any other. A page
 * that nobody can see opens nothing.
 */
export function useWindow(lane: Lane, auto: boolean): WindowControl {
  const { state, open, close } = usePicture()
  const crossing = lane.newest
  const shown = useRef<string | null>(null)

  const openNewest = (): boolean => {
    const capture = crossing === null ? null : pictureForWindow(crossing)
    if (crossing === null || capture === null) return false
    shown.current = crossing.id
    void open(capture, 'inspection')
    return true
  }
  const latest = useRef(openNewest)
  useEffect(() => {
    latest.current = openNewest
  })

  const id = crossing?.id ?? null
  useEffect(() => {
    if (shown.current !== null && shown.current !== id) {
      // A picture beside another car's plate would be a lie.
      shown.current = null
      close()
    }
    if (!auto || id === null || shown.current === id) return undefined
    if (document.visibilityState === 'visible') {
      latest.current()
      return undefined
    }
    const onVisible = (): void => {
      if (document.visibilityState === 'visible' && shown.current !== id) latest.current()
    }
    document.addEventListener('visibilitychange', onVisible)
    return () => document.removeEventListener('visibilitychange', onVisible)
  }, [id, auto, close])

  return {
    state,
    open: () => {
      if (!openNewest()) notifyDone('Nothing to open', 'The next crossing brings a picture.')
    },
    close,
  }
}
