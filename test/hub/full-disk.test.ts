/** A disk that is really full: nothing more is acknowledged, nothing that was is lost, and it goes on. */

import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { makeEnrolmentCode } from '@sallyport/hub/api/lane-routes'
import { fsck } from '@sallyport/store/fsck'
import { folderTiles } from '@sallyport/store/log/folder-tiles'
import { expect, test } from 'vitest'

import {
  deliver,
  enrolByCode,
  enrolTestDevice,
  type TestBundle,
  type TestDevice,
} from '../support/device.ts'
import { drawnJpeg, likeness } from '../support/drawn-picture.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'

/** Bytes of the file system, and of the file that is deleted to make room again. */
const diskBytes = 6 * 1024 * 1024
const ballastBytes = 2 * 1024 * 1024

type Acknowledged = {
  readonly bundle: TestBundle
  readonly index: number
  readonly picture: Buffer
}

/** Delivers pictures until the hub cannot; returns what it acknowledged and the one it refused. */
async function fill(
  hub: TestHub,
  device: TestDevice,
): Promise<{ acknowledged: Acknowledged[]; refused: TestBundle }> {
  const acknowledged: Acknowledged[] = []
  for (let count = 0; count < 1000; count++) {
    const picture = drawnJpeg(60_000)
    const bundle = device.bundle({ picture })
    const answer = await deliver(hub, bundle.bytes)
    if (answer.status === 503) {
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
      expect(await answer.json()).toMatchObject({ code: 'not_durable' })
      return { acknowledged, refused: bundle }
    }
    expect(answer.status).toBe(201)
    const { log_index: index } = (await answer.json()) as { log_index: number }
    acknowledged.push({ bundle, index, picture })
  }
  throw new Error('the disk never filled up')
}

/** Takes the last bytes too. */
async function fillToTheBrim(folder: string): Promise<string> {
  const file = path.join(folder, 'brim')
  const full = writeFile(file, Buffer.alloc(diskBytes)).catch((error: unknown) => error)
  expect(await full).toMatchObject({ code: 'ENOSPC' })
  return file
}

test('deliveries are told to come back, openings are refused, and after room is made all of it works', async (context) => {
  const disk = await mkdtemp(path.join(tmpdir(), 'sp-disk-'))
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${diskBytes}`, 'tmpfs', disk])
  if (mounted.status !== 0) {
    await rm(disk, { recursive: true, force: true })
    context.skip('needs root and the right to mount a tmpfs')
    return
  }
  const ballast = path.join(disk, 'ballast')
  await writeFile(ballast, Buffer.alloc(ballastBytes))
  const hub = await startTestHub({ data: path.join(disk, 'data') })
  try {
    const device = await enrolTestDevice(hub, 'in-1')
    const supervisor = await hub.signIn(['supervisor'])
    const { code } = await makeEnrolmentCode('in-1', hub.hub.parts)
    const doomed = await enrolTestDevice(hub, 'in-2')
    const enrol = () => enrolByCode(code, 'in-1', (where, init) => hub.request(where, init))
    const revoke = () =>
      supervisor.request(`/v1/devices/${doomed.id}/revocation`, {
        method: 'POST',
        body: '{"reason":"taken away"}',
      })
    const { acknowledged, refused } = await fill(hub, device)
    expect(acknowledged.length).toBeGreaterThan(10)
    const [first] = acknowledged
    if (first === undefined) throw new Error('something was acknowledged')
    const open = () =>
      supervisor.request(`/v1/captures/${first.bundle.manifest.bodies[0]?.id}/openings`, {
        method: 'POST',
        body: '{"purpose":"investigation"}',
      })

    const brim = await fillToTheBrim(disk)
    expect((await deliver(hub, refused.bytes)).status).toBe(503)
    const closed = await open()
    expect(closed.status).toBe(503)
    expect(await closed.json()).toMatchObject({ code: 'log_unavailable' })
    const link = await signInByFirstLink(hub)
    expect(link.status).toBe(503)
    expect(await link.json()).toMatchObject({ code: 'log_unavailable' })
    expect(link.headers.get('set-cookie')).toBeNull()
    await expect(enrol()).rejects.toThrow(/log_unavailable/)
    expect((await revoke()).status).toBe(503)
    // Reading needs no room: search goes on, and so does whoever checks the log.
    expect((await supervisor.request('/v1/crossings')).status).toBe(200)
    expect((await hub.request('/log/checkpoint')).status).toBe(200)

    // Where only the log had no room its rows are there, unacknowledged; otherwise nothing of it is.
    const { crossing } = refused.manifest
    const row = await hub.hub.parts.db
      .selectFrom('intake')
      .select('log_index')
      .where('crossing', '=', crossing)
      .executeTakeFirst()
    expect(row?.log_index ?? null).toBeNull()
    const hadRows = row !== undefined

    await rm(brim)
    await rm(ballast)
    const taken = await deliver(hub, refused.bytes)
    expect(taken.status).toBe(hadRows ? 200 : 201)
    expect(((await taken.json()) as { log_index: number }).log_index).toBeGreaterThan(0)
    for (const { bundle, index } of acknowledged) {
      const again = await deliver(hub, bundle.bytes)
      expect(again.status).toBe(200)
      expect(await again.json()).toMatchObject({ log_index: index })
    }
    const opened = await open()
    expect(opened.status).toBe(201)
    const { picture } = (await opened.json()) as { picture: string }
    expect(await likeness(Buffer.from(picture, 'base64'), first.picture)).toBeGreaterThan(36)

    // What could not be logged did not happen, and can be done now.
    expect((await signInByFirstLink(hub)).status).toBe(200)
    expect((await enrol()).lane).toBe('in-1')
    expect((await deliver(hub, doomed.bundle().bytes)).status).toBe(201)
    expect((await revoke()).status).toBe(204)

    await hub.restart()
    const { db, vault, journal } = hub.hub.parts
    const log = folderTiles(path.join(hub.data, 'log'))
    const report = await fsck({ db, vault, log, vkey: journal.vkey })
    expect(report.findings).toEqual([])
    expect(report.counts).toMatchObject({ crossings: acknowledged.length + 2, unsettled: 0 })
  } finally {
    await hub.remove()
    execFileSync('umount', [disk])
    await rm(disk, { recursive: true, force: true })
  }
}, 120_000)

function signInByFirstLink(hub: TestHub): Promise<Response> {
  const token = (hub.hub.link?.url ?? '').split('token=')[1]
  return hub.request('/v1/session/link', { method: 'POST', body: JSON.stringify({ token }) })
}
