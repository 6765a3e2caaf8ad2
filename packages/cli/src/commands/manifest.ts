/** `sallyport manifest …`: passenger lists, checked here and imported at a hub. */

import { readFile, stat } from 'node:fs/promises'

import { decodeList } from '@sallyport/core/travellers/encoding'
import { listLimits } from '@sallyport/core/travellers/limits'
import { type ListHead, parsePassengerCsv } from '@sallyport/core/travellers/passenger-csv'
import type { ListError, ParsedLists } from '@sallyport/core/travellers/passenger-list'
import { parsePaxlst } from '@sallyport/core/travellers/paxlst'
import { listImport, passengerList } from '@sallyport/hub/api/passenger-list-schemas'
import { z } from 'zod'

import { CommandFailure, exitCodes } from '../exit.ts'
import { HubRefusal } from '../session/hub-calls.ts'
import { openSession } from '../session/session.ts'
import { jsonLine, note } from '../terminal.ts'

type Asking = { readonly hub?: string; readonly json?: boolean }

export type HeadOptions = {
  readonly reference?: string
  readonly transport?: string
  readonly arrives?: string
  readonly arrivesIn?: string
}

const transports = z.enum(['flight', 'sailing', 'train', 'road', 'other'])
const wrongPlaces = z.array(z.object({ line: z.number(), column: z.number(), detail: z.string() }))

/** Reads a list on this machine and says what it holds; nothing leaves it. */
export async function checkManifest(
  file: string,
  options: HeadOptions & { readonly json?: boolean },
): Promise<void> {
  const bytes = await bytesOf(file)
  const parsed = parse(file, bytes, options)
  if (options.json === true) jsonLine(parsed)
  if (parsed.kind === 'refused') {
    if (options.json !== true) for (const error of parsed.errors) console.log(placed(error))
    throw new CommandFailure(
      `${file}: ${parsed.total === 1 ? 'one thing is' : `${parsed.total} things are`} wrong.`,
      exitCodes.no,
    )
  }
  if (options.json === true) return
  for (const warning of parsed.warnings) console.log(`warning: ${placed(warning)}`)
  for (const list of parsed.lists) {
    const words = [
      list.reference,
      list.transport,
      `${list.travellers.length} ${list.people}`,
      list.arrivesIn,
      list.arrivesAt,
      list.partial ? '(a part)' : null,
    ]
    console.log(words.filter((word) => word !== null).join('  '))
  }
}

/** Has a hub check a list; with `accepts`, the number that was shown, imports all of it. */
export async function importManifest(
  file: string,
  options: Asking & HeadOptions & { readonly accepts?: number },
): Promise<void> {
  const bytes = await bytesOf(file)
  const hub = await openSession(options)
  const format = formatOf(file)
  const body = {
    format,
    file: bytes.toString('base64'),
    ...(format === 'csv' ? { head: headOf(options) } : {}),
    ...(options.accepts === undefined ? {} : { accepts: options.accepts }),
  }
  let done: z.output<typeof listImport>
  try {
    done = await hub.ask({ method: 'POST', path: '/v1/passenger-lists', body, answer: listImport })
  } catch (error) {
    const errors =
      error instanceof HubRefusal ? wrongPlaces.safeParse(error.problem['errors']) : null
    if (errors?.success === true && options.json !== true)
      for (const one of errors.data) console.log(placed(one))
    throw error
  }
  if (options.json === true) return jsonLine(done)
  for (const warning of done.warnings) console.log(`warning: ${placed(warning)}`)
  for (const list of done.lists)
    console.log(`${list.reference}  ${list.travellers} travellers, until ${list.expires_at}`)
  if (!done.imported)
    note(`Nothing was imported yet. If that is meant, add --accepts ${done.travellers}.`)
}

export async function listManifests(options: Asking): Promise<void> {
  const hub = await openSession(options)
  const { lists } = await hub.ask({
    path: '/v1/passenger-lists',
    answer: z.object({ lists: z.array(passengerList) }),
  })
  for (const list of lists) {
    if (options.json === true) jsonLine(list)
    else
      console.log(
        `${list.id}  ${list.reference}  ${list.travellers} ${list.people}, until ${list.expires_at}`,
      )
  }
  if (lists.length === 0 && options.json !== true) note('No lists are in force.')
}

function formatOf(file: string): 'csv' | 'paxlst' {
  return file.toLowerCase().endsWith('.csv') ? 'csv' : 'paxlst'
}

function parse(file: string, bytes: Uint8Array, options: HeadOptions): ParsedLists {
  const decoded = decodeList(bytes)
  if (decoded.kind === 'refused') return { kind: 'refused', errors: [decoded.fault], total: 1 }
  if (decoded.warning !== null) note(decoded.warning)
  return formatOf(file) === 'csv'
    ? parsePassengerCsv(decoded.text, headOf(options))
    : parsePaxlst(decoded.text, new Date().getUTCFullYear())
}

function headOf({ reference, transport = 'other', arrives, arrivesIn }: HeadOptions): ListHead {
  const kind = transports.safeParse(transport)
  if (reference === undefined || !kind.success)
    throw new CommandFailure(
      'A table does not say what it is of: add --reference BUS7, and --transport flight, sailing, train, road or other.',
      exitCodes.wrongUse,
    )
  return {
    transport: kind.data,
    reference,
    departsFrom: null,
    departsAt: null,
    arrivesIn: arrivesIn ?? null,
    arrivesAt: arrives ?? null,
  }
}

async function bytesOf(file: string): Promise<Buffer> {
  const found = await stat(file).catch(() => null)
  if (found?.isFile() !== true)
    throw new CommandFailure(`${file} is no file that can be read.`, exitCodes.wrongUse)
  if (found.size > listLimits.bytesMax)
    throw new CommandFailure(
      `${file} is longer than ${listLimits.bytesMax} bytes. Send it in parts.`,
      exitCodes.wrongUse,
    )
  return readFile(file)
}

function placed({ line, column, detail }: ListError): string {
  return `line ${line}, column ${column}: ${detail}`
}
