/** Looks at the lane's computer once a second, signs what happened to it, and brings that to the hub. */

import type { DeviceEvent } from '@sallyport/proof/device-event'
import { z } from 'zod'

import type { Alarms } from '../alarms.ts'
import { type Chance, type Clock, backOffMs } from '../clock.ts'
import { type Report, reasonOf } from '../events.ts'
import type { Ask } from '../http.ts'
import { limits } from '../limits.ts'
import type { Duty } from '../maintenance/duty.ts'
import { followDuty } from '../maintenance/follow-duty.ts'
import type { LaneReader } from '../reader.ts'
import type { Signer } from '../sealing.ts'
import { judgeAnswer } from '../sender.ts'
import type { LaneSettings } from '../settings.ts'
import type { LocalView } from '../window/local-view.ts'
import type { World } from '../world.ts'
import { atFirst, clockStep, type Seen, sinceLastLook, sinceLastRun } from './changes.ts'
import { EventBook } from './event-book.ts'

type Parts = {
  readonly hub: string
  readonly signer: Signer
  readonly alarms: Alarms
  readonly report: Report
  readonly clock: Clock
  readonly chance: Chance
  readonly ask: Ask
  readonly settings: Pick<LaneSettings, 'directory' | 'enclosure'>
  readonly world: Pick<World, 'files' | 'machine'>
  readonly device: { readonly device: string }
  readonly page: { readonly view: Pick<LocalView, 'forget'> }
  readonly duty: Duty
  readonly reader: LaneReader
}

/** Watches and delivers until `signal` is aborted. Never rejects. */
export async function watchMachine(parts: Parts, signal: AbortSignal): Promise<void> {
  const { settings, world, signer, clock, alarms } = parts
  while (!signal.aborted) {
    let book: EventBook
    try {
      book = await EventBook.open({
        ...{ directory: settings.directory, files: world.files, signer, clock },
      })
    } catch (error) {
      alarms.raise('events_unkept', unkept(error))
      await clock.sleep(limits.machineRetryMs, signal)
      continue
    }
    const forget = (): void => parts.page.view.forget()
    await Promise.all([
      watch(book, parts, signal),
      deliver(book, parts, signal),
      followDuty({ ...parts, book, forget }, signal),
    ])
  }
}

function unkept(error: unknown): string {
  return `Events of the computer cannot be kept (${reasonOf(error)}).`
}

async function watch(book: EventBook, parts: Parts, signal: AbortSignal): Promise<void> {
  const { world, settings, clock, alarms } = parts
  let last: Seen | null = null
  let lastAt = { wallMs: clock.now().getTime(), steadyMs: clock.monotonicMs() }
  let keptMs = Number.NEGATIVE_INFINITY
  while (!signal.aborted) {
    const look = await world.machine.look(settings.enclosure ?? null)
    const at = { wallMs: clock.now().getTime(), steadyMs: clock.monotonicMs() }
    const seen = { ...look, at: new Date(at.wallMs).toISOString() }
    const events = [
      ...(last !== null
        ? sinceLastLook(last, look)
        : book.seen === null
          ? atFirst(look)
          : sinceLastRun(book.seen, look)),
      ...clockStep(at.wallMs - lastAt.wallMs, at.steadyMs - lastAt.steadyMs),
    ]
    try {
      await record(events, book, parts)
      // What was seen is forgotten only once it is signed: a full disk tells it later, not never.
      if (last === null || events.length > 0 || at.steadyMs - keptMs > limits.machineKeepMs) {
        await book.saw(seen)
        keptMs = at.steadyMs
      }
      alarms.clear('events_unkept')
      last = seen
      lastAt = at
    } catch (error) {
      alarms.raise('events_unkept', unkept(error))
    }
    await clock.sleep(limits.machineLookMs, signal)
  }
}

async function record(
  events: readonly DeviceEvent[],
  book: EventBook,
  { report }: Parts,
): Promise<void> {
  for (const event of events) {
    if (book.isFull) throw new Error('too many events wait')
    const sequence = await book.record(event)
    report({ event: 'machine_event', kind: event.kind, sequence })
  }
}

async function deliver(book: EventBook, parts: Parts, signal: AbortSignal): Promise<void> {
  const { clock, chance, alarms } = parts
  let failures = 0
  while (!signal.aborted) {
    if (book.isEmpty) {
      await book.recorded(signal)
      continue
    }
    let waitMs: number | null = 0
    try {
      waitMs = await deliverOldest(book, parts, signal)
    } catch (error) {
      alarms.raise('events_unkept', unkept(error))
    }
    if (waitMs === null) {
      failures = 0
      continue
    }
    const backOff = backOffMs(failures, limits.sendBackOff, chance)
    failures += 1
    await clock.sleep(Math.max(waitMs, backOff), signal)
  }
}

/** What the hub says of its newest event where it has another one under a number. */
const conflictShape = z.object({
  last_sequence: z.int().min(1),
  last_sha256: z.string().regex(/^[0-9a-f]{64}$/),
})

/** Null when the oldest event is settled; else how long the hub asks to wait, milliseconds. */
async function deliverOldest(
  book: EventBook,
  { hub, signer, clock, ask, report, alarms }: Parts,
  signal: AbortSignal,
): Promise<number | null> {
  const { sequence, statement, signature } = await book.oldest()
  const headers = { 'content-type': 'application/json', 'sallyport-signature': signature }
  const url = new URL(`/v1/devices/${signer.device}/events`, hub).href
  const answer = await ask(url, { method: 'POST', headers, body: statement }, signal)
  const verdict = judgeAnswer(answer, sequence, clock.now())
  if (verdict.kind === 'later') return verdict.waitMs ?? 0
  if (verdict.kind === 'refused' && verdict.code === 'sequence_conflict') {
    const known = 'json' in answer ? conflictShape.safeParse(answer.json) : null
    if (known?.success === true && known.data.last_sequence >= sequence) {
      const { last_sequence, last_sha256 } = known.data
      await book.continueAfter({ sequence: last_sequence, previous: last_sha256 })
      report({ event: 'machine_event_refused', sequence, code: verdict.code })
      return null
    }
  }
  await book.settled(sequence, verdict.kind)
  if (verdict.kind === 'refused') {
    report({ event: 'machine_event_refused', sequence, code: verdict.code })
    alarms.raise('event_refused', `The hub refused event ${sequence}: ${verdict.code}.`)
  }
  return null
}
