/** An age identity file, as `age-keygen` writes it: comments, and a line for each identity. */

import { readFile } from 'node:fs/promises'

import { type OpeningKey, openingKey } from '@sallyport/proof/node/seal'

import { CommandFailure, exitCodes } from './exit.ts'

/** Throws for the operator when the file holds no X25519 or hybrid identity. */
export async function readIdentities(file: string): Promise<readonly OpeningKey[]> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new CommandFailure(`The identity file ${file} cannot be read.`, exitCodes.wrongUse, {
      cause: error,
    })
  })
  const lines = text.split('\n').flatMap((line) => {
    const trimmed = line.trim()
    return trimmed === '' || trimmed.startsWith('#') ? [] : [trimmed]
  })
  try {
    if (lines.length > 0) return lines.map((line) => openingKey(line))
  } catch {
    // Said below; the line itself is a secret and stays out of the message.
  }
  throw new CommandFailure(
    `${file} holds no age identity (AGE-SECRET-KEY-1…, AGE-SECRET-KEY-PQ-1…), or a damaged one.`,
    exitCodes.wrongUse,
  )
}
