/**
 * Acting as a person at a hub. A command that needs somebody:
 *
 *     import { someRow } from '@sallyport/hub/api/some-schemas'
 *     import { openSession } from '../session/session.ts'
 *     import { nothing } from '../session/hub-calls.ts'
 *
 *     const hub = await openSession(options)             // options.hub is --hub
 *     const { rows } = await hub.ask({ path: '/v1/some', answer: z.object({ rows: z.array(someRow) }) })
 *     await hub.ask({ method: 'POST', path: `/v1/some/${id}/end`, body: { reason }, answer: nothing })
 *
 * Whatever the hub refuses is thrown as `HubRefusal`, whose message and exit code may go to the person as
 * they are; `code` tells refusals apart. `main.ts` prints it. Declare `--hub` with `.option(...hubOption)` of `hub-option.ts`.
 */

import { session as sessionSchema } from '@sallyport/hub/api/schemas'
import type { z } from 'zod'

import { CommandFailure, exitCodes } from '../exit.ts'
import { limits } from '../limits.ts'
import {
  callHub,
  type HubCall,
  type HubFile,
  HubRefusal,
  nothing,
  parseHub,
  saveFromHub,
} from './hub-calls.ts'
import {
  type KeptSession,
  readSessions,
  sessionFile,
  withoutHub,
  writeSessions,
} from './session-file.ts'

export type HubSession = {
  /** Its address, `http://localhost:8080`. */
  readonly hub: string
  readonly account: { readonly id: string; readonly name: string }
  readonly expiresAt: Date
  ask<Answer extends z.ZodType>(call: HubCall<Answer>): Promise<z.output<Answer>>
  /** Keeps an answer of any length as a file. */
  save(file: HubFile): Promise<void>
}

export type Who = z.output<typeof sessionSchema>

type Place = { readonly hub?: string | undefined }
type Environment = NodeJS.ProcessEnv

const cookieName = 'sallyport_session'
const howToSignIn =
  'Sign in with a one-time link: npx sallyport sign-in. The console makes one in your account menu; the hub prints one with --sign-in-link.'

/** The session that `sign-in` left. Throws, with the next step, when there is none or it has ended. */
export async function openSession(
  { hub: named }: Place,
  environment: Environment = process.env,
): Promise<HubSession> {
  const file = sessionFile(environment)
  const sessions = await readSessions(file)
  const hub = hubOf(named, environment) ?? sessions.current
  const kept = hub === null ? undefined : sessions.hubs[hub]
  if (hub === null || kept === undefined)
    throw new CommandFailure(
      `You are not signed in${hub === null ? '' : ` to ${hub}`}. ${howToSignIn}`,
      exitCodes.refused,
    )
  const forget = async (): Promise<void> => {
    const now = await readSessions(file)
    // Another command may have signed in meanwhile.
    if (now.hubs[hub]?.token === kept.token) await writeSessions(file, withoutHub(now, hub))
  }
  if (Date.parse(kept.expires_at) <= Date.now()) {
    await forget()
    throw ended(hub, `ended at ${kept.expires_at}`)
  }
  return sessionAt(hub, kept, async () => {
    await forget()
    throw ended(hub, 'has ended: somebody signed it out, or the account was changed')
  })
}

/** Starts a session with a one-time link. It is in memory only until `keepSession`. */
export async function signInWith(
  link: string,
  { hub: named }: Place,
  environment: Environment = process.env,
): Promise<{ readonly session: HubSession; readonly kept: KeptSession; readonly who: Who }> {
  const { token, from } = parseLink(link)
  const hub = hubOf(named, environment) ?? parseHub(from)
  const { answer: who, headers } = await callHub(hub, null, {
    method: 'POST',
    path: '/v1/session/link',
    body: { token },
    answer: sessionSchema,
  })
  const kept = { ...cookieOf(headers), account: { id: who.account.id, name: who.account.name } }
  const session = sessionAt(hub, kept, () => {
    throw ended(hub, 'has ended')
  })
  return { session, kept, who }
}

/** Keeps a session for later commands; the hub becomes the one that is meant where none is named. */
export async function keepSession(
  hub: string,
  kept: KeptSession,
  environment: Environment = process.env,
): Promise<string> {
  const file = sessionFile(environment)
  const sessions = await readSessions(file)
  await writeSessions(file, {
    ...sessions,
    current: hub,
    hubs: { ...sessions.hubs, [hub]: kept },
  })
  return file
}

/** Ends the session at the hub and forgets it, also where the hub does not answer: then it throws. */
export async function endSession(
  place: Place,
  environment: Environment = process.env,
): Promise<string> {
  const session = await openSession(place, environment)
  const file = sessionFile(environment)
  try {
    await session.ask({ method: 'DELETE', path: '/v1/session', answer: nothing })
  } catch (error) {
    if (error instanceof CommandFailure && !(error instanceof HubRefusal))
      throw new CommandFailure(
        `Forgotten here, but ${session.hub} did not answer: there the session lives until ${session.expiresAt.toISOString()}.`,
        exitCodes.failed,
        { cause: error },
      )
    throw error
  } finally {
    await writeSessions(file, withoutHub(await readSessions(file), session.hub))
  }
  return session.hub
}

function sessionAt(hub: string, kept: KeptSession, over: () => Promise<never> | never): HubSession {
  const cookie = `${cookieName}=${kept.token}`
  async function orOver<T>(asked: Promise<T>): Promise<T> {
    try {
      return await asked
    } catch (error) {
      if (error instanceof HubRefusal && error.code === 'not_signed_in') await over()
      throw error
    }
  }
  return {
    hub,
    account: kept.account,
    expiresAt: new Date(kept.expires_at),
    ask: async (call) => (await orOver(callHub(hub, cookie, call))).answer,
    save: (file) => orOver(saveFromHub(hub, cookie, file)),
  }
}

function ended(hub: string, how: string): CommandFailure {
  return new CommandFailure(`Your session at ${hub} ${how}. ${howToSignIn}`, exitCodes.refused)
}

function hubOf(named: string | undefined, environment: Environment): string | null {
  const hub = named ?? environment['SALLYPORT_HUB']
  return hub === undefined || hub === '' ? null : parseHub(hub)
}

/** `http://hub/sign-in#token=…`. Its text is not repeated in the failure: it is a secret until it is used. */
function parseLink(link: string): { readonly token: string; readonly from: string } {
  const text = link.trim()
  const found =
    text.length > limits.linkLengthMax ? null : /^(.+)\/sign-in#token=([a-z0-9]{1,100})$/.exec(text)
  const [, from = '', token = ''] = found ?? []
  if (token !== '') return { token, from }
  throw new CommandFailure(
    'That is no one-time link. It looks like http://localhost:8080/sign-in#token=…; put it in quotes.',
    exitCodes.wrongUse,
  )
}

function cookieOf(headers: Headers): Pick<KeptSession, 'token' | 'expires_at'> {
  for (const cookie of headers.getSetCookie()) {
    const token = new RegExp(`^${cookieName}=([^;]{1,200})`).exec(cookie)?.[1]
    const seconds = /;\s*max-age=(\d{1,9})/i.exec(cookie)?.[1]
    if (token === undefined || seconds === undefined) continue
    return { token, expires_at: new Date(Date.now() + Number(seconds) * 1000).toISOString() }
  }
  throw new CommandFailure('The hub answered without a session. Is it a hub?')
}
