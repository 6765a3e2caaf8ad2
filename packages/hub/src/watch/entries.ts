/** Making, importing and withdrawing entries: checked, stored, logged, and only then in force. */

import { randomBytes } from 'node:crypto'

import { type PlateText } from '@sallyport/core/plate'
import { acceptedPlates, type Tolerance, watchLimits } from '@sallyport/core/watch'
import {
  identityOf,
  type ImportLine,
  parseWatchCsv,
  type WatchTerms,
} from '@sallyport/core/watch-csv'
import { decideTerms, type TermsRefusal } from '@sallyport/core/watch-decisions'
import { commit } from '@sallyport/proof/entry'
import { committedTerms } from '@sallyport/proof/watch-entry'
import {
  claimWithdrawal,
  countAlike,
  insertWatchEntries,
  type NewWatchEntry,
  noteWatchEntriesLogged,
  noteWithdrawn,
  releaseWithdrawal,
  watchEntriesForPlates,
} from '@sallyport/store/watch-entries'

import { newId } from '../ids.ts'
import { limits } from '../limits.ts'
import { type Problem, type ProblemCode, problem } from '../problems.ts'
import type { WatchContext, WatchList } from './watch-list.ts'

export type EntryContext = Omit<WatchContext, 'events'> & { readonly watch: WatchList }

const termsCodes: Readonly<Record<TermsRefusal, ProblemCode>> = {
  expiry_past: 'watch_expiry',
  expiry_too_far: 'watch_expiry',
  too_wide: 'watch_too_wide',
}

/** What an entry would accept, and how many crossings lately it would have hit. */
export async function previewEntry(
  { plate, tolerance }: { readonly plate: PlateText; readonly tolerance: Tolerance },
  { db, now, watch }: EntryContext,
) {
  const since = new Date(now().getTime() - limits.watchPreviewDays * 24 * 3_600_000)
  const counted = new Map(
    (await countAlike(db, plate, since)).map(({ text, crossings }) => [text, crossings]),
  )
  const accepted = acceptedPlates(plate, tolerance).map(({ text, positions }) => ({
    text,
    positions: [...positions],
    crossings: counted.get(text) ?? 0,
  }))
  return {
    plate,
    tolerance,
    accepts: accepted.length,
    too_wide: accepted.length > watchLimits.acceptedMax,
    accepted,
    crossings: accepted.reduce((sum, one) => sum + one.crossings, 0),
    since: since.toISOString(),
    alike_entries: watch.index.alike(plate).length,
  }
}

/** Makes one entry. `accepts` is what the maker saw in the preview. */
export function makeEntry(
  ask: { readonly terms: WatchTerms; readonly accepts: number; readonly account: string },
  context: EntryContext,
): Promise<{ readonly kind: 'made'; readonly id: string } | Problem> {
  return context.watch.inTurn(async () => {
    const decision = decideTerms(ask.terms, context.now())
    if (decision.kind === 'refuse') return problem(termsCodes[decision.code], decision.detail)
    if (decision.accepts !== ask.accepts) return previewDiffers(decision.accepts)
    const full = refusedByRoom([ask.terms], context)
    if (full !== null) return full
    if ((await knownIdentities([ask.terms], context)).size > 0)
      return problem(
        'already_exists',
        'This issuer has an entry for this plate. Withdraw it first, or let it stand.',
      )
    const [id] = await putInForce([ask.terms], { account: ask.account, import: null }, context)
    if (id === undefined) throw new Error('an entry that was made has an id')
    return { kind: 'made', id }
  })
}

export type Imported = {
  readonly kind: 'checked' | 'imported'
  readonly entries: number
  readonly accepts: number
  readonly widest: number
}

/** Checks a CSV file, and with `accepts` (what the check answered) puts all of it in force. */
export function importEntries(
  ask: { readonly csv: string; readonly accepts: number | null; readonly account: string },
  context: EntryContext,
): Promise<Imported | Problem> {
  return context.watch.inTurn(async () => {
    const parsed = parseWatchCsv(ask.csv, context.now())
    if (parsed.kind === 'refused') return refusedImport(parsed.errors, parsed.total)
    const { lines } = parsed
    const known = await knownIdentities(
      lines.map(({ terms }) => terms),
      context,
    )
    const twice = lines.filter(({ terms }) => known.has(identityOf(terms)))
    if (twice.length > 0)
      return refusedImport(
        twice
          .slice(0, watchLimits.importErrorsMax)
          .map(({ line }) => ({ line, detail: 'this issuer has an entry for this plate already' })),
        twice.length,
      )
    const full = refusedByRoom(
      lines.map(({ terms }) => terms),
      context,
    )
    if (full !== null) return full
    const sum = summaryOf(lines)
    if (ask.accepts === null) return { kind: 'checked', ...sum }
    if (ask.accepts !== sum.accepts) return previewDiffers(sum.accepts)
    const from = { account: ask.account, import: newId() }
    await putInForce(
      lines.map(({ terms }) => terms),
      from,
      context,
    )
    return { kind: 'imported', ...sum }
  })
}

