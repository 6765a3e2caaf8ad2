/** `sallyport backup` */

import path from 'node:path'

import { keepRecipients, loadRecipients } from '@sallyport/store/backup/backup-key'
import { leftOut } from '@sallyport/store/backup/files-out'
import { type BackupMade, makeBackup } from '@sallyport/store/backup/make-backup'
import { readMark, writeMark } from '@sallyport/store/backup/restored-mark'
import type { Snapshot } from '@sallyport/store/backup/snapshot'
import type { Db } from '@sallyport/store/postgres/database'

import { CommandFailure } from '../exit.ts'
import { dataOfHub, isInUse, withDatabase, withLock, withRunningDatabase } from '../hub-data.ts'
import { readHubSettings } from '../settings.ts'
import { jsonLine, note, progressLine } from '../terminal.ts'

type Options = {
  readonly data?: string
  readonly databaseUrl?: string
  readonly settings?: string
  readonly final?: boolean
  readonly json?: boolean
}

/** Adds a snapshot to the backup in `folder`. */
export async function backup(
  folder: string,
  { json = false, final = false, settings: file, ...options }: Options,
): Promise<void> {
  const settings = await readHubSettings(options, file)
  const data = await dataOfHub(settings)
  if ((await readMark(data)) !== null)
    throw new CommandFailure(
      `${data} was restored or retired: there is nothing of its own to back up.`,
    )
  const { recipients, made } = await loadRecipients(
    path.join(data, 'keys'),
    settings.backupRecipients,
  )
  const progress = progressLine()
  const run = (hub: Snapshot['hub']) => (db: Db) =>
    makeBackup({
      data,
      db,
      directory: path.resolve(folder),
      recipients,
      hub,
      now: () => new Date(),
      progress: (text) => progress.show(text),
    })
  try {
    const done =
      !final && isInUse(data)
        ? await withRunningDatabase(settings, data, run('running'))
        : await withLock(data, 'Stop it, then run backup --final again.', async () => {
            const last = await withDatabase(settings, data, run(final ? 'final' : 'stopped'))
            if (final) await writeMark(data, { state: 'retired' })
            return last
          })
    progress.end()
    print(done, { json, identity: made?.identity ?? null })
    if (made !== null) await keepRecipients(path.join(data, 'keys'), recipients)
  } finally {
    progress.end()
  }
}

function print(
  { snapshot, vkey, added }: BackupMade,
  { json, identity }: { readonly json: boolean; readonly identity: string | null },
): void {
  const bytes = snapshot.pieces.reduce((sum, piece) => sum + piece.bytes, 0)
  if (json)
    return jsonLine({
      snapshot: snapshot.number,
      made_at: snapshot.made_at,
      hub: snapshot.hub,
      log_size: snapshot.log_size,
      pieces: snapshot.pieces.length,
      bytes,
      added_pieces: added.objects,
      added_bytes: added.bytes,
      signer: vkey,
      recipients: snapshot.recipients,
      left_out: snapshot.left_out,
      ...(identity === null ? {} : { identity }),
    })
  if (identity !== null) {
    console.log(
      'The identity that opens this backup. It is stored nowhere: keep this line, apart from the hub.',
    )
    console.log(identity)
  }
  console.log(
    `Snapshot ${snapshot.number}: ${snapshot.log_size} log entries, ${bytes} bytes in ${snapshot.pieces.length} pieces; ${added.bytes} bytes in ${added.objects} pieces are new`,
  )
  console.log(`Signed by ${vkey}`)
  note(
    `Not in it: ${leftOut.join(', ')}. Keep a copy of the keystore elsewhere: without it no picture opens.`,
  )
  if (snapshot.hub === 'final')
    note('This hub is retired. It goes on where this snapshot is restored, and nowhere else.')
}
