/**
 * Vehicles that Frigate has followed (https://docs.frigate.video/integrations/mqtt): its events say
 * when, its snapshot is the picture. Each tracked vehicle is one pass; what Frigate read of its plate
 * is not used, the lane reads by itself.
 */

import { openSession } from '@sallyport/mqtt/session'
import { z } from 'zod'

import { backOffMs } from '../clock.ts'
import { reasonOf } from '../events.ts'
import { limits } from '../limits.ts'
import type { CameraParts } from './camera.ts'
import { type Frame, Latest, type OpenedSource, refuseSource } from './source.ts'

export type FrigateWanted = {
  readonly camera: string
  /** Take the vehicle when it enters this zone, instead of when it has left. */
  readonly zone: string | null
  readonly labels: readonly string[]
}

/** The fields of `frigate/events` that matter here; Frigate sends more, and other versions others. */
const frigateEvent = z.object({
  type: z.enum(['new', 'update', 'end']),
  after: z.object({
    id: z.string().regex(/^[\w.-]{1,80}$/),
    camera: z.string(),
    label: z.string(),
    false_positive: z.boolean().default(false),
    has_snapshot: z.boolean().default(false),
    entered_zones: z.array(z.string()).default([]),
    frame_time: z.number(),
    snapshot: z.object({ frame_time: z.number() }).nullish(),
    snapshot_time: z.number().nullish(),
  }),
})
export type FrigateEvent = z.infer<typeof frigateEvent>

