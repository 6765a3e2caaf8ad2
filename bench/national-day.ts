/**
 * A day of a whole country at one hub: how long its intake takes, the stays of everybody included.
 *
 *   npx tsx bench/national-day.ts [--travellers 1000000] [--ports 328] [--people 2,1,3,2] [--streams 64]
 *     [--chunk 10000] [--body 200] [--keep DIR]
 *
 * Travellers come in vehicles of so many people (`--people`, in turn; `1`: everybody alone), one bundle a
 * vehicle: scene, plate, reads, and a face of each. Every port has a lane in and a lane out, with a device
 * each; a vehicle leaves by another port than it came. Bundles are signed and sealed as lanes do; the
 * pictures in them are stubs of `--body` bytes. They go over HTTP to a hub process with its embedded
 * database, each answered when it is durable in segment, row and log.
 *
 * Sealing is the lanes' work and not the hub's: `--chunk` travellers are made at a time while no clock runs. The
 * clock runs from the first bundle of them until the last is acknowledged and stays have followed all.
 * Nothing is extrapolated.
 */

import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import * as http from 'node:http'
import * as os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'

import { seal } from '@sallyport/proof/node/seal'
import { splitSeal } from '@sallyport/proof/seal-format'
import { type Db, openDatabase } from '@sallyport/store/postgres/database'
import { sql } from 'kysely'

import { enrolByCode, type TestDevice } from '../test/support/device.ts'
import { type HubProcess, signInByLink, startHubProcess } from '../test/support/hub-process.ts'
import { freePort } from '../test/support/hub.ts'
import { cpuMsOf } from './measure.ts'

const { values } = parseArgs({
  options: {
    travellers: { type: 'string', default: '1000000' },
    ports: { type: 'string', default: '328' },
    people: { type: 'string', default: '2,1,3,2' },
    streams: { type: 'string', default: '64' },
    chunk: { type: 'string', default: '10000' },
    body: { type: 'string', default: '200' },
    keep: { type: 'string' },
  },
})
const travellers = Number(values.travellers)
const portsCount = Number(values.ports)
const people = values.people.split(',').map(Number)
const streams = Number(values.streams)
const chunk = Number(values.chunk)
const bodyBytes = Number(values.body)
/** A vehicle is on its way for so many others. */
const away = 500

const directory = values.keep ?? (await mkdtemp(path.join(os.tmpdir(), 'sallyport-day-')))
await mkdir(directory, { recursive: true })
const agent = new http.Agent({ keepAlive: true, maxSockets: streams })
const hub = await startHubProcess(path.join(directory, 'hub'), await freePort())
const database = await databaseOf(path.join(directory, 'hub'))
try {
  console.log(`${portsCount * 2} lanes of ${portsCount} ports are enrolled ...`)
  const devices = await enrolAll(hub, database.db)
  await day(devices, database)
} finally {
  agent.destroy()
  await database.db.destroy()
  await hub.stop()
  if (values.keep === undefined) await rm(directory, { recursive: true, force: true })
}

async function day(devices: readonly TestDevice[], { db, pid }: Database): Promise<void> {
  const before = await totals(db)
  let sent = 0
  let bundles = 0
  let wallMs = 0
  let followMs = 0
  const cpu = { hub: 0, database: 0, sender: 0 }
  while (sent < travellers) {
    const made = makeChunk(devices, bundles, Math.min(chunk, travellers - sent))
    const cpuBefore = await cpuNow(pid)
    const began = performance.now()
    await Promise.all(made.lists.map((list) => send(list)))
    const acknowledged = performance.now()
    await untilFollowed(db)
    wallMs += performance.now() - began
    followMs += performance.now() - acknowledged
    const cpuAfter = await cpuNow(pid)
    for (const name of ['hub', 'database', 'sender'] as const)
      cpu[name] += cpuAfter[name] - cpuBefore[name]
    sent += made.travellers
    bundles += made.bundles
    const each = (ms: number) => (ms / bundles).toFixed(2)
    console.log(
      `${sent} travellers in ${bundles} bundles: ${(wallMs / 60_000).toFixed(2)} min, ${Math.round((sent / wallMs) * 1000)} travellers/s, ${Math.round((bundles / wallMs) * 1000)} bundles/s; CPU ms a bundle: hub ${each(cpu.hub)}, database ${each(cpu.database)}, sender ${each(cpu.sender)}`,
    )
  }
  const after = await totals(db)
  const stored = after.crossings - before.crossings
  if (stored !== bundles || after.passages - before.passages !== bundles)
    throw new Error(`${bundles} were acknowledged; rows of ${stored}, ${after.passages} passages`)
  console.table({
    travellers: sent,
    bundles,
    captures: after.captures - before.captures,
    stays: after.stays - before.stays,
    'wall minutes': Number((wallMs / 60_000).toFixed(2)),
    'of these after the last acknowledgement': Number((followMs / 60_000).toFixed(2)),
    'CPU ms a traveller, hub and database': Number(((cpu.hub + cpu.database) / sent).toFixed(2)),
  })
  const load = os.loadavg()[0]?.toFixed(1)
  console.log(
    `${os.cpus()[0]?.model}, ${os.cpus().length} cores, Node ${process.versions.node}, load ${load}, ${new Date().toISOString().slice(0, 10)}`,
  )
}

type Made = {
  /** What each stream sends, one after another. */
  readonly lists: readonly (readonly Uint8Array[])[]
  readonly bundles: number
  readonly travellers: number
}

