/** `sallyport incident pack`, and what `incident verify` says of such a file, asking nobody. */

import { rename } from 'node:fs/promises'

import {
  checkIncidentPack,
  packSubjects,
  parsePackLine,
  type PackHead,
} from '@sallyport/proof/incident-pack'
import { verify as verifySignature } from '@sallyport/proof/node/ed25519'

import { exitCodes } from '../exit.ts'
import { limits } from '../limits.ts'
import { openSession } from '../session/session.ts'
import { jsonLine, note } from '../terminal.ts'

type Options = {
  readonly hub?: string
  readonly party?: string
  readonly output?: string
  readonly json?: boolean
}

export async function pack(incident: string, options: Options): Promise<void> {
  const hub = await openSession(options)
  const file = options.output ?? `incident-${incident}.jsonl`
  const draft = `${file}.part`
  const party = options.party === undefined ? '' : `?party=${encodeURIComponent(options.party)}`
  await hub.save({
    path: `/v1/incidents/${incident}/pack${party}`,
    file: draft,
    waitMsMax: limits.bundleMsMax,
  })
  await rename(draft, file)
  if (options.json === true) return jsonLine({ file })
  console.log(file)
  note(`Anybody can check it: sallyport incident verify ${file}`)
}

/** The head of a pack; null when the line is none. */
export function packHead(line: string): PackHead | null {
  const head = parsePackLine(line)
  return head?.kind === 'pack' ? head : null
}

/** Exit code 1 when a signature, a proof or a record does not hold. */
export async function verifyPack(
  file: string,
  lines: AsyncIterable<string>,
  trusted: { readonly vkey: string; readonly agency: string },
  { json }: { readonly json?: boolean },
): Promise<void> {
  const checked = await checkIncidentPack(lines, trusted, verifySignature)
  if (checked.kind === 'refused') {
    process.exitCode = exitCodes.no
    const { code, detail } = checked
    if (json === true) jsonLine({ file, holds: false, code, detail })
    else console.log(`${file} does NOT hold: ${code}: ${detail}`)
    return
  }
  const { head, records, entries, checkpoint } = checked
  const counts = Object.fromEntries(
    packSubjects.map((of) => [of, records.filter((one) => one.of === of).length]),
  )
  if (json === true)
    return jsonLine({
      file,
      holds: true,
      incident: head.incident,
      party: head.party,
      made_at: head.made_at,
      records: counts,
      entries,
      log_size: checkpoint.size,
    })
  for (const { of, entry, text } of records)
    console.log(`${of}${entry === null ? '' : ` #${entry}`}  ${printable(text)}`)
  console.log(
    `${records.length} records of incident ${head.incident}; ${entries} entries of a log of ${checkpoint.size} show those with a number.`,
  )
  note(
    'Of an event the entry shows that and when something of its kind was done; its words, notes and equipment are what the agency signed.',
  )
}

/** What a terminal would take for a command is shown as what it is. */
function printable(text: string): string {
  return text.replaceAll(
    /[\p{Cc}\p{Cf}]/gu,
    (one) => `\\u${(one.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  )
}
