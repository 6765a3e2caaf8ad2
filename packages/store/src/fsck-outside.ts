/** What rows say of the log about things outside: recipients' keys, attested copies, sent plates, ended leak searches. */

import { commit } from '@sallyport/proof/entry'

import type { Claim } from './fsck-acts.ts'
import { countLeakFiles } from './leaks/searches.ts'
import type { Db } from './postgres/database.ts'

export async function outsideClaims(db: Db): Promise<readonly Claim[]> {
  return [
    ...(await recipients(db)),
    ...(await attestations(db)),
    ...(await plates(db)),
    ...(await leakSearches(db)),
  ]
}

async function recipients(db: Db): Promise<readonly Claim[]> {
  const rows = await db
    .selectFrom('release_recipients')
    .selectAll()
    .where('log_index', 'is not', null)
    .execute()
  return rows.map((row) => ({
    table: 'release_recipients',
    id: row.id,
    at: row.log_index ?? 0,
    is: { kind: 'recipient_added', recipient: row.id },
    says: { key: commit(row.commitment_salt, `${row.party} ${row.recipient}`) },
  }))
}

async function attestations(db: Db): Promise<readonly Claim[]> {
  const rows = await db
    .selectFrom('release_attestations')
    .selectAll()
    .where('log_index', 'is not', null)
    .execute()
  return rows.map((row) => ({
    table: 'release_attestations',
    id: row.id,
    at: row.log_index ?? 0,
    is: { kind: 'release_attested', release: row.release },
    says: {
      how: row.says,
      statement: commit(
        row.commitment_salt,
        `${row.said_by}\n${row.statement_sha256.toString('hex')}`,
      ),
    },
  }))
}

async function plates(db: Db): Promise<readonly Claim[]> {
  const rows = await db
    .selectFrom('delivery')
    .select(['event', 'subscription', 'subject', 'log_index'])
    .where('log_index', 'is not', null)
    .execute()
  return rows.map((row) => ({
    table: 'delivery',
    id: row.event,
    at: Number(row.log_index),
    is: { kind: 'plate_sent', subscription: row.subscription, crossing: row.subject },
    says: {},
  }))
}

async function leakSearches(db: Db): Promise<readonly Claim[]> {
  const ended = await db
    .selectFrom('leak_search')
    .select(['id', 'end_log_index'])
    .where('end_log_index', 'is not', null)
    .execute()
  const compared = await db
    .selectFrom('leak_file')
    .select(['search', 'number', 'log_index'])
    .where('log_index', 'is not', null)
    .execute()
  const claims: Claim[] = compared.map(({ search, number, log_index: at }) => ({
    table: 'leak_file',
    id: `${search}/${number}`,
    at: at ?? 0,
    is: { kind: 'leak_comparison', search, file: number },
    says: {},
  }))
  for (const { id, end_log_index: at } of ended) {
    const { files, ours, unsure } = await countLeakFiles(db, id)
    claims.push({
      table: 'leak_search',
      id,
      at: at ?? 0,
      is: { kind: 'leak_search_ended', search: id },
      says: { files, ours, unsure },
    })
  }
  return claims
}
