/** `sallyport log prove` and `sallyport log check`: one entry, offline. */

import { readFile, writeFile } from 'node:fs/promises'

import { fromUtf8 } from '@sallyport/proof/bytes'
import { openCheckpoint } from '@sallyport/proof/checkpoint'
import { parseEntry } from '@sallyport/proof/entry'
import { verify as verifySignature } from '@sallyport/proof/node/ed25519'
import { nodeVerifiers } from '@sallyport/proof/node/ml-dsa'
import { proveEntry } from '@sallyport/proof/prove'
import { TileError } from '@sallyport/proof/tiles'
import { parseProof, verifyWitnessedReceipt } from '@sallyport/proof/tlog-proof'

import { CommandFailure, exitCodes } from '../exit.ts'
import { openLogPlace } from '../log-place.ts'
import { readPolicyFile } from '../log-policy.ts'
import { jsonLine, note } from '../terminal.ts'

/** Writes the proof of an entry, with the entry in it, under the witnessed checkpoint where it can. */
export async function prove(
  index: number,
  where: string,
  options: { readonly vkey?: string; readonly output?: string },
): Promise<void> {
  const place = await openLogPlace(where, options.vkey)
  const candidates = [await place.beside('witnessed-checkpoint'), await place.beside('checkpoint')]
  for (const candidate of candidates) {
    const opened =
      candidate === null ? null : openCheckpoint(candidate, place.vkey, verifySignature)
    if (candidate === null || opened?.kind !== 'checkpoint') continue
    if (index >= opened.checkpoint.size) continue
    const { proof } = await proveEntry(place.reader, index, candidate, opened.checkpoint, {
      withEntry: true,
    }).catch((error: unknown) => {
      if (!(error instanceof TileError)) throw error
      throw new CommandFailure(`No proof can be made: ${error.message}.`, exitCodes.no)
    })
    if (options.output === undefined) process.stdout.write(proof)
    else await writeFile(options.output, proof)
    note(
      candidate === candidates[0]
        ? 'Under the witnessed checkpoint.'
        : "Under the log's own checkpoint: no witnessed one covers this entry.",
    )
    return
  }
  throw new CommandFailure(`The log has no entry ${index} under its key.`, exitCodes.no)
}

/** Checks a proof under a policy without asking anybody; exit code 1 when it does not hold. */
export async function check(
  file: string,
  options: {
    readonly policy: string
    readonly vkey?: string
    readonly entry?: string
    readonly json?: boolean
  },
): Promise<void> {
  const policy = await readPolicyFile(options.policy, options.vkey)
  const text = await read(file)
  const proof = parseProof(fromUtf8(text) ?? '')
  const entry = options.entry === undefined ? (proof?.extra ?? null) : await read(options.entry)
  if (proof !== null && entry === null) {
    throw new CommandFailure(
      `${file} does not hold its entry: give it with --entry.`,
      exitCodes.wrongUse,
    )
  }
  const verified = verifyWitnessedReceipt(
    fromUtf8(text) ?? '',
    entry ?? new Uint8Array(),
    policy,
    nodeVerifiers,
  )
  if (verified.kind === 'refused') {
    const { code, detail } = verified
    if (options.json === true) jsonLine({ file, verified: false, code, detail })
    else console.log(`${file} does NOT hold: ${code}: ${detail}`)
    process.exitCode = exitCodes.no
    return
  }
  const { index, size, witnesses } = verified
  const parsed = parseEntry(entry ?? new Uint8Array())
  const content = parsed.kind === 'entry' ? parsed.entry : null
  const times = witnesses.map(({ name, time }) => ({
    name,
    at: new Date(time * 1000).toISOString(),
  }))
  if (options.json === true) {
    jsonLine({ file, verified: true, index, size, entry: content, witnesses: times })
    return
  }
  console.log(`${file} holds: entry ${index} of a tree of ${size}.`)
  if (content !== null) console.log(JSON.stringify(content))
  for (const { name, at } of times) console.log(`Cosigned by ${name} at ${at}`)
  if (times.length === 0) console.log('No witness was asked for: only the log vouches for it.')
}

async function read(file: string): Promise<Uint8Array> {
  return readFile(file).catch((error: unknown) => {
    throw new CommandFailure(`${file} cannot be read.`, exitCodes.wrongUse, { cause: error })
  })
}
