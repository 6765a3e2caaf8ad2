/** `sallyport sign-in`, `sign-out` and `whoami`: being somebody at a hub. */

import { createInterface } from 'node:readline'

import { session as sessionSchema } from '@sallyport/hub/api/schemas'

import { CommandFailure, exitCodes } from '../exit.ts'
import { limits } from '../limits.ts'
import { endSession, keepSession, openSession, signInWith, type Who } from '../session/session.ts'
import { jsonLine, note } from '../terminal.ts'

type Options = { readonly hub?: string; readonly json?: boolean }

/** Uses a one-time link up and keeps the session. Without `link` it is read from standard input. */
export async function signIn(link: string | undefined, options: Options): Promise<void> {
  const { session, kept, who } = await signInWith(link ?? (await askForLink()), options)
  const file = await keepSession(session.hub, kept)
  print(who, session.hub, session.expiresAt, options)
  note(`Kept in ${file}, which only you can read. End it with: npx sallyport sign-out`)
}

export async function signOut(options: Options): Promise<void> {
  note(`Signed out of ${await endSession(options)}.`)
}

export async function whoami(options: Options): Promise<void> {
  const session = await openSession(options)
  const who = await session.ask({ path: '/v1/session', answer: sessionSchema })
  print(who, session.hub, session.expiresAt, options)
}

function print(who: Who, hub: string, expiresAt: Date, { json = false }: Options): void {
  if (json) return jsonLine({ hub, expires_at: expiresAt.toISOString(), ...who })
  console.log(`${who.account.name} (${who.account.roles.join(', ')}) at ${who.port.name}, ${hub}`)
  console.log(`until ${expiresAt.toISOString()}`)
  if (who.purposes.length > 0) console.log(`may open pictures for: ${who.purposes.join(', ')}`)
}

/** Typed or piped in, a link stands in no list of processes and no history of a shell. */
async function askForLink(): Promise<string> {
  if (process.stdin.isTTY) note('Paste the one-time link:')
  const lines = createInterface({ input: process.stdin, crlfDelay: Infinity })
  try {
    for await (const line of lines) {
      if (line.length > limits.linkLengthMax) break
      if (line.trim() !== '') return line
    }
  } finally {
    lines.close()
  }
  throw new CommandFailure(
    "No link was given. npx sallyport sign-in 'http://localhost:8080/sign-in#token=…'",
    exitCodes.wrongUse,
  )
}
