/** A port whose epoch keys are replaced in an incident: one lane, one responder, and a clock that tests move. */

import { readdirSync } from 'node:fs'
import path from 'node:path'

import type { LogEntry } from '@sallyport/proof/entry'
import { type EpochDocument, verifyEpochs } from '@sallyport/proof/epoch'

import { deliver, enrolTestDevice, type TestDevice } from './device.ts'
import { findingsOf } from './findings.ts'
import { sendHeartbeat } from './heartbeat.ts'
import { type Person, startTestHub, type TestHub } from './hub.ts'

type Body = Record<string, unknown>

export type Step = {
  readonly id: string
  readonly effect: {
    readonly confirmed: boolean
    readonly detail: string
    readonly earlier?: { readonly days: string[]; readonly waiting_for: Body[] }
  }
}

export type EpochRoom = Awaited<ReturnType<typeof startEpochRoom>>

/** What the hub announces for its port, in the words of `version`; throws when its signature does not hold. */
export async function announcedBy(hub: TestHub, version: 1 | 2 | 3): Promise<EpochDocument> {
  const answer = await hub.request(`/v1/ports/test-port/epochs?version=${version}`)
  const { document, signature } = (await answer.json()) as { document: string; signature: string }
  const verified = verifyEpochs(
    hub.hub.parts.keys.agency.publicKey,
    Buffer.from(document, 'base64'),
    Buffer.from(signature, 'hex'),
  )
  if (verified.kind === 'refused') throw new Error(verified.detail)
  return verified.document
}

/** Delivers a bundle: the answer's status, and its code when it is refused. */
export async function arriveAt(hub: TestHub, bytes: Uint8Array): Promise<[number, string?]> {
  const answer = await deliver(hub, bytes)
  const { code } = (await answer.json()) as { code?: string }
  return code === undefined ? [answer.status] : [answer.status, code]
}

/** What a lane says that it holds, of an announcement, with so many bundles of before. */
export function held({ issued_at, rotated_at }: EpochDocument, earlierThrough = 0): Body {
  return {
    issued_at,
    rotated_at: rotated_at ?? null,
    earlier_through: earlierThrough,
    earlier_verdicts: 0,
  }
}

export async function idOf(person: Person): Promise<string> {
  const session = (await (await person.request('/v1/session')).json()) as {
    account: { id: string }
  }
  return session.account.id
}

export async function send(person: Person, where: string, body: unknown = {}, method = 'POST') {
  const answer = await person.request(where, { method, body: JSON.stringify(body) })
  const text = await answer.text()
  return { status: answer.status, body: text === '' ? {} : (JSON.parse(text) as Body) }
}

/** Starts it at noon of `day`. */
export async function startEpochRoom(day: string) {
  const clock = { now: new Date(`${day}T12:00:00.000Z`) }
  const hub = await startTestHub({ now: () => clock.now })
  const device = await enrolTestDevice(hub, 'lane-1')
  const responder = await hub.signIn(['responder'], { unit: 'port' })
  clock.now = new Date(clock.now.getTime() + 1_000)
  const made = await send(responder, '/v1/incidents', {
    title: 'The hub was entered',
    suspected_at: clock.now.toISOString(),
    known_at: clock.now.toISOString(),
  })
  const incident = String(made.body['id'])

  async function cut(person: Person, act: string, target: string) {
    const done = await send(person, `/v1/incidents/${incident}/containment`, {
      cuts: [{ act, target }],
    })
    const { steps = [], refused = [] } = done.body as { steps?: Step[]; refused?: Body[] }
    return { status: done.status, step: steps[0], refused: refused[0] }
  }

  return {
    hub,
    device,
    responder,
    incident,
    clock,
    cut,
    announced: (version: 1 | 2 | 3 = 3) => announcedBy(hub, version),
    arrive: (bytes: Uint8Array) => arriveAt(hub, bytes),

    async rotate(person = responder): Promise<Step> {
      const { step, refused } = await cut(person, 'epochs_rotated', 'test-port')
      if (step === undefined) throw new Error(JSON.stringify(refused))
      return step
    },

    async steps(): Promise<readonly Step[]> {
      const room = await responder.request(`/v1/incidents/${incident}`)
      return ((await room.json()) as { steps: Step[] }).steps
    },

    /** The lane's next bundle, sealed as an announcement says. */
    sealedBy({ epochs }: EpochDocument, of = day): Uint8Array {
      const { recipient = '', hybrid_recipient: hybrid } =
        epochs.find((one) => one.day === of) ?? {}
      return device.bundle({
        recipientOf: (name) => (name === 'reads' ? (hybrid ?? recipient) : recipient),
        change: (manifest) => ({ ...manifest, epoch: { day: of, recipient } }),
      }).bytes
    },

    /** A heartbeat that says what the lane holds; null from a lane that knows no such words. */
    beat(epochs: Body | null, by: TestDevice = device): Promise<Response> {
      const said = epochs === null ? {} : { epochs }
      return sendHeartbeat(hub, by, { sent_at: clock.now.toISOString(), ...said })
    },

    async entries(kind: LogEntry['kind']): Promise<readonly LogEntry[]> {
      const found = []
      for await (const { entry } of hub.hub.parts.journal.entries(0))
        if (entry.kind === kind) found.push(entry)
      return found
    },

    findings: () => findingsOf(hub),

    keyFiles: (): readonly string[] =>
      readdirSync(path.join(hub.data, 'keys', 'epochs', 'test-port')),
  }
}
