/**
 * Where sessions lie between two commands: one file, closed to everybody else. It holds tokens; nothing
 * else in this package writes one anywhere.
 */

import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import path from 'node:path'

import { z } from 'zod'

import { CommandFailure, exitCodes } from '../exit.ts'
import { limits } from '../limits.ts'

const keptSession = z.object({
  /** What the hub's cookie is set to. */
  token: z.string().min(1).max(200),
  account: z.object({ id: z.string(), name: z.string() }),
  expires_at: z.iso.datetime(),
})
export type KeptSession = z.output<typeof keptSession>

const keptSessions = z.object({
  version: z.literal(1),
  /** The hub that was signed in to last. */
  current: z.string().nullable(),
  hubs: z.record(z.string(), keptSession),
})
export type KeptSessions = z.output<typeof keptSessions>

const none: KeptSessions = { version: 1, current: null, hubs: {} }

/** `SALLYPORT_SESSION_FILE`, or `sallyport/sessions.json` in the XDG configuration directory. */
export function sessionFile(environment: NodeJS.ProcessEnv): string {
  const named = environment['SALLYPORT_SESSION_FILE']
  if (named !== undefined && named !== '') return path.resolve(named)
  const xdg = environment['XDG_CONFIG_HOME'] ?? ''
  // The specification: a relative path there is to be ignored.
  const base = path.isAbsolute(xdg) ? xdg : path.join(homedir(), '.config')
  return path.join(base, 'sallyport', 'sessions.json')
}

/** What is kept; nothing when there is no file. Throws when others could have read or changed it. */
export async function readSessions(file: string): Promise<KeptSessions> {
  const found = await stat(file).catch(() => null)
  if (found === null) return none
  if ((found.mode & 0o077) !== 0)
    throw new CommandFailure(
      `${file} holds sessions and is open to others: they may have copied them. Sign out in the console, delete the file, and sign in again.`,
      exitCodes.refused,
    )
  const parsed =
    found.size > limits.sessionFileBytesMax
      ? null
      : keptSessions.safeParse(parseJson(await readFile(file, 'utf8')))
  if (parsed?.success === true) return parsed.data
  throw new CommandFailure(`${file} is damaged. Delete it, and sign in again.`)
}

/** Replaces the file in one step, so that a command that is killed here leaves the old one. */
export async function writeSessions(file: string, sessions: KeptSessions): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 })
  const fresh = `${file}.${randomBytes(6).toString('hex')}`
  try {
    const handle = await open(fresh, 'wx', 0o600)
    try {
      await handle.writeFile(`${JSON.stringify(sessions, null, 2)}\n`)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(fresh, file)
  } catch (error) {
    await rm(fresh, { force: true })
    throw new CommandFailure(
      `${file} cannot be written. Make room or name another with SALLYPORT_SESSION_FILE.`,
      exitCodes.failed,
      { cause: error },
    )
  }
}

/** The same without the session of `hub`. */
export function withoutHub(sessions: KeptSessions, hub: string): KeptSessions {
  const { [hub]: _gone, ...hubs } = sessions.hubs
  return { ...sessions, current: sessions.current === hub ? null : sessions.current, hubs }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
