/** `sallyport hold …`: legal holds, as the API keeps them. */

import { hold } from '@sallyport/hub/api/retention-schemas'
import { z } from 'zod'

import { CommandFailure, exitCodes } from '../exit.ts'
import { openSession } from '../session/session.ts'
import { jsonLine, note } from '../terminal.ts'

type Asking = { readonly hub?: string; readonly json?: boolean }
type Hold = z.output<typeof hold>

export type HoldOptions = Asking & {
  readonly crossing?: string
  readonly plate?: string
  readonly lane?: string
  readonly from?: string
  readonly to?: string
  readonly port?: boolean
  readonly reason: string
  readonly expires: string
}

export async function requestHold(options: HoldOptions): Promise<void> {
  const scope = scopeOf(options)
  const expires = new Date(options.expires)
  if (Number.isNaN(expires.getTime()))
    throw new CommandFailure(`'${options.expires}' is no time.`, exitCodes.wrongUse)
  const hub = await openSession(options)
  const made = await hub.ask({
    method: 'POST',
    path: '/v1/holds',
    body: { scope, reason: options.reason, expires_at: expires.toISOString() },
    answer: hold,
  })
  show(made, options)
  if (options.json !== true)
    note(`Nothing is held yet. Another person: npx sallyport hold approve ${made.id}`)
}

export async function approveHold(id: string, options: Asking): Promise<void> {
  const hub = await openSession(options)
  const path = `/v1/holds/${encodeURIComponent(id)}/approval`
  show(await hub.ask({ method: 'POST', path, answer: hold }), options)
}

export async function liftHold(
  id: string,
  options: Asking & { readonly reason: string },
): Promise<void> {
  const hub = await openSession(options)
  const path = `/v1/holds/${encodeURIComponent(id)}/lifting`
  const { reason } = options
  show(await hub.ask({ method: 'POST', path, body: { reason }, answer: hold }), options)
}

export async function listHolds(options: Asking): Promise<void> {
  const hub = await openSession(options)
  const answer = z.object({ holds: z.array(hold) })
  const { holds } = await hub.ask({ path: '/v1/holds', answer })
  for (const one of holds) show(one, options)
  if (holds.length === 0 && options.json !== true) note('No holds.')
}

function scopeOf({ crossing, plate, lane, from, to, port }: HoldOptions) {
  const named = [
    crossing === undefined ? [] : [{ kind: 'crossing', crossing }],
    plate === undefined ? [] : [{ kind: 'plate', plate }],
    lane === undefined ? [] : [{ kind: 'lane', lane, from_day: from, to_day: to ?? from }],
    port === true ? [{ kind: 'port' }] : [],
  ].flat()
  const [scope] = named
  if (scope === undefined || named.length > 1)
    throw new CommandFailure(
      'Say what it covers, once: --crossing, --plate, --lane with --from, or --port.',
      exitCodes.wrongUse,
    )
  return scope
}

function show(one: Hold, { json }: Asking): void {
  if (json === true) return jsonLine(one)
  const { kind, crossing, plate, lane, from_day, to_day } = one.scope
  const about = [kind, crossing, plate, lane, from_day, to_day].filter((part) => part !== null)
  console.log(`${one.id} ${one.state} until ${one.expires_at}: ${about.join(' ')} (${one.reason})`)
}
