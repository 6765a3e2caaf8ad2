/** A hub at which people cross often: lists with photographs, confirmed crossings, and rules of two people. */

import { randomUUID } from 'node:crypto'

import { entryView, galleryView } from '@sallyport/hub/faces/gallery-views'
import { openFrequentGalleries } from '@sallyport/store/faces/frequent-crossers'
import { entriesOf, galleryById } from '@sallyport/store/faces/galleries'
import { insertLane } from '@sallyport/store/lanes'

import { addPhotographs, ask, type FaceHub, type GalleryAnswer, startFaceHub } from './face-hub.ts'
import { photographOf } from './faces.ts'
import type { Person } from './hub.ts'

/** Tuesday, six in the morning by the clocks of the port (America/Chicago). */
export const hour = new Date('2026-11-24T12:00:00Z')
export const minutes = (count: number, from = hour) => new Date(from.getTime() + count * 60_000)
const days = (count: number, from = hour) => minutes(count * 1440, from)

export type FrequentHub = {
  readonly here: FaceHub
  readonly clock: { now: Date }
  readonly supervisor: Person
  /** Of another unit. */
  readonly privacy: Person
  /** One round of what the hub does by itself. */
  round(clockBelieved?: boolean): Promise<void>
  /** A flight at a gate where nobody else passes, with photographs of these people. */
  source(
    who: readonly number[],
    terms?: { readonly ends?: Date; readonly reference?: string; readonly born?: string },
  ): Promise<GalleryAnswer>
  /** Crossings of somebody that people confirmed, one a day before the hour, at ten past six. */
  confirmed(who: number, count: number, at?: (day: number) => Date): Promise<readonly string[]>
  rule(terms?: Readonly<Record<string, unknown>>): Promise<{ readonly id: string }>
  /** The gallery of a rule that is open, with everybody in it. */
  made(rule: string): Promise<GalleryAnswer | null>
  remove(): Promise<void>
}

export async function startFrequentHub(
  options: Parameters<typeof startFaceHub>[0] = {},
): Promise<FrequentHub> {
  const clock = { now: minutes(-240) }
  const here = await startFaceHub({ ...options, now: () => clock.now, ownUpkeep: false })
  const { hub } = here
  await insertLane(hub.hub.parts.db, {
    id: 'gate-9',
    name: 'Gate 9',
    port: 'test-port',
    direction: 'out',
    kind: 'gate',
    created_at: new Date(),
  })
  const supervisor = await hub.signIn(['supervisor'], { unit: 'Operations' })
  const privacy = await hub.signIn(['privacy'], { unit: 'Privacy office' })
  return {
    here,
    clock,
    supervisor,
    privacy,
    async round(clockBelieved = true) {
      const { parts } = hub.hub
      await parts.galleries.upkeep(true)
      await parts.frequentGalleries.upkeep(clockBelieved)
      await settled(here)
    },
    async source(who, { ends = days(2), reference = randomUUID().slice(0, 8), born = '' } = {}) {
      const list = await importList(supervisor, who, { reference, born, now: clock.now })
      const made = await ask<GalleryAnswer>(supervisor, '/v1/galleries', {
        kind: 'flight',
        list,
        name: reference,
        lanes: ['gate-9'],
        direction: 'out',
        opens_at: minutes(-1, clock.now).toISOString(),
        expires_at: ends.toISOString(),
      })
      if (made.status !== 201) throw new Error(JSON.stringify(made))
      const photographs: Record<string, Uint8Array> = {}
      for (const one of who) photographs[documentOf(one)] = await photographOf(one)
      const answers = await addPhotographs(supervisor, made.id, photographs)
      if (answers.some(({ result }) => result !== 'described'))
        throw new Error(JSON.stringify(answers))
      return ask<GalleryAnswer>(supervisor, `/v1/galleries/${made.id}`)
    },
    confirmed: (who, count, at = (day) => minutes(10, days(-day))) =>
      confirmPassages(here, `document:XXX:${documentOf(who)}`, count, at),
    async rule(terms = {}) {
      const body = { ...ruleTerms, ...terms }
      const proposed = await ask<{ id: string }>(supervisor, '/v1/frequent-rules', body)
      if (proposed.status !== 201) throw new Error(JSON.stringify(proposed))
      const agreed = await ask(privacy, `/v1/frequent-rules/${proposed.id}/agreement`, {})
      if (agreed.status !== 201) throw new Error(JSON.stringify(agreed))
      return proposed
    },
    async made(rule) {
      const { db, galleries } = hub.hub.parts
      const open = (await openFrequentGalleries(db)).find((one) => one.rule === rule)
      const row = open === undefined ? null : await galleryById(db, open.id)
      if (row === null) return null
      const entries = (await entriesOf(db, row.id)).map(entryView)
      return { ...galleryView(row, galleries, clock.now), entries }
    },
    remove: () => here.remove(),
  }
}

/** Six to nine, every day. */
export const ruleTerms = {
  weekdays: [1, 2, 3, 4, 5, 6, 7],
  from_hour: 6,
  to_hour: 9,
  days_back: 30,
  crossings: 3,
  people: 100,
  reason: 'Commuters of the early shift',
  expires_at: days(60).toISOString(),
}

export const documentOf = (who: number) => `P0000${who}X`

/** Waits for what galleries have begun. */
export async function settled({ hub }: FaceHub): Promise<void> {
  await hub.hub.parts.galleries.inTurn(() => Promise.resolve())
}

async function importList(
  supervisor: Person,
  who: readonly number[],
  { reference, born, now }: { reference: string; born: string; now: Date },
): Promise<string | undefined> {
  const rows = who.map((one) => `PERSON${one},ANNA,${documentOf(one)},${reference},${born}`)
  const file = ['surname,given_names,document_number,booking,born', ...rows, ''].join('\n')
  const { lists } = await ask<{ lists?: readonly { id: string }[] }>(
    supervisor,
    '/v1/passenger-lists',
    {
      format: 'csv',
      file: Buffer.from(file).toString('base64'),
      head: {
        transport: 'flight',
        reference,
        arrivesAt: minutes(120, now).toISOString().slice(0, 16),
      },
      accepts: who.length,
    },
  )
  return lists?.[0]?.id
}

/** As they are stored when people confirmed them; the road there is in traveller-stays.test.ts. */
async function confirmPassages(
  { hub }: FaceHub,
  key: string,
  count: number,
  at: (day: number) => Date,
): Promise<readonly string[]> {
  const rows = Array.from({ length: count }, (_, index) => ({
    id: randomUUID(),
    crossing: randomUUID(),
    received_at: at(index + 1),
    at: at(index + 1),
    direction: 'in' as const,
    lane: 'in-1',
    clock: 'ok' as const,
    jurisdiction: null,
    key,
    text: null,
    verdict: null,
    near: null,
  }))
  await hub.hub.parts.db.insertInto('stay_passage').values(rows).execute()
  return rows.map(({ crossing }) => crossing)
}
