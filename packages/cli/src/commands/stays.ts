/** `sallyport stays …`: who is inside, who stayed too long, and what is recorded of a plate. */

import {
  history as historySchema,
  recomputing,
  stay as staySchema,
  stayDetail,
  stayPage,
  summary,
} from '@sallyport/hub/api/stay-schemas'
import type { z } from 'zod'

import { CommandFailure, exitCodes } from '../exit.ts'
import { limits } from '../limits.ts'
import { type HubSession, openSession } from '../session/session.ts'
import { jsonLine, note } from '../terminal.ts'

type Asking = { readonly hub?: string; readonly json?: boolean }
type Stay = z.output<typeof staySchema>

export async function listStays(
  options: Asking & { readonly state?: string; readonly plate?: string },
): Promise<void> {
  const hub = await openSession(options)
  const { state, plate } = options
  await print(pagesOf(hub, '/v1/stays', { state, plate }), options, 'No such stays.')
}

/** Stays that are too long; each with its computation, one step a line. */
export async function listOverstays(options: Asking & { readonly left?: boolean }): Promise<void> {
  const hub = await openSession(options)
  const where = options.left === true ? 'left' : 'inside'
  let count = 0
  for await (const { id } of pagesOf(hub, '/v1/stays/overstays', { where })) {
    count += 1
    const detail = await hub.ask({
      path: `/v1/stays/${encodeURIComponent(id)}`,
      answer: stayDetail,
    })
    if (options.json === true) {
      jsonLine(detail)
      continue
    }
    console.log(lineOf(detail))
    for (const { step, ...facts } of detail.assessment.steps)
      console.log(`    ${step.padEnd(8)} ${factsOf(facts)}`)
  }
  if (count === 0 && options.json !== true) note('Nobody stayed too long.')
}

/** Of a plate, or with a colon of a traveller's document (`MEX:G12345678`). */
export async function showHistory(named: string, options: Asking): Promise<void> {
  const hub = await openSession(options)
  const found = await hub.ask({
    path: '/v1/stays/history',
    query: named.includes(':') ? { document: named.toUpperCase() } : { plate: named },
    answer: historySchema,
  })
  if (options.json === true) jsonLine(found)
  else {
    for (const one of found.stays) console.log(lineOf(one))
    for (const said of found.statements)
      console.log(`  ${said.at}  ${said.kind} by ${said.by.name}: ${said.reason}`)
    if (found.more) note('There are older ones.')
  }
  if (found.stays.length === 0)
    throw new CommandFailure(`Nothing is recorded of ${found.plate ?? named}.`, exitCodes.no)
}

/** Has every stay computed again, and waits until it is done. */
export async function recomputeStays(options: Asking): Promise<void> {
  const hub = await openSession(options)
  const started = await hub.ask({
    method: 'POST',
    path: '/v1/stays/recomputations',
    answer: recomputing,
  })
  const deadline = Date.now() + limits.recomputeMsMax
  for (;;) {
    const { waiting } = await hub.ask({ path: '/v1/stays/recomputations', answer: recomputing })
    if (waiting === 0) break
    if (Date.now() > deadline)
      throw new CommandFailure(
        `${waiting} plates still wait. The hub goes on; ask again later, and look at its report.`,
      )
    await new Promise((resolve) => setTimeout(resolve, limits.recomputeLookMs))
  }
  if (options.json === true) jsonLine({ computed: started.waiting })
  else console.log(`Stays of ${started.waiting} plates were computed again.`)
}

export async function showSummary(options: Asking): Promise<void> {
  const hub = await openSession(options)
  const found = await hub.ask({ path: '/v1/stays/summary', answer: summary })
  if (options.json === true) return jsonLine(found)
  for (const [state, count] of Object.entries(found.states)) console.log(`${state}  ${count}`)
  console.log(`too long, inside  ${found.over_inside}`)
  console.log(`too long, left  ${found.over_left}`)
}

async function* pagesOf(
  hub: HubSession,
  path: string,
  query: Readonly<Record<string, string | undefined>>,
): AsyncGenerator<Stay> {
  let cursor: string | undefined
  for (let page = 0; page < limits.pagesMax; page++) {
    const { stays, next } = await hub.ask({
      path,
      query: { ...query, cursor, limit: 100 },
      answer: stayPage,
    })
    yield* stays
    if (next === null) return
    cursor = next
  }
}

async function print(
  stays: AsyncGenerator<Stay>,
  { json }: Asking,
  nothing: string,
): Promise<void> {
  let count = 0
  for await (const stay of stays) {
    count += 1
    if (json === true) jsonLine(stay)
    else console.log(lineOf(stay))
  }
  if (count === 0 && json !== true) note(nothing)
}

function lineOf({ plate, document, state, from, until, days, over, reason }: Stay): string {
  const words = [
    plate ?? (document === null ? '?' : `${document.issuer}:${document.number}`),
    state,
    `${from ?? '?'} to ${until ?? (state === 'open' ? 'now' : '?')}`,
    days === null ? '' : days === 1 ? '1 day' : `${days} days`,
    reason ?? '',
    over ? 'TOO LONG' : '',
  ]
  return words.filter((word) => word !== '').join('  ')
}

function factsOf(facts: Readonly<Record<string, unknown>>): string {
  return Object.entries(facts)
    .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ')
}
