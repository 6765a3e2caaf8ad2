/** The six weeks as built: the lanes deliver, days end, and a technician comes with a USB drive. */

import { cp, mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'

import { checkBundle } from '@sallyport/hub/intake/check'
import type { TaskThread } from '@sallyport/hub/task-thread'
import { upkeep } from '@sallyport/hub/upkeep'
import { type DayEpoch, epochDay, epochFor, verifyEpochs } from '@sallyport/proof/epoch'
import { verify } from '@sallyport/proof/node/ed25519'

import type { Delivered, LaneAnswer, LaneAsk, Tapped } from './lane-thread.ts'
import { lanesSay, visitsTold } from './lane-words.ts'
import { limits } from './limits.ts'
import { forgedFrom } from './loot.ts'
import { askHub } from './people.ts'
import { dayAt, type PlannedCrossing } from './plan.ts'
import { type Cast, type Port } from './port.ts'
import { type Saved, technicianAtWork } from './technician.ts'

export type Lanes = TaskThread<LaneAsk, LaneAnswer>

export type SixWeeks = {
  readonly crossings: number
  readonly pictures: number
  readonly acknowledged: number
  readonly tapped: Tapped
  /** Copies that the technician was shown and kept, and everything that was refused. */
  readonly saved: readonly Saved[]
  readonly refused: Readonly<Record<string, number>>
  /** What the hub answered to a crossing that was signed with the copied key. */
  readonly forged: string
  readonly intakeMs: number
  /** The last sequence of each lane. */
  readonly sequences: readonly number[]
}

/** Lets six weeks pass. `stopped` ends it between two chunks. */
export async function sixWeeks(
  crossings: readonly PlannedCrossing[],
  {
    port,
    cast,
    lanes,
    drive,
    progress,
  }: {
    readonly port: Port
    readonly cast: Cast
    readonly lanes: Lanes
    /** Directory that stands for the USB drive. */
    readonly drive: string
    readonly progress: (text: string) => void
  },
): Promise<SixWeeks> {
  const began = performance.now()
  const total = { crossings: 0, pictures: 0, acknowledged: 0 }
  const tapped = { bundles: 0, pictures: 0, opened: 0, clear: 0 }
  const saved: Saved[] = []
  const refused: Record<string, number> = {}
  const scenes = new Map<number, string>()
  const states = new Map<string, string>()
  const sequences = port.lanes.map(() => 0)
  let forged = 'not sent'
  const tellOfVisit = visitsTold(port)

  for (const { day, number: from, to } of daysOf(crossings)) {
    progress(`day ${day + 1} of ${limits.days}, ${total.pictures} pictures`)
    const isVisit = (limits.visits as readonly number[]).includes(day)
    port.clock.moveTo(dayAt(day, 0))
    const waiting: Delivered[] = []
    for await (const chunk of sealedOf(crossings, { from, to }, port, lanes)) {
      tapped.bundles += chunk.tapped.bundles
      tapped.pictures += chunk.tapped.pictures
      tapped.opened += chunk.tapped.opened
      tapped.clear += chunk.tapped.clear
      for (const { number, scene } of chunk.delivered) if (scene !== null) scenes.set(number, scene)
      // During a visit the lanes' link is down: what they sealed that day waits on their disks.
      if (isVisit) waiting.push(...chunk.delivered)
      else await deliver(chunk.delivered)
      progress(`day ${day + 1} of ${limits.days}, ${total.pictures} pictures`)
    }
    if (isVisit) {
      port.clock.moveTo(dayAt(day, limits.closes))
      await atTheEnclosure(waiting, day)
      await tellOfVisit()
      await deliver(waiting)
      const visit = await technicianAtWork(
        [...scenes].filter(([number]) => !saved.some((one) => one.number === number)),
        cast,
      )
      saved.push(...visit.saved)
      for (const code of visit.refused) refused[code] = (refused[code] ?? 0) + 1
      for (const { name, bytes } of visit.saved) await writeFile(path.join(drive, name), bytes)
      const answer = await lanes.ask({ kind: 'legacy_visit' })
      if (answer.kind === 'refused') throw new Error(answer.detail)
    }
    // That night somebody tries what else the copied key is good for.
    if (day === limits.visits.at(-1)) forged = await sendForged(day)
    await endDay(day)
  }
  return {
    ...total,
    tapped,
    saved,
    refused,
    forged,
    sequences,
    intakeMs: performance.now() - began,
  }

  async function deliver(bundles: readonly Delivered[]): Promise<void> {
    const { parts } = port.hub()
    const answers = []
    for (const { bytes, at, lane, sequence, pictures } of bundles) {
      port.clock.moveTo(at)
      const checked = await checkBundle(bytes, parts)
      if (checked.kind !== 'checked')
        throw new Error(`a bundle of ours was not taken: ${checked.kind}`)
      answers.push(parts.intake.submit(checked))
      if (answers.length % limits.chunk === 0) await Promise.all(answers)
      sequences[lane] = sequence
      total.crossings += 1
      total.pictures += pictures
    }
    for (const answer of await Promise.all(answers)) {
      if (answer.kind !== 'accepted') throw new Error(`the hub answered ${answer.kind}`)
      total.acknowledged += 1
    }
  }

  /** What a lane keeps is written to its spool as it is kept there, and the drive gets the whole disk. */
  async function atTheEnclosure(bundles: readonly Delivered[], day: number): Promise<void> {
    for (const { lane, sequence, bytes } of bundles) {
      const spool = path.join(port.lanes[lane]?.directory ?? '', 'spool')
      await writeFile(path.join(spool, `${String(sequence).padStart(16, '0')}.spb`), bytes)
    }
    const copy = copyOf(day)
    await mkdir(copy, { recursive: true })
    for (const { lane, directory } of port.lanes)
      await cp(directory, path.join(copy, lane), { recursive: true })
    for (const { lane, sequence } of bundles) {
      const spool = path.join(port.lanes[lane]?.directory ?? '', 'spool')
      await rm(path.join(spool, `${String(sequence).padStart(16, '0')}.spb`))
    }
  }

  function copyOf(day: number): string {
    return path.join(drive, `visit-day-${day + 1}`)
  }

  async function sendForged(day: number): Promise<string> {
    port.clock.moveTo(dayAt(day, limits.closes + 1))
    const bytes = await forgedFrom(path.join(copyOf(day), port.lanes[0]?.lane ?? ''))
    const { status, body } = await askHub(port.hub(), '/v1/bundles', {
      body: new Uint8Array(bytes),
      headers: { 'content-type': 'application/octet-stream' },
    })
    return status < 300 ? 'taken' : String(body['code'])
  }

  /** The lanes say that the day is over and that they live; the hub destroys the day's key. */
  async function endDay(day: number): Promise<void> {
    port.clock.moveTo(dayAt(day, 23.9))
    await lanesSay(port, sequences)
    await upkeep(port.hub().parts, states)
  }
}

type Range = { readonly from: number; readonly to: number }

function daysOf(crossings: readonly PlannedCrossing[]) {
  const days: { day: number; number: number; to: number }[] = []
  for (const { day, number } of crossings) {
    const last = days.at(-1)
    if (last?.day === day) last.to = number + 1
    else days.push({ day, number, to: number + 1 })
  }
  return days
}

/** Chunks of a day; the next one is sealed while the hub takes one. */
async function* sealedOf(
  crossings: readonly PlannedCrossing[],
  { from, to }: Range,
  port: Port,
  lanes: Lanes,
) {
  const ranges: { from: number; to: number; epoch: DayEpoch }[] = []
  const epochs = new Map<string, DayEpoch>()
  for (let at = from; at < to; at += 1) {
    const day = epochDay(crossings[at]?.at ?? new Date(0))
    const epoch = epochs.get(day) ?? (await epochOf(day, port))
    epochs.set(day, epoch)
    const last = ranges.at(-1)
    if (last !== undefined && last.epoch === epoch && last.to - last.from < limits.chunk)
      last.to = at + 1
    else ranges.push({ from: at, to: at + 1, epoch })
  }
  const asked = ranges.map((range) => () => lanes.ask({ kind: 'seal', ...range }))
  let next = asked[0]?.()
  for (let at = 0; next !== undefined; at++) {
    const sealed = await next
    next = asked[at + 1]?.()
    if (sealed.kind !== 'sealed')
      throw new Error(sealed.kind === 'refused' ? sealed.detail : 'the lanes seal when asked to')
    yield sealed
  }
}

/** As a lane believes it: announced by the hub, signed by the agency that was pinned at enrolment. */
async function epochOf(day: string, { hub, lanes }: Port): Promise<DayEpoch> {
  const [lane] = lanes
  if (lane === undefined) throw new Error('there are lanes')
  const { body } = await askHub(hub(), `/v1/ports/${lane.port}/epochs?version=2`)
  const verified = verifyEpochs(
    lane.agencyKey,
    Buffer.from(String(body['document']), 'base64'),
    Buffer.from(String(body['signature']), 'hex'),
    verify,
  )
  if (verified.kind === 'refused') throw new Error(verified.detail)
  const epoch = epochFor(verified.document, day)
  if (epoch === null) throw new Error(`no epoch of ${day} was announced`)
  return epoch
}
