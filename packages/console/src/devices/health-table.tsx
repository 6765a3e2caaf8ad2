import { Button } from '@mantine/core'
import type { ReactElement } from 'react'

import type { Device, Lane } from '../api/types.ts'
import { countWords, shortHex } from '../format/figures.ts'
import { deviceWords, directionWords, laneKindWords, sourceWords } from '../format/words.ts'
import { CheckIcon, CrossIcon, DirectionIcon, WarnIcon } from '../shell/icons.tsx'
import { Instant, Since } from '../shell/instant.tsx'
import {
  asOfLast,
  byNeed,
  cameraReading,
  clockReading,
  spoolReading,
  stateWeight,
  type Reading,
  type Weight,
} from './health.ts'

/** One row a lane, those that need somebody first. */
export function HealthTable(props: {
  readonly lanes: readonly Lane[]
  readonly keeper: boolean
  readonly cutter: boolean
  readonly onEnrol: (lane: Lane) => void
  readonly onRevoke: (lane: Lane) => void
  readonly onQuarantine: (lane: Lane) => void
}): ReactElement {
  const acts = props.keeper || props.cutter
  return (
    <div className="sp-list sp-health sp-panel">
      <table>
        <thead>
          <tr>
            <th scope="col">Lane</th>
            <th scope="col">State</th>
            <th scope="col">Last heard</th>
            <th scope="col">Camera</th>
            <th scope="col">Waiting at the lane</th>
            <th scope="col">Clock</th>
            <th scope="col">Last number</th>
            <th scope="col">Device</th>
            {acts && (
              <th scope="col">
                <span className="sp-unseen">Actions</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {byNeed(props.lanes).map((lane) => (
            <tr key={lane.id}>
              <th scope="row">
                <span className="sp-health-lane">
                  <DirectionIcon direction={lane.direction} size={16} />
                  {lane.name}
                </span>
                <span className="sp-label">
                  {directionWords[lane.direction]} · {laneKindWords[lane.kind]}
                  {lane.source !== null && ` · ${sourceWords[lane.source]}`}
                </span>
              </th>
              {lane.device === null ? (
                <td colSpan={7} className="sp-quiet">
                  No device is enrolled.
                </td>
              ) : (
                <DeviceCells device={lane.device} />
              )}
              {acts && (
                <td className="sp-health-actions">
                  <Actions {...props} lane={lane} />
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function DeviceCells(props: { readonly device: Device }): ReactElement {
  const { device } = props
  const state = deviceWords[device.state]
  return (
    <>
      <td data-name="State" title={state.hint}>
        <Sign reading={{ words: state.name, weight: stateWeight(device) }} />
        {device.quarantined_at !== null && (
          <Sign reading={{ words: 'In quarantine', weight: 'bad' }} />
        )}
      </td>
      <td data-name="Last heard">
        {device.last_seen_at === null ? (
          <span className="sp-quiet">never</span>
        ) : (
          <>
            <Since at={device.last_seen_at} />{' '}
            <span className="sp-quiet">
              <Instant at={device.last_seen_at} />
            </span>
          </>
        )}
      </td>
      <td data-name="Camera">
        <Sign reading={asOfLast(device, cameraReading(device))} />
      </td>
      <td data-name="Waiting">
        <Sign reading={asOfLast(device, spoolReading(device))} />
        {device.spool?.oldest_at != null && device.spool.bundles > 1 && (
          <span className="sp-quiet">
            {' '}
            since <Instant at={device.spool.oldest_at} />
          </span>
        )}
      </td>
      <td data-name="Clock">
        <Sign reading={asOfLast(device, clockReading(device))} />
      </td>
      <td data-name="Last number" className="sp-figure">
        {countWords(device.last_sequence)}
      </td>
      <td data-name="Device">
        <span className="sp-mono sp-health-id" title={device.id}>
          {shortHex(device.id)}
        </span>
        {device.software !== null && <span className="sp-label">{device.software}</span>}
      </td>
    </>
  )
}

/** Words with a shape for their weight: never colour alone. */
function Sign(props: { readonly reading: Reading }): ReactElement {
  const { words, weight } = props.reading
  return (
    <span className="sp-sign" data-weight={weight}>
      {icons[weight]}
      {words}
    </span>
  )
}

const icons: Readonly<Record<Weight, ReactElement | null>> = {
  well: <CheckIcon size={14} />,
  notice: <WarnIcon size={14} />,
  bad: <CrossIcon size={14} />,
  none: null,
}

function Actions(props: {
  readonly lane: Lane
  readonly keeper: boolean
  readonly cutter: boolean
  readonly onEnrol: (lane: Lane) => void
  readonly onRevoke: (lane: Lane) => void
  readonly onQuarantine: (lane: Lane) => void
}): ReactElement {
  const { lane } = props
  const live = lane.device !== null && lane.device.state !== 'revoked'
  return (
    <>
      {props.keeper && (
        <Button size="compact-sm" variant="default" onClick={() => props.onEnrol(lane)}>
          {live ? 'Replace…' : 'Enrol…'}
        </Button>
      )}
      {props.cutter && live && (
        <Button size="compact-sm" variant="default" onClick={() => props.onQuarantine(lane)}>
          Quarantine…
        </Button>
      )}
      {props.keeper && live && (
        <Button size="compact-sm" variant="subtle" color="red" onClick={() => props.onRevoke(lane)}>
          Revoke…
        </Button>
      )}
    </>
  )
}
