/** `sallyport watch …`: plates that are looked for, as the API keeps them. */

import { readFile, stat } from 'node:fs/promises'

import { entry as entrySchema, imported, preview } from '@sallyport/hub/api/watch-schemas'
import { z } from 'zod'

import { CommandFailure, exitCodes } from '../exit.ts'
import { limits } from '../limits.ts'
import { HubRefusal, nothing } from '../session/hub-calls.ts'
import { type HubSession, openSession } from '../session/session.ts'
import { jsonLine, note } from '../terminal.ts'

type Asking = { readonly hub?: string; readonly json?: boolean }
type Entry = z.output<typeof entrySchema>

const entriesPage = z.object({ entries: z.array(entrySchema), next: z.string().nullable() })
const wrongLines = z.array(z.object({ line: z.number(), detail: z.string() }))

export async function listEntries(
  options: Asking & { readonly state: string; readonly plate?: string },
): Promise<void> {
  const hub = await openSession(options)
  let count = 0
  for await (const entry of entriesOf(hub, options)) {
    count += 1
    if (options.json === true) jsonLine(entry)
    else console.log(lineOf(entry))
  }
  if (count === 0 && options.json !== true) note('No such entries.')
}

async function* entriesOf(
  hub: HubSession,
  { state, plate }: { readonly state: string; readonly plate?: string },
): AsyncGenerator<Entry> {
  let cursor: string | undefined
  for (let page = 0; page < limits.pagesMax; page++) {
    const { entries, next } = await hub.ask({
      path: '/v1/watch/entries',
      query: { state: state === 'any' ? undefined : state, plate, cursor, limit: 100 },
      answer: entriesPage,
    })
    yield* entries
    if (next === null) return
    cursor = next
  }
}

export type NewEntryOptions = Asking & {
  readonly issuer: string
  readonly reason: string
  readonly expires: string
  readonly jurisdiction?: string
  readonly tolerance: number
  readonly accepts?: number
}

/** Shows what an entry would accept; with `accepts`, the number that was shown, puts it in force. */
export async function addEntry(plate: string, options: NewEntryOptions): Promise<void> {
  const { issuer, reason, expires, jurisdiction = null, tolerance, accepts } = options
  const hub = await openSession(options)
  if (accepts === undefined) {
    const shown = await hub.ask({
      method: 'POST',
      path: '/v1/watch/previews',
      body: { plate, tolerance },
      answer: preview,
    })
    if (options.json === true) return jsonLine({ in_force: false, ...shown })
    for (const { text, crossings } of shown.accepted)
      console.log(`${text}${crossings === 0 ? '' : `  ${crossings} crossings`}`)
    console.log(`${shown.accepts} plates, ${shown.crossings} crossings since ${shown.since}`)
    return note(
      shown.too_wide
        ? 'That is too wide: choose a smaller --tolerance.'
        : `Nothing is in force yet. If that is meant, add --accepts ${shown.accepts}.`,
    )
  }
  const entry = await hub.ask({
    method: 'POST',
    path: '/v1/watch/entries',
    body: { plate, jurisdiction, issuer, reason, expires_at: expires, tolerance, accepts },
    answer: entrySchema,
  })
  if (options.json === true) jsonLine(entry)
  else console.log(lineOf(entry))
}

/** Checks a CSV file; with `accepts`, what the check answered, puts all of it in force. */
export async function importEntries(
  file: string,
  options: Asking & { readonly accepts?: number },
): Promise<void> {
  const csv = await readCsv(file)
  const hub = await openSession(options)
  const { accepts } = options
  const done = await hub
    .ask({
      method: 'POST',
      path: '/v1/watch/imports',
      body: { csv, ...(accepts === undefined ? {} : { accepts }) },
      answer: imported,
      waitMsMax: limits.importMsMax,
    })
    .catch((error: unknown) => {
      if (error instanceof HubRefusal) showWrongLines(file, error)
      throw error
    })
  if (options.json === true) return jsonLine(done)
  const sum = `${done.entries} entries that accept ${done.accepts} plates, ${done.widest} the widest`
  console.log(done.imported ? `In force: ${sum}.` : `In order: ${sum}.`)
  if (!done.imported)
    note(`Nothing is in force yet. If that is meant, add --accepts ${done.accepts}.`)
}

export async function withdrawEntry(
  entry: string,
  options: Asking & { readonly reason: string },
): Promise<void> {
  const hub = await openSession(options)
  await hub.ask({
    method: 'POST',
    path: `/v1/watch/entries/${encodeURIComponent(entry)}/withdrawal`,
    body: { reason: options.reason },
    answer: nothing,
  })
  if (options.json === true) jsonLine({ id: entry, withdrawn: true })
  else console.log(`Withdrawn: ${entry}. It matches nothing from now on.`)
}

async function readCsv(file: string): Promise<string> {
  const found = await stat(file).catch(() => null)
  if (found === null || !found.isFile())
    throw new CommandFailure(`${file} is not there, or no file.`, exitCodes.wrongUse)
  if (found.size > limits.importBytesMax)
    throw new CommandFailure(
      `${file} has ${found.size} bytes; at most ${limits.importBytesMax} are taken. Split it.`,
      exitCodes.wrongUse,
    )
  return readFile(file, 'utf8')
}

function showWrongLines(file: string, refusal: HubRefusal): void {
  const lines = wrongLines.safeParse(refusal.problem['errors'])
  for (const { line, detail } of lines.data ?? []) note(`${file}:${line}: ${detail}`)
}

function lineOf(entry: Entry): string {
  const { id, plate, jurisdiction, issuer, reason, expires_at: expires, state } = entry
  const where = jurisdiction === null ? '' : ` (${jurisdiction})`
  return `${id}  ${plate}${where}  ${state} until ${expires}  ${issuer}: ${reason}`
}
