import { Skeleton } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useRef, useState, type ReactElement } from 'react'
import { Link } from 'wouter'

import { request } from '../api/client.ts'
import { keys, lanesQuery } from '../api/queries.ts'
import type { Lane, Shift } from '../api/types.ts'
import { useShortcuts } from '../keys/shortcuts.tsx'
import { plateSpeech } from '../plate/confidence.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { notifyDone, notifyFailure } from '../shell/notify.ts'
import { useHolds, useSession } from '../shell/session-context.ts'
import { useTitle } from '../shell/title.ts'
import { FiguresPanel } from './figures-panel.tsx'
import { LaneCard, type LaneHandle } from './lane-card.tsx'

import './live.css'

/** A card for every lane; the lane of one's own shift large. */
export function LivePage(): ReactElement {
  useTitle('Live')
  const session = useSession()
  const officer = useHolds('officer')
  const lanes = useQuery(lanesQuery)
  const shift = session.shift
  const handles = useRef(new Map<string, LaneHandle>())
  const [chosen, setChosen] = useState<string | null>(null)
  const [auto, setAuto] = useState(false)
  const changeShift = useShiftChange(() => setAuto(false))

  const shown = lanes.data ?? []
  const choose = (place: number): void => {
    const lane = shown[place - 1]
    if (lane === undefined) return
    setChosen(lane.id)
    handles.current.get(lane.id)?.focus()
  }
  const needsShift = (): boolean => {
    if (shift !== null && shown.some((lane) => lane.id === shift.lane)) return false
    notifyDone('Not on shift', 'Choose a lane with 1 to 4 and start your shift with s.')
    return true
  }
  useShortcuts({
    'lane-1': () => choose(1),
    'lane-2': () => choose(2),
    'lane-3': () => choose(3),
    'lane-4': () => choose(4),
    ...(officer
      ? {
          shift: () => {
            const lane = shift?.lane ?? chosen
            if (shift !== null) changeShift(null)
            else if (lane === null) needsShift()
            else changeShift(lane)
          },
          open: () => {
            if (!needsShift() && shift !== null) handles.current.get(shift.lane)?.open()
          },
          close: () => shift !== null && handles.current.get(shift.lane)?.close(),
          auto: () => {
            if (!needsShift()) setAuto((on) => !on)
          },
        }
      : {}),
  })

  const atWindow = shown.find((lane) => lane.id === (shift?.lane ?? chosen))
  return (
    <>
      <h1 className="sp-unseen">Live lanes</h1>
      {lanes.isError && (
        <div className="sp-live-failure">
          <FailureNote
            doing={
              lanes.data === undefined
                ? 'The lanes could not be read'
                : 'The lanes could not be refreshed'
            }
            error={lanes.error}
            onRetry={() => void lanes.refetch()}
          />
        </div>
      )}
      {lanes.isPending && <Waiting />}
      {lanes.isSuccess && shown.length === 0 && <NoLanes />}
      <div
        className="sp-lanes"
        data-shift={shift !== null && atWindow !== undefined}
        data-count={shown.length}
      >
        {shown.map((lane, at) => (
          <LaneCard
            key={lane.id}
            ref={(handle) => {
              if (handle === null) handles.current.delete(lane.id)
              else handles.current.set(lane.id, handle)
            }}
            lane={lane}
            place={at + 1}
            mine={shift?.lane === lane.id}
            elsewhere={shift !== null && shift.lane !== lane.id}
            chosen={chosen === lane.id}
            auto={auto}
            onAuto={setAuto}
            onShift={officer ? (start) => changeShift(start ? lane.id : null) : null}
          />
        ))}
      </div>
      <div className="sp-unseen" role="log" aria-live="polite" aria-label="Newest crossing">
        {atWindow?.newest != null && spoken(atWindow)}
      </div>
      <FiguresPanel />
    </>
  )
}

function spoken(lane: Lane): string {
  return lane.newest === null ? '' : `${lane.name}: ${plateSpeech(lane.newest.plate)}`
}

/** Starts the shift at a lane, or ends it with null. */
function useShiftChange(onEnd: () => void): (lane: string | null) => void {
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

function Waiting(): ReactElement {
  return (
    <div className="sp-lanes" role="status" aria-label="Reading the lanes">
      {[1, 2, 3].map((one) => (
        <Skeleton key={one} height={420} />
      ))}
    </div>
  )
}

function NoLanes(): ReactElement {
  const may = useHolds('integrator', 'supervisor')
  return (
    <div className="sp-empty sp-panel">
      <h2>No lanes yet</h2>
      <p>
        {may ? (
          <>
            Add the first one under <Link href="/devices">Devices</Link>: it gives the command that
            enrols a camera.
          </>
        ) : (
          'An integrator or a supervisor adds lanes under Devices.'
        )}
      </p>
    </div>
  )
}
