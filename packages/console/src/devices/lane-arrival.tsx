import { noPlateAdvice, readGauge } from '@sallyport/core/gauge'
import { useQuery } from '@tanstack/react-query'
import { useState, type ReactElement } from 'react'

import { lanesQuery } from '../api/queries.ts'
import type { Device, Lane } from '../api/types.ts'
import { CheckIcon, CrossIcon, WarnIcon } from '../shell/icons.tsx'
import { Instant } from '../shell/instant.tsx'

const names = {
  width: 'Width of the plate',
  sharpness: 'Sharpness',
  angle: 'Angle',
  light: 'Light',
  frames: 'Frames',
} as const
const icons = {
  good: <CheckIcon size={14} />,
  fair: <WarnIcon size={14} />,
  poor: <CrossIcon size={14} />,
}
const weights = { good: 'well', fair: 'notice', poor: 'bad' } as const

/** A lane as it comes: its device, how its camera sees plates, and the first crossing. */
export function LaneArrival(props: {
  readonly lane: string
  /** The device that was here before, to tell the new one from it. */
  readonly before: string | null
}): ReactElement {
  // Asked often while somebody stands at the camera waiting for this.
  const lanes = useQuery({ ...lanesQuery, refetchInterval: 2_000 })
  const lane = lanes.data?.find((one) => one.id === props.lane)
  const device = lane?.device ?? null
  if (lane === undefined || device === null || device.id === props.before)
    return (
      <p className="sp-enrol-wait" role="status">
        Waiting for the device…
      </p>
    )
  return (
    <>
      <p className="sp-enrol-wait" role="status" data-arrived="true">
        <CheckIcon /> The device has enrolled.
      </p>
      <FirstCrossing lane={lane} device={device} />
      <GaugeTable device={device} readAt={lanes.dataUpdatedAt} />
    </>
  )
}

function FirstCrossing(props: { readonly lane: Lane; readonly device: Device }): ReactElement {
  const { lane, device } = props
  if (device.last_sequence === 0)
    return (
      <p className="sp-enrol-wait" role="status">
        Waiting for its first crossing…
      </p>
    )
  const plate = lane.newest?.plate ?? null
  return (
    <p className="sp-enrol-wait" role="status" data-arrived="true">
      <CheckIcon /> Its first crossing is here
      {plate !== null && plate.kind === 'read' ? (
        <>
          : <strong className="sp-mono">{plate.text}</strong>
        </>
      ) : (
        '.'
      )}
    </p>
  )
}

/** Numbers of the plate in view; no picture comes with them. */
function GaugeTable(props: {
  readonly device: Device
  readonly readAt: number
}): ReactElement | null {
  const { gauge } = props.device
  const [openedAt] = useState(() => Date.now())
  if (gauge === null) return null
  return (
    <section aria-label="How the camera sees plates" className="sp-gauge">
      <p className="sp-quiet">
        {gauge.plate === null ? (
          (noPlateAdvice(props.readAt - openedAt) ?? 'No plate is in view.')
        ) : (
          <>
            Plate of <Instant at={gauge.plate.seen_at} />
            {gauge.plate.surely ? ', read surely.' : '.'}
          </>
        )}
      </p>
      <ul>
        {readGauge(gauge).map(({ name, verdict, seen, needed, advice }) => (
          <li key={name}>
            <span className="sp-sign" data-weight={weights[verdict]}>
              {icons[verdict]}
              {names[name]}: {seen}
            </span>{' '}
            <span className="sp-quiet">
              {verdict}, needs {needed}
            </span>
            {advice !== null && <p>{advice}</p>}
          </li>
        ))}
      </ul>
    </section>
  )
}
