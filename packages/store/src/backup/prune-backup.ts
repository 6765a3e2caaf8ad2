/** Removes old snapshots. What a retention rule removed from the hub lies in them until then. */

import { BackupError } from './backup-error.ts'
import { backupFolder } from './backup-folder.ts'
import { allSnapshots, signerKey } from './open-backup.ts'

/** Keeps the newest `keep` snapshots and what they need. Throws `BackupError` when one cannot be read. */
export async function pruneBackup(
  directory: string,
  vkey: string | undefined,
  keep: number,
): Promise<{ readonly snapshots: number; readonly pieces: number; readonly kept: number }> {
  const folder = backupFolder(directory)
  // All are read first: a list that cannot be trusted must not decide what is removed.
  const snapshots = await allSnapshots(folder, await signerKey(folder, vkey))
  if (snapshots.length === 0 || keep < 1)
    throw new BackupError('no_backup', 'At least the newest snapshot stays.')
  const kept = snapshots.slice(-keep)
  const needed = new Set(kept.flatMap(({ pieces }) => pieces.map(({ object }) => object)))
  const old = snapshots.slice(0, -keep)
  for (const { number } of old) await folder.removeSnapshot(number)
  let pieces = 0
  for await (const object of folder.objects()) {
    if (needed.has(object)) continue
    await folder.removeObject(object)
    pieces += 1
  }
  return { snapshots: old.length, pieces, kept: kept.length }
}
