/** Grants as people read them. */

import { describeTerms } from '@sallyport/core/grants/grant-words'
import { localTimeAt } from '@sallyport/core/grants/local-time'
import { listAccounts } from '@sallyport/store/accounts'
import { type GrantRow, listGrants, usedOn } from '@sallyport/store/grants/grants'
import { listParties, suspendedParties } from '@sallyport/store/grants/parties'
import type { Db } from '@sallyport/store/postgres/database'

import { documentOf, termsOfRow } from './stored-terms.ts'

type Context = {
  readonly db: Db
  readonly port: { readonly zone: string }
  readonly now: () => Date
}

export type GrantView = Awaited<ReturnType<typeof grantViews>>[number]

/** Every version that the log has, newest first; of one party when it is named. */
export async function grantViews({ db, port, now }: Context, party: string | null) {
  const at = now()
  const names = new Map((await listParties(db)).map(({ id, name }) => [id, name]))
  const people = new Map((await listAccounts(db)).map(({ id, name }) => [id, name]))
  const suspended = await suspendedParties(db, at)
  const { day } = localTimeAt(at, port.zone)
  const rows = (await listGrants(db)).filter((row) => party === null || row.party === party)
  return Promise.all(
    rows.map(async (row) => {
      const terms = termsOfRow(row.terms)
      const name = names.get(row.party) ?? row.party
      return {
        id: row.id,
        version: row.version,
        party: { id: row.party, name },
        ...standingOf(row, suspended.get(row.party), terms, at),
        document: documentOf(terms),
        sentences: [...describeTerms(terms, name)],
        policy: row.policy,
        policy_sha256: row.policy_sha256.toString('hex'),
        proposed_at: row.proposed_at.toISOString(),
        proposed_by: personOf(row.proposed_by, people),
        signed_at: row.signed_at?.toISOString() ?? null,
        signed_by: personOf(row.signed_by, people),
        log_index: row.signed_log_index,
        today: await usedOn(db, row.id, day),
      }
    }),
  )
}

type Standing = 'proposed' | 'signed' | 'suspended' | 'revoked' | 'not_begun' | 'over'

function standingOf(
  row: GrantRow,
  suspended: string | undefined,
  terms: { readonly from: Date; readonly until: Date },
  at: Date,
): { readonly status: Standing; readonly reason: string | null } {
  if (row.revoked_at !== null) return { status: 'revoked', reason: row.revoked_reason }
  if (row.signed_at === null) return { status: 'proposed', reason: null }
  if (terms.until <= at) return { status: 'over', reason: null }
  if (suspended !== undefined) return { status: 'suspended', reason: suspended }
  return { status: terms.from > at ? 'not_begun' : 'signed', reason: null }
}

function personOf(id: string | null, people: ReadonlyMap<string, string>) {
  return id === null ? null : { id, name: people.get(id) ?? id }
}
