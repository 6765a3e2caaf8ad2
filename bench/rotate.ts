/**
 * How long it takes from the request to replace a port's epoch keys until each lane has said that it holds
 * the new ones, and until the hub has its first bundle that is sealed to them.
 *
 *   npx tsx bench/rotate.ts [--rounds 6] [--lanes 4] [--every 2000]
 *
 * A hub process on a PostgreSQL of its own, and lane processes as they run beside cameras, each of which
 * reads a drawn photograph every `every` ms. Rounds begin at moments spread over a heartbeat's time.
 */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import * as os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'

import { limits } from '@sallyport/lane/limits'
import { openDatabase } from '@sallyport/store/postgres/database'
import { startEmbeddedServer } from '@sallyport/store/postgres/embedded'

import { command, signInByLink, startHubProcess } from '../test/support/hub-process.ts'
import { freePort } from '../test/support/hub.ts'
import { startLaneProcess } from '../test/support/lane-process.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '6' },
    lanes: { type: 'string', default: '4' },
    every: { type: 'string', default: '2000' },
  },
})
const rounds = Number(values.rounds)
const names = Array.from({ length: Number(values.lanes) }, (_, at) => `bench-${at + 1}`)
const data = await mkdtemp(path.join(os.tmpdir(), 'sallyport-bench-'))
// Root's server runs as another user, who must be able to enter.
await chmod(data, 0o711)
const server = await startEmbeddedServer({ directory: path.join(data, 'db') })
const db = openDatabase(server.address)
const { user, directory: host, port, database } = server.address
const url = `postgresql://${user}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`
const hub = await startHubProcess(path.join(data, 'hub'), await freePort(), ['--database-url', url])
const lanes: ReturnType<typeof startLaneProcess>[] = []
try {
  const photographs = path.join(data, 'photographs')
  await sallyport(['synth', '--count', '6', '--output', photographs])
  const request = await signInByLink(hub.link() ?? '')
  for (const name of names) {
    await post(request, '/v1/lanes', { id: name, name, direction: 'in' })
    const { code } = await post<{ code: string }>(request, `/v1/lanes/${name}/enrolment-codes`, {})
    const directory = path.join(data, name)
    await sallyport([
      'lane',
      'enrol',
      '--hub',
      hub.origin,
      '--code',
      code,
      '--directory',
      directory,
    ])
    const every = ['--every', values.every, '--repeat']
    lanes.push(startLaneProcess(directory, `folder:${photographs}`, every))
  }
  const invited = await post<{ url: string }>(request, '/v1/invitations', {
    name: 'Bench',
    roles: ['responder'],
  })
  const responder = await signInByLink(invited.url)
  const { port: ours } = (await (await responder('/v1/session')).json()) as { port: { id: string } }
  const now = new Date().toISOString()
  const about = { title: 'Bench', known_at: now, suspected_at: now }
  const { id: incident } = await post<{ id: string }>(responder, '/v1/incidents', about)
  let known = await recipientsOf(new Date(0), new Set())
  const times = { confirmed: [] as number[], sealed: [] as number[], all: [] as number[] }
  for (let round = 0; round < rounds; round++) {
    await new Promise((resolve) => setTimeout(resolve, (round * limits.heartbeatMs) / rounds))
    const began = new Date()
    const { steps } = await post<{ steps: { id: string }[] }>(
      responder,
      `/v1/incidents/${incident}/containment`,
      { cuts: [{ act: 'epochs_rotated', target: ours.id }] },
    )
    const confirmed = await untilHeld(responder, incident, steps[0]?.id ?? '', began)
    times.all.push(Math.max(...confirmed))
    times.confirmed.push(...confirmed)
    const sealed = await recipientsOf(
      began,
      new Set([...known.values()].map(({ recipient }) => recipient)),
    )
    times.sealed.push(...[...sealed.values()].map(({ at }) => at.getTime() - began.getTime()))
    known = sealed
  }
  console.table(
    Object.entries({
      'a lane has said that it holds the new keys': times.confirmed,
      'every lane has': times.all,
      'the first bundle sealed to them is stored': times.sealed,
    }).map(([what, ms]) => {
      const sorted = ms.toSorted((a, b) => a - b)
      const at = (share: number) =>
        ((sorted[Math.floor(share * (sorted.length - 1))] ?? 0) / 1_000).toFixed(1)
      return { what, n: ms.length, best_s: at(0), median_s: at(0.5), worst_s: at(1) }
    }),
  )
  const expected = (limits.heartbeatMs + limits.heartbeatSoonMs) / 1_000
  console.log(
    `${names.length} lanes, a photograph every ${values.every} ms each; at most ${expected} s are to be expected, 10 s are allowed`,
  )
  const load = os.loadavg()[0]?.toFixed(1)
  console.log(`Node ${process.version}, ${new Date().toISOString().slice(0, 10)}, load ${load}`)
} finally {
  await Promise.all(lanes.map((lane) => lane.stop()))
  await hub.stop()
  await db.destroy()
  await server.stop()
  await rm(data, { recursive: true, force: true })
}

