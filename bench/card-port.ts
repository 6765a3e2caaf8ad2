/** The port of `card.ts`: a hub that compares drawn people, and lanes as processes of their own. */

import { randomBytes } from 'node:crypto'
import { cp } from 'node:fs/promises'
import path from 'node:path'

import type { LaneKind } from '@sallyport/core/crossing'
import { roles } from '@sallyport/core/opening'
import { makeEnrolmentCode } from '@sallyport/hub/api/lane-routes'
import type { Hub } from '@sallyport/hub/hub'
import { hubSettings } from '@sallyport/hub/settings'
import { systemClock } from '@sallyport/lane/clock'
import { durableFiles } from '@sallyport/lane/durable-files'
import { enrol } from '@sallyport/lane/enrolment'
import { ask } from '@sallyport/lane/http'
import { insertLane } from '@sallyport/store/lanes'
import {
  drawnCalibrationFiles,
  drawnCalibrationKeys,
} from '@sallyport/vision/face/drawn-calibration'

import { startHubForPeople } from '../packages/cli/src/commands/hub.ts'
import { expectDrawnPeople } from '../packages/cli/src/demo/expected-people.ts'
import { freePort } from '../test/support/hub.ts'
import { startLaneProcess } from '../test/support/lane-process.ts'

/** A hub at which drawn people are expected, described before it is given. */
export async function startCardHub(data: string): Promise<Hub> {
  const hub = await startHubForPeople(
    hubSettings.parse({
      data,
      port: await freePort(),
      portOfEntry: { id: 'bench', name: 'Bench', zone: 'UTC' },
      logOrigin: 'sallyport.invalid/bench',
      synthetic: true,
      faces: 'evaluation',
      faceCalibrations: [...drawnCalibrationFiles],
      faceCalibrationKeys: [...drawnCalibrationKeys],
      firstAccount: { name: 'Officer of the bench', roles: [...roles] },
      signInLink: true,
    }),
  )
  await expectDrawnPeople(hub.parts, new AbortController().signal)
  return hub
}

export type CardLanes = { stop(): Promise<void> }

/** The lane of the window with what `source` draws, and beside it, unless `alone`, two as in the demo. */
export async function startCardLanes(
  hub: Hub,
  directory: string,
  asked: { readonly source: string; readonly everyMs: number; readonly alone: boolean },
): Promise<CardLanes> {
  const start = async (
    id: string,
    lane: { name: string; kind: LaneKind; source: string; more: readonly string[] },
  ) => {
    const { parts } = hub
    const own = path.join(directory, id)
    await insertLane(parts.db, {
      ...{ id, name: lane.name, direction: 'in', kind: lane.kind },
      ...{ port: parts.port.id, created_at: parts.now() },
    })
    const { code } = await makeEnrolmentCode(id, parts)
    await enrol(
      { hub: hub.origin, code, directory: own },
      { ask, files: durableFiles, clock: systemClock, random: randomBytes },
    )
    await cp(path.join(directory, '..', 'hub', 'cache'), path.join(own, 'cache'), {
      recursive: true,
    })
    return startLaneProcess(own, `drawn:${lane.source}`, lane.more)
  }
  const { source, everyMs, alone } = asked
  const kind = source.includes(':walk') ? 'walk' : 'vehicle'
  const every = ['--every', String(everyMs)]
  const own = await start('in-1', { name: 'Lane 1', kind, source, more: ['--faces', ...every] })
  const beside = alone
    ? []
    : [
        await start('in-2', { name: 'Lane 2', kind: 'vehicle', source: '2:by-clock', more: [] }),
        await start('on-foot-1', {
          ...{ name: 'Walkway', kind: 'walk', source: '4:walk:by-clock' },
          more: ['--faces', '--every', '30000'],
        }),
      ]
  return {
    async stop() {
      await Promise.all([own, ...beside].map((one) => one.stop()))
    },
  }
}
