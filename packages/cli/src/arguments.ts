/** Arguments and options that are numbers or ids, parsed as commander wants it. */

import { CommanderError, InvalidArgumentError } from 'commander'

import { exitCodes } from './exit.ts'

export function portNumber(text: string): number {
  const port = wholeNumber(text)
  if (port <= 65_535) return port
  throw new CommanderError(
    exitCodes.wrongUse,
    'sallyport.number',
    `error: a port is at most 65535, not ${text}`,
  )
}

export function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text))
    throw new CommanderError(
      exitCodes.wrongUse,
      'sallyport.number',
      `error: '${text}' is not a whole number`,
    )
  return Number(text)
}

/** An id as the hub gives it: with or without dashes, in any case. */
export function idText(text: string): string {
  const id = text.replaceAll('-', '').toLowerCase()
  if (/^[0-9a-f]{32}$/.test(id)) return id
  throw new InvalidArgumentError('That is no id: those are 32 hexadecimal digits.')
}
