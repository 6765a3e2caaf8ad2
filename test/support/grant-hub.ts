/** Grants of a contractor at a hub: two units that sign them, and two people who open under them. */

import { deliver, enrolTestDevice } from './device.ts'
import { type Person, startTestHub, type TestHubOptions } from './hub.ts'
import { drawnCar } from './reader-client.ts'

export type Body = Record<string, unknown>

export function send(person: Person, path: string, body: unknown = {}): Promise<Response> {
  return person.request(path, { method: 'POST', body: JSON.stringify(body) })
}

export async function json(answer: Promise<Response> | Response): Promise<Body> {
  return (await (await answer).json()) as Body
}

/** A hub with a prime, its subcontractor, two keepers of different units and two of the contractor's people. */
export async function startGrantHub(options: Pick<TestHubOptions, 'console'> = {}) {
  /** The hub's clock is so far ahead. */
  const clock = { offsetMs: 0 }
  const hub = await startTestHub({
    ...options,
    now: () => new Date(Date.now() + clock.offsetMs),
  })
  const device = await enrolTestDevice(hub, 'in-1')
  await enrolTestDevice(hub, 'in-2')
  const car = await drawnCar()
  const first = await hub.signIn(['supervisor'], { unit: 'operations' })
  const second = await hub.signIn(['privacy'], { unit: 'privacy office' })
  for (const [id, kind, parent] of [
    ['gate-works', 'prime', 'agency'],
    ['north-optics', 'subcontractor', 'gate-works'],
  ] as const) {
    const party = { id, kind, parent, name: `The ${id}`, contact: 'duty desk' }
    const answer = await send(first, '/v1/parties', party)
    if (answer.status !== 201) throw new Error(await answer.text())
  }
  const technician = await hub.signIn([], { party: 'north-optics' })
  const colleague = await hub.signIn([], { party: 'north-optics' })

  function document(change: Body = {}): Body {
    const now = hub.hub.parts.now().getTime()
    return {
      party: 'north-optics',
      basis: 'Work order 114',
      purpose: 'fault_analysis',
      ports: ['test-port'],
      lanes: ['in-1'],
      views: ['plate_crop', 'scene'],
      pictures_per_day: 50,
      bytes_per_day: 100_000_000,
      from: new Date(now - 60_000).toISOString(),
      until: new Date(now + 86_400_000).toISOString(),
      incident_hours: 24,
      ...change,
    }
  }

  return {
    hub,
    clock,
    /** The drawn car of every crossing here. */
    car,
    first,
    second,
    technician,
    colleague,
    document,
    /** A grant that both have signed. */
    signed: async (change: Body = {}): Promise<string> => {
      const { grant, version } = await json(send(first, '/v1/grants', document(change)))
      const path = `/v1/grants/${String(grant)}/versions/${String(version)}/signature`
      const answer = await send(second, path)
      if (answer.status !== 204) throw new Error(await answer.text())
      return String(grant)
    },
    /** A crossing whose scene is a drawn car; the ids of its bodies by class. */
    cross: async (picture: Uint8Array = car): Promise<Record<string, string>> => {
      const { bytes, manifest } = device.bundle({ picture })
      const answer = await deliver(hub, bytes)
      if (answer.status !== 201) throw new Error(await answer.text())
      return Object.fromEntries(manifest.bodies.map(({ class: name, id }) => [name, id]))
    },
    open: (person: Person, capture: string, grant: string, change: Body = {}): Promise<Body> => {
      const asked = { purpose: 'fault_analysis', grant, ...change }
      return json(send(person, `/v1/captures/${capture}/openings`, asked))
    },
    entryAt: async (index: number): Promise<Body> => {
      const receipt = await hub.hub.parts.journal.receipt(index)
      return JSON.parse(Buffer.from(receipt?.entry ?? []).toString('utf8')) as Body
    },
  }
}
