/** The keys of the live page: choosing a lane, its shift, and the picture at the window. */

import { useQueryClient } from '@tanstack/react-query'
import { useState, type RefObject } from 'react'

import { request } from '../api/client.ts'
import { keys } from '../api/queries.ts'
import type { Lane, Shift } from '../api/types.ts'
import type { Handlers } from '../keys/shortcuts.tsx'
import { useShortcuts } from '../keys/shortcuts.tsx'
import { notifyDone, notifyFailure } from '../shell/notify.ts'
import { useHolds, useSession } from '../shell/session-context.ts'
import type { AtWindowHandle } from './at-window.tsx'
import type { LaneHandle } from './lane-card.tsx'

export type LaneKeys = {
  readonly lanes: readonly Lane[]
  readonly handles: RefObject<Map<string, LaneHandle>>
  readonly changeShift: (lane: string | null) => void
  readonly setAuto: (change: (on: boolean) => boolean) => void
}

/** Listens; returns the lane that was chosen last, or null. */
export function useLaneKeys({ lanes, handles, changeShift, setAuto }: LaneKeys): string | null {
  const { shift } = useSession()
  const officer = useHolds('officer')
  const [chosen, setChosen] = useState<string | null>(null)
  const choose = (place: number): void => {
    const lane = lanes[place - 1]
    if (lane === undefined) return
    setChosen(lane.id)
    handles.current.get(lane.id)?.focus()
  }
  /** Runs with the card of one's own lane, or says how to get one. */
  const atWindow = (run: (lane: LaneHandle) => void): void => {
    const lane = shift === null ? undefined : handles.current.get(shift.lane)
    if (lane !== undefined) run(lane)
    else notifyDone('Not on shift', 'Choose a lane with 1 to 4 and start your shift with s.')
  }
  const decide = (run: (verdicts: AtWindowHandle) => void): void =>
    atWindow((lane) => {
      const verdicts = lane.verdicts()
      if (verdicts !== null) run(verdicts)
    })
  const ofOfficers: Handlers = {
    admit: () => decide((verdicts) => verdicts.admit()),
    refer: () => decide((verdicts) => verdicts.refer()),
    'opt-out': () => decide((verdicts) => verdicts.optOut()),
    correct: () => decide((verdicts) => verdicts.correct()),
    undo: () => decide((verdicts) => verdicts.undo()),
    shift: () => {
      if (shift !== null) changeShift(null)
      else if (chosen !== null) changeShift(chosen)
      else atWindow(() => undefined)
    },
    'hand-over': () => {
      const lane = shift?.lane ?? chosen
      const card = lane === null ? undefined : handles.current.get(lane)
      if (card === undefined) atWindow(() => undefined)
      else card.handOver()
    },
    open: () => atWindow((lane) => lane.open()),
    close: () =>
      atWindow((lane) => {
        lane.close()
        lane.verdicts()?.closeFaces()
      }),
    'open-faces': () => decide((verdicts) => verdicts.openFaces()),
    auto: () => atWindow(() => setAuto((on) => !on)),
  }
  useShortcuts({
    'choose-1': () => choose(1),
    'choose-2': () => choose(2),
    'choose-3': () => choose(3),
    'choose-4': () => choose(4),
    ...(officer ? ofOfficers : {}),
  })
  return chosen
}

/** Starts the shift at a lane, or ends it with null. */
export function useShiftChange(onEnd: () => void): (lane: string | null) => void {
  const client = useQueryClient()
  return (lane) => {
    const change = async (): Promise<void> => {
      try {
        if (lane === null) await request('/v1/shift', { method: 'DELETE' })
        else await request<Shift>('/v1/shift', { method: 'PUT', body: { lane } })
        if (lane === null) onEnd()
      } catch (error) {
        notifyFailure(lane === null ? 'The shift did not end' : 'The shift did not start', error)
      }
      await client.invalidateQueries({ queryKey: keys.session })
    }
    void change()
  }
}