/** A message of the topic as an event, or null when it is none. */
export function parseFrigateEvent(payload: Uint8Array): FrigateEvent | null {
  if (payload.length > limits.frigateEventBytesMax) return null
  try {
    const parsed = frigateEvent.safeParse(JSON.parse(Buffer.from(payload).toString('utf8')))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}

/** Whether this event makes its vehicle a pass now. */
export function isPass({ type, after }: FrigateEvent, wanted: FrigateWanted): boolean {
  return (
    after.camera === wanted.camera &&
    wanted.labels.includes(after.label) &&
    !after.false_positive &&
    after.has_snapshot &&
    (type === 'end' || (wanted.zone !== null && after.entered_zones.includes(wanted.zone)))
  )
}

/** `mqtt://name:password@broker:1883/frigate/CAMERA?api=http://frigate:5000&zone=ZONE&label=car` */
export function openFrigate(address: string, parts: CameraParts): OpenedSource {
  const url = URL.canParse(address) ? new URL(address) : null
  const [, prefix, camera] = /^\/([^#+]+)\/([^/#+]+)$/.exec(decoded(url?.pathname)) ?? []
  const api = url?.searchParams.get('api') ?? ''
  if (
    url === null ||
    !/^mqtts?:$/.test(url.protocol) ||
    prefix === undefined ||
    camera === undefined ||
    !/^https?:\/\/[^?#]+$/.test(api)
  ) {
    return refuseSource(
      'malformed_source',
      'A Frigate source is frigate:mqtt://BROKER/frigate/CAMERA?api=http://FRIGATE:5000, and &zone=ZONE or &label=car where wanted.',
    )
  }
  const labels = url.searchParams.getAll('label')
  const wanted: FrigateWanted = {
    camera,
    zone: url.searchParams.get('zone'),
    labels: labels.length > 0 ? labels : ['car', 'truck', 'bus', 'motorcycle'],
  }
  const feed = { broker: url, topic: `${prefix}/events`, api: api.replace(/\/$/, ''), wanted }
  return {
    kind: 'source',
    source: {
      kind: 'camera',
      name: `frigate:${url.host}/${camera}`,
      frames: (signal) => follow(feed, parts, signal),
    },
  }
}

type Feed = {
  readonly broker: URL
  readonly topic: string
  readonly api: string
  readonly wanted: FrigateWanted
}

async function* follow(
  feed: Feed,
  parts: CameraParts,
  signal: AbortSignal,
): AsyncGenerator<Frame, void> {
  const queue = new Latest<Frame>(limits.pushesWaitingMax)
  const left = new AbortController()
  const either = AbortSignal.any([signal, left.signal])
  const ended = listen(feed, queue, parts, either)
  try {
    yield* queue
  } finally {
    left.abort()
    await ended
  }
}

/** Listens until it is told to stop; a broker that is away is tried again with growing waits. */
async function listen(
  feed: Feed,
  queue: Latest<Frame>,
  { clock, chance, report }: CameraParts,
  signal: AbortSignal,
): Promise<void> {
  /** Vehicles that were taken: Frigate tells of each many times. */
  const taken: string[] = []
  let state: 'ok' | 'gone' | null = null
  const tell = (next: 'ok' | 'gone', reason: string): void => {
    if (state !== next) report({ event: 'camera', state: next, reason })
    state = next
  }

  async function take({ after }: FrigateEvent): Promise<void> {
    for (let attempt = 0; attempt < limits.frigateSnapshotTries && !signal.aborted; attempt++) {
      const fetched = await fetchSnapshot(`${feed.api}/api/events/${after.id}/snapshot.jpg`, signal)
      if (typeof fetched !== 'string') {
        const seconds = after.snapshot?.frame_time ?? after.snapshot_time ?? after.frame_time
        const takenAt = new Date(seconds * 1000)
        queue.push({
          image: fetched,
          // A clock that is years off is not the picture's time.
          takenAt: Number.isNaN(takenAt.getTime()) ? clock.now() : takenAt,
          monotonicMs: clock.monotonicMs(),
          pass: 'whole',
        })
        return
      }
      // The snapshot is written after the event is told.
      if (attempt + 1 === limits.frigateSnapshotTries)
        report({ event: 'crossing_dropped', reason: `frigate_${fetched}` })
      else await clock.sleep(500 * (attempt + 1), signal)
    }
  }

  function hear(topic: string, payload: Uint8Array): void {
    const event = topic === feed.topic ? parseFrigateEvent(payload) : null
    if (event === null || !isPass(event, feed.wanted) || taken.includes(event.after.id)) return
    taken.push(event.after.id)
    if (taken.length > limits.frigateTakenKept) taken.shift()
    void take(event)
  }

  for (let failures = 0; !signal.aborted; failures++) {
    try {
      const session = await openSession({
        url: feed.broker,
        clientId: `sallyport-lane-${Math.floor(chance() * 1e9).toString(36)}`,
        message: hear,
      })
      const stop = (): void => void session.end()
      signal.addEventListener('abort', stop, { once: true })
      await session.subscribe(feed.topic).catch(stop)
      tell('ok', '')
      failures = 0
      if (signal.aborted) stop()
      const reason = await session.ended
      signal.removeEventListener('abort', stop)
      if (!signal.aborted) tell('gone', reason)
    } catch (error) {
      tell('gone', error instanceof Error ? error.message.slice(0, 60) : 'failed')
    }
    if (!signal.aborted)
      await clock.sleep(backOffMs(failures, limits.cameraBackOff, chance), signal)
  }
  queue.end()
}

/** The snapshot without boxes and time drawn into it; a short reason when there is none. */
async function fetchSnapshot(address: string, signal: AbortSignal): Promise<Uint8Array | string> {
  try {
    const response = await fetch(`${address}?bbox=0&timestamp=0&crop=0&quality=95`, {
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(limits.cameraIdleMsMax)]),
    })
    if (response.status !== 200) return `status_${response.status}`
    const chunks: Uint8Array[] = []
    let length = 0
    for await (const chunk of response.body ?? []) {
      length += chunk.length
      if (length > limits.pictureBytesMax) return 'snapshot_too_large'
      chunks.push(chunk)
    }
    return new Uint8Array(Buffer.concat(chunks))
  } catch (error) {
    return reasonOf(error)
  }
}

function decoded(text: string | undefined): string {
  try {
    return decodeURIComponent(text ?? '')
  } catch {
    return ''
  }
}
