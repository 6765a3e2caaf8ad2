/** `sallyport mrz`: what a machine-readable zone says, and which of its check digits hold (ICAO 9303). */

import { readFile } from 'node:fs/promises'
import { text as readAll } from 'node:stream/consumers'

import { dateOf } from '@sallyport/core/travellers/dates'
import { parse } from 'mrz'

import { CommandFailure, exitCodes } from '../exit.ts'
import { limits } from '../limits.ts'
import { jsonLine } from '../terminal.ts'

type Zone = ReturnType<typeof parse>

/** A document may be good for so many years ahead; nobody is born in the future. */
const expiryYearsMax = 50
/** Utopia: the state of specimens in the standard, which issues nothing. */
const specimenState = 'UTO'

/** Reads a zone from a file or from standard input. Nothing is corrected, and nothing leaves this machine. */
export async function readMrz(
  file: string | undefined,
  options: { readonly json?: boolean },
): Promise<void> {
  const lines = linesOf(file === undefined ? await readAll(process.stdin) : await contentOf(file))
  const zone = parsed(lines)
  const checks = zone.details
    .filter(({ field }) => field?.endsWith('CheckDigit') === true)
    .map((one) => ({
      name: one.label,
      printed: printedOf(one, lines),
      holds: one.valid,
      ...(one.error === undefined ? {} : { error: one.error }),
    }))
  const wrong = zone.details.filter((one) => !one.valid && printedOf(one, lines) !== specimenState)
  if (options.json === true)
    jsonLine({
      format: zone.format,
      valid: wrong.length === 0,
      specimen: zone.details.some((one) => printedOf(one, lines) === specimenState),
      document_number: zone.documentNumber,
      fields: zone.fields,
      ...datesOf(zone),
      checks,
      wrong: wrong.map(({ label, line, start, error }) => ({
        field: label,
        line: line + 1,
        column: start + 1,
        error: error ?? 'not understood',
      })),
    })
  else {
    console.log(`${zone.format}  ${zone.documentNumber ?? 'no number'}`)
    for (const one of zone.details) {
      const error = wrong.includes(one) ? `  (${one.error ?? 'not understood'})` : ''
      console.log(
        `${wrong.includes(one) ? 'WRONG' : 'ok   '}  ${one.label}: ${one.value ?? printedOf(one, lines)}${error}`,
      )
    }
  }
  if (wrong.length > 0)
    throw new CommandFailure(
      `${wrong.length === 1 ? 'One field does' : `${wrong.length} fields do`} not hold. Look at the document: a reader may have misread it.`,
      exitCodes.no,
    )
}

function linesOf(text: string): readonly string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim().toUpperCase())
    .filter((line) => line !== '')
}

async function contentOf(file: string): Promise<string> {
  const bytes = await readFile(file).catch(() => null)
  if (bytes === null)
    throw new CommandFailure(`${file} is no file that can be read.`, exitCodes.wrongUse)
  return bytes.subarray(0, limits.mrzLengthMax).toString('latin1')
}

function parsed(lines: readonly string[]): Zone {
  try {
    // Its guesses would hide what a check digit is there to show.
    return parse(lines, { autocorrect: false })
  } catch {
    throw new CommandFailure(
      'This is no machine-readable zone: a passport has two lines of 44 characters, an identity card three of 30 or two of 36.',
      exitCodes.wrongUse,
    )
  }
}

/** What stands in the zone, without its fillers: where it does not hold the parser gives no value. */
function printedOf(
  { line, start, end }: Zone['details'][number],
  lines: readonly string[],
): string {
  return (lines[line] ?? '').slice(start, end).replaceAll('<', ' ').trim()
}

/** Two digits of a year, with the century that is possible. */
function datesOf({ fields }: Zone) {
  const year = new Date().getUTCFullYear()
  return {
    born: dateOf(fields.birthDate ?? '', year),
    expires: dateOf(fields.expirationDate ?? '', year + expiryYearsMax),
  }
}
