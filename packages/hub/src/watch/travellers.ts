/**
 * Travellers who are looked for: an entry is described, sealed, logged, and only then searched for. When
 * it ends, at its time or before, its template and photograph are gone with its key.
 */

import { createHash, randomBytes } from 'node:crypto'

import { sizeMaxOf } from '@sallyport/core/face-verdict'
import { decideTravellerTerms, travellerWatchLimits } from '@sallyport/core/faces/traveller-watch'
import { commit } from '@sallyport/proof/entry'
import { epochDay } from '@sallyport/proof/epoch'
import { committedTravellerTerms } from '@sallyport/proof/traveller-entry'
import {
  endSought,
  eraseUnloggedSought,
  insertSought,
  noteSoughtLogged,
  openSought,
  type OpenSought,
} from '@sallyport/store/travellers/sought'
import { openTemplate, sealTemplate } from '@sallyport/vision/face/template-seal'

import { type DescribedPhoto, describePhoto } from '../faces/describe-photo.ts'
import { facesOff } from '../faces/faces-off.ts'
import { type GalleriesContext, unloggedMs } from '../faces/galleries.ts'
import { identityOf, keyUnder } from '../faces/load-gallery.ts'
import type { OpenedFaces } from '../faces/open-faces.ts'
import { newId } from '../ids.ts'
import { type Problem, problem } from '../problems.ts'
import { reportWords } from '../report-words.ts'
import { createTurn } from '../turns.ts'

export type TravellersContext = GalleriesContext

/** Who is looked for, by whom, why, and until when. */
export type TravellerTerms = {
  readonly issuer: string
  readonly reason: string
  readonly expiresAt: Date
  readonly name: string | null
  /** ISO 8601. */
  readonly born: string | null
  readonly documentIssuer: string | null
  readonly documentNumber: string | null
}

export type Travellers = {
  /** Describes the photograph and looks for the person in it from the log entry on. */
  make(ask: {
    readonly terms: TravellerTerms
    readonly photograph: Uint8Array
    readonly account: string
  }): Promise<{ readonly kind: 'made'; readonly id: string } | Problem>
  /** Ends an entry before its time. False when there is none in force to withdraw. */
  withdraw(ask: {
    readonly id: string
    readonly account: string
    readonly reason: string
  }): Promise<boolean>
  /** Whether faces are compared with this entry. */
  isSearched(entry: string): boolean
  /** Puts what is in force into memory, ends what is over unless the clock is not believed. Call before serving, and now and then. */
  upkeep(believed: boolean): Promise<void>
}

type End =
  | { readonly how: 'expired' }
  | { readonly how: 'withdrawn'; readonly account: string; readonly reason: string }

