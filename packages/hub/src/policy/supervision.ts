/** Supervision of a contractor: set by one person, lifted by two of different units. Log first, then act. */

import { randomBytes } from 'node:crypto'

import { commit } from '@sallyport/proof/entry'
import { affiliationOf, listParties } from '@sallyport/store/grants/parties'
import {
  insertSupervision,
  noteLifted,
  noteLiftingAsked,
  supervisionOf,
  supervisionTerms,
} from '@sallyport/store/grants/supervision'
import type { Db } from '@sallyport/store/postgres/database'

import { newId } from '../ids.ts'
import type { Journal } from '../journal.ts'
import { type Problem, problem } from '../problems.ts'

type Context = {
  readonly db: Db
  readonly journal: Journal
  readonly now: () => Date
}

/** From here on every opening of the party's people is approved live. One person is enough: it only takes away. */
export async function setSupervision(
  asked: { readonly party: string; readonly reason: string },
  by: string,
  { db, journal, now }: Context,
): Promise<{ readonly kind: 'set' } | Problem> {
  const party = (await listParties(db)).find(({ id }) => id === asked.party)
  if (party === undefined || party.kind === 'agency' || party.kind === 'partner')
    return problem('not_found', 'There is no such contractor.')
  if ((await supervisionOf(db, party.id)) !== null) return { kind: 'set' }
  const [termsSalt, salt, at, id] = [randomBytes(16), randomBytes(16), now(), newId()]
  const logIndex = await journal.append({
    v: 1,
    at: at.toISOString(),
    kind: 'supervision_set',
    supervision: id,
    terms: commit(termsSalt, supervisionTerms(asked)),
    by: commit(salt, by),
  })
  await insertSupervision(db, {
    id,
    ...asked,
    ...{ set_at: at, set_by: by, terms_salt: termsSalt, set_salt: salt, log_index: logIndex },
  })
  return { kind: 'set' }
}

/** The first asks, the second, of another unit, ends it. Called one at a time. */
export async function liftSupervision(
  party: string,
  by: string,
  { db, journal, now }: Context,
): Promise<{ readonly kind: 'asked' | 'lifted' } | Problem> {
  const row = await supervisionOf(db, party)
  if (row === null) return problem('not_found', 'This party is not under supervision.')
  const at = now()
  if (row.lifting_asked_by === null) {
    await noteLiftingAsked(db, row.id, at, by)
    return { kind: 'asked' }
  }
  if (row.lifting_asked_by === by)
    return problem('signs_own_proposal', 'You asked for it. Somebody of another unit ends it.')
  const [first, second] = [
    await affiliationOf(db, row.lifting_asked_by),
    await affiliationOf(db, by),
  ]
  if (first === null || second === null) throw new Error('accounts belong to parties')
  if (first.unit === second.unit)
    return problem(
      'signs_for_same_unit',
      'You and whoever asked for it are of one unit. Somebody of another unit ends it.',
    )
  const salt = randomBytes(16)
  const logIndex = await journal.append({
    v: 1,
    at: at.toISOString(),
    kind: 'supervision_lifted',
    supervision: row.id,
    by: commit(salt, by),
  })
  await noteLifted(db, row.id, { at, by, salt, logIndex })
  return { kind: 'lifted' }
}
