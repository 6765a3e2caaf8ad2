/** `sallyport watch travellers`, `watch traveller-…`: travellers who are looked for by a photograph, as the API keeps them. */

import { readFile, stat } from 'node:fs/promises'

import { traveller, travellerHit } from '@sallyport/hub/api/traveller-schemas'
import { z } from 'zod'

import { CommandFailure, exitCodes } from '../exit.ts'
import { limits } from '../limits.ts'
import { nothing } from '../session/hub-calls.ts'
import { openSession } from '../session/session.ts'
import { jsonLine, note } from '../terminal.ts'

type Asking = { readonly hub?: string; readonly json?: boolean }
/** As the hub takes one. */
const photoBytesMax = 6 * 1024 * 1024

type Traveller = z.output<typeof traveller>

const entriesPage = z.object({ entries: z.array(traveller), next: z.string().nullable() })
const hitsPage = z.object({
  hits: z.array(travellerHit),
  waiting: z.number(),
  next: z.string().nullable(),
})

export async function listTravellers(options: Asking & { readonly state: string }): Promise<void> {
  const hub = await openSession(options)
  const state = options.state === 'any' ? undefined : options.state
  let cursor: string | undefined
  let count = 0
  for (let page = 0; page < limits.pagesMax; page++) {
    const { entries, next } = await hub.ask({
      path: '/v1/watch/travellers',
      query: { state, cursor, limit: 100 },
      answer: entriesPage,
    })
    for (const entry of entries) {
      count += 1
      if (options.json === true) jsonLine(entry)
      else console.log(lineOf(entry))
    }
    if (next === null) break
    cursor = next
  }
  if (count === 0 && options.json !== true) note('No such entries.')
}

/** Looks for the person in a photograph. */
export async function addTraveller(
  file: string,
  options: Asking & {
    readonly issuer: string
    readonly reason: string
    readonly expires: string
    readonly name?: string
    readonly born?: string
    readonly document?: string
    readonly documentIssuer?: string
  },
): Promise<void> {
  const photograph = await readPhotograph(file)
  const hub = await openSession(options)
  const entry = await hub.ask({
    method: 'POST',
    path: '/v1/watch/travellers',
    body: {
      issuer: options.issuer,
      reason: options.reason,
      expires_at: options.expires,
      name: options.name ?? null,
      born: options.born ?? null,
      document_number: options.document ?? null,
      document_issuer: options.documentIssuer ?? null,
      photograph,
    },
    answer: traveller,
    waitMsMax: limits.photosMsMax,
  })
  if (options.json === true) jsonLine(entry)
  else console.log(lineOf(entry))
}

export async function withdrawTraveller(
  entry: string,
  options: Asking & { readonly reason: string },
): Promise<void> {
  const hub = await openSession(options)
  await hub.ask({
    method: 'POST',
    path: `/v1/watch/travellers/${encodeURIComponent(entry)}/withdrawal`,
    body: { reason: options.reason },
    answer: nothing,
  })
  if (options.json === true) jsonLine({ id: entry, withdrawn: true })
  else console.log(`Withdrawn: ${entry}. Its photograph and template are gone.`)
}

/** Faces that wait for people, or with `judged` what was said of them; the pictures open in the console. */
export async function listTravellerHits(
  options: Asking & { readonly judged?: boolean },
): Promise<void> {
  const hub = await openSession(options)
  const { hits } = await hub.ask({
    path: '/v1/watch/traveller-hits',
    query: { state: options.judged === true ? 'judged' : 'unconfirmed', limit: 100 },
    answer: hitsPage,
  })
  for (const hit of hits) {
    if (options.json === true) jsonLine(hit)
    else
      console.log(
        `${hit.id}  ${hit.state}  crossing ${hit.crossing.id} at ${hit.crossing.captured_at}  ${hit.entry.issuer}: ${hit.entry.reason}`,
      )
  }
  if (hits.length === 0 && options.json !== true) note('No such faces.')
}

async function readPhotograph(file: string): Promise<string> {
  const found = await stat(file).catch(() => null)
  if (found === null || !found.isFile())
    throw new CommandFailure(`${file} is not there, or no file.`, exitCodes.wrongUse)
  if (found.size > photoBytesMax)
    throw new CommandFailure(
      `${file} has ${found.size} bytes; at most ${photoBytesMax} are taken. Make it smaller.`,
      exitCodes.wrongUse,
    )
  return (await readFile(file)).toString('base64')
}

function lineOf(entry: Traveller): string {
  const { id, name, issuer, reason, expires_at: expires, state } = entry
  return `${id}  ${name ?? 'name unknown'}  ${state} until ${expires}  ${issuer}: ${reason}`
}