function makeChunk(devices: readonly TestDevice[], first: number, count: number): Made {
  const lists: Uint8Array[][] = Array.from({ length: streams }, () => [])
  let made = 0
  let number = first
  for (; made < count; number++) {
    const device = devices[number % devices.length]
    const inside = Math.min(people[number % people.length] ?? 1, count - made)
    if (device === undefined) throw new Error('there are lanes')
    // Lanes in and out take turns.
    const vehicle = number % 2 === 0 ? number / 2 : (number - 1) / 2 - away
    const { bytes } = device.bundle({
      plate: plateOf(vehicle),
      picture: randomBytes(bodyBytes),
      faces: { bodies: Array.from({ length: inside }, () => face(device.recipient)) },
      change: (manifest) => ({ ...manifest, port: portOf(number % devices.length) }),
    })
    lists[(number % devices.length) % streams]?.push(bytes)
    made += inside
  }
  return { lists, bundles: number - first, travellers: made }
}

function face(recipient: string) {
  const split = splitSeal(seal(randomBytes(bodyBytes), [recipient]))
  if (split === null) throw new Error('a fresh seal splits')
  return { id: randomBytes(16).toString('hex'), ...split }
}

function plateOf(vehicle: number): string {
  return `N${(vehicle + away).toString().padStart(7, '0')}`
}

function portOf(lane: number): string {
  return `national-${Math.floor(lane / 2)}`
}

/** Sends bundles one after another; throws unless each is acknowledged. */
async function send(list: readonly Uint8Array[]): Promise<void> {
  for (const bytes of list) {
    let status = await post(`${hub.origin}/v1/bundles`, bytes)
    // As lanes do when the hub has too many.
    for (; status === 429 || status === 503; status = await post(`${hub.origin}/v1/bundles`, bytes))
      await sleep(200)
    if (status !== 201) throw new Error(`the hub answered ${status}`)
  }
}

/** Plain node:http: on two cores the sender's own work would be measured otherwise. */
function post(url: string, bytes: Uint8Array): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/octet-stream', 'content-length': bytes.length }
    const request = http.request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume()
      response.once('end', () => resolve(response.statusCode ?? 0))
    })
    request.once('error', reject)
    request.end(bytes)
  })
}

/** Until stays have taken what the log has, and no key waits. */
async function untilFollowed(db: Db): Promise<void> {
  for (;;) {
    const { rows } = await sql<{ done: boolean }>`
      select (select log_index from stay_cursor) >= (select max(log_index) from intake)
        and not exists (select from stay_due) as done`.execute(db)
    if (rows[0]?.done === true) return
    await sleep(50)
  }
}

async function totals(db: Db) {
  const { rows } = await sql<Record<'crossings' | 'captures' | 'passages' | 'stays', number>>`
    select (select count(*) from crossing) as crossings, (select count(*) from capture) as captures,
      (select count(*) from stay_passage) as passages, (select count(*) from stay) as stays`.execute(
    db,
  )
  const [row] = rows
  if (row === undefined) throw new Error('counting gives a row')
  return row
}

/** Enrols every lane at the hub's own port; its row then says which port of the country it is. */
async function enrolAll(of: HubProcess, db: Db): Promise<readonly TestDevice[]> {
  const request = await signInByLink(of.link() ?? '')
  const devices: TestDevice[] = []
  for (let index = 0; index < portsCount * 2; index++) {
    const lane = `lane-${index}`
    const direction = index % 2 === 0 ? 'in' : 'out'
    await request('/v1/lanes', {
      method: 'POST',
      body: JSON.stringify({ id: lane, name: lane, direction }),
    })
    const { code } = (await (
      await request(`/v1/lanes/${lane}/enrolment-codes`, { method: 'POST', body: '{}' })
    ).json()) as { code: string }
    devices.push(
      await enrolByCode(code, lane, (where, init) =>
        fetch(`${of.origin}${where}`, {
          ...init,
          headers: { 'content-type': 'application/json' },
        }),
      ),
    )
  }
  await sql`insert into port (id, name, zone, created_at)
    select 'national-' || n, 'Port ' || n, 'America/Chicago', now()
    from generate_series(0, ${portsCount - 1}::int) n on conflict do nothing`.execute(db)
  await sql`update lane set port = 'national-' || substr(id, 6)::int / 2 where id like 'lane-%'`.execute(
    db,
  )
  return devices
}

type Database = { readonly db: Db; readonly pid: number }

/** The embedded server of a hub that runs: what it wrote of itself. */
async function databaseOf(data: string): Promise<Database> {
  const found = (await readdir(data, { recursive: true })).find((name) =>
    name.endsWith('postmaster.pid'),
  )
  if (found === undefined) throw new Error('the hub has its embedded database')
  const lines = (await readFile(path.join(data, found), 'utf8')).split('\n')
  const [pid, socketFolder] = [Number(lines[0]), lines[4] ?? '']
  const at = { user: 'sallyport', database: 'sallyport', port: 5432 }
  return { pid, db: openDatabase({ kind: 'socket', directory: socketFolder, ...at }) }
}

/** User and system time so far, ms: the hub, the database server with its processes, and this one. */
async function cpuNow(postmaster: number) {
  const processes = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  let database = await cpuMsOf(postmaster)
  for (const pid of processes) {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
    const parent = Number(stat.split(') ')[1]?.split(' ')[1])
    if (parent === postmaster) database += await cpuMsOf(Number(pid)).catch(() => 0)
  }
  const own = process.cpuUsage()
  return { hub: await cpuMsOf(hub.pid), database, sender: (own.user + own.system) / 1000 }
}
