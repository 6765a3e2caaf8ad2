/** What a hub does on its own, about once a minute. */

import { sweepExpired } from '@sallyport/store/accounts'
import { lanesWithDevices } from '@sallyport/store/lanes'
import { ensurePartitions } from '@sallyport/store/migrate'
import { sweepPassengerLists } from '@sallyport/store/passenger-lists'
import { sweepClaims } from '@sallyport/store/reviews'

import type { HubParts } from './api/context.ts'
import { watchMaintenance } from './maintenance.ts'
import { reportWords } from './report-words.ts'
import { deviceState, laneView } from './views.ts'

const everyMs = 30_000
/** Beside the ids of devices. */
const clockDoubted = 'clock_doubted'

/** Starts the upkeep; the function returned ends it and waits for the round under way. */
export function startUpkeep(parts: HubParts): () => Promise<void> {
  let round: Promise<void> = Promise.resolve()
  const before = new Map<string, string>()
  const timer = setInterval(() => {
    round = round
      .then(() => upkeep(parts, before))
      .catch((error: unknown) => parts.report(`upkeep: ${reportWords(error)}`))
  }, everyMs)
  timer.unref()
  return async () => {
    clearInterval(timer)
    await round
  }
}

/**
 * One round. `before` remembers each device's state between rounds, and whether the clock is doubted,
 * so that a change is told once.
 */
export async function upkeep(parts: HubParts, before: Map<string, string>): Promise<void> {
  const now = parts.now()
  await ensurePartitions(parts.db, now)
  await sweepExpired(parts.db, now)
  await parts.deliveries.sweep(now)
  await sweepClaims(parts.db, now)
  await parts.reviews.recover()
  await parts.window.recover()
  await parts.basis.recover()
  await parts.frequentRules.recover()
  await parts.watch.upkeep()
  const doubt = parts.clock.doubt()
  await parts.galleries.upkeep(doubt === null)
  if (doubt === null) await parts.handovers.upkeep()
  await parts.travellers.upkeep(doubt === null)
  await parts.faces.upkeep()
  await parts.stays.upkeep()
  if (doubt === null) await sweepPassengerLists(parts.db, now)
  await parts.frequentGalleries.upkeep(doubt === null)
  if (doubt === null) await parts.retention.upkeep(now)
  else if (!before.has(clockDoubted))
    await parts.alarms.raise(
      'clock_doubted',
      {},
      `It was last believed at ${doubt.trustedAt.toISOString()} and then said ${doubt.said.toISOString()}.`,
    )
  if (doubt === null) before.delete(clockDoubted)
  else before.set(clockDoubted, doubt.kind)
  await parts.clock.upkeep()
  await watchMaintenance(parts, before)
  await parts.releases.upkeep(now)
  await parts.epochs.makeAhead(now)
  await parts.keks.upkeep()
  parts.months.upkeep()
  for (const { day, how } of await parts.ends.upkeep())
    if (how === 'expired')
      await parts.alarms.raise('epoch_expired', {}, `The key of ${day} was destroyed unclosed.`)
  for (const { lane, device } of await lanesWithDevices(parts.db)) {
    if (device === null) continue
    const state = deviceState(device, now)
    // Silent at the first look after a start counts too: the silence may have begun before it.
    const changed = before.get(device.id) ?? (state === 'silent' ? 'unknown' : state)
    if (changed !== state) {
      parts.events.publish('device', laneView(lane, device, null, now))
      if (state === 'silent') {
        await parts.alarms.raise(
          'device_silent',
          { device: device.id, lane: lane.id },
          `Last heard of ${device.last_seen_at?.toISOString() ?? 'never'}.`,
        )
      }
    }
    before.set(device.id, state)
  }
}
