/** `sallyport device …`: what happened to the computers at lanes, and who works at them. */

import { deviceEvent } from '@sallyport/hub/api/device-event-routes'
import * as incidents from '@sallyport/hub/api/incident-schemas'
import { maintenanceOrder } from '@sallyport/hub/api/maintenance-routes'
import { quarantine } from '@sallyport/hub/api/quarantine-routes'
import { z } from 'zod'

import { CommandFailure, exitCodes } from '../exit.ts'
import { nothing } from '../session/hub-calls.ts'
import { openSession } from '../session/session.ts'
import { jsonLine, note } from '../terminal.ts'

type Asking = { readonly hub?: string; readonly json?: boolean }

export async function listEvents(options: Asking): Promise<void> {
  const hub = await openSession(options)
  const { events } = await hub.ask({
    path: '/v1/device-events',
    answer: z.object({ events: z.array(deviceEvent), next: z.string().nullable() }),
  })
  for (const event of events) {
    if (options.json === true) jsonLine(event)
    else console.log(`${event.observed_at}  ${event.lane}  ${event.kind}  ${event.detail}.`)
  }
  if (events.length === 0 && options.json !== true) note('Nothing happened to a device yet.')
}

export async function listOrders(options: Asking): Promise<void> {
  const hub = await openSession(options)
  const { orders } = await hub.ask({
    path: '/v1/maintenance',
    answer: z.object({ orders: z.array(maintenanceOrder) }),
  })
  for (const order of orders) {
    if (options.json === true) jsonLine(order)
    else {
      const { id, lane, number, technician, party, from, until } = order
      console.log(
        `${id}  ${lane}  ${stateOf(order)}  ${number}  ${technician}, ${party}  ${from} to ${until}`,
      )
    }
  }
  if (orders.length === 0 && options.json !== true) note('There are no work orders.')
}

function stateOf({ begun, over, overrun }: z.infer<typeof maintenanceOrder>): string {
  if (over !== null) return 'over'
  if (begun === null) return 'waits'
  return overrun ? 'past its time' : 'in maintenance'
}

/** Writes a work order; somebody else lets it begin. */
export async function writeOrder(
  lane: string,
  options: Asking & {
    readonly number: string
    readonly technician: string
    readonly party: string
    readonly from: string
    readonly until: string
  },
): Promise<void> {
  const { number, technician, party, from, until } = options
  const hub = await openSession(options)
  const made = await hub.ask({
    method: 'POST',
    path: '/v1/maintenance',
    body: { lane, number, technician, party, from, until },
    answer: z.object({ order: z.string() }),
  })
  if (options.json === true) return jsonLine(made)
  note(`Written. Somebody else lets it begin: sallyport device begin ${made.order}`)
}

/** Lets the work begin, or ends it; the lane follows within seconds. */
export async function turnOrder(
  order: string,
  to: 'beginning' | 'ending',
  { watching, ...options }: Asking & { readonly watching?: boolean },
): Promise<void> {
  const hub = await openSession(options)
  const path = `/v1/maintenance/${encodeURIComponent(order)}/${to}`
  await hub.ask({ method: 'POST', path, body: { watching }, answer: nothing })
  note(
    to === 'beginning'
      ? 'Begun. The lane is told within 10 seconds, and says so under Devices.'
      : 'Ended. The lane is back in service within 10 seconds, and says so under Devices.',
  )
}

/** Takes a device off and says whether intake obeys. */
export async function quarantineDevice(
  device: string,
  options: Asking & { readonly reason: string },
): Promise<void> {
  const hub = await openSession(options)
  const made = await hub.ask({
    method: 'POST',
    path: `/v1/devices/${encodeURIComponent(device)}/quarantine`,
    body: { reason: options.reason },
    answer: z.object({ incident: z.string(), step: incidents.step }),
  })
  if (options.json === true) return jsonLine(made)
  const { effect } = made.step
  note(`${effect.confirmed ? 'Confirmed' : 'Not confirmed yet'}: ${effect.detail}`)
  note(`Incident ${made.incident}. Let it back in: sallyport device release ${device}`)
}

export async function releaseDevice(device: string, options: Asking): Promise<void> {
  const hub = await openSession(options)
  const path = `/v1/devices/${encodeURIComponent(device)}/quarantine`
  const { quarantined, step } = await hub.ask({ path, answer: quarantine })
  if (!quarantined) return note('This device is not in quarantine.')
  if (step === null)
    throw new CommandFailure(
      'The incident behind it is not open to you. Ask whoever is in its room.',
      exitCodes.refused,
    )
  const lifting = `/v1/containment/${step.id}/lifting`
  const lifted = await hub.ask({ method: 'POST', path: lifting, body: {}, answer: incidents.step })
  note(lifted.effect.detail)
}
