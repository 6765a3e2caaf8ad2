import type { ReactElement } from 'react'

import { clockTime, momentWords, sinceWords, utcTime } from '../format/time.ts'
import { hubNow, useNow } from './clock.ts'
import { useZone } from './session-context.ts'

/** An instant on the port's clock; UTC on hover. `clock` shows the time of day only. */
export function Instant(props: {
  readonly at: string | Date
  readonly clock?: boolean
}): ReactElement {
  const zone = useZone()
  const text =
    props.clock === true ? clockTime(props.at, zone) : momentWords(props.at, zone, hubNow())
  return (
    <time
      className="sp-figure"
      dateTime={new Date(props.at).toISOString()}
      title={utcTime(props.at)}
    >
      {text}
    </time>
  )
}

/** '12 s ago', counting. */
export function Since(props: { readonly at: string }): ReactElement {
  const words = sinceWords(props.at, useNow())
  return (
    <time className="sp-figure" dateTime={props.at} title={utcTime(props.at)}>
      {words === 'now' ? 'now' : `${words} ago`}
    </time>
  )
}
