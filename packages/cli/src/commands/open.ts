/** `sallyport open`: one picture for one purpose, logged before it is unsealed. */

import { open as openFile, rm, writeFile } from 'node:fs/promises'

import { openedPicture } from '@sallyport/hub/api/opening-schemas'
import { session as sessionSchema } from '@sallyport/hub/api/schemas'
import { parseEntry } from '@sallyport/proof/entry'
import { verify } from '@sallyport/proof/node/ed25519'
import { seal } from '@sallyport/proof/node/seal'
import { parseHybridRecipient, parseRecipient } from '@sallyport/proof/seal-format'
import { formatProof, parseProof, verifyReceipt } from '@sallyport/proof/tlog-proof'
import type { z } from 'zod'

import { CommandFailure, exitCodes } from '../exit.ts'
import { limits } from '../limits.ts'
import { openSession } from '../session/session.ts'
import { jsonLine, note } from '../terminal.ts'

type Options = {
  readonly hub?: string
  readonly purpose: string
  readonly output: string
  readonly sealTo?: string
  readonly note?: string
  readonly receipt?: string
  readonly vkey?: string
  readonly json?: boolean
}

type Opened = z.output<typeof openedPicture>

/**
 * Writes the picture to a new file, sealed to `sealTo` where that is given: then it touches the disk
 * as an age file alone. Checks its receipt; exit code 1 when that does not hold.
 */
export async function open(capture: string, options: Options): Promise<void> {
  const { sealTo } = options
  if (
    sealTo !== undefined &&
    parseRecipient(sealTo) === null &&
    parseHybridRecipient(sealTo) === null
  )
    throw new CommandFailure(
      '--seal-to is an age recipient, age1… or age1pq1…, so nothing was opened.',
      exitCodes.wrongUse,
    )
  const hub = await openSession(options)
  const vkey =
    options.vkey ?? (await hub.ask({ path: '/v1/session', answer: sessionSchema })).log.vkey
  // Before the opening stands in the log: one that could not be written would have been for nothing.
  const file = await newFile(options.output)
  let opened: Opened
  try {
    opened = await hub.ask({
      method: 'POST',
      path: `/v1/captures/${encodeURIComponent(capture)}/openings`,
      body: {
        purpose: options.purpose,
        ...(options.note === undefined ? {} : { note: options.note }),
      },
      answer: openedPicture,
      waitMsMax: limits.openingMsMax,
    })
    const picture = Buffer.from(opened.picture, 'base64')
    await file.writeFile(sealTo === undefined ? picture : seal(picture, [sealTo]))
  } catch (error) {
    await rm(options.output, { force: true })
    throw error
  } finally {
    await file.close()
  }
  const entry = Buffer.from(opened.entry, 'base64')
  const flaw = flawOf(opened, entry, { capture, purpose: options.purpose, vkey })
  if (options.receipt !== undefined) await writeFile(options.receipt, withEntry(opened, entry))
  const { opening, log_index: logIndex } = opened
  if (options.json === true)
    jsonLine({
      capture,
      opening,
      log_index: logIndex,
      file: options.output,
      verified: flaw === null,
    })
  else console.log(`${options.output}: opened for ${options.purpose}, log entry ${logIndex}`)
  if (flaw === null) return note('Its receipt holds under the key of the log.')
  note(`Its receipt does NOT hold: ${flaw}. Tell your auditor.`)
  process.exitCode = exitCodes.no
}

/** Readable for whoever opened it alone, and never over something that is there. */
async function newFile(name: string) {
  return openFile(name, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'EEXIST' ? 'is there already' : 'cannot be written'
    throw new CommandFailure(
      `${name} ${why}, so nothing was opened. Name another file with -o.`,
      exitCodes.wrongUse,
      { cause: error },
    )
  })
}

/** What is wrong with the receipt of an opening, or null. */
function flawOf(
  { opening, receipt }: Opened,
  entry: Uint8Array,
  expected: { readonly capture: string; readonly purpose: string; readonly vkey: string },
): string | null {
  const verified = verifyReceipt(receipt, entry, expected.vkey, verify)
  if (verified.kind === 'refused') return verified.detail
  const parsed = parseEntry(entry)
  if (parsed.kind !== 'entry' || parsed.entry.kind !== 'opening')
    return 'its entry is about something else'
  const { capture, purpose } = parsed.entry
  const same =
    parsed.entry.opening === opening && capture === expected.capture && purpose === expected.purpose
  return same ? null : 'its entry is about another opening'
}

/** The proof with its entry inside: `sallyport log check` needs nothing else. */
function withEntry({ receipt }: Opened, entry: Uint8Array): string {
  const proof = parseProof(receipt)
  return proof === null ? receipt : formatProof({ ...proof, extra: entry })
}