type Request = Awaited<ReturnType<typeof signInByLink>>

async function post<T>(request: Request, where: string, body: object): Promise<T> {
  const answer = await request(where, { method: 'POST', body: JSON.stringify(body) })
  if (!answer.ok) throw new Error(`${where}: ${await answer.text()}`)
  return (await answer.json()) as T
}

async function sallyport(parameters: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [command, ...parameters], { stdio: 'ignore' })
  const [exitCode] = (await once(child, 'exit')) as [number]
  if (exitCode !== 0) throw new Error(`${parameters.join(' ')} ended with ${exitCode}`)
}

/** Milliseconds from `began` until each lane was not waited for any more, as the incident's room says it. */
async function untilHeld(
  request: Request,
  incident: string,
  step: string,
  began: Date,
): Promise<readonly number[]> {
  type Waiting = { readonly lane: string; readonly holds: boolean }
  type Steps = { steps: { id: string; effect: { earlier?: { waiting_for: Waiting[] } } }[] }
  const held = new Map<string, number>()
  while (held.size < names.length) {
    const room = (await (await request(`/v1/incidents/${incident}`)).json()) as Steps
    const at = Date.now() - began.getTime()
    const waiting = room.steps.find(({ id }) => id === step)?.effect.earlier?.waiting_for
    if (waiting === undefined) throw new Error('the room does not say whom it waits for')
    for (const name of names)
      if (!held.has(name) && !waiting.some(({ lane, holds }) => lane === name && !holds))
        held.set(name, at)
    if (at > 60_000) throw new Error(`lanes do not follow: ${JSON.stringify(waiting)}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return [...held.values()]
}

/** For each lane, when its first bundle from `since` on was stored that is sealed to none of `earlier`. */
async function recipientsOf(
  since: Date,
  earlier: ReadonlySet<string>,
): Promise<ReadonlyMap<string, { readonly recipient: string; readonly at: Date }>> {
  const found = new Map<string, { readonly recipient: string; readonly at: Date }>()
  for (const giveUpAt = Date.now() + 120_000; found.size < names.length;) {
    const rows = await db
      .selectFrom('crossing')
      .select(['lane', 'received_at', 'manifest'])
      .where('received_at', '>=', since)
      .orderBy('received_at')
      .execute()
    for (const { lane, received_at: at, manifest } of rows) {
      const { epoch } = JSON.parse(manifest.toString()) as { epoch: { recipient: string } }
      if (!found.has(lane) && !earlier.has(epoch.recipient))
        found.set(lane, { recipient: epoch.recipient, at })
    }
    if (Date.now() > giveUpAt) throw new Error('no bundle came within two minutes')
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return found
}
