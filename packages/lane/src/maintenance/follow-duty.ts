/** Asks the hub every few seconds whether the lane is in service, and tests the reader where it is not. */

import { decodePicture } from '@sallyport/vision/picture'

import type { Alarms } from '../alarms.ts'
import type { Clock } from '../clock.ts'
import { reasonOf, type Report } from '../events.ts'
import type { Ask } from '../http.ts'
import { limits } from '../limits.ts'
import type { EventBook } from '../machine/event-book.ts'
import { isDropped, type LaneReader } from '../reader.ts'
import { Painter } from '../synth/painter.ts'
import { drawnLane, planPass, truthOf } from '../synth/pass-plan.ts'
import type { Duty } from './duty.ts'

type Parts = {
  readonly hub: string
  readonly device: { readonly device: string }
  readonly book: EventBook
  readonly duty: Duty
  readonly reader: LaneReader
  /** Forgets what the lane's own page shows. */
  readonly forget: () => void
  readonly alarms: Alarms
  readonly report: Report
  readonly clock: Clock
  readonly ask: Ask
}

/** Follows the agency's word until `signal` is aborted. Never rejects. */
export async function followDuty(parts: Parts, signal: AbortSignal): Promise<void> {
  const { hub, device, duty, book, report, clock, ask, alarms, forget } = parts
  const url = new URL(`/v1/devices/${device.device}/duty`, hub).href
  let before = duty.order
  let tests = 0
  while (!signal.aborted) {
    const answer = await ask(url, { method: 'GET' }, signal)
    if (answer.kind === 'answer' && answer.status === 200) {
      try {
        const isTaken = await duty.take(answer.json, async (event) => {
          const sequence = await book.record(event)
          report({ event: 'machine_event', kind: event.kind, sequence })
        })
        if (!isTaken) report({ event: 'duty_refused' })
      } catch (error) {
        alarms.raise('events_unkept', `Maintenance cannot be kept (${reasonOf(error)}).`)
      }
    }
    if (duty.order !== before) tests = 0
    before = duty.order
    if (duty.order !== null) {
      forget()
      await test(tests, parts)
      tests += 1
    }
    await clock.sleep(limits.dutyLookMs, signal)
  }
}

/** One drawn vehicle for the reader: what a technician works on in place of real ones. */
async function test(index: number, { reader, duty, report }: Parts): Promise<void> {
  try {
    const lane = drawnLane('maintenance')
    const plan = planPass(lane, index, 1)
    const pose = plan.poses[Math.floor(plan.poses.length / 2)]
    if (pose === undefined) return
    const { jpeg } = await new Painter(lane).drawPose(plan, pose)
    const decoded = await decodePicture(jpeg)
    if (decoded.kind === 'refused') return
    const looked = await reader.look(decoded.picture)
    const { text } = truthOf(plan)
    const isRead = !isDropped(looked) && looked.some((look) => look.text === text)
    duty.tested(isRead)
    report({ event: 'test_picture', read: isRead })
  } catch (error) {
    duty.tested(false)
    report({ event: 'failed', reason: reasonOf(error) })
  }
}