/** Withdraws an entry for good; the row stays. False when there is none in force to withdraw. */
export async function withdrawEntry(
  ask: { readonly id: string; readonly account: string; readonly reason: string },
  { db, journal, now, watch }: EntryContext,
): Promise<boolean> {
  const salt = randomBytes(16)
  const at = now()
  if (!(await claimWithdrawal(db, ask.id, { at, account: ask.account, reason: ask.reason, salt })))
    return false
  let index: number
  try {
    index = await journal.append({
      v: 1,
      at: at.toISOString(),
      kind: 'watch_entry_withdrawn',
      entry: ask.id,
      by: commit(salt, ask.account),
    })
  } catch (error) {
    await releaseWithdrawal(db, ask.id)
    throw error
  }
  await noteWithdrawn(db, ask.id, index)
  watch.index.remove(ask.id)
  return true
}

/** Rows, then the log, then in force: all or none, and nothing matches before the log has it. */
async function putInForce(
  all: readonly WatchTerms[],
  from: { readonly account: string; readonly import: string | null },
  { db, journal, now, watch }: EntryContext,
): Promise<readonly string[]> {
  const at = now()
  const rows = all.map((terms): NewWatchEntry => ({
    id: newId(),
    plate: terms.plate,
    jurisdiction: terms.jurisdiction,
    issuer: terms.issuer,
    reason: terms.reason,
    tolerance: terms.tolerance,
    expires_at: terms.expiresAt,
    made_at: at,
    made_by: from.account,
    import: from.import,
    terms_salt: randomBytes(16),
    made_salt: randomBytes(16),
  }))
  await insertWatchEntries(db, rows)
  const logged = await Promise.all(
    all.map(async (terms, place) => {
      const { id, terms_salt, made_salt } = rowAt(rows, place)
      const logIndex = await journal.append({
        v: 1,
        at: at.toISOString(),
        kind: 'watch_entry_created',
        entry: id,
        terms: commit(
          terms_salt,
          committedTerms({ ...terms, expires_at: terms.expiresAt.toISOString() }),
        ),
        by: commit(made_salt, from.account),
      })
      return { id, logIndex }
    }),
  )
  await noteWatchEntriesLogged(db, logged)
  for (const [place, terms] of all.entries())
    watch.index.add({ id: rowAt(rows, place).id, ...terms })
  return rows.map(({ id }) => id)
}

function rowAt(rows: readonly NewWatchEntry[], place: number): NewWatchEntry {
  const row = rows[place]
  if (row === undefined) throw new Error('every entry has a row')
  return row
}

async function knownIdentities(
  all: readonly WatchTerms[],
  { db, now }: EntryContext,
): Promise<ReadonlySet<string>> {
  const wanted = new Set(all.map(identityOf))
  const plates = [...new Set(all.map(({ plate }) => plate))]
  const there = await watchEntriesForPlates(db, plates, now())
  return new Set(
    there
      .map((row) => identityOf({ ...row, plate: row.plate as PlateText }))
      .filter((identity) => wanted.has(identity)),
  )
}

/** A list without a bound would be slow to match, and nobody could answer for it. */
function refusedByRoom(all: readonly WatchTerms[], { watch, now }: EntryContext): Problem | null {
  watch.index.dropExpired(now())
  if (watch.index.size + all.length > limits.watchEntriesMax)
    return problem(
      'watch_list_full',
      `At most ${limits.watchEntriesMax} entries are in force at once. Withdraw what is not needed.`,
    )
  const alike = watch.index.mostAlikeWith(all.map(({ plate }) => plate))
  return alike.count <= watchLimits.alikeMax
    ? null
    : problem(
        'watch_list_full',
        `At most ${watchLimits.alikeMax} entries may look like one plate, and ${alike.plate} would have ${alike.count}.`,
      )
}

function previewDiffers(accepts: number): Problem {
  return problem(
    'watch_preview_differs',
    `It would accept ${accepts} plates, not as many as the preview showed. Look at the preview again.`,
    { accepts },
  )
}

function refusedImport(
  errors: readonly { readonly line: number; readonly detail: string }[],
  total: number,
): Problem {
  const [first] = errors
  return problem(
    'import_refused',
    `${total === 1 ? 'One line is' : `${total} lines are`} wrong; line ${first?.line ?? 1}: ${first?.detail ?? ''}.`,
    { errors, errors_total: total },
  )
}

function summaryOf(lines: readonly ImportLine[]) {
  const accepts = lines.map((line) => line.accepts)
  return {
    entries: lines.length,
    accepts: accepts.reduce((sum, one) => sum + one, 0),
    widest: accepts.reduce((most, one) => Math.max(most, one), 0),
  }
}
