/** What the rows of calibrations from what the hub holds say of the log. */

import { createHash } from 'node:crypto'

import { commit } from '@sallyport/proof/entry'
import { committedPictures } from '@sallyport/proof/face-entry'

import { reportSha256 } from './candidate-evaluations.ts'
import type { Claim } from './fsck-acts.ts'
import type { Db } from './postgres/database.ts'
import { idsOf } from './window/handovers.ts'

export async function calibrationClaims(db: Db): Promise<readonly Claim[]> {
  const rows = await db.selectFrom('face_calibration').selectAll().execute()
  return rows.flatMap((row): Claim[] => {
    const about = { table: 'face_calibration', id: row.id }
    const begun: Claim = {
      ...about,
      at: row.log_index ?? -1,
      is: { kind: 'face_calibration', calibration: row.id },
      says: {
        purpose: row.purpose,
        model_sha256: createHash('sha256').update(row.model).digest('hex'),
        captures: row.captures.length,
        people: row.people,
        set: commit(row.set_salt, committedPictures(idsOf(row.captures))),
        by: commit(row.account_salt, row.account),
      },
    }
    const reported: Claim | null =
      row.report === null
        ? null
        : {
            ...about,
            // A report that no entry names was put there by somebody else.
            at: row.report_log_index ?? -1,
            is: { kind: 'face_calibration_reported', calibration: row.id },
            says: { report_sha256: reportSha256(row.report) },
          }
    return [...(row.log_index === null ? [] : [begun]), ...(reported === null ? [] : [reported])]
  })
}
