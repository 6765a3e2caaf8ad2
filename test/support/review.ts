/** Crossings whose plate waits for a person, and the ways a person decides on it. */

import type { CrossingReads } from '@sallyport/core/crossing'

import { deliver, readsOf, type TestDevice } from './device.ts'
import type { Person, TestHub } from './hub.ts'

/** Reads of a plate that the looks do not agree on; the first text is the vote's. */
export function unsureReads(
  texts: readonly [string, ...string[]],
  reason = 'looks_disagree',
): CrossingReads {
  const sure = readsOf(texts[0])
  const [look] = sure.looks
  if (look === undefined || sure.plate.kind === 'unreadable') throw new Error('reads have a look')
  return {
    ...sure,
    plate: {
      ...sure.plate,
      kind: 'unsure',
      reason,
      confidence: 0.62,
      looks: texts.length,
      agreement: 1 / texts.length,
    },
    looks: texts.map((text, frame) => ({
      ...look,
      text,
      confidence: 0.7 - frame / 10,
      characters: Array.from(text, (character) => ({
        character,
        confidence: 0.8,
        alternatives: [],
      })),
      frame,
      atMs: frame * 40,
    })),
  }
}

export function unreadableReads(): CrossingReads {
  return { ...readsOf('X'), plate: { kind: 'unreadable', reason: 'no_plate_found' }, looks: [] }
}

export type Waiting = { readonly crossing: string; readonly scene: string; readonly plate: string }

/** Delivers a crossing with these reads. */
export async function crossWith(
  hub: TestHub,
  device: TestDevice,
  reads: CrossingReads,
  picture?: Uint8Array,
): Promise<Waiting> {
  const { bytes, manifest } = device.bundle({
    reads: Buffer.from(JSON.stringify(reads)),
    ...(picture === undefined ? {} : { picture, third: true }),
  })
  const answer = await deliver(hub, bytes)
  if (answer.status !== 201) throw new Error(`not taken: ${await answer.text()}`)
  const idOf = (name: string): string =>
    manifest.bodies.find((body) => body.class === name)?.id ?? ''
  return { crossing: manifest.crossing, scene: idOf('scene'), plate: idOf('plate') }
}

/** Opens a capture for review and returns the id of the opening. */
export async function openForReview(person: Person, capture: string): Promise<string> {
  const answer = await person.request(`/v1/captures/${capture}/openings`, {
    method: 'POST',
    body: JSON.stringify({ purpose: 'review' }),
  })
  if (answer.status !== 201) throw new Error(`not opened: ${await answer.text()}`)
  return ((await answer.json()) as { opening: string }).opening
}

/** Opens the plate picture and says what it bears; null: it cannot be read. */
export async function decide(
  person: Person,
  { crossing, plate }: Waiting,
  text: string | null,
  more: Readonly<Record<string, unknown>> = {},
): Promise<Response> {
  const opening = 'opening' in more ? more['opening'] : await openForReview(person, plate)
  return person.request(`/v1/reviews/${crossing}/verdicts`, {
    method: 'POST',
    body: JSON.stringify({ text, opening, supersedes: null, ...more }),
  })
}

export type Queue = {
  items: { crossing: { id: string; lane: string }; reason: string; claim: unknown }[]
  next: string | null
  lanes: string[] | null
  counts: { lane: string; reason: string; count: number }[]
}
type Verdict = { id: string; kind: string; text: string | null; by: { name: string } }

export async function queue(person: Person, query = ''): Promise<Queue> {
  const answer = await person.request(`/v1/reviews${query}`)
  if (answer.status !== 200) throw new Error(`no queue: ${await answer.text()}`)
  return (await answer.json()) as Queue
}

export async function crossingOf(person: Person, id: string) {
  const answer = await person.request(`/v1/crossings/${id}`)
  if (answer.status !== 200) throw new Error(`no crossing: ${await answer.text()}`)
  return (await answer.json()) as {
    plate: { kind: string; text: string | null }
    looks: unknown[]
    verdict: Verdict | null
    verdicts: Verdict[]
  }
}

export async function codeOf(answer: Response): Promise<string> {
  return ((await answer.json()) as { code: string }).code
}

/** An entry of the hub's log as JSON. */
export async function entryAt({ hub }: TestHub, index: number): Promise<Record<string, unknown>> {
  const found = await hub.parts.journal.receipt(index)
  return JSON.parse(Buffer.from(found?.entry ?? []).toString()) as Record<string, unknown>
}
