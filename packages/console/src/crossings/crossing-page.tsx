import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useRef, type ReactElement } from 'react'
import { Link } from 'wouter'

import { crossingQuery, lanesQuery } from '../api/queries.ts'
import type { Capture, CrossingDetail } from '../api/types.ts'
import { CaptureFrame, type FrameHandle } from '../captures/capture-frame.tsx'
import { directionWords } from '../format/words.ts'
import { useShortcuts } from '../keys/shortcuts.tsx'
import { PlatePanel } from '../plate/plate-panel.tsx'
import { CountdownPanel } from '../retention/countdown-panel.tsx'
import { countdownQuery } from '../retention/queries.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { DirectionIcon } from '../shell/icons.tsx'
import { Instant } from '../shell/instant.tsx'
import { useSession } from '../shell/session-context.ts'
import { useTitle } from '../shell/title.ts'
import { StepList } from '../window/step-list.tsx'
import { windowQuery } from '../window/window-queries.ts'
import { CrossingFacts } from './crossing-facts.tsx'
import { CrossingLooks } from './crossing-looks.tsx'
import { OpeningsOfCrossing } from './openings-of-crossing.tsx'

import './crossings.css'

/** Everything known of one crossing; its pictures closed until a purpose is given. */
export function CrossingPage(props: { readonly id: string }): ReactElement {
  useTitle('Crossing')
  const crossing = useQuery(crossingQuery(props.id))
  const lanes = useQuery(lanesQuery)
  if (crossing.data === undefined) {
    return crossing.isError ? (
      <FailureNote
        doing="The crossing could not be read"
        error={crossing.error}
        onRetry={() => void crossing.refetch()}
      />
    ) : (
      <Skeleton height={420} aria-label="Reading the crossing" />
    )
  }
  const laneName = lanes.data?.find((lane) => lane.id === crossing.data.lane)?.name
  return <Crossing crossing={crossing.data} laneName={laneName ?? crossing.data.lane} />
}

function Crossing(props: {
  readonly crossing: CrossingDetail
  readonly laneName: string
}): ReactElement {
  const { crossing, laneName } = props
  const window = useQuery(windowQuery(crossing.id))
  return (
    <>
      <div className="sp-page-head">
        <h1>
          {laneName}, <Instant at={crossing.captured_at} />
        </h1>
        <span className="sp-lane-direction">
          <DirectionIcon direction={crossing.direction} size={20} />
          {directionWords[crossing.direction]}
        </span>
        <Link className="sp-link sp-page-action" href="/crossings">
          All crossings
        </Link>
      </div>
      <div className="sp-crossing">
        <div>
          <section className="sp-crossing-plate sp-panel" aria-label="Plate">
            <PlatePanel plate={crossing.plate} verdict={crossing.verdict} />
          </section>
          <Pictures crossing={crossing.id} captures={crossing.captures} />
          <CrossingLooks crossing={crossing} />
        </div>
        <div>
          <CrossingFacts crossing={crossing} laneName={laneName} />
          <CountdownPanel crossing={crossing.id} />
          {window.data !== undefined && window.data.steps.length > 0 && (
            <StepList window={window.data} />
          )}
          <OpeningsOfCrossing openings={crossing.openings} captures={crossing.captures} />
        </div>
      </div>
    </>
  )
}

const order: readonly Capture['class'][] = ['plate', 'scene', 'face']

function Pictures(props: {
  readonly crossing: string
  readonly captures: readonly Capture[]
}): ReactElement {
  const { purposes } = useSession()
  const kept = useQuery(countdownQuery(props.crossing))
  const shreddingOf = (capture: string) =>
    kept.data?.bodies.find((body) => body.capture === capture)?.shredding ?? null
  const frames = useRef(new Map<string, FrameHandle>())
  const captures = props.captures.toSorted(
    (a, b) => order.indexOf(a.class) - order.indexOf(b.class),
  )
  const each = (run: (frame: FrameHandle) => void): void => frames.current.forEach(run)
  const askForFirst = (): void => {
    const closed = captures.find((one) => frames.current.get(one.id)?.isClosed() === true)
    if (closed !== undefined && purposes.length > 0) frames.current.get(closed.id)?.ask()
  }
  useShortcuts({
    open: askForFirst,
    close: () => each((frame) => frame.close()),
    verify: () => each((frame) => frame.verify()),
  })
  return (
    <section aria-label="Pictures">
      <h2 className="sp-section-title">Pictures</h2>
      {captures.length === 0 && <p className="sp-quiet">No picture was taken.</p>}
      <div className="sp-frames">
        {captures.map((capture) => (
          <CaptureFrame
            key={capture.id}
            ref={(frame) => {
              if (frame === null) frames.current.delete(capture.id)
              else frames.current.set(capture.id, frame)
            }}
            capture={capture}
            shredding={shreddingOf(capture.id)}
            purposes={purposes}
          />
        ))}
      </div>
    </section>
  )
}