export function createTravellers(
  context: TravellersContext,
  opened: OpenedFaces | null,
): Travellers {
  const { db, journal, keks, now, port, report } = context
  /** Entries under another model or key, told of once. */
  const unsearchable = new Set<string>()
  /** Changes go one after the other: rows, memory and log must have them in one order. */
  const inTurn = createTurn()

  /** Too many would take the promise from every search: the calibration must reach beyond them. */
  function roomProblem(open: number, { matching }: OpenedFaces): Problem | null {
    const reach = matching.calibrations
      .all()
      .map(({ calibration }) => sizeMaxOf(calibration.curves, calibration.thresholds))
    const most = Math.min(travellerWatchLimits.inForceMax, ...reach)
    return open < most
      ? null
      : problem(
          'watch_list_full',
          `At most ${most} travellers are looked for at once here. Withdraw what is not needed.`,
        )
  }

  async function make({ terms, photograph, account }: Parameters<Travellers['make']>[0]) {
    const here = context.faces.now()
    if (typeof here === 'string') return facesOff(here)
    if (opened === null) return facesOff('off_at_hub')
    const at = now()
    const decision = decideTravellerTerms(terms, {
      now: at,
      day: epochDay(at),
      ageMin: context.ageMin,
    })
    if (decision.kind === 'refuse')
      return decision.code === 'too_young'
        ? problem('photograph_not_taken', decision.detail, { result: decision.code })
        : problem('watch_expiry', decision.detail)
    const full = roomProblem((await openSought(db)).length, opened)
    if (full !== null) return full
    const photo = await describePhoto(photograph, opened.reader)
    if (photo.kind === 'refused')
      return problem('photograph_not_taken', photo.detail, { result: photo.code })
    return { kind: 'made', id: await putInForce(terms, photo, account, opened) } as const
  }

  /** Sealed, stored, logged, and only then searched for. */
  async function putInForce(
    terms: TravellerTerms,
    photo: Extract<DescribedPhoto, { kind: 'described' }>,
    account: string,
    { matching }: OpenedFaces,
  ): Promise<string> {
    const at = now()
    const [id, termsSalt, madeSalt] = [newId(), randomBytes(16), randomBytes(16)]
    const kek = await keks.freshKek({
      class: 'watch',
      day: epochDay(at),
      port: port.id,
      use: 'day',
    })
    const sealed = keks.seal(kek, photo.jpeg)
    const key = keyUnder(kek, sealed.header, keks)
    if (key === null) throw new Error('what was just sealed opens')
    const said = {
      issuer: terms.issuer,
      reason: terms.reason,
      name: terms.name,
      born: terms.born,
      document_issuer: terms.documentIssuer,
      document_number: terms.documentNumber,
    }
    const photoSha256 = createHash('sha256').update(sealed.body).digest()
    await insertSought(db, {
      ...said,
      id,
      expires_at: terms.expiresAt,
      model: matching.model.identity,
      kek,
      template: sealTemplate(photo.template, id, key),
      quality: JSON.stringify(photo.quality),
      photo_header: sealed.header,
      photo_body: sealed.body,
      photo_sha256: photoSha256,
      made_at: at,
      made_by: account,
      terms_salt: termsSalt,
      made_salt: madeSalt,
    })
    const committed = committedTravellerTerms({
      ...said,
      expires_at: terms.expiresAt.toISOString(),
      photo_sha256: photoSha256.toString('hex'),
    })
    const logIndex = await journal.append({
      v: 1,
      at: at.toISOString(),
      kind: 'traveller_sought',
      entry: id,
      terms: commit(termsSalt, committed),
      by: commit(madeSalt, account),
    })
    await noteSoughtLogged(db, id, logIndex)
    matching.sought.add({
      entry: id,
      identity: identityOf({ id, ...said }),
      expiresAt: terms.expiresAt,
      template: photo.template,
    })
    return id
  }

  async function over(row: OpenSought, end: End): Promise<void> {
    const [at, salt] = [now(), randomBytes(16)]
    const account = end.how === 'withdrawn' ? end.account : null
    const logIndex = await journal.append({
      v: 1,
      at: at.toISOString(),
      kind: 'traveller_sought_ended',
      entry: row.id,
      how: end.how,
      ...(account === null ? {} : { by: commit(salt, account) }),
    })
    opened?.matching.sought.remove(row.id)
    unsearchable.delete(row.id)
    const reason = end.how === 'withdrawn' ? end.reason : null
    await endSought(db, row.id, { at, account, reason, salt, logIndex })
    await keks.destroy([row.kek])
  }

  /** What does not open, or is of another model, is reported once; nobody is found by it. */
  function load(row: OpenSought, { matching }: OpenedFaces): void {
    const { sought, model } = matching
    if (sought.has(row.id) || unsearchable.has(row.id)) return
    const key = row.photo_header === null ? null : keyUnder(row.kek, row.photo_header, keks)
    const read =
      key === null || row.template === null ? null : openTemplate(row.template, row.id, key, model)
    if (read?.kind === 'template') {
      const known = { entry: row.id, identity: identityOf(row), expiresAt: row.expires_at }
      if (sought.add({ ...known, template: read.template })) return
    }
    unsearchable.add(row.id)
    report(
      `watch: the template of traveller entry ${row.id} does not open, or is of another model; make the entry again`,
    )
  }

  async function upkeep(believed: boolean): Promise<void> {
    const at = now()
    const unlogged = believed
      ? await eraseUnloggedSought(db, new Date(at.getTime() - unloggedMs))
      : []
    for (const kek of unlogged) await keks.destroy([kek])
    for (const row of await openSought(db)) {
      if (row.expires_at <= at) {
        if (believed) await over(row, { how: 'expired' })
      } else if (opened !== null) load(row, opened)
    }
  }

  return {
    make: (ask) => inTurn(() => make(ask)),
    withdraw: ({ id, account, reason }) =>
      inTurn(async () => {
        const row = (await openSought(db)).find((one) => one.id === id)
        if (row === undefined || row.expires_at <= now()) return false
        await over(row, { how: 'withdrawn', account, reason })
        return true
      }),
    isSearched: (entry) => opened?.matching.sought.has(entry) ?? false,
    upkeep: (believed) =>
      inTurn(() => upkeep(believed)).catch((error: unknown) =>
        report(`watch: ${reportWords(error)}`),
      ),
  }
}
