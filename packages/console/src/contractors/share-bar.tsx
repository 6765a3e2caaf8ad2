import type { ReactElement } from 'react'

import { shareOf } from './share-of.ts'

/** One share as a bar, with the whisker of what noise leaves open and a tick where it was expected. */
export function ShareBar(props: {
  readonly label: string
  readonly part: number
  readonly whole: number
  /** Every count is within so many of the truth. */
  readonly within: number
  /** From and to of what was said beforehand, 0 to 1. */
  readonly expected?: readonly [number, number]
}): ReactElement {
  const { label, part, whole, within, expected } = props
  const found = shareOf(part, whole, within)
  const percent = (share: number): string => `${(100 * share).toFixed(0)} %`
  return (
    <tr>
      <th scope="row">{label}</th>
      <td className="sp-share-plot">
        <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
          <rect className="sp-share-room" y="2" width="100" height="6" />
          {expected !== undefined && (
            <rect
              className="sp-share-expected"
              x={expected[0] * 100}
              y="0"
              width={Math.max(1, (expected[1] - expected[0]) * 100)}
              height="10"
            />
          )}
          {found !== null && (
            <>
              <rect className="sp-share-bar" y="3" width={found.share * 100} height="4" />
              <rect
                className="sp-share-whisker"
                x={found.from * 100}
                y="4.6"
                width={(found.to - found.from) * 100}
                height="0.8"
              />
            </>
          )}
        </svg>
      </td>
      <td className="sp-share-words">
        {found === null
          ? 'none'
          : `${percent(found.share)} (${percent(found.from)} to ${percent(found.to)})`}
      </td>
      <td className="sp-share-words sp-quiet">of about {whole}</td>
    </tr>
  )
}

/** The model and the one in service on the same cases; `within` is the noise of one count of them. */
export function BesideBars(props: {
  readonly against: {
    readonly both: number
    readonly only_candidate: number
    readonly only_service: number
  }
  readonly whole: number
  readonly within: number
}): ReactElement {
  const { against, whole } = props
  // Two counts are added, and their noise with them.
  const within = props.within * Math.SQRT2
  const shares = [
    ['This model', against.both + against.only_candidate],
    ['In service', against.both + against.only_service],
  ] as const
  return (
    <>
      {shares.map(([label, part]) => (
        <ShareBar key={label} label={label} part={part} whole={whole} within={within} />
      ))}
    </>
  )
}
