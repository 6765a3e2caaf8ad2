import { bodyClasses } from '@sallyport/core/crossing'
import type { ReactElement } from 'react'

import { countWords } from '../format/figures.ts'
import { calendarDay } from '../format/time.ts'
import { hubNow } from '../shell/clock.ts'
import { useZone } from '../shell/session-context.ts'
import { type DueBar, dueBars } from './due-bars.ts'
import { limits } from './queries.ts'
import type { RetentionPlan } from './types.ts'
import { className } from './words.ts'

const chart = { bar: 14, step: 18, height: 120, gap: 14 } as const

/** What is due now and on each of the next days; the table behind it is for screen readers. */
export function DueChart(props: { readonly plan: RetentionPlan }): ReactElement {
  const zone = useZone()
  const bars = dueBars(props.plan, calendarDay(hubNow(), zone), limits.planDays)
  const highest = Math.max(...bars.map(({ total }) => total))
  const classes = bodyClasses.filter((one) =>
    bars.some(({ parts }) => parts.some((part) => part.class === one)),
  )
  const width = chart.gap + bars.length * chart.step
  return (
    <figure className="sp-due">
      <p className="sp-due-top sp-label">
        <span>{countWords(highest)} bodies</span>
        <span className="sp-due-legend">
          {classes.map((one) => (
            <span key={one} data-class={one}>
              {className[one]}
            </span>
          ))}
        </span>
      </p>
      <svg viewBox={`0 0 ${width} ${chart.height}`} aria-hidden="true" preserveAspectRatio="none">
        {bars.map((bar, index) => (
          <Bar key={bar.at} bar={bar} x={index * chart.step + (index === 0 ? 0 : chart.gap)} />
        ))}
        <rect className="sp-due-line" y={chart.height - 1} width="100%" height="1" />
      </svg>
      <figcaption className="sp-label">
        <span>due now, then by day from {bars[1]?.at}</span>
        <span>{bars.at(-1)?.at}</span>
      </figcaption>
      <div className="sp-unseen">
        <table>
          <caption>What becomes due by day</caption>
          <tbody>
            {bars
              .filter(({ total }) => total > 0)
              .map((bar) => (
                <tr key={bar.at}>
                  <th scope="row">{bar.at}</th>
                  <td>{wordsOf(bar)}</td>
                </tr>
              ))}
          </tbody>
        </table>
      </div>
    </figure>
  )
}

function Bar(props: { readonly bar: DueBar; readonly x: number }): ReactElement {
  const { bar, x } = props
  const room = chart.height - 1
  return (
    <g transform={`translate(${x} 0)`}>
      <title>{`${bar.at}: ${wordsOf(bar)}`}</title>
      <rect width={chart.step} height={chart.height} fill="transparent" />
      {bar.parts.map((part) => (
        <rect
          key={part.class}
          data-class={part.class}
          width={chart.bar}
          y={room - (part.from + part.height) * room}
          height={part.height * room}
        />
      ))}
    </g>
  )
}

function wordsOf({ parts, held }: DueBar): string {
  if (parts.length === 0) return 'nothing'
  const bodies = parts.map((part) => `${part.bodies} ${className[part.class].toLowerCase()}`)
  return `${bodies.join(', ')}${held === 0 ? '' : `; ${held} held`}`
}
