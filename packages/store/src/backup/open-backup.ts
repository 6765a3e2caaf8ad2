/** Finds a snapshot in a folder and checks what it says of itself, before anything is opened. */

import { BackupError } from './backup-error.ts'
import type { BackupFolder } from './backup-folder.ts'
import { openSnapshot, type Snapshot } from './snapshot.ts'

/** The key to hold snapshots against: the one given, or the one that the folder names. */
export async function signerKey(folder: BackupFolder, given: string | undefined): Promise<string> {
  const vkey = given ?? (await folder.vkey())
  if (vkey === null) throw new BackupError('no_backup', `${folder.directory} holds no backup.`)
  return vkey
}

/** A snapshot of the folder; the newest when no number is given. Throws `BackupError`. */
export async function chosenSnapshot(
  folder: BackupFolder,
  vkey: string,
  number: number | undefined,
): Promise<Snapshot> {
  const wanted = number ?? (await folder.snapshots()).at(-1)
  const found = wanted === undefined ? null : await folder.readSnapshot(wanted)
  if (found === null || wanted === undefined)
    throw new BackupError('no_backup', `${folder.directory} has no snapshot ${wanted ?? ''}.`)
  const opened = openSnapshot(found.list, found.note, vkey)
  if (opened.kind === 'refused')
    throw new BackupError(opened.code, `Snapshot ${wanted}: ${opened.detail}`)
  const { snapshot } = opened
  const hole = holeIn(snapshot)
  if (snapshot.number !== wanted || hole !== null)
    throw new BackupError(
      'malformed_snapshot',
      `Snapshot ${wanted}: ${hole ?? 'has another number'}.`,
    )
  return snapshot
}

/** Every snapshot that the folder has, oldest first. */
export async function allSnapshots(
  folder: BackupFolder,
  vkey: string,
): Promise<readonly Snapshot[]> {
  const found: Snapshot[] = []
  for (const number of await folder.snapshots())
    found.push(await chosenSnapshot(folder, vkey, number))
  return found
}

/** Where the pieces of something do not follow each other; null when all do. */
function holeIn({ pieces, log_size }: Snapshot): string | null {
  const ends = new Map<string, number>()
  for (const { part, of, from, to } of pieces) {
    const name = of === '-' ? part : of
    if (from !== (ends.get(name) ?? 0) || to < from) return `${name} has a hole at ${from}`
    ends.set(name, to)
  }
  return ends.get('log') === log_size && ends.has('tables') && ends.has('log/checkpoint')
    ? null
    : 'rows, log and checkpoint are not all there'
}
