/** Releases at a hub: whoever asks for copies, two of other units who approve, and what becomes of them. */

import { setTimeout as wait } from 'node:timers/promises'

import { generateIdentity } from '@sallyport/proof/node/seal'
import { fsck } from '@sallyport/store/fsck'

import { deliver, enrolTestDevice } from './device.ts'
import { type Body, json, send } from './grant-hub.ts'
import { type Person, startTestHub } from './hub.ts'
import { drawnCar } from './reader-client.ts'

/** A hub with a supervisor who asks, and a privacy officer and an auditor of other units. */
export async function startReleaseHub() {
  /** The hub's clock is so far ahead. */
  const clock = { offsetMs: 0 }
  const car = await drawnCar()
  const drawn: string[] = []
  const hub = await startTestHub({
    now: () => new Date(Date.now() + clock.offsetMs),
    draw: () => {
      drawn.push(`ZZ${1000 + drawn.length}`)
      return Promise.resolve({ picture: car, plate: drawn.at(-1) ?? '' })
    },
  })
  const device = await enrolTestDevice(hub, 'in-1')
  const requester = await hub.signIn(['supervisor'], { unit: 'operations' })
  const privacy = await hub.signIn(['privacy'], { unit: 'privacy office' })
  const auditor = await hub.signIn(['auditor'], { unit: 'inspection' })

  async function ask(change: Body = {}): Promise<Body> {
    const expires = new Date(hub.hub.parts.now().getTime() + 30 * 86_400_000)
    return json(
      send(requester, '/v1/releases', {
        purpose: 'court',
        basis: 'Order 7 of 2026',
        expires_at: expires.toISOString(),
        ...change,
      }),
    )
  }

  function approve(person: Person, release: string): Promise<Response> {
    return send(person, `/v1/releases/${release}/answer`, { approved: true })
  }

  function view(release: string): Promise<Body> {
    return json(requester.request(`/v1/releases/${release}`))
  }

  return {
    hub,
    clock,
    /** The drawn car of every crossing and canary here. */
    car,
    /** Plates that were drawn for canaries, in their order. */
    drawn,
    requester,
    privacy,
    auditor,
    ask,
    approve,
    view,
    /** The id of the scene of a new crossing. */
    capture: async (picture: Uint8Array = car): Promise<string> => {
      const { bytes, manifest } = device.bundle({ picture })
      const answer = await deliver(hub, bytes)
      if (answer.status !== 201) throw new Error(await answer.text())
      return manifest.bodies.find(({ class: name }) => name === 'scene')?.id ?? ''
    },
    /** The id of a key of the district court; a new one unless it is given. */
    recipient: async (key = generateIdentity().recipient): Promise<string> => {
      const asked = { party: 'district-court', name: 'District Court', contact: 'clerk', key }
      return String((await json(send(requester, '/v1/recipients', asked)))['id'])
    },
    /** One that two have approved. */
    release: async (change: Body = {}): Promise<string> => {
      const id = String((await ask(change))['id'])
      for (const person of [privacy, auditor]) {
        const answer = await approve(person, id)
        if (answer.status !== 204) throw new Error(await answer.text())
      }
      return id
    },
    /** Has it made, and waits until it is or has failed. */
    make: async (release: string): Promise<Body> => {
      const answer = await send(requester, `/v1/releases/${release}/making`)
      if (answer.status !== 202) throw new Error(await answer.text())
      for (;;) {
        const now = await view(release)
        if (now['state'] !== 'making') return now
        await wait(50)
      }
    },
    /** What the log has of it. */
    entries: async (release: string): Promise<Body[]> => {
      const found: Body[] = []
      for await (const { entry } of hub.hub.parts.journal.entries(0))
        if ('release' in entry && entry.release === release) found.push({ ...entry })
      return found
    },
    findings: async () => {
      const { db, vault, journal } = hub.hub.parts
      return (await fsck({ db, vault, log: journal.tiles, vkey: journal.vkey })).findings
    },
  }
}
