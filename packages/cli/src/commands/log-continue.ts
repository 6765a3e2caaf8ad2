/** `sallyport log continue` */

import { randomBytes } from 'node:crypto'
import { rename } from 'node:fs/promises'
import path from 'node:path'

import { loadHubKeys, readSecret, writeSecret } from '@sallyport/hub/keys'
import { generateSigningKey, publicKeyOf, sign } from '@sallyport/proof/node/ed25519'
import { isNoteName, noteSigner, type NoteSigner } from '@sallyport/proof/note'
import { type Continuation, continueLog as goOn } from '@sallyport/store/backup/continue-log'

import { CommandFailure, exitCodes } from '../exit.ts'
import { originOfLog, withLock } from '../hub-data.ts'
import { openLogPlace } from '../log-place.ts'
import { jsonLine, note } from '../terminal.ts'

type Options = {
  readonly data?: string
  readonly from?: string
  readonly as?: string
  readonly json?: boolean
}

/** Declares in the log itself how it goes on, and lets a hub start on it again. */
export async function continueLog({
  data = './data',
  from,
  as,
  json = false,
}: Options): Promise<void> {
  if ((from === undefined) === (as === undefined))
    throw new CommandFailure(
      'Give either --from WHERE (a mirror, a URL, the log of the old disk) or --as NAME (the rest is lost).',
      exitCodes.wrongUse,
    )
  const directory = path.resolve(data)
  await withLock(directory, 'Stop it first.', async () => {
    const keys = path.join(directory, 'keys')
    const { log } = await loadHubKeys(keys, false)
    const origin = await originOfLog(directory)
    if (origin === null)
      throw new CommandFailure(`${directory} holds no log of a hub.`, exitCodes.wrongUse)
    const signer = noteSigner(origin, log.seed, log.publicKey, sign)
    const how: Continuation =
      from === undefined
        ? { kind: 'renamed', next: await nextSigner(keys, as ?? '', signer) }
        : { kind: 'recovered', from: (await openLogPlace(from, signer.vkey)).reader }
    const { index, lost, vkey } = await goOn({
      data: directory,
      signer,
      how,
      now: () => new Date(),
    })
    if (how.kind === 'renamed') await rename(nextKey(keys), path.join(keys, 'log.key'))
    if (json) return jsonLine({ index, lost, vkey, how: how.kind })
    console.log(
      `Entry ${index} says that the hub was restored: ${lost} entries before it have lost their rows.`,
    )
    if (how.kind === 'renamed') {
      console.log(`This is another log now: ${vkey}`)
      note(
        `Set log_origin = "${as ?? ''}" before the hub starts. Give the new key to those who hold`,
      )
      note('receipts, and to witnesses (policy). Receipts of the old log hold under its old key.')
    }
  })
}

/** A key made for the new name, on the disk before anything is signed with it. */
async function nextSigner(keys: string, name: string, before: NoteSigner): Promise<NoteSigner> {
  if (!isNoteName(name) || name === before.name)
    throw new CommandFailure(
      `--as needs another name than ${before.name}, without spaces and plus signs.`,
      exitCodes.wrongUse,
    )
  const stored = await readSecret(nextKey(keys))
  const seed =
    stored === null ? generateSigningKey(randomBytes).privateKey : Buffer.from(stored, 'hex')
  if (stored === null) await writeSecret(nextKey(keys), Buffer.from(seed).toString('hex'))
  return noteSigner(name, seed, publicKeyOf(seed), sign)
}

function nextKey(keys: string): string {
  return path.join(keys, 'log.key.next')
}
