/** `sallyport witness`: a small witness for logs of others (c2sp.org/tlog-witness). */

import path from 'node:path'

import { serveWitness } from '@sallyport/hub/witness/serve-witness'
import {
  WitnessHomeError,
  addFollowedLog,
  initWitness,
  openMirrorKeys,
  readFollowedLogs,
  readWitnessKeys,
} from '@sallyport/hub/witness/witness-home'
import { lockDirectory } from '@sallyport/proof/node/directory-lock'
import { TileError } from '@sallyport/proof/tiles'
import { openMirror } from '@sallyport/store/witness/mirror-directory'
import { openWitness, WitnessDamaged } from '@sallyport/store/witness/witness-directory'

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

/** Serves until stopped, with copies where a mirror is named; one JSON line an answer on stderr. */
export async function run(
  options: Home & { host: string; port: number; mirror?: string; for?: number },
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
    const witness = await orFailure(openWitness({ directory, cosigners, logs }))
    const mirrorKeys =
      options.mirror === undefined
        ? null
        : await orFailure(openMirrorKeys(directory, options.mirror))
    const mirror =
      mirrorKeys === null
        ? {}
        : {
            mirror: await orFailure(
              openMirror({ directory, witness, cosigners: mirrorKeys, logs }),
            ),
          }
    const now = () => new Date()
    const report = (line: string) => console.error(JSON.stringify({ at: now(), witness: line }))
    const server = await serveWitness(witness, { host, port, now, report, ...mirror }).catch(
      (error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error)
        throw new CommandFailure(`The witness cannot listen: ${reason}.`, exitCodes.failed)
      },
    )
    const url = `http://${host}:${server.port}`
    for (const { vkey } of cosigners) jsonLine({ vkey, url })
    for (const { vkey } of mirrorKeys ?? []) jsonLine({ vkey, url, mirror: true })
    note(`Witness of ${logs.length} log(s) in ${path.resolve(directory)}`)
    await untilStopped(options.for)
    await server.stop()
  } finally {
    lock.release()
  }
}

async function orFailure<T>(doing: Promise<T>): Promise<T> {
  return doing.catch((error: unknown) => {
    if (error instanceof WitnessHomeError)
      throw new CommandFailure(error.message, exitCodes.wrongUse)
    // It could contradict what it cosigned: whoever runs it must know why before it goes on.
    if (error instanceof WitnessDamaged || error instanceof TileError)
      throw new CommandFailure(error.message, exitCodes.failed, { cause: error })
    throw error
  })
}
