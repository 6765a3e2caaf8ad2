/** The oldest PostgreSQL that is supported: every road of a crossing works there as on the embedded one. */

import path from 'node:path'

import { fsck } from '@sallyport/store/fsck'
import { folderTiles } from '@sallyport/store/log/folder-tiles'
import { serverVersion } from '@sallyport/store/postgres/database'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { deliver, enrolTestDevice } from '../support/device.ts'
import { sendHeartbeat } from '../support/heartbeat.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'
import { type DebianServer, startDebianServer } from '../support/postgres-15.ts'
import { needTool } from '../support/tools.ts'

const postgres = needTool('/usr/lib/postgresql/15/bin/postgres', 'postgresql')

describe.skipIf(postgres === null)(
  'on PostgreSQL 15 (skipped unless Debian package `postgresql` is installed)',
  () => {
    let server: DebianServer
    let hub: TestHub

    beforeAll(async () => {
      server = await startDebianServer(path.dirname(postgres ?? ''))
      hub = await startTestHub({ databaseServer: server.url })
    })
    afterAll(async () => {
      await hub.remove()
      await server.stop()
    })

    test('it is the version that is meant', async () => {
      expect(Math.floor((await serverVersion(hub.hub.parts.db)) / 10_000)).toBe(15)
    })

    test('a crossing goes in once, is found, opened, listed and counted', async () => {
      const device = await enrolTestDevice(hub, 'in-1')
      const supervisor = await hub.signIn(['supervisor', 'auditor'])
      const read = async (address: string): Promise<Record<string, unknown[]>> => {
        const answer = await supervisor.request(address)
        expect(answer.status, address).toBe(200)
        return (await answer.json()) as Record<string, unknown[]>
      }
      const { bytes, manifest } = device.bundle({ plate: 'KO0L42' })
      const both = await Promise.all([deliver(hub, bytes), deliver(hub, bytes)])
      expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 201])
      expect((await deliver(hub, device.bundle({ plate: 'ABC123' }).bytes)).status).toBe(201)

      expect((await read('/v1/crossings?plate=k0-ol'))['crossings']).toMatchObject([
        { id: manifest.crossing },
      ])
      const first = await read('/v1/crossings?limit=1')
      expect(first['crossings']).toHaveLength(1)
      expect(
        (await read(`/v1/crossings?limit=1&cursor=${String(first['next'])}`))['crossings'],
      ).toMatchObject([{ id: manifest.crossing }])
      const opened = await supervisor.request(`/v1/captures/${manifest.bodies[0]?.id}/openings`, {
        method: 'POST',
        body: '{"purpose":"audit"}',
      })
      expect(opened.status).toBe(201)
      expect((await read('/v1/openings'))['openings']).toHaveLength(1)
      expect((await sendHeartbeat(hub, device, { camera: 'gone' })).status).toBe(204)
      expect((await sendHeartbeat(hub, device, { camera: 'gone' })).status).toBe(204)
      expect((await read('/v1/alarms?open=true'))['alarms']).toMatchObject([
        { kind: 'camera_gone', count: 2 },
      ])
      expect((await read('/v1/lanes'))['lanes']).toMatchObject([{ id: 'in-1', newest: {} }])
      expect(await read('/v1/figures')).toMatchObject({ crossings_today: 2, openings_today: 1 })
    })

    test('it starts again on what is there, and all three stores agree', async () => {
      await hub.restart()
      const { db, vault, journal } = hub.hub.parts
      const report = await fsck({
        db,
        vault,
        log: folderTiles(path.join(hub.data, 'log')),
        vkey: journal.vkey,
      })
      expect(report.findings).toEqual([])
      expect(report.counts).toMatchObject({ crossings: 2, unsettled: 0, openings: 1 })
    })
  },
)
