/** Arguments and options that are numbers, parsed as commander wants it. */

import { CommanderError } from 'commander'

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
