import type { OperatingPoint } from '@sallyport/core/evaluation-curve'
import type { ReactElement } from 'react'

import { type CurvePoint, curvePoints, decades, height, width } from './curve-points.ts'

/** Misses against false matches, both by powers of ten: nearer to the lower left is better. */
export function FaceCurve(props: {
  readonly candidate: readonly OperatingPoint[]
  readonly service: readonly OperatingPoint[]
}): ReactElement {
  const lines = [
    { name: 'This model', of: 'candidate', points: curvePoints(props.candidate) },
    { name: 'In service', of: 'service', points: curvePoints(props.service) },
  ] as const
  return <CurvePlot lines={lines} description={described(props)} />
}

/** Lines of an error trade-off, each point with what is left open on both axes. */
export function CurvePlot(props: {
  readonly lines: readonly {
    readonly name: string
    /** Its colour: this is looked at, that is beside it. */
    readonly of: 'candidate' | 'service'
    readonly points: readonly CurvePoint[]
  }[]
  readonly description: string
}): ReactElement {
  const { lines, description } = props
  return (
    <figure className="sp-face-curve">
      <figcaption>
        Missed (up) against strangers who match (across)
        {lines.map(({ name, of }) => (
          <span key={of} className={`sp-face-key sp-face-${of}`}>
            {name}
          </span>
        ))}
      </figcaption>
      <svg viewBox={`-34 -6 ${width + 54} ${height + 26}`} role="img" aria-label={description}>
        {decades.map(({ share, label, x, y }) => (
          <g key={share}>
            <line className="sp-face-grid" x1={x} x2={x} y1={0} y2={height} />
            <line className="sp-face-grid" x1={0} x2={width} y1={y} y2={y} />
            <text x={x} y={height + 14} textAnchor="middle">
              {label}
            </text>
            <text x={-6} y={y + 3} textAnchor="end">
              {label}
            </text>
          </g>
        ))}
        {lines.map(({ of, points }) => (
          <g key={of} className={`sp-face-${of}`}>
            {points.map(({ x, y, left, right, above, below }) => (
              <g key={`${x} ${y} ${left}`}>
                <line className="sp-face-whisker" x1={left} x2={right} y1={y} y2={y} />
                <line className="sp-face-whisker" x1={x} x2={x} y1={above} y2={below} />
                <circle cx={x} cy={y} r={2.5} />
              </g>
            ))}
            <polyline points={points.map(({ x, y }) => `${x},${y}`).join(' ')} />
          </g>
        ))}
      </svg>
    </figure>
  )
}

function described({
  candidate,
  service,
}: {
  readonly candidate: readonly OperatingPoint[]
  readonly service: readonly OperatingPoint[]
}): string {
  return `Curves of this model at ${candidate.length} distances and of the one in service at ${service.length}; the table below has the figures.`
}
