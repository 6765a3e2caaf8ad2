/** `sallyport incident open|list|show|contain|lift`: the room of an incident, over the API. */

import * as schemas from '@sallyport/hub/api/incident-schemas'
import { z } from 'zod'

import { CommandFailure, exitCodes } from '../exit.ts'
import { type HubSession, openSession } from '../session/session.ts'
import { jsonLine, note } from '../terminal.ts'

type Asking = { readonly hub?: string; readonly json?: boolean }

export async function openIncident(
  title: string,
  options: Asking & { readonly suspected?: string; readonly known?: string },
): Promise<void> {
  const hub = await openSession(options)
  const now = new Date().toISOString()
  const known = options.known ?? now
  const made = await hub.ask({
    method: 'POST',
    path: '/v1/incidents',
    body: { title, known_at: known, suspected_at: options.suspected ?? known },
    answer: z.object({ id: z.string() }),
  })
  if (options.json === true) jsonLine(made)
  else console.log(made.id)
}

export async function listIncidents(options: Asking): Promise<void> {
  const hub = await openSession(options)
  const { incidents } = await hub.ask({
    path: '/v1/incidents',
    answer: z.object({ incidents: z.array(schemas.incidentLine) }),
  })
  for (const one of incidents) {
    if (options.json === true) jsonLine(one)
    else
      console.log(
        `${one.id}  ${one.closed_at === null ? 'open' : 'closed'}  suspected ${one.suspected_at}  ${one.title}`,
      )
  }
  if (incidents.length === 0 && options.json !== true) note('No incident that you may know of.')
}

export async function showIncident(id: string, options: Asking): Promise<void> {
  const hub = await openSession(options)
  const incident = await roomOf(hub, id)
  if (options.json === true) return jsonLine(incident)
  console.log(
    `${incident.title}\nfirst suspicion ${incident.suspected_at}, known ${incident.known_at}`,
  )
  for (const { at, text, by, log_index: index } of incident.timeline)
    console.log(
      `${at}  ${text}${by === null ? '' : `  (${by})`}${index === null ? '' : `  #${index}`}`,
    )
  sayEffects(incident.steps)
}

export type ContainOptions = Asking & {
  readonly party: readonly string[]
  readonly person: readonly string[]
  readonly device: readonly string[]
  readonly key: readonly string[]
  readonly freeze?: boolean
  readonly rotateKeys?: boolean
  readonly destroyEarlier?: string
  readonly accept?: boolean
}

const lookMs = 250
const waitMs = 10_000
/** Lanes hear of other keys with their next heartbeat. */
const lanesWaitMs = 30_000

/** Cuts off, and looks until every part has confirmed; exit code 1 when something did not. */
export async function contain(incident: string, options: ContainOptions): Promise<void> {
  const named = [options.person, options.party, options.device, options.key].flat()
  const { freeze = false, rotateKeys = false, destroyEarlier } = options
  if (named.length === 0 && !freeze && !rotateKeys && destroyEarlier === undefined)
    throw new CommandFailure(
      'Name what to cut off: --party, --person, --device, --key, --freeze, --rotate-keys or --destroy-earlier.',
      exitCodes.wrongUse,
    )
  const hub = await openSession(options)
  if (destroyEarlier !== undefined && options.accept !== true)
    throw new CommandFailure(
      `Nothing was changed. ${lossOf(destroyEarlier, await roomOf(hub, incident))} Say that this may be with --accept.`,
      exitCodes.wrongUse,
    )
  const { port } = await hub.ask({
    path: '/v1/session',
    answer: z.object({ port: z.object({ id: z.string() }) }),
  })
  const each = (act: string, targets: readonly string[]) =>
    targets.map((target) => ({ act, target }))
  const cuts = [
    ...each('account_disabled', options.person),
    ...each('grants_suspended', options.party),
    ...each('device_quarantined', options.device),
    ...each('retention_frozen', freeze ? [port.id] : []),
    ...each('epoch_declared_lost', options.key),
    ...each('epochs_rotated', rotateKeys ? [port.id] : []),
    ...each('earlier_keys_given_up', destroyEarlier === undefined ? [] : [destroyEarlier]),
  ]
  const began = Date.now()
  const done = await hub.ask({
    method: 'POST',
    path: `/v1/incidents/${encodeURIComponent(incident)}/containment`,
    body: { cuts },
    answer: schemas.contained,
  })
  const wanted = new Set(done.steps.map(({ id }) => id))
  let { steps } = done
  // A first person's word is confirmed by the second's, which is not waited for.
  const pending = ({ act, effect }: (typeof steps)[number]): boolean =>
    !effect.confirmed && act !== 'earlier_keys_given_up'
  const longest = rotateKeys ? lanesWaitMs : waitMs
  while (steps.some(pending) && Date.now() - began < longest) {
    await new Promise((resolve) => setTimeout(resolve, lookMs))
    steps = (await roomOf(hub, incident)).steps.filter(({ id }) => wanted.has(id))
  }
  const confirmed = steps.length > 0 && steps.every(({ effect }) => effect.confirmed)
  if (!confirmed || done.refused.length > 0) process.exitCode = exitCodes.no
  const ms = Date.now() - began
  if (options.json === true) return jsonLine({ steps, refused: done.refused, confirmed, ms })
  sayEffects(steps)
  for (const { act, target, detail } of done.refused)
    console.log(`NOT ${act.replaceAll('_', ' ')} ${target}: ${detail}`)
  if (steps.length === 0) return note('Nothing was changed.')
  note(`${confirmed ? 'Confirmed by every part' : 'Not confirmed by every part'} after ${ms} ms.`)
  for (const step of steps) if (step.act === 'epochs_rotated') note(afterRotation(incident, step))
}

/** What somebody who replaced keys may want to do next. */
function afterRotation(
  incident: string,
  { id, effect }: z.output<typeof schemas.incident>['steps'][number],
): string {
  if (!effect.confirmed)
    return `Lanes that are away follow when they are back. Look again: npx sallyport incident show ${incident}`
  return `A copy of the earlier keys opens what was sealed before. Destroy the hub's with somebody of another unit: npx sallyport incident contain ${incident} --destroy-earlier ${id}`
}

export async function lift(step: string, options: Asking): Promise<void> {
  const hub = await openSession(options)
  const lifted = await hub.ask({
    method: 'POST',
    path: `/v1/containment/${encodeURIComponent(step)}/lifting`,
    answer: schemas.step,
  })
  if (options.json === true) jsonLine(lifted)
  else console.log(`Let back in: ${lifted.target}.`)
}

/** What destroying the keys that a step replaced would make unreadable, as the hub says it. */
function lossOf(step: string, room: z.output<typeof schemas.incident>): string {
  const found = room.steps.find(({ id }) => id === step)
  return found === undefined
    ? 'There is no such step in this incident.'
    : `${found.effect.detail} Nothing brings destroyed keys back.`
}

function sayEffects(steps: z.output<typeof schemas.incident>['steps']): void {
  for (const { id, act, target, lifted_at: liftedAt, effect } of steps)
    console.log(
      `${id}  ${act.replaceAll('_', ' ')}  ${target}  ${liftedAt === null ? `${effect.component}: ${effect.confirmed ? 'confirmed' : 'waits'}. ${effect.detail}` : 'lifted'}`,
    )
}

function roomOf(hub: HubSession, id: string) {
  return hub.ask({ path: `/v1/incidents/${encodeURIComponent(id)}`, answer: schemas.incident })
}
