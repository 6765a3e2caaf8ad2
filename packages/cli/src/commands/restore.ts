/** `sallyport restore` */

import path from 'node:path'

import { loadHubKeys } from '@sallyport/hub/keys'
import { sign } from '@sallyport/proof/node/ed25519'
import { noteSigner } from '@sallyport/proof/note'
import { continueLog } from '@sallyport/store/backup/continue-log'
import { restoreBackup } from '@sallyport/store/backup/restore-backup'
import { type Db, openDatabase } from '@sallyport/store/postgres/database'
import { type EmbeddedServer, startEmbeddedServer } from '@sallyport/store/postgres/embedded'

import { CommandFailure } from '../exit.ts'
import { checkData, originOfLog, withLock } from '../hub-data.ts'
import { readIdentities } from '../identity-file.ts'
import { readHubSettings } from '../settings.ts'
import { jsonLine, note, progressLine, step } from '../terminal.ts'
import { printFsck } from './fsck.ts'

type Options = {
  readonly identity: string
  readonly data?: string
  readonly databaseUrl?: string
  readonly settings?: string
  readonly snapshot?: number
  readonly signer?: string
  readonly json?: boolean
}

/** Restores, checks everything, and says how the hub goes on; exit code 1 when something does not hold. */
export async function restore(
  folder: string,
  { json = false, settings: file, identity, snapshot: number, signer, ...options }: Options,
): Promise<void> {
  const settings = await readHubSettings(options, file)
  const data = path.resolve(settings.data)
  const identities = await readIdentities(identity)
  if (signer === undefined)
    note('Signer from the backup itself: whoever made it chose it. Pin yours with --signer.')
  const progress = progressLine()
  const show = (text: string) => progress.show(text)
  const opened: { db?: Db; server?: EmbeddedServer } = {}
  try {
    await withLock(data, 'Name an empty directory.', async () => {
      const { snapshot, rows, mark } = await restoreBackup({
        directory: path.resolve(folder),
        ...(signer === undefined ? {} : { vkey: signer }),
        ...(number === undefined ? {} : { number }),
        identities,
        data,
        async openDatabase() {
          if (settings.databaseUrl === undefined)
            opened.server = await startEmbeddedServer({
              directory: path.join(data, 'db'),
              progress: step,
            })
          opened.db = openDatabase(
            opened.server?.address ?? { kind: 'url', url: settings.databaseUrl ?? '' },
          )
          return opened.db
        },
        progress: show,
      })
      if (opened.db === undefined) throw new Error('a restore opens its database')
      const isFinal = mark.state === 'restored' && mark.was === 'final'
      if (isFinal) await declareFinal(data)
      const report = await checkData(settings, data, opened.db, show)
      progress.end()
      printFsck(report, json)
      if (json)
        return jsonLine({
          snapshot: snapshot.number,
          made_at: snapshot.made_at,
          rows,
          log_size: snapshot.log_size,
          left_out: snapshot.left_out,
          continues: isFinal,
        })
      console.log(`Restored snapshot ${snapshot.number} of ${snapshot.made_at}: ${rows} rows`)
      note('Put the copy of keys/keystore back: without it no picture opens.')
      note(
        isFinal
          ? 'It was the last backup of a retired hub: start this one.'
          : `The log ends where the backup does. Say how it goes on before a hub starts here: npx sallyport log continue --data ${data}`,
      )
    })
  } finally {
    progress.end()
    await opened.db?.destroy()
    await opened.server?.stop()
  }
}

/** The log's own key and name, as they were restored. */
async function declareFinal(data: string): Promise<void> {
  const { log } = await loadHubKeys(path.join(data, 'keys'), false)
  const origin = await originOfLog(data)
  if (origin === null) throw new CommandFailure(`${data}/log has no verifier key.`)
  const signer = noteSigner(origin, log.seed, log.publicKey, sign)
  await continueLog({ data, signer, how: { kind: 'final' }, now: () => new Date() })
}
