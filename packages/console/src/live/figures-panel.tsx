import { useQuery } from '@tanstack/react-query'
import type { ReactElement, ReactNode } from 'react'
import { Link } from 'wouter'

import { figuresQuery } from '../api/queries.ts'
import type { Figures } from '../api/types.ts'
import { bytesWords, countWords, percentWords } from '../format/figures.ts'
import { hubNow } from '../shell/clock.ts'
import { useSeesCrossings, useZone } from '../shell/session-context.ts'
import { hourBars, type HourBar } from './hours.ts'

import './figures.css'

/** Today at the port, in a few numbers and one row of bars. */
export function FiguresPanel(): ReactElement | null {
  const figures = useQuery(figuresQuery)
  const zone = useZone()
  const seesCrossings = useSeesCrossings()
  if (figures.data === undefined) return null
  const { data } = figures
  return (
    <section className="sp-figures sp-panel" aria-label="Today at the port">
      <dl>
        <Item name="Crossings today">{countWords(data.crossings_today)}</Item>
        <Item name="Last hour">{countWords(data.crossings_last_hour)}</Item>
        <Item name="Plates read">{readShare(data)}</Item>
        <Item name="Unsure today">
          {seesCrossings ? (
            <Link className="sp-link" href="/crossings?kind=unsure&range=today">
              {countWords(data.unsure_today)}
            </Link>
          ) : (
            countWords(data.unsure_today)
          )}
        </Item>
        <Item name="Pictures opened today">{countWords(data.openings_today)}</Item>
        <Item name="Open alarms">
          <Link className="sp-link" href="/devices">
            {countWords(data.alarms_open)}
          </Link>
        </Item>
        <Item name="Log entries">{countWords(data.log_size)}</Item>
        <Item name="Sealed pictures">{bytesWords(data.vault_bytes)}</Item>
      </dl>
      <HourChart bars={hourBars(data.by_hour, zone, hubNow())} />
    </section>
  )
}

function readShare(figures: Figures): string {
  return figures.crossings_today === 0 ? '–' : percentWords(figures.read_share)
}

function Item(props: { readonly name: string; readonly children: ReactNode }): ReactElement {
  return (
    <div>
      <dt className="sp-label">{props.name}</dt>
      <dd className="sp-figure">{props.children}</dd>
    </div>
  )
}

const chart = { hour: 14, half: 34, bar: 10 } as const

/** In above the line, out below it; the table behind it is for screen readers. */
function HourChart(props: { readonly bars: readonly HourBar[] }): ReactElement {
  const { bars } = props
  return (
    <figure className="sp-hours">
      <svg
        viewBox={`0 0 ${bars.length * chart.hour} ${chart.half * 2 + 2}`}
        aria-hidden="true"
        preserveAspectRatio="none"
      >
        {bars.map((bar, at) => (
          <g key={bar.at} transform={`translate(${at * chart.hour} 0)`}>
            <title>{`${bar.label} h: ${bar.in} in, ${bar.out} out`}</title>
            <rect width={chart.hour} height={chart.half * 2 + 2} fill="transparent" />
            <rect
              className="sp-hours-in"
              x="2"
              width={chart.bar}
              y={chart.half - bar.inHeight * chart.half}
              height={bar.inHeight * chart.half}
            />
            <rect
              className="sp-hours-out"
              x="2"
              width={chart.bar}
              y={chart.half + 2}
              height={bar.outHeight * chart.half}
            />
          </g>
        ))}
        <rect className="sp-hours-line" y={chart.half} width="100%" height="1" />
      </svg>
      <figcaption className="sp-label">
        <span>{bars[0] === undefined ? '' : `${bars[0].label} h`}</span>
        <span>in above, out below, by hour</span>
        <span>{bars.length === 0 ? '' : `${bars.at(-1)?.label} h`}</span>
      </figcaption>
      {/* A table is never lower than its rows: what hides it is around it. */}
      <div className="sp-unseen">
        <table>
          <caption>Crossings by hour</caption>
          <tbody>
            {bars.map((bar) => (
              <tr key={bar.at}>
                <th scope="row">{bar.label} h</th>
                <td>{bar.in} in</td>
                <td>{bar.out} out</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  )
}
