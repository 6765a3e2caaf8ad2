/** `sallyport log mirror`: a copy that checks while it copies, and goes on where it was cut. */

import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'

import { readWitnessKeys } from '@sallyport/hub/witness/witness-home'
import { lockDirectory } from '@sallyport/proof/node/directory-lock'
import { TileError } from '@sallyport/proof/tiles'
import { mirrorLog } from '@sallyport/store/log/mirror'

import { CommandFailure, exitCodes } from '../exit.ts'
import { openLogPlace } from '../log-place.ts'
import { jsonLine, note, progressLine } from '../terminal.ts'

/** Exit code 1 when the log contradicts the copy; both signed heads are then kept beside it. */
export async function mirror(
  where: string,
  directory: string,
  options: { readonly vkey?: string; readonly cosign?: string; readonly json?: boolean },
): Promise<void> {
  const place = await openLogPlace(where, options.vkey)
  await mkdir(directory, { recursive: true })
  const lock = lockDirectory(directory)
  if (lock.kind === 'refused') throw new CommandFailure(lock.detail, exitCodes.failed)
  const progress = progressLine()
  try {
    const [cosigner] = options.cosign === undefined ? [] : await readWitnessKeys(options.cosign)
    const mirrored = await mirrorLog({
      from: place.reader,
      vkey: place.vkey,
      directory,
      progress: ({ entries, size }) => progress.show(`${entries} of ${size} entries`),
      ...(cosigner === undefined ? {} : { cosigner }),
    })
    progress.end()
    if (mirrored.kind === 'mirrored') {
      const { size, added } = mirrored
      const root = Buffer.from(mirrored.root).toString('base64')
      if (options.json === true) jsonLine({ mirrored: true, size, added, root })
      else console.log(`${size} entries in ${directory}, ${added} of them new, root ${root}`)
      return
    }
    const { code, detail, evidence } = mirrored
    for (const [at, one] of (evidence ?? []).entries()) {
      await writeFile(path.join(directory, `evidence-${at + 1}.checkpoint`), one)
    }
    if (evidence !== undefined) {
      note(
        `Both signed heads lie in ${directory} as evidence-1 and -2: together they are the proof.`,
      )
    }
    if (options.json === true) jsonLine({ mirrored: false, code, detail })
    else console.log(`Not mirrored: ${code}: ${detail}`)
    process.exitCode = exitCodes.no
  } catch (error) {
    progress.end()
    if (!(error instanceof TileError)) throw error
    throw new CommandFailure(`The log could not be read: ${error.message}. Run it again.`)
  } finally {
    lock.release()
  }
}
