/** The crossing as built: a hub with its own database, four enrolled lanes, and the people of the story. */

import { randomBytes } from 'node:crypto'
import path from 'node:path'

import { makeEnrolmentCode } from '@sallyport/hub/api/lane-routes'
import { type Hub, startHub } from '@sallyport/hub/hub'
import { hubSettings } from '@sallyport/hub/settings'
import { systemClock } from '@sallyport/lane/clock'
import { loadDevice } from '@sallyport/lane/device'
import { durableFiles } from '@sallyport/lane/durable-files'
import { enrol } from '@sallyport/lane/enrolment'
import { ask } from '@sallyport/lane/http'
import { insertLane } from '@sallyport/store/lanes'
import { stringify } from 'smol-toml'

import { freePort } from '../free-port.ts'
import type { StoryClock } from './clock.ts'
import type { LaneDevice } from './lane-thread.ts'
import { limits } from './limits.ts'
import { type Person, person } from './people.ts'
import { dayAt, firstDay, laneIds, zone } from './plan.ts'

export type Port = {
  readonly data: string
  readonly clock: StoryClock
  readonly hub: () => Hub
  /** Stops the hub and starts it on the same data: nothing is in its memory then. */
  restart(): Promise<void>
  stop(): Promise<void>
  readonly lanes: readonly (LaneDevice & {
    readonly directory: string
    readonly agencyKey: Uint8Array
  })[]
}

const portOfEntry = { id: 'anzalduas', name: 'Anzalduas (replayed)', zone }
const logOrigin = 'sallyport.invalid/replay-2019'

/** A settings file with which a hub goes on with the data of a replay. */
export function settingsText(data: string): string {
  const { id, name } = portOfEntry
  return stringify({
    data,
    log_origin: logOrigin,
    faces: 'evaluation',
    port_of_entry: { id, name, zone },
  })
}

export async function openPort(
  data: string,
  clock: StoryClock,
  report: (message: string) => void,
): Promise<Port> {
  const settings = hubSettings.parse({
    data,
    port: await freePort(),
    portOfEntry,
    logOrigin,
    faces: 'evaluation',
    synthetic: true,
    rootInClear: true,
  })
  const start = () =>
    startHub({
      settings,
      consoleDirectory: null,
      now: clock.now,
      steady: clock.steady,
      ownUpkeep: false,
      report,
    })
  let hub = await start()
  try {
    const lanes = []
    for (const id of laneIds) lanes.push(await enrolLane(id, path.join(data, 'lanes', id), hub))
    return {
      data,
      clock,
      lanes,
      hub: () => hub,
      async restart() {
        await hub.stop()
        hub = await start()
      },
      stop: () => hub.stop(),
    }
  } catch (error) {
    await hub.stop()
    throw error
  }
}

async function enrolLane(id: string, directory: string, hub: Hub): Promise<Port['lanes'][number]> {
  const { parts } = hub
  await insertLane(parts.db, {
    id,
    name: `Lane ${id}`,
    direction: id.startsWith('in') ? 'in' : 'out',
    kind: 'vehicle',
    port: parts.port.id,
    created_at: parts.now(),
  })
  const { code } = await makeEnrolmentCode(id, parts)
  const enrolled = await enrol(
    { hub: hub.origin, code, directory },
    {
      ask,
      files: durableFiles,
      clock: { ...systemClock, now: parts.now },
      random: randomBytes,
    },
  )
  if (enrolled.kind === 'refused') throw new Error(`Lane ${id}: ${enrolled.detail}`)
  const loaded = await loadDevice(directory)
  if (loaded.kind === 'refused') throw new Error(loaded.detail)
  const { device, port, signingSeed: seed, agencyKey } = loaded.device
  return { id: device, lane: id, port: port.id, seed, directory, agencyKey }
}

export type Cast = {
  readonly supervisor: Person
  readonly privacy: Person
  readonly responder: Person
  readonly auditor: Person
  readonly technician: Person
  readonly grant: string
}

export const contractor = 'lane-optics'

/** People and parties, a retention of two years, and the grant that two units signed. */
export async function castOf(port: Port): Promise<Cast> {
  const { hub } = port
  const supervisor = await person('Supervisor', ['supervisor'], hub, { unit: 'operations' })
  const privacy = await person('Privacy officer', ['privacy'], hub, { unit: 'privacy office' })
  const responder = await person('Responder', ['responder'], hub, { unit: 'security' })
  const auditor = await person('Inspector', ['auditor'], hub, { unit: 'inspector general' })
  const parties = [
    { id: 'gate-works', kind: 'prime', parent: 'agency', name: 'Gate Works (prime)' },
    {
      id: contractor,
      kind: 'subcontractor',
      parent: 'gate-works',
      name: 'Lane Optics (subcontractor)',
    },
  ]
  for (const party of parties)
    await supervisor.expect('/v1/parties', { ...party, contact: 'duty desk' })
  const technician = await person('Technician', [], hub, { party: contractor })
  const rule = [
    { when: 'always', keep: { days: 730 }, source: 'so that nothing of the replay is due' },
  ]
  await privacy.expect('/v1/retention/policies', {
    policy: { name: 'Replay', rules: { scene: rule, plate: rule, face: rule, reads: rule } },
    accepts_due: 0,
  })
  const { grant, version } = await supervisor.expect('/v1/grants', {
    party: contractor,
    basis: 'Work order 2018-117',
    purpose: 'fault_analysis',
    ports: [portOfEntry.id],
    lanes: [laneIds[0]],
    views: ['plate_crop', 'scene'],
    pictures_per_day: limits.picturesPerDay,
    bytes_per_day: 20_000_000,
    from: firstDay.toISOString(),
    until: dayAt(limits.days + 1, 0).toISOString(),
    incident_hours: 24,
  })
  await privacy.expect(`/v1/grants/${String(grant)}/versions/${String(version)}/signature`, {})
  return { supervisor, privacy, responder, auditor, technician, grant: String(grant) }
}
