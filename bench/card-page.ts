/** What the card of `card.ts` showed when, and the stages in which that time went. */

import type { CrossingReads } from '@sallyport/core/crossing'
import type { Hub } from '@sallyport/hub/hub'
import { parseManifest } from '@sallyport/proof/manifest'
import type { Page } from 'playwright-core'

export type Shown = {
  readonly id: string
  /** Wall clock, ms; null for what was not seen. */
  readonly toldAt: number | null
  readonly cardAt: number
  readonly matchedAt: number | null
  readonly wordsAt: number | null
}

/** Notes when the card of one's own lane first shows each crossing; the one that is there already does not count. */
export async function lookAtCard(page: Page, ms: number): Promise<readonly Shown[]> {
  // What tsx puts around functions that have a name; the page does not know it.
  await page.evaluate('globalThis.__name = (one) => one')
  return page.evaluate(async (forMs) => {
    type Seen = { id: string; cardAt: number; wordsAt: number | null }
    const seen = new Map<string, Seen>()
    const [told, matched] = [new Map<string, number>(), new Map<string, number>()]
    const stream = new EventSource('/v1/events')
    const note = (when: Map<string, number>, field: string) => (event: MessageEvent<string>) => {
      const data = JSON.parse(event.data) as Record<string, string>
      const id = data[field] ?? ''
      if (!when.has(id)) when.set(id, Date.now())
    }
    stream.addEventListener('crossing', note(told, 'id'))
    stream.addEventListener('crossing.matched', note(matched, 'crossing_id'))
    const crossingNow = (): string | undefined =>
      document
        .querySelector('article[data-mine="true"] a.sp-lane-more')
        ?.getAttribute('href')
        ?.split('/')
        .at(-1)
    const first = crossingNow()
    const look = (): void => {
      const id = crossingNow()
      if (id === undefined || id === first) return
      const known = seen.get(id) ?? { id, cardAt: Date.now(), wordsAt: null }
      seen.set(id, known)
      const words = document.querySelector('article[data-mine="true"] .sp-face-words')
      if (words !== null) known.wordsAt ??= Date.now()
    }
    const observer = new MutationObserver(look)
    observer.observe(document.body, { childList: true, subtree: true, characterData: true })
    await new Promise((resolve) => setTimeout(resolve, forMs))
    observer.disconnect()
    stream.close()
    return [...seen.values()].map((one) => ({
      ...one,
      toldAt: told.get(one.id) ?? null,
      matchedAt: matched.get(one.id) ?? null,
    }))
  }, ms)
}

/** Milliseconds of one crossing; null for what was not seen. */
export type Wait = {
  readonly plate: string
  /** From the trigger to the seal, as the lane measured it; null where the reads are gone. */
  readonly lane: number | null
  /** How many looks the vote had, and the time from the first to the last of them. */
  readonly voted: number
  readonly voting: number | null
  readonly card: number
  readonly faces: number | null
  readonly looks: number | null
  readonly sealed: number | null
  readonly sent: number
  readonly told: number | null
  readonly drawn: number | null
  readonly matched: number | null
  readonly words: number | null
}

/** Lays what the page showed over what lane and hub wrote down. */
export async function waitsOf(shown: readonly Shown[], hub: Hub): Promise<readonly Wait[]> {
  if (shown.length === 0) throw new Error('no crossing was shown: let it run for longer')
  const rows = await hub.parts.db
    .selectFrom('crossing')
    .select(['id', 'captured_at', 'received_at', 'manifest', 'reads', 'plate_kind'])
    .where(
      'id',
      'in',
      shown.map(({ id }) => id),
    )
    .execute()
  return shown.flatMap(({ id, toldAt, cardAt, matchedAt, wordsAt }) => {
    const row = rows.find((one) => plain(one.id) === plain(id))
    const parsed = row === undefined ? null : parseManifest(row.manifest)
    if (row === undefined || parsed?.kind !== 'manifest') return []
    const reads = row.reads as CrossingReads | null
    const takenAt = row.captured_at.getTime()
    const receivedAt = row.received_at.getTime()
    const sealedAt = Date.parse(parsed.manifest.sealed_at)
    const last = reads?.looks.at(-1)?.atMs
    const lookedAt = reads == null || last === undefined ? null : sealedAt - reads.laneMs + last
    const between = (from: number | null, to: number | null): number | null =>
      from === null || to === null ? null : Math.round(to - from)
    return [
      {
        plate: row.plate_kind,
        lane: reads === null ? null : Math.round(reads.laneMs),
        voted: reads?.looks.length ?? 0,
        voting: between(reads?.looks[0]?.atMs ?? null, last ?? null),
        card: cardAt - takenAt,
        faces: between(takenAt, wordsAt),
        looks: between(takenAt, lookedAt),
        sealed: between(lookedAt ?? takenAt, sealedAt),
        sent: receivedAt - sealedAt,
        told: between(receivedAt, toldAt),
        drawn: between(toldAt, cardAt),
        matched: between(receivedAt, matchedAt),
        words: between(matchedAt, wordsAt),
      },
    ]
  })
}

/** An id as the API and as the database write it. */
function plain(id: string): string {
  return id.replaceAll('-', '')
}
