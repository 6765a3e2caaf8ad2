/** How one event changes what is on the screen. Pure: what was known and an event in, what is known now out. */

import type { Alarm, Crossing, Lane } from '../api/types.ts'

/**
 * Newer by the time it was taken, then by number. A lane that empties its spool after an outage sends
 * old crossings late: they must not take the place of what is at the window.
 */
export function isNewer(candidate: Crossing, current: Crossing | null): boolean {
  if (current === null) return true
  const difference = Date.parse(candidate.captured_at) - Date.parse(current.captured_at)
  return difference === 0 ? candidate.sequence > current.sequence : difference > 0
}

/** The lanes with `crossing` as its lane's newest, where it is. Same array when nothing changed. */
export function lanesAfterCrossing(lanes: readonly Lane[], crossing: Crossing): readonly Lane[] {
  const lane = lanes.find((one) => one.id === crossing.lane)
  if (lane === undefined || !isNewer(crossing, lane.newest)) return lanes
  return lanes.map((one) => (one === lane ? { ...lane, newest: crossing } : one))
}

/** The lanes with `lane` put in its place, or at the end when it is a new one. */
export function lanesAfterLane(lanes: readonly Lane[], lane: Lane): readonly Lane[] {
  const known = lanes.find((one) => one.id === lane.id)
  if (known === undefined) return [...lanes, lane]
  // A device event may have been made before the newest crossing's event and arrive after it.
  const newest =
    known.newest !== null && (lane.newest === null || isNewer(known.newest, lane.newest))
      ? known.newest
      : lane.newest
  return lanes.map((one) => (one === known ? { ...lane, newest } : one))
}

/** A lane's strip with `crossing` in its place by time, once, cut to `keep`. */
export function recentAfterCrossing(
  recent: readonly Crossing[],
  crossing: Crossing,
  keep: number,
): readonly Crossing[] {
  const others = recent.filter((one) => one.id !== crossing.id)
  const at = others.findIndex((one) => isNewer(crossing, one))
  const place = at === -1 ? others.length : at
  return [...others.slice(0, place), crossing, ...others.slice(place)].slice(0, keep)
}

/** The open alarms after an alarm event: an acknowledged one leaves, others come first once. */
export function alarmsAfterAlarm(alarms: readonly Alarm[], alarm: Alarm): readonly Alarm[] {
  const others = alarms.filter((one) => one.id !== alarm.id)
  return alarm.acknowledged === null ? [alarm, ...others] : others
}
