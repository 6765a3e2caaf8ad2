/** What the rows of contractors' models that were evaluated inside say of the log. */

import { commit } from '@sallyport/proof/entry'

import { reportSha256 } from './candidate-evaluations.ts'
import type { Claim } from './fsck-acts.ts'
import type { Db } from './postgres/database.ts'

export async function candidateClaims(db: Db): Promise<readonly Claim[]> {
  const rows = await db.selectFrom('candidate_evaluation').selectAll().execute()
  return rows.flatMap((row): Claim[] => {
    const about = { table: 'candidate_evaluation', id: row.id }
    return [
      ...(row.log_index === null
        ? []
        : [
            {
              ...about,
              at: row.log_index,
              is: { kind: 'candidate_evaluation', evaluation: row.id },
              says: {
                set: row.label_set,
                subject: row.subject === 'plates' ? undefined : row.subject,
                model_sha256: row.model_sha256.toString('hex'),
                owner: commit(row.owner_salt, row.owner),
                by: commit(row.account_salt, row.account),
              },
            } as const,
          ]),
      // A report that no entry names was put there by somebody else.
      ...(row.report === null
        ? []
        : [
            {
              ...about,
              at: row.report_log_index ?? -1,
              is: { kind: 'candidate_reported', evaluation: row.id },
              says: { report_sha256: reportSha256(row.report) },
            } as const,
          ]),
    ]
  })
}
