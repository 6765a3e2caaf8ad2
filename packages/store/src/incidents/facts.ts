/** What the records say of a suspicion before it can be graded. */

import type { GrantedReach, Suspicion, SuspicionFacts } from '@sallyport/core/scope/question'
import { reachWithin } from '@sallyport/core/scope/question'
import { sql } from 'kysely'

import type { Db } from '../postgres/database.ts'
import { sealedTo } from './parts-sql.ts'

type Window = { readonly from: Date; readonly to: Date; readonly port: string }

/** The facts of one suspicion; null when what it names was never there. */
export async function suspicionFacts(
  db: Db,
  suspicion: Suspicion,
  window: Window,
): Promise<SuspicionFacts | null> {
  const nothing: SuspicionFacts = { keyDestroyedAt: null, granted: null }
  const known = (found: unknown): SuspicionFacts | null => (found === undefined ? null : nothing)
  switch (suspicion.kind) {
    case 'party': {
      const party = await db
        .selectFrom('party')
        .select('id')
        .where('id', '=', suspicion.party)
        .executeTakeFirst()
      return party === undefined
        ? null
        : { ...nothing, granted: await reachOf(db, { party: suspicion.party }, window) }
    }
    case 'person': {
      const account = await db
        .selectFrom('account')
        .select('party')
        .where('id', '=', suspicion.account)
        .executeTakeFirst()
      return account === undefined
        ? null
        : { ...nothing, granted: await reachOf(db, { party: account.party }, window) }
    }
    case 'grant': {
      const granted = await reachOf(db, { grant: suspicion.grant }, window)
      const grant = await db
        .selectFrom('access_grant')
        .select('id')
        .where('id', '=', suspicion.grant)
        .executeTakeFirst()
      return grant === undefined ? null : { ...nothing, granted }
    }
    case 'device':
      return known(
        await db
          .selectFrom('device')
          .select('id')
          .where('id', '=', suspicion.device)
          .executeTakeFirst(),
      )
    case 'lane':
      return known(
        await db
          .selectFrom('lane')
          .select('id')
          .where('id', '=', suspicion.lane)
          .executeTakeFirst(),
      )
    case 'release': {
      const { rows } = await sql`select from releases where id = ${suspicion.release}`.execute(db)
      return known(rows[0])
    }
    case 'epoch':
      return epochFacts(db, suspicion, window)
    case 'kek': {
      const end = await db
        .selectFrom('shredding')
        .select('keys_destroyed_at')
        .where('kek', '=', suspicion.kek)
        .orderBy('keys_destroyed_at')
        .executeTakeFirst()
      return { ...nothing, keyDestroyedAt: end?.keys_destroyed_at ?? null }
    }
    case 'capture':
    case 'window':
      return nothing
  }
}

/** Of a whole day the key is gone once every identity is; of one that is named, once that is. */
async function epochFacts(
  db: Db,
  { day, recipient }: Extract<Suspicion, { readonly kind: 'epoch' }>,
  { port }: Window,
): Promise<SuspicionFacts | null> {
  const ends = await db
    .selectFrom('epoch_end')
    .select(['recipient', 'how', 'erased_at'])
    .where('port', '=', port)
    .where('day', '=', day)
    .execute()
  if (recipient === undefined) {
    // A day that lost only what was replaced has another identity.
    const isOver = ends.some(({ how }) => how !== 'rotated_out')
    const erased = ends.flatMap(({ erased_at: at }) => (at === null ? [] : [at.getTime()]))
    const all = isOver && erased.length === ends.length
    return { keyDestroyedAt: all ? new Date(Math.max(...erased)) : null, granted: null }
  }
  const end = ends.find((one) => one.recipient === recipient)
  if (end !== undefined) return { keyDestroyedAt: end.erased_at, granted: null }
  // A wrong one would count as none at all.
  const { rows } = await sql`select from capture k
    join crossing c on c.id = k.crossing and c.received_at = k.received_at
    where k.epoch_day = ${day}::date and c.port = ${port} and ${sealedTo(recipient)} limit 1`.execute(
    db,
  )
  return rows.length === 0 ? null : { keyDestroyedAt: null, granted: null }
}

/** What signed grants let a party open within the window. A version holds until the next one does. */
async function reachOf(
  db: Db,
  by: { readonly party: string } | { readonly grant: string },
  window: Window,
): Promise<readonly GrantedReach[]> {
  let query = db.selectFrom('access_grant').selectAll().where('signed_at', 'is not', null)
  query = 'party' in by ? query.where('party', '=', by.party) : query.where('id', '=', by.grant)
  const rows = await query.orderBy('id').orderBy('version').execute()
  return rows.flatMap((row, at) => {
    const next = rows[at + 1]
    const terms = row.terms
    if (!terms.ports.includes(window.port)) return []
    const ends = [
      new Date(terms.until),
      ...(row.revoked_at === null ? [] : [row.revoked_at]),
      ...(next?.id === row.id && next.signed_at !== null ? [next.signed_at] : []),
    ]
    const from = new Date(Math.max(Date.parse(terms.from), row.signed_at?.getTime() ?? 0))
    const reach = reachWithin(
      {
        grant: row.id,
        version: row.version,
        lanes: terms.lanes,
        classes: classesOf(terms.views),
        from,
        until: new Date(Math.min(...ends.map((end) => end.getTime()))),
      },
      window,
    )
    return reach === null ? [] : [reach]
  })
}

/** A cut-out plate may come from a scene as well as from a picture of a plate. */
function classesOf(views: readonly string[]): readonly string[] {
  return [
    ...new Set(views.flatMap((view) => (view === 'plate_crop' ? ['plate', 'scene'] : [view]))),
  ]
}
