/** `sallyport retention …`: how long things are kept, as the API keeps it. */

import { readFile } from 'node:fs/promises'

import { type PackId, packIds } from '@sallyport/core/retention-packs'
import { plan, policyVersion, shredding, status } from '@sallyport/hub/api/retention-schemas'
import { z } from 'zod'

import { CommandFailure, exitCodes } from '../exit.ts'
import { limits } from '../limits.ts'
import { type HubSession, openSession } from '../session/session.ts'
import { jsonLine, note } from '../terminal.ts'

type Asking = { readonly hub?: string; readonly json?: boolean }

export async function showStatus(options: Asking): Promise<void> {
  const hub = await openSession(options)
  const found = await hub.ask({ path: '/v1/retention', answer: status })
  if (options.json === true) return jsonLine(found)
  console.log(
    found.in_force === null
      ? 'No policy is chosen: nothing is ever due. Choose one: npx sallyport retention policy'
      : `${found.in_force.policy.name}, since ${found.in_force.made_at}, log entry ${found.in_force.log_index}`,
  )
  for (const one of found.classes)
    console.log(
      `${one.class.padEnd(6)} ${one.kept} kept${one.oldest === null ? '' : `, oldest ${one.oldest}`}, ${one.shredded} shredded`,
    )
  console.log(
    `${found.holds.in_force} holds in force, ${found.holds.waiting} wait for a second person; ${found.pending} shreddings wait for a holder`,
  )
}

export async function showPlan(
  options: Asking & { readonly policy?: string; readonly days: number },
): Promise<void> {
  const hub = await openSession(options)
  const found = await planOf(hub, options.policy, options.days)
  if (options.json === true) return jsonLine(found)
  console.log(`${found.policy.name}: ${found.due_now} bodies would be shredded now`)
  for (const one of found.due)
    console.log(`now        ${one.class.padEnd(6)} ${one.bodies}${heldWords(one.held)}`)
  for (const one of found.days)
    console.log(`${one.day} ${one.class.padEnd(6)} ${one.bodies}${heldWords(one.held)}`)
}

export async function runNow(options: Asking): Promise<void> {
  const hub = await openSession(options)
  const done = await hub.ask({
    method: 'POST',
    path: '/v1/retention/runs',
    answer: z.object({ shreddings: z.number() }),
    waitMsMax: limits.retentionRunMsMax,
  })
  if (options.json === true) return jsonLine(done)
  console.log(`${done.shreddings} shreddings; each stands in the log`)
}

/** The versions, or with `chosen` and `accepts` a new one. */
export async function policies(
  chosen: string | undefined,
  options: Asking & { readonly accepts?: number },
): Promise<void> {
  const hub = await openSession(options)
  if (chosen === undefined) {
    const found = await hub.ask({
      path: '/v1/retention/policies',
      answer: z.object({ policies: z.array(policyVersion) }),
    })
    for (const one of found.policies)
      if (options.json === true) jsonLine(one)
      else
        console.log(`${one.made_at} ${one.policy.name}, ${one.made_by.name}, log ${one.log_index}`)
    if (found.policies.length === 0 && options.json !== true)
      note(`None was chosen. Packs: ${packIds.join(', ')}.`)
    return
  }
  if (options.accepts === undefined) {
    const found = await planOf(hub, chosen, 1)
    if (options.json === true) return jsonLine({ in_force: false, due_now: found.due_now })
    console.log(`${found.policy.name}: ${found.due_now} bodies would be shredded at once`)
    return note(`Nothing changed yet. If that is meant, add --accepts ${found.due_now}.`)
  }
  const made = await hub.ask({
    method: 'POST',
    path: '/v1/retention/policies',
    body: { policy: await policyFrom(chosen), accepts_due: options.accepts },
    answer: policyVersion,
  })
  if (options.json === true) jsonLine({ in_force: true, ...made })
  else console.log(`${made.policy.name} is in force, log entry ${made.log_index}`)
}

export async function listShredded(options: Asking): Promise<void> {
  const hub = await openSession(options)
  let cursor: string | undefined
  for (let page = 0; page < limits.pagesMax; page++) {
    const found = await hub.ask({
      path: '/v1/retention/shreddings',
      query: { cursor, limit: 100 },
      answer: z.object({ shreddings: z.array(shredding), next: z.string().nullable() }),
    })
    for (const one of found.shreddings)
      if (options.json === true) jsonLine(one)
      else
        console.log(
          `${one.class.padEnd(6)} of ${one.day}: ${one.bodies} bodies, requested ${one.requested_at}, ${one.effective_at === null ? one.state : `effective ${one.effective_at}`}`,
        )
    if (found.next === null) return
    cursor = found.next
  }
}

async function planOf(hub: HubSession, policy: string | undefined, days: number) {
  return hub.ask({
    method: 'POST',
    path: '/v1/retention/plans',
    body: { ...(policy === undefined ? {} : { policy: await policyFrom(policy) }), days },
    answer: plan,
  })
}

/** A pack by its name, or the policy in a JSON file. */
async function policyFrom(chosen: string): Promise<unknown> {
  if (packIds.some((id): id is PackId => id === chosen)) return chosen
  const text = await readFile(chosen, 'utf8').catch(() => null)
  if (text === null)
    throw new CommandFailure(
      `'${chosen}' is neither a file nor a pack (${packIds.join(', ')}).`,
      exitCodes.wrongUse,
    )
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw new CommandFailure(`${chosen} is not JSON.`, exitCodes.wrongUse)
  }
}

function heldWords(held: number): string {
  return held === 0 ? '' : `, ${held} of them held`
}
