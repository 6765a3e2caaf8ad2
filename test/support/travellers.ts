/** Travellers who are looked for, through the API, as a supervisor and officers do it. */

import { ask, type FaceHub } from './face-hub.ts'
import { photographOf } from './faces.ts'
import type { Person, TestHub } from './hub.ts'

type Verdict = { readonly verdict: string; readonly by: { readonly name: string } }

export type TravellerHit = {
  readonly id: string
  readonly state: string
  readonly capture_id: string
  readonly entry: { readonly id: string; readonly reason: string; readonly issuer: string }
  readonly crossing: { readonly id: string }
  readonly own_verdict: Verdict | null
  readonly verdicts: readonly Verdict[]
}

export type TravellerEntry = {
  readonly id: string
  readonly state: string
  readonly searched: boolean
  readonly log_index: number
}

type Refusal = { readonly code?: string; readonly result?: string }

/** Asks for an entry for drawn person `who`. */
export async function seek(
  maker: Person,
  who: number,
  change: Readonly<Record<string, unknown>> & { readonly now: Date },
) {
  const { now, ...said } = change
  return ask<TravellerEntry & Refusal>(maker, '/v1/watch/travellers', {
    issuer: 'State police 17/26',
    reason: 'Missing person',
    expires_at: new Date(now.getTime() + 30 * 24 * 3_600_000).toISOString(),
    photograph: Buffer.from(await photographOf(who)).toString('base64'),
    ...said,
  })
}

/** An officer who works at the lane. */
export async function atLane(hub: TestHub): Promise<Person> {
  const officer = await hub.signIn(['officer'])
  await officer.request('/v1/shift', { method: 'PUT', body: JSON.stringify({ lane: 'in-1' }) })
  return officer
}

/** Open or judged hits as `reader` sees them, once the hub has told of what it kept. */
export async function travellerHits(hub: TestHub, reader: Person, state = 'unconfirmed') {
  await hub.hub.parts.faces.drain()
  return ask<{ hits: readonly TravellerHit[]; waiting: number }>(
    reader,
    `/v1/watch/traveller-hits?state=${state}`,
  )
}

/** A crossing of one person, and the one hit of it. */
export async function hitFor(here: FaceHub, reader: Person, who: number): Promise<TravellerHit> {
  const crossing = await (await here.sealedCrossing([who]))()
  const { hits } = await travellerHits(here.hub, reader)
  const [hit] = hits.filter((one) => one.crossing.id === crossing)
  if (hit === undefined) throw new Error('no possible match')
  return hit
}

export function judgeTraveller(person: Person, hit: TravellerHit, verdict: string) {
  return ask<TravellerHit & Refusal>(person, `/v1/watch/traveller-hits/${hit.id}/judgement`, {
    verdict,
  })
}

/** Opens the face at the lane, and the photograph of the entry. */
export async function openBoth(person: Person, hit: TravellerHit) {
  const purpose = { purpose: 'inspection' }
  const candidate = `/v1/crossings/${hit.crossing.id}/candidates/${hit.entry.id}/openings`
  return [
    await ask<Refusal>(person, `/v1/captures/${hit.capture_id}/openings`, purpose),
    await ask<Refusal>(person, candidate, purpose),
  ]
}
