/**
 * Galleries of those who cross often: made by the hub shortly before the hour of a rule in force, of
 * photographs that galleries of lists have, and gone with the hour, the rule or the photograph.
 */

import { randomBytes } from 'node:crypto'

import { chooseFrequent, type FrequentCrosser } from '@sallyport/core/faces/frequent-crossers'
import { frequentLimits } from '@sallyport/core/faces/frequent-rule'
import { hourWords } from '@sallyport/core/faces/frequent-words'
import { galleryLimits } from '@sallyport/core/faces/gallery-terms'
import { windowAround, windowsBefore } from '@sallyport/core/faces/hour-window'
import { openZone } from '@sallyport/core/stays/zone'
import { epochDay } from '@sallyport/proof/epoch'
import {
  copiesByKey,
  crossedOften,
  openFrequentGalleries,
  sourceEntries,
  wasMade,
} from '@sallyport/store/faces/frequent-crossers'
import type { FrequentRuleRow } from '@sallyport/store/faces/frequent-rules'
import {
  entriesOf,
  type GalleryEntryRow,
  type GalleryRow,
  insertGallery,
  type NewGalleryEntry,
  noteGalleryLogged,
  openGalleries,
} from '@sallyport/store/faces/galleries'
import { optedOutOf, sweepOptOuts } from '@sallyport/store/faces/opt-outs'

import { newId } from '../ids.ts'
import { reportWords } from '../report-words.ts'
import { copyEntry } from './copy-entry.ts'
import { type FrequentRules, ruleState } from './frequent-rules.ts'
import type { Galleries, GalleriesContext } from './galleries.ts'
import { faceHubLimits } from './limits.ts'
import { loadGallery } from './load-gallery.ts'
import type { OpenedFaces } from './open-faces.ts'

export type FrequentGalleries = {
  /**
   * Makes what the rules in force want now, finishes what was begun, ends what has no rule any more.
   * Call before serving and now and then; with `clockBelieved` false it makes nothing,
   * and forgets nobody who opted out.
   */
  upkeep(clockBelieved: boolean): Promise<void>
  /** Somebody opted out: takes them out of every gallery of those who cross often. */
  leaveOut(): Promise<void>
  /** A rule was ended: so are its galleries. */
  endWithoutRule(): Promise<void>
}

