import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useRef, useState, type ReactElement } from 'react'
import { Link } from 'wouter'

import { lanesQuery } from '../api/queries.ts'
import type { Lane } from '../api/types.ts'
import { plateSpeech } from '../plate/confidence.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { useHolds, useSeesCrossings, useSession } from '../shell/session-context.ts'
import { useTitle } from '../shell/title.ts'
import { FiguresPanel } from './figures-panel.tsx'
import { LaneCard, type LaneHandle } from './lane-card.tsx'
import { OwnPicture } from './own-picture.tsx'
import { useLaneKeys, useShiftChange } from './use-lane-keys.ts'

import './live.css'

/** A card for every lane; the lane of one's own shift large. */
export function LivePage(): ReactElement {
  useTitle('Live')
  const { shift, picture_lane: pictureLane } = useSession()
  const officer = useHolds('officer')
  const seesCrossings = useSeesCrossings()
  const lanes = useQuery(lanesQuery)
  const shown = lanes.data ?? []
  const handles = useRef(new Map<string, LaneHandle>())
  const [auto, setAuto] = useState(false)
  const changeShift = useShiftChange(() => setAuto(false))
  const chosen = useLaneKeys({ lanes: shown, handles, changeShift, setAuto })
  const atWindow = shown.find((lane) => lane.id === (shift?.lane ?? chosen))
  return (
    <>
      <h1 className="sp-unseen">Live lanes</h1>
      {lanes.isError && (
        <div className="sp-live-failure">
          <FailureNote
            doing={`The lanes could not be ${lanes.data === undefined ? 'read' : 'refreshed'}`}
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
        {atWindow !== undefined && spoken(atWindow)}
      </div>
      {pictureLane !== null && seesCrossings && <OwnPicture lane={pictureLane} />}
      <FiguresPanel />
    </>
  )
}

function spoken(lane: Lane): string {
  return lane.newest === null ? '' : `${lane.name}: ${plateSpeech(lane.newest.plate)}`
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
