/**
 * How long it takes from the request to cut off until every part has confirmed it and nothing goes on: the
 * person's request is refused and their open stream has ended, the device's bundle is refused.
 *
 *   npx tsx bench/contain.ts [--rounds 10] [--streams 20]
 *
 * A hub process on its embedded database; `streams` people listen to live events the whole time.
 */

import { mkdtemp, rm } from 'node:fs/promises'
import * as os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'

import { enrolByCode } from '../test/support/device.ts'
import { signInByLink, startHubProcess } from '../test/support/hub-process.ts'
import { freePort } from '../test/support/hub.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '10' },
    streams: { type: 'string', default: '20' },
  },
})
const data = await mkdtemp(path.join(os.tmpdir(), 'sallyport-bench-'))
const hub = await startHubProcess(path.join(data, 'hub'), await freePort())
type Request = Awaited<ReturnType<typeof signInByLink>>
try {
  const request = await signInByLink(hub.link() ?? '')
  const post = async <T>(where: string, body: object): Promise<T> => {
    const answer = await request(where, { method: 'POST', body: JSON.stringify(body) })
    if (!answer.ok) throw new Error(`${where}: ${await answer.text()}`)
    return (await answer.json()) as T
  }
  const person = async () => {
    const { url } = await post<{ url: string }>('/v1/invitations', {
      name: 'Bench',
      roles: ['officer', 'responder'],
    })
    const asThem = await signInByLink(url)
    const { account } = (await (await asThem('/v1/session')).json()) as { account: { id: string } }
    return { id: account.id, request: asThem }
  }
  for (let at = 0; at < Number(values.streams); at++) await listen((await person()).request)
  const responder = await person()
  const now = new Date().toISOString()
  const opened = await responder.request('/v1/incidents', {
    method: 'POST',
    body: JSON.stringify({ title: 'Bench', known_at: now, suspected_at: now }),
  })
  const { id: incident } = (await opened.json()) as { id: string }
  await post('/v1/lanes', { id: 'bench', name: 'Bench', direction: 'in' })
  const times: number[] = []
  for (let round = 0; round < Number(values.rounds); round++) {
    const suspect = await person()
    const { over } = await listen(suspect.request)
    const { code } = await post<{ code: string }>('/v1/lanes/bench/enrolment-codes', {})
    const device = await enrolByCode(code, 'bench', (where, init) =>
      fetch(`${hub.origin}${where}`, { ...init, headers: { 'content-type': 'application/json' } }),
    )
    const bundle = new Uint8Array(device.bundle().bytes)
    const cuts = [
      { act: 'account_disabled', target: suspect.id },
      { act: 'device_quarantined', target: device.id },
    ]
    const began = performance.now()
    const done = await responder.request(`/v1/incidents/${incident}/containment`, {
      method: 'POST',
      body: JSON.stringify({ cuts }),
    })
    const { steps } = (await done.json()) as { steps: { effect: { confirmed: boolean } }[] }
    if (steps.length !== cuts.length || !steps.every(({ effect }) => effect.confirmed))
      throw new Error(`not confirmed at once: ${JSON.stringify(steps)}`)
    await over
    const refused = await Promise.all([
      suspect.request('/v1/session'),
      fetch(`${hub.origin}/v1/bundles`, {
        method: 'POST',
        body: bundle,
        headers: { 'content-type': 'application/octet-stream' },
      }),
    ])
    times.push(performance.now() - began)
    if (refused.some(({ ok }) => ok)) throw new Error('something went on')
  }
  times.sort((a, b) => a - b)
  const at = (share: number) => Math.round(times[Math.floor(share * (times.length - 1))] ?? 0)
  console.table([
    {
      rounds: times.length,
      streams: values.streams,
      best_ms: at(0),
      p50_ms: at(0.5),
      worst_ms: at(1),
    },
  ])
  const load = os.loadavg()[0]?.toFixed(1)
  console.log(`Node ${process.version}, ${new Date().toISOString().slice(0, 10)}, load ${load}`)
} finally {
  await hub.stop()
  await rm(data, { recursive: true, force: true })
}

/** Listens to live events; `over` resolves when the hub has ended them. */
async function listen(request: Request): Promise<{ readonly over: Promise<void> }> {
  const answer = await request('/v1/events')
  if (!answer.ok) throw new Error(await answer.text())
  const read = async () => {
    for await (const chunk of answer.body ?? []) void chunk
  }
  // When the hub stops, those who were not cut off end as well.
  return { over: read().catch(() => undefined) }
}
