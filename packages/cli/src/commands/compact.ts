/** `sallyport compact`: takes what was shredded off the disk, of a hub that is stopped. */

import path from 'node:path'

import { compactSegment, isWorthCompacting, segmentUse } from '@sallyport/store/vault/compact'
import { openVault } from '@sallyport/store/vault/segments'

import { exitCodes } from '../exit.ts'
import { dataOfHub, withDatabase, withLock } from '../hub-data.ts'
import { readHubSettings } from '../settings.ts'
import { jsonLine, note, progressLine } from '../terminal.ts'

type Options = {
  readonly data?: string
  readonly databaseUrl?: string
  readonly settings?: string
  readonly json?: boolean
}

/** Rewrites every segment that holds anything shredded. Exit code 1 when one was left as it is. */
export async function compact({
  json = false,
  settings: file,
  ...options
}: Options): Promise<void> {
  const settings = await readHubSettings(options, file)
  const data = await dataOfHub(settings)
  const progress = progressLine()
  const found = { segments: 0, freed_bytes: 0, left: 0 }
  try {
    await withLock(data, 'A running hub compacts by itself.', () =>
      withDatabase(settings, data, async (db) => {
        const vault = await openVault(path.join(data, 'vault'))
        try {
          const uses = (await segmentUse(db, vault)).filter((use) => isWorthCompacting(use, 0))
          if (uses.some(({ segment }) => segment === vault.current())) await vault.roll()
          for (const [at, use] of uses.entries()) {
            progress.show(`segment ${at + 1} of ${uses.length}`)
            // Nothing comes in while the hub is stopped.
            const done = await compactSegment(db, vault, use, (act) => act())
            if (done.kind === 'removed') {
              found.segments += 1
              found.freed_bytes += done.freed
              continue
            }
            found.left += 1
            const reason = done.kind === 'damaged' ? done.detail : 'A backup reads it.'
            progress.end()
            note(`Segment ${use.segment} is left as it is. ${reason}`)
          }
        } finally {
          await vault.close()
        }
      }),
    )
  } finally {
    progress.end()
  }
  if (found.left > 0) process.exitCode = exitCodes.no
  if (json) return jsonLine(found)
  console.log(`${found.segments} segment(s) rewritten, ${found.freed_bytes} bytes are free again.`)
}
