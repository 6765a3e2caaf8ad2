/** `sallyport webhook …`: who is told of events, as the API keeps it. */

import { shownSecret, subscription } from '@sallyport/hub/api/integration-schemas'
import { z } from 'zod'

import { exitCodes } from '../exit.ts'
import { nothing } from '../session/hub-calls.ts'
import { openSession } from '../session/session.ts'
import { jsonLine, note } from '../terminal.ts'

type Asking = { readonly hub?: string; readonly json?: boolean }

const tested = z.object({ delivered: z.boolean(), reason: z.string().nullable() })

export async function listWebhooks(options: Asking): Promise<void> {
  const hub = await openSession(options)
  const { subscriptions } = await hub.ask({
    path: '/v1/subscriptions',
    answer: z.object({ subscriptions: z.array(subscription) }),
  })
  for (const one of subscriptions) {
    if (options.json === true) jsonLine(one)
    else {
      const trouble = one.last_failure === null ? '' : `, last failure: ${one.last_failure}`
      console.log(
        `${one.id}  ${one.kind}  ${one.name}  ${one.url}  ${one.state}, ${one.waiting} waiting${trouble}`,
      )
    }
  }
  if (subscriptions.length === 0 && options.json !== true) note('Nobody is told of anything.')
}

export type NewWebhookOptions = Asking & {
  readonly name: string
  readonly purpose: string
  readonly event?: readonly string[]
  readonly plates?: boolean
}

/** Sets one up and prints its secret, which the hub shows once. */
export async function addWebhook(url: string, options: NewWebhookOptions): Promise<void> {
  const { name, purpose, event, plates = false } = options
  const hub = await openSession(options)
  const made = await hub.ask({
    method: 'POST',
    path: '/v1/subscriptions',
    body: { name, purpose, url, plates, ...(event === undefined ? {} : { event_types: event }) },
    answer: shownSecret,
  })
  if (options.json === true) return jsonLine(made)
  console.log(made.id)
  console.log(made.secret)
  console.log(made.public_key)
  note('The secret is shown this once. Give it to the receiver, which checks signatures with it.')
}

/** Sends an event that says nothing; exit code 1 when it does not arrive. */
export async function testWebhook(id: string, options: Asking): Promise<void> {
  const hub = await openSession(options)
  const result = await hub.ask({
    method: 'POST',
    path: `/v1/subscriptions/${encodeURIComponent(id)}/test`,
    answer: tested,
  })
  if (options.json === true) jsonLine({ id, ...result })
  else console.log(result.delivered ? 'It arrived.' : `It did not arrive: ${result.reason ?? '?'}`)
  if (!result.delivered) process.exitCode = exitCodes.no
}

export async function removeWebhook(id: string, options: Asking): Promise<void> {
  const hub = await openSession(options)
  await hub.ask({
    method: 'DELETE',
    path: `/v1/subscriptions/${encodeURIComponent(id)}`,
    answer: nothing,
  })
  if (options.json === true) jsonLine({ id, removed: true })
  else console.log(`Ended: ${id}, with what waited for it.`)
}
