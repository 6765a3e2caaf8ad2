import { Button, Switch } from '@mantine/core'
import { useImperativeHandle, useRef, type ReactElement, type Ref } from 'react'
import { Link } from 'wouter'

import type { Crossing, Lane } from '../api/types.ts'
import {
  clockWords,
  directionWords,
  isOnFoot,
  laneKindWords,
  sourceWords,
} from '../format/words.ts'
import { PlatePanel } from '../plate/plate-panel.tsx'
import { DirectionIcon, WarnIcon } from '../shell/icons.tsx'
import { Instant, Since } from '../shell/instant.tsx'
import { useSeesCrossings } from '../shell/session-context.ts'
import { AtWindow, type AtWindowHandle } from './at-window.tsx'
import { type HandoverHandle, LaneHandover } from './handover.tsx'
import { isStale, laneTrouble, limits } from './lane-state.ts'
import { LaneStrip } from './lane-strip.tsx'
import { LaneTroubleNote } from './lane-trouble.tsx'
import { useWindow } from './use-window.ts'
import { WalkerPanel } from './walker-panel.tsx'
import { WindowPicture } from './window-picture.tsx'

export type LaneHandle = {
  readonly focus: () => void
  readonly open: () => void
  readonly close: () => void
  /** What is decided there; null where nothing has crossed or the shift is elsewhere. */
  readonly verdicts: () => AtWindowHandle | null
  readonly handOver: () => void
}

/** One lane: what crossed last, as large as it goes, and what crossed before. */
export function LaneCard(props: {
  readonly lane: Lane
  /** From 1; also its key. */
  readonly place: number
  /** The signed-in officer's shift is here. */
  readonly mine: boolean
  /** It is at another lane. */
  readonly elsewhere: boolean
  readonly chosen: boolean
  readonly auto: boolean
  readonly onAuto: (on: boolean) => void
  /** Null where this person cannot take a shift. */
  readonly onShift: ((start: boolean) => void) | null
  readonly ref?: Ref<LaneHandle>
}): ReactElement {
  const { lane, mine, ref } = props
  const card = useRef<HTMLElement>(null)
  const window = useWindow(lane, mine && props.auto)
  const verdicts = useRef<AtWindowHandle>(null)
  const handover = useRef<HandoverHandle>(null)
  useImperativeHandle(ref, () => ({
    focus: () => card.current?.focus(),
    open: window.open,
    close: window.close,
    verdicts: () => verdicts.current,
    handOver: () => handover.current?.act(),
  }))
  const trouble = laneTrouble(lane)
  const seesCrossings = useSeesCrossings()
  const crossing = lane.newest
  return (
    <article
      ref={card}
      tabIndex={-1}
      className="sp-lane sp-panel"
      data-mine={mine}
      data-chosen={props.chosen}
      aria-label={lane.name}
    >
      <LaneHead lane={lane} place={props.place} />
      {trouble !== null && <LaneTroubleNote trouble={trouble} />}
      {seesCrossings && (
        <LaneHandover ref={handover} lane={lane.id} mine={mine} officer={props.onShift !== null} />
      )}
      <div className="sp-lane-newest" data-stale={isStale(trouble)} key={crossing?.id ?? 'none'}>
        {crossing === null ? (
          <p className="sp-lane-none">Nothing has crossed here yet.</p>
        ) : (
          <Newest crossing={crossing} />
        )}
      </div>
      {mine && crossing !== null && (
        <>
          <AtWindow ref={verdicts} crossing={crossing} window={window} />
          <WindowPicture crossing={crossing} window={window} />
        </>
      )}
      <div className="sp-lane-foot">
        {props.onShift !== null && <ShiftControls {...props} onShift={props.onShift} />}
        {crossing !== null && seesCrossings && (
          <Link className="sp-link sp-lane-more" href={`/crossings/${crossing.id}`}>
            All about this crossing
          </Link>
        )}
      </div>
      {seesCrossings && <LaneStrip lane={lane.id} newest={crossing?.id ?? null} />}
    </article>
  )
}

function LaneHead(props: { readonly lane: Lane; readonly place: number }): ReactElement {
  const { lane, place } = props
  return (
    <header className="sp-lane-head">
      {place <= limits.lanesWithKeys && (
        <kbd title={`Press ${place} to choose this lane`}>{place}</kbd>
      )}
      <h2>{lane.name}</h2>
      <span className="sp-lane-direction" data-direction={lane.direction}>
        <DirectionIcon direction={lane.direction} size={20} />
        {directionWords[lane.direction]}
      </span>
      <span className="sp-lane-source sp-label">
        {laneKindWords[lane.kind]}
        {lane.source !== null && ` · ${sourceWords[lane.source]}`}
      </span>
    </header>
  )
}

function Newest(props: { readonly crossing: Crossing }): ReactElement {
  const { crossing } = props
  return (
    <>
      {isOnFoot(crossing.plate) ? (
        <WalkerPanel crossing={crossing} />
      ) : (
        <PlatePanel
          plate={crossing.plate}
          verdict={crossing.verdict}
          since={<Since at={crossing.captured_at} />}
          when={<Instant at={crossing.captured_at} clock />}
        />
      )}
      {crossing.clock !== 'ok' && (
        <p className="sp-lane-clock">
          <WarnIcon size={14} /> {clockWords[crossing.clock]}
        </p>
      )}
    </>
  )
}

function ShiftControls(props: {
  readonly mine: boolean
  readonly elsewhere: boolean
  readonly auto: boolean
  readonly onAuto: (on: boolean) => void
  readonly onShift: (start: boolean) => void
}): ReactElement {
  if (!props.mine) {
    return (
      <Button variant="default" size="sm" onClick={() => props.onShift(true)}>
        {props.elsewhere ? 'Move shift here' : 'Start shift here'}
      </Button>
    )
  }
  return (
    <>
      <Button
        variant="default"
        size="sm"
        onClick={() => props.onShift(false)}
        rightSection={<kbd>s</kbd>}
      >
        End shift
      </Button>
      <Switch
        label={
          <>
            Open each newest plate by itself <kbd>a</kbd>
          </>
        }
        checked={props.auto}
        onChange={(event) => props.onAuto(event.currentTarget.checked)}
      />
    </>
  )
}
