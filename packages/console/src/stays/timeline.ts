/** Where the stays of a plate lie on a line of time, as shares of its width. */

import type { Stay } from '../api/stay-types.ts'

export type Bar = {
  readonly stay: Stay
  /** 0 to 1, from the left. */
  readonly from: number
  readonly to: number
  /** True where nobody knows when it began or ended: the bar is one moment. */
  readonly moment: boolean
}

export type Timeline = {
  readonly from: Date
  readonly widthMs: number
  readonly bars: readonly Bar[]
}

const minuteMs = 60_000

/** The line from the first thing recorded until `now`. Null when there is nothing to draw. */
export function timelineOf(stays: readonly Stay[], now: Date): Timeline | null {
  const drawn = stays.flatMap((stay) => {
    const seen = stay.passages[0]?.at
    const begin = stay.from ?? stay.until ?? seen
    if (begin === undefined) return []
    const open = stay.state === 'open'
    const moment = !open && (stay.from === null || stay.until === null)
    const end = open ? now.toISOString() : (stay.until ?? begin)
    return [{ stay, begin: Date.parse(begin), end: Date.parse(moment ? begin : end), moment }]
  })
  if (drawn.length === 0) return null
  const first = Math.min(...drawn.map(({ begin }) => begin))
  const last = Math.max(now.getTime(), ...drawn.map(({ end }) => end))
  // A little air, so that what happened first and last is not cut by the edge.
  const air = Math.max(minuteMs, (last - first) * 0.02)
  const [from, width] = [first - air, last - first + 2 * air]
  const share = (at: number) => Math.min(1, Math.max(0, (at - from) / width))
  return {
    from: new Date(from),
    widthMs: width,
    bars: drawn.map(({ stay, begin, end, moment }) => ({
      stay,
      from: share(begin),
      to: share(Math.max(begin, end)),
      moment,
    })),
  }
}
