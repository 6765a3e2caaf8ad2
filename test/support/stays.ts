/** Vehicles that pass lanes in and out at chosen times. */

import type { CrossingReads } from '@sallyport/core/crossing'
import { insertLane } from '@sallyport/store/lanes'

import { deliver, enrolTestDevice, readsOf, type TestDevice } from './device.ts'
import type { Person, TestHub } from './hub.ts'
import type { Waiting } from './review.ts'

export type Lanes = { readonly in: TestDevice; readonly out: TestDevice }

export async function enrolLanes(hub: TestHub): Promise<Lanes> {
  await insertLane(hub.hub.parts.db, {
    id: 'out-1',
    name: 'Lane out-1',
    port: 'test-port',
    direction: 'out',
    kind: 'vehicle',
    created_at: new Date(),
  })
  return { in: await enrolTestDevice(hub, 'in-1'), out: await enrolTestDevice(hub, 'out-1') }
}

/** Delivers a crossing captured at `at`; answers with its id. */
export async function passBy(
  hub: TestHub,
  device: TestDevice,
  plate: string,
  at: Date,
): Promise<string> {
  return (await passWith(hub, device, readsOf(plate), at)).crossing
}

/** The same for any reads; answers with what a verdict on it needs. */
export async function passWith(
  hub: TestHub,
  device: TestDevice,
  reads: CrossingReads,
  at: Date,
): Promise<Waiting> {
  const { bytes, manifest } = device.bundle({
    reads: Buffer.from(JSON.stringify(reads)),
    change: (one) => ({ ...one, captured_at: at.toISOString() }),
  })
  const answer = await deliver(hub, bytes)
  if (answer.status !== 201)
    throw new Error(`not taken: ${await answer.text()} ${hub.reports.join('; ')}`)
  const idOf = (name: string) => manifest.bodies.find((body) => body.class === name)?.id ?? ''
  return { crossing: manifest.crossing, scene: idOf('scene'), plate: idOf('plate') }
}

export type StayAnswer = {
  readonly id: string
  readonly state: string
  readonly plate: string | null
  readonly days: number | null
  readonly over: boolean
  readonly doubts: readonly string[]
  readonly reason: string | null
  readonly passages: readonly { readonly id: string }[]
}

/** Waits until everything that arrived is computed, and asks. */
export async function ask<T>(hub: TestHub, person: Person, where: string): Promise<T> {
  await hub.hub.parts.stays.settled()
  const answer = await person.request(where)
  if (answer.status !== 200) throw new Error(`${where}: ${await answer.text()}`)
  return (await answer.json()) as T
}

export async function staysOf(
  hub: TestHub,
  person: Person,
  query = '',
): Promise<readonly StayAnswer[]> {
  return (await ask<{ stays: readonly StayAnswer[] }>(hub, person, `/v1/stays${query}`)).stays
}
