/** Compaction of a running hub: now and then, one segment after the other, beside everything else. */

import type { Db } from '@sallyport/store/postgres/database'
import { compactSegment, isWorthCompacting, segmentUse } from '@sallyport/store/vault/compact'
import type { Vault } from '@sallyport/store/vault/segments'

import type { Intake } from '../intake/intake.ts'
import { limits } from '../limits.ts'
import { reportWords } from '../report-words.ts'

export type Compaction = {
  /** Compacts what is worth it, until `isOver`. Answers the bytes that are free again. */
  run(isOver: () => boolean): Promise<number>
}

export function createCompaction({
  db,
  vault,
  intake,
  report,
}: {
  readonly db: Db
  readonly vault: Vault
  readonly intake: Pick<Intake, 'paused'>
  readonly report: (message: string) => void
}): Compaction {
  // What was closed before this hub served, or by the end of the run before, hours ago: no body in it
  // waits for its row.
  let settledBelow = vault.current()

  return {
    async run(isOver) {
      let freed = 0
      for (const use of await segmentUse(db, vault)) {
        if (isOver()) return freed
        if (!isWorthCompacting(use, limits.compactShareMin)) continue
        if (use.segment === vault.current()) await vault.roll()
        if (use.segment >= settledBelow) continue
        const done = await compactSegment(db, vault, use, intake.paused).catch((error: unknown) => {
          report(`vault: segment ${use.segment} waits for the next run: ${reportWords(error)}`)
          return null
        })
        if (done?.kind === 'damaged')
          report(`vault: segment ${use.segment} is left as it is: ${done.detail} Run fsck.`)
        if (done?.kind === 'removed') freed += done.freed
      }
      settledBelow = vault.current()
      if (freed > 0) report(`vault: ${Math.round(freed / 1024)} KiB of shredded bodies were freed`)
      return freed
    },
  }
}
