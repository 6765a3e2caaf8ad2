/** `sallyport witness`: a small witness for logs of others (c2sp.org/tlog-witness). */

import path from 'node:path'

import { serveWitness } from '@sallyport/hub/witness/serve-witness'
import {
  WitnessHomeError,
  addFollowedLog,
  initWitness,
  readFollowedLogs,
  readWitnessKeys,
} from '@sallyport/hub/witness/witness-home'
import { lockDirectory } from '@sallyport/proof/node/directory-lock'
import { openWitness } from '@sallyport/store/witness/witness-directory'

import { CommandFailure, exitCodes } from '../exit.ts'
import { untilStopped } from '../stopping.ts'
import { jsonLine, note } from '../terminal.ts'

type Home = { readonly directory: string }

/** Makes key and folder, and prints what those who trust this witness are given. */
export async function init(options: Home & { name: string; mlDsa?: boolean }): Promise<void> {
  const keys = await orFailure(
    initWitness(options.directory, options.name, { mlDsa: options.mlDsa ?? false }),
  )
  for (const { vkey } of keys) console.log(`witness NAME ${vkey} URL`)
  note('Give the line to whoever runs a log, with a name and the address of this witness.')
}

/** Lets the witness follow a log. It takes effect at the next start. */
export async function addLog(vkey: string, { directory }: Home): Promise<void> {
  await orFailure(readWitnessKeys(directory))
  await orFailure(addFollowedLog(directory, vkey))
  note(`Followed from the next start on: ${vkey.split('+')[0] ?? ''}`)
}

/** Serves until stopped; one JSON line an answer on stderr. */
export async function run(
  options: Home & { host: string; port: number; for?: number },
): Promise<void> {
  const { directory, host, port } = options
  const cosigners = await orFailure(readWitnessKeys(directory))
  const logs = await orFailure(readFollowedLogs(directory))
  if (logs.length === 0) {
    note('No log is followed yet: sallyport witness add-log VKEY, with /log/vkey of a hub.')
  }
  const lock = lockDirectory(directory)
  if (lock.kind === 'refused') throw new CommandFailure(lock.detail, exitCodes.failed)
  try {
    const witness = await openWitness({ directory, cosigners, logs })
    const now = () => new Date()
    const report = (line: string) => console.error(JSON.stringify({ at: now(), witness: line }))
    const server = await serveWitness(witness, { host, port, now, report }).catch(
      (error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error)
        throw new CommandFailure(`The witness cannot listen: ${reason}.`, exitCodes.failed)
      },
    )
    for (const { vkey } of cosigners) jsonLine({ vkey, url: `http://${host}:${server.port}` })
    note(`Witness of ${logs.length} log(s) in ${path.resolve(directory)}`)
    await untilStopped(options.for)
    await server.stop()
  } finally {
    lock.release()
  }
}

async function orFailure<T>(doing: Promise<T>): Promise<T> {
  return doing.catch((error: unknown) => {
    throw error instanceof WitnessHomeError
      ? new CommandFailure(error.message, exitCodes.wrongUse)
      : error
  })
}
