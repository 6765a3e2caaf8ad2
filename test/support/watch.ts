/** Watch entries through the API, as a supervisor makes them. */

import { deliver, readsOf, type TestDevice } from './device.ts'
import type { Person, TestHub } from './hub.ts'

export type WatchHit = {
  readonly id: string
  readonly state: string
  readonly basis: string
  readonly text: string
  readonly positions: readonly number[]
  readonly jurisdiction: string
  readonly entry: { readonly id: string; readonly plate: string; readonly state: string }
  readonly crossing: {
    readonly id: string
    readonly captures: readonly { readonly id: string; readonly class: string }[]
  }
  readonly judged: {
    readonly by: { readonly name: string }
    readonly note: string | null
    readonly log_index: number
  } | null
  readonly log_index: number
}

export const inDays = (days: number, from = new Date()): string =>
  new Date(from.getTime() + days * 24 * 3_600_000).toISOString()

export const post = (body: unknown): RequestInit => ({
  method: 'POST',
  body: JSON.stringify(body),
})

/** Previews and makes an entry, and answers with the hub's answer. */
export async function makeEntry(
  maker: Person,
  change: Record<string, unknown> & { readonly plate: string },
): Promise<Response> {
  const { tolerance = 1 } = change
  const preview = await maker.request(
    '/v1/watch/previews',
    post({ plate: change.plate, tolerance }),
  )
  const { accepts } = (await preview.json()) as { accepts: number }
  const said = {
    issuer: 'State police',
    reason: 'Reported stolen',
    expires_at: inDays(30),
    tolerance,
    accepts,
    ...change,
  }
  return maker.request('/v1/watch/entries', post(said))
}

export async function madeEntry(
  maker: Person,
  change: Parameters<typeof makeEntry>[1],
): Promise<string> {
  const answer = await makeEntry(maker, change)
  if (answer.status !== 201) throw new Error(`no entry: ${await answer.text()}`)
  return ((await answer.json()) as { id: string }).id
}

/** A crossing with this plate is delivered; answers with its id. */
export async function cross(
  hub: TestHub,
  device: TestDevice,
  plate: string,
  reads: unknown = readsOf(plate),
  picture?: Uint8Array,
): Promise<string> {
  const { bytes, manifest } = device.bundle({
    reads: Buffer.from(JSON.stringify(reads)),
    ...(picture === undefined ? {} : { picture }),
  })
  const answer = await deliver(hub, bytes)
  if (answer.status !== 201) throw new Error(`not taken: ${await answer.text()}`)
  return manifest.crossing
}

/** Hits as `reader` sees them, once the hub has told of what it kept. */
export async function hitsOf(
  hub: TestHub,
  reader: Person,
  query = '',
): Promise<readonly WatchHit[]> {
  await hub.hub.parts.watch.drain()
  const answer = await reader.request(`/v1/watch/hits${query}`)
  return ((await answer.json()) as { hits: readonly WatchHit[] }).hits
}

export async function look(person: Person, hit: WatchHit): Promise<Response> {
  const plate = hit.crossing.captures.find((capture) => capture.class === 'plate')
  return person.request(`/v1/captures/${plate?.id ?? ''}/openings`, post({ purpose: 'secondary' }))
}

export function judge(person: Person, hit: WatchHit, verdict: string, note?: string) {
  return person.request(`/v1/watch/hits/${hit.id}/judgement`, post({ verdict, note }))
}
