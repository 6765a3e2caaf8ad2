/** The lane at the hub, for one that is added: reached, its clock compared, made, enrolled. */

import { randomBytes } from 'node:crypto'

import { clockLimits, judgeClock } from '@sallyport/core/clock'
import { isLaneId, laneIdOf } from '@sallyport/core/lane-id'
import * as schemas from '@sallyport/hub/api/schemas'
import { systemClock } from '@sallyport/lane/clock'
import { type DeviceFile, loadDevice } from '@sallyport/lane/device'
import { durableFiles } from '@sallyport/lane/durable-files'
import { enrol } from '@sallyport/lane/enrolment'
import { ask } from '@sallyport/lane/http'
import { z } from 'zod'

import { CommandFailure, exitCodes } from '../exit.ts'
import { limits } from '../limits.ts'
import { HubRefusal } from '../session/hub-calls.ts'
import { type HubSession, openSession } from '../session/session.ts'
import { afterRefusal } from './lane.ts'

export type NamedLane = {
  readonly hub?: string
  readonly code?: string
  readonly name?: string
  readonly port?: string
  readonly direction?: string
}

/** Who the lane in `directory` is already; null where none is enrolled. */
export async function enrolledBefore(directory: string): Promise<DeviceFile | null> {
  const loaded = await loadDevice(directory)
  if (loaded.kind === 'device') return loaded.device
  if (loaded.code === 'not_enrolled') return null
  throw new CommandFailure(loaded.detail)
}

/** Milliseconds by which the hub at `origin` is ahead, to a second. Throws where no hub answers or clocks are apart too far. */
export async function compareClocks(origin: string): Promise<number> {
  const url = URL.canParse(origin) ? new URL('/healthz', origin) : null
  if (url === null) throw new CommandFailure(afterRefusal.malformed_hub[1], exitCodes.wrongUse)
  const answered = await fetch(url, {
    redirect: 'error',
    signal: AbortSignal.timeout(limits.requestMsMax),
  }).catch((error: unknown) => {
    throw new CommandFailure(
      `No hub answers at ${url.origin}. Start it, or check the address and the network; the code is still good.`,
      exitCodes.failed,
      { cause: error },
    )
  })
  await answered.body?.cancel()
  const now = Date.now()
  const said = Date.parse(answered.headers.get('date') ?? '')
  if (!answered.ok || Number.isNaN(said))
    throw new CommandFailure(`What answers at ${url.origin} is no hub. Use the console's address.`)
  const offsetMs = said - now
  // The header counts whole seconds.
  if (judgeClock(Math.max(0, Math.abs(offsetMs) - 1_000), new Date(0), new Date(0)) === 'ok')
    return offsetMs
  throw new CommandFailure(
    `The clock of this computer is ${Math.round(Math.abs(offsetMs) / 1000)} s ${offsetMs > 0 ? 'behind' : 'ahead of'} the hub's; up to ${clockLimits.skewMsMax / 1000} s is right. Turn its time service on (timedatectl set-ntp true) and try again.`,
  )
}

/** The hub that is meant: as named, or the one that somebody is signed in to. */
export async function hubMeant({ hub, code }: NamedLane): Promise<{
  readonly origin: string
  readonly session: HubSession | null
}> {
  if (code === undefined) {
    const session = await openSession(hub === undefined ? {} : { hub })
    return { origin: session.hub, session }
  }
  if (hub !== undefined) return { origin: hub, session: null }
  throw new CommandFailure(
    'Name the hub of the code: --hub http://localhost:8080',
    exitCodes.wrongUse,
  )
}

/** A code for a new lane, or for one that was added before and has no device: an earlier try went no further. */
export async function codeFor(named: NamedLane, session: HubSession): Promise<string> {
  const { name, port, direction } = named
  const id = name === undefined ? '' : laneIdOf(name)
  if (name === undefined || !isLaneId(id))
    throw new CommandFailure(
      'Name the lane as officers call it, --name "Lane 4 North"; or take a --code from Devices in the console.',
      exitCodes.wrongUse,
    )
  if (direction !== 'in' && direction !== 'out')
    throw new CommandFailure('--direction is in or out.', exitCodes.wrongUse)
  const who = await session.ask({ path: '/v1/session', answer: schemas.session })
  if (port !== undefined && port !== who.port.id)
    throw new CommandFailure(
      `This hub is of port ${who.port.id} (${who.port.name}), not of ${port}. Name the other's with --hub.`,
      exitCodes.wrongUse,
    )
  await makeLane({ id, name, direction }, session)
  const { code } = await session.ask({
    method: 'POST',
    path: `/v1/lanes/${encodeURIComponent(id)}/enrolment-codes`,
    answer: z.object({ code: z.string() }),
  })
  return code
}

async function makeLane(
  lane: { readonly id: string; readonly name: string; readonly direction: 'in' | 'out' },
  session: HubSession,
): Promise<void> {
  try {
    await session.ask({ method: 'POST', path: '/v1/lanes', body: lane, answer: schemas.lane })
  } catch (error) {
    if (!(error instanceof HubRefusal) || error.code !== 'already_exists') throw error
    const { lanes } = await session.ask({
      path: '/v1/lanes',
      answer: z.object({ lanes: z.array(schemas.lane) }),
    })
    const there = lanes.find(({ id }) => id === lane.id)
    const own = there?.device === null && there.name === lane.name
    if (own && there.direction === lane.direction) return
    throw new CommandFailure(
      `There is a lane ${lane.id} already${there === undefined ? '' : ` (${there.name}, ${there.direction})`}. Choose another --name; to enrol a device there, make a code under Devices in the console.`,
      exitCodes.refused,
    )
  }
}

/** Makes the device's key and enrols it. Throws with what to do. */
export async function enrolHere(request: {
  readonly hub: string
  readonly code: string
  readonly directory: string
}): Promise<DeviceFile> {
  const enrolled = await enrol(request, {
    ask,
    files: durableFiles,
    clock: systemClock,
    random: randomBytes,
  })
  if (enrolled.kind === 'enrolled') return enrolled.device
  const [exitCode, next] = afterRefusal[enrolled.code]
  throw new CommandFailure(`${enrolled.detail} ${next}`.trim(), exitCode)
}
