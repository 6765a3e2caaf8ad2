import { Button } from '@mantine/core'
import { useImperativeHandle, useRef, type ReactElement, type Ref } from 'react'
import { Link, useLocation } from 'wouter'

import type { Crossing, Lane } from '../api/types.ts'
import { directionWords, sourceWords } from '../format/words.ts'
import { moveFocus } from '../keys/move-focus.ts'
import { PlateKindLabel, PlateText } from '../plate/plate-text.tsx'
import { VerdictText } from '../plate/verdict-text.tsx'
import { agreementWords, jurisdictionWords } from '../plate/words.ts'
import { DirectionIcon, WarnIcon } from '../shell/icons.tsx'
import { Instant } from '../shell/instant.tsx'

export type RowsHandle = { readonly move: (by: 1 | -1) => void }

const columns = ['Time', 'Plate', 'Result', 'From', 'Lane', 'Direction'] as const
const wideColumns = ['Looks', 'Source'] as const

/** The list. The keyboard moves real focus from row to row, so Enter needs no code of ours. */
export function CrossingRows(props: {
  readonly crossings: readonly Crossing[]
  readonly lanes: readonly Lane[]
  /** The search as typed, to mark what it matched. */
  readonly plate: string
  readonly more: boolean
  readonly loading: boolean
  readonly onMore: () => void
  readonly ref?: Ref<RowsHandle>
}): ReactElement {
  const { crossings, lanes, ref } = props
  const body = useRef<HTMLTableSectionElement>(null)
  useImperativeHandle(ref, () => ({
    move: (by) => {
      const { place, count } = moveFocus(body.current, by)
      if (props.more && !props.loading && place === count - 1) props.onMore()
    },
  }))
  return (
    <>
      <div className="sp-list sp-panel">
        <table>
          <thead>
            <tr>
              {columns.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
              {wideColumns.map((name) => (
                <th key={name} scope="col" className="sp-list-wide">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody ref={body}>
            {crossings.map((crossing) => (
              <Row
                key={crossing.id}
                crossing={crossing}
                laneName={lanes.find((lane) => lane.id === crossing.lane)?.name ?? crossing.lane}
                plate={props.plate}
              />
            ))}
          </tbody>
        </table>
      </div>
      <div className="sp-list-end">
        {props.more ? (
          <Button variant="default" loading={props.loading} onClick={props.onMore}>
            Older crossings
          </Button>
        ) : (
          <span className="sp-quiet">That is all: {crossings.length} shown.</span>
        )}
      </div>
    </>
  )
}

function Row(props: {
  readonly crossing: Crossing
  readonly laneName: string
  readonly plate: string
}): ReactElement {
  const { crossing } = props
  const { plate, direction } = crossing
  const [, navigate] = useLocation()
  const page = `/crossings/${crossing.id}`
  return (
    <tr onClick={() => navigate(page)}>
      <td className="sp-list-time">
        <Instant at={crossing.captured_at} />
        {crossing.clock !== 'ok' && (
          <span className="sp-list-clock" title="The lane's clock was off">
            <WarnIcon size={13} />
          </span>
        )}
      </td>
      <td className="sp-list-plate">
        <Link data-row href={page} onClick={(event) => event.stopPropagation()}>
          <PlateText plate={plate} query={props.plate} />
        </Link>
        <VerdictText plate={plate} verdict={crossing.verdict} />
      </td>
      <td className="sp-list-kind">
        <PlateKindLabel plate={plate} />
      </td>
      <td className="sp-list-from sp-mono">{jurisdictionWords(plate)}</td>
      <td className="sp-list-lane">{props.laneName}</td>
      <td className="sp-list-direction">
        <span>
          <DirectionIcon direction={direction} size={16} />
          {directionWords[direction]}
        </span>
      </td>
      <td className="sp-list-wide">{plate.kind === 'unreadable' ? '–' : agreementWords(plate)}</td>
      <td className="sp-list-wide sp-quiet">{sourceWords[crossing.source]}</td>
    </tr>
  )
}