export function createFrequentGalleries(
  context: GalleriesContext & {
    readonly galleries: Galleries
    readonly rules: Pick<FrequentRules, 'list'>
  },
  opened: OpenedFaces | null,
): FrequentGalleries {
  const { db, galleries, journal, keks, now, port, report } = context
  const { acts } = galleries
  const zone = openZone(port.zone)
  const failed = (error: unknown): void => report(`frequent crossers: ${reportWords(error)}`)

  /** Who may be in a gallery of this rule that begins at `opensAt`, as it is known at this moment. */
  async function chosen(
    rule: FrequentRuleRow,
    { opensAt, endsAt, model }: { opensAt: Date; endsAt: Date; model: string },
  ): Promise<readonly FrequentCrosser[]> {
    const at = now()
    const windows = windowsBefore(windowOf(rule), zone, opensAt.getTime(), rule.days_back)
    const found = await crossedOften(
      db,
      { port: port.id, windows, crossings: rule.crossings, model, at },
      faceHubLimits.frequentFoundMax,
    )
    return chooseFrequent(found, {
      endsAt,
      peopleMax: rule.people,
      optedOut: await optedOutOf(db, [...new Set(found.map(({ key }) => key))], at),
      day: epochDay(at),
      ageMin: context.ageMin,
    })
  }

  async function make(rule: FrequentRuleRow, model: string): Promise<void> {
    const at = now()
    const span = windowAround(windowOf(rule), zone, at.getTime(), frequentLimits.aheadMs)
    if (span === null) return
    const opensAt = new Date(span.from)
    const endsAt = new Date(Math.min(span.to, rule.expires_at.getTime()))
    if (endsAt <= opensAt || (await wasMade(db, rule.id, opensAt))) return
    if ((await openGalleries(db)).length >= galleryLimits.openAtOnceMax)
      return report('frequent crossers: too many galleries are open; none was made')
    const people = await chosen(rule, { opensAt, endsAt, model })
    const sources = await sourceEntries(
      db,
      people.map(({ entry }) => entry),
    )
    const id = newId()
    const kek = await keks.freshKek({
      class: 'gallery',
      day: epochDay(at),
      port: port.id,
      use: 'day',
    })
    const entries = people
      .flatMap(({ entry }) => sources.get(entry) ?? [])
      .map((source, index): NewGalleryEntry => ({
        id: newId(),
        gallery: id,
        place: index + 1,
        name: source.name,
        born: source.born,
        nationality: source.nationality,
        document_kind: source.document_kind,
        document_number: source.document_number,
        document_issuer: source.document_issuer,
        source: source.id,
      }))
    const gallery = {
      id,
      kind: 'frequent' as const,
      name: `Frequent crossers ${hourWords(rule.from_hour)} to ${hourWords(rule.to_hour)}`,
      list: null,
      rule: rule.id,
      lanes: [],
      direction: null,
      opens_at: opensAt,
      expires_at: endsAt,
      model,
      kek,
      made_at: at,
      made_by: null,
      made_salt: randomBytes(16),
    }
    await insertGallery(db, gallery, entries)
    const logIndex = await journal.append({
      v: 1,
      at: at.toISOString(),
      kind: 'gallery_opened',
      gallery: id,
      entries: entries.length,
      rule: rule.id,
    })
    await noteGalleryLogged(db, id, logIndex)
  }

  /** Copies what is not copied yet, of those who may still be in it; who may not goes. */
  async function fill(gallery: GalleryRow, rule: FrequentRuleRow, faces: OpenedFaces) {
    const waiting = (await entriesOf(db, gallery.id)).filter(({ template }) => template === null)
    if (waiting.length > 0) {
      const still = await chosen(rule, {
        opensAt: gallery.opens_at,
        endsAt: gallery.expires_at,
        model: gallery.model,
      })
      await copyAll(gallery, waiting, new Set(still.map(({ entry }) => entry)), faces)
    }
    if (waiting.length > 0 || !faces.matching.desk.isOpen(gallery.id))
      await loadGallery(gallery, faces.matching, context)
  }

  async function copyAll(
    gallery: GalleryRow,
    waiting: readonly GalleryEntryRow[],
    may: ReadonlySet<string>,
    faces: OpenedFaces,
  ): Promise<void> {
    const kept = waiting.filter(({ source }) => source !== null && may.has(source))
    const sources = await sourceEntries(
      db,
      kept.flatMap(({ source }) => source ?? []),
    )
    await acts.changed(gallery.id, null, kept.length, waiting.length - kept.length)
    const left: string[] = []
    for (const entry of waiting) {
      const source = kept.includes(entry) ? sources.get(entry.source ?? '') : undefined
      const copied =
        source !== undefined &&
        (await copyEntry(source, { id: entry.id, kek: gallery.kek }, faces.matching.model, {
          db,
          keks,
          now,
        }))
      if (!copied) left.push(entry.id)
    }
    await acts.erase(left)
  }

  async function optedOut() {
    const copies = await copiesByKey(db)
    const keys = [...new Set(copies.map(({ key }) => key))]
    const out = await optedOutOf(db, keys, now())
    return copies.filter(({ key }) => out.has(key))
  }

  async function leaveOut(): Promise<void> {
    // At once, whatever is being made meanwhile: that they opted out stands in the log already.
    for (const { id, gallery } of await optedOut()) opened?.matching.desk.remove(gallery, id)
    // Rows and log entry wait their turn; whoever opted out does not wait for them.
    void galleries.inTurn(async () => acts.takeOut(await optedOut())).catch(failed)
  }

  async function inForce(): Promise<ReadonlyMap<string, FrequentRuleRow>> {
    const at = now()
    const rules = await context.rules.list()
    return new Map(
      rules.filter((rule) => ruleState(rule, at) === 'in_force').map((rule) => [rule.id, rule]),
    )
  }

  async function endWithoutRule(): Promise<void> {
    const rules = await inForce()
    for (const gallery of await openFrequentGalleries(db))
      if (!rules.has(gallery.rule ?? '')) await acts.over(gallery, 'ended', null)
  }

  async function round(clockBelieved: boolean): Promise<void> {
    // Of a clock that is ahead nobody who opted out is forgotten: nothing brings that back.
    if (clockBelieved) await sweepOptOuts(db, now())
    await endWithoutRule()
    const here = context.faces.now()
    if (opened === null || typeof here === 'string') return
    const rules = await inForce()
    if (clockBelieved)
      for (const rule of rules.values())
        await make(rule, opened.matching.model.identity).catch(failed)
    for (const gallery of await openFrequentGalleries(db)) {
      const rule = rules.get(gallery.rule ?? '')
      if (rule !== undefined) await fill(gallery, rule, opened)
    }
  }

  return {
    async upkeep(clockBelieved) {
      await galleries.inTurn(() => round(clockBelieved)).catch(failed)
      await leaveOut().catch(failed)
    },
    leaveOut: () => leaveOut().catch(failed),
    endWithoutRule: () => galleries.inTurn(endWithoutRule).catch(failed),
  }
}

function windowOf({ weekdays, from_hour, to_hour }: FrequentRuleRow) {
  return { weekdays, fromHour: from_hour, toHour: to_hour }
}
