import { Button } from '@mantine/core'
import { useImperativeHandle, useRef, type ReactElement, type Ref } from 'react'
import { Link, useLocation } from 'wouter'

import type { Crossing } from '../api/types.ts'
import { directionWords, sourceWords } from '../format/words.ts'
import { PlateKindLabel, PlateText } from '../plate/plate-text.tsx'
import { agreementWords, jurisdictionWords } from '../plate/words.ts'
import { DirectionIcon, WarnIcon } from '../shell/icons.tsx'
import { Instant } from '../shell/instant.tsx'
import { stepPlace } from './step.ts'

export type RowsHandle = { readonly move: (by: 1 | -1) => void }

/** The list. The keyboard moves real focus from row to row, so Enter needs no code of ours. */
export function CrossingRows(props: {
  readonly crossings: readonly Crossing[]
  readonly laneNames: ReadonlyMap<string, string>
  /** The search as typed, to mark what it matched. */
  readonly plate: string
  readonly more: boolean
  readonly loading: boolean
  readonly onMore: () => void
  readonly ref?: Ref<RowsHandle>
}): ReactElement {
  const { crossings, ref } = props
  const body = useRef<HTMLTableSectionElement>(null)
  const [, navigate] = useLocation()
  useImperativeHandle(ref, () => ({
    move: (by) => {
      const links = [...(body.current?.querySelectorAll<HTMLElement>('a[data-row]') ?? [])]
      const here = links.findIndex((link) => link === document.activeElement)
      const next = stepPlace(here === -1 ? null : here, by, links.length)
      if (next !== null) links[next]?.focus()
      if (props.more && !props.loading && next === links.length - 1) props.onMore()
    },
  }))
  return (
    <>
      <div className="sp-list sp-panel">
        <table>
          <thead>
            <tr>
              <th scope="col">Time</th>
              <th scope="col">Plate</th>
              <th scope="col">Result</th>
              <th scope="col">From</th>
              <th scope="col">Lane</th>
              <th scope="col">Direction</th>
              <th scope="col" className="sp-list-wide">
                Looks
              </th>
              <th scope="col" className="sp-list-wide">
                Source
              </th>
            </tr>
          </thead>
          <tbody ref={body}>
            {crossings.map((crossing) => (
              <tr key={crossing.id} onClick={() => navigate(`/crossings/${crossing.id}`)}>
                <td className="sp-list-time">
                  <Instant at={crossing.captured_at} />
                  {crossing.clock !== 'ok' && (
                    <span className="sp-list-clock" title="The lane's clock was off">
                      <WarnIcon size={13} />
                    </span>
                  )}
                </td>
                <td className="sp-list-plate">
                  <Link
                    data-row
                    href={`/crossings/${crossing.id}`}
                    onClick={(event) => event.stopPropagation()}
                  >
                    <PlateText plate={crossing.plate} query={props.plate} />
                  </Link>
                </td>
                <td className="sp-list-kind">
                  <PlateKindLabel plate={crossing.plate} />
                </td>
                <td className="sp-list-from sp-mono">{jurisdictionWords(crossing.plate)}</td>
                <td className="sp-list-lane">
                  {props.laneNames.get(crossing.lane) ?? crossing.lane}
                </td>
                <td className="sp-list-direction">
                  <span>
                    <DirectionIcon direction={crossing.direction} size={16} />
                    {directionWords[crossing.direction]}
                  </span>
                </td>
                <td className="sp-list-wide">
                  {crossing.plate.kind === 'unreadable' ? '–' : agreementWords(crossing.plate)}
                </td>
                <td className="sp-list-wide sp-quiet">{sourceWords[crossing.source]}</td>
              </tr>
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
