/** `sallyport leaks search` on a folder, as scripts and people read it. */

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { inviteAccount } from '@sallyport/hub/accounts'
import { encodeJpeg } from '@sallyport/vision/encode'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import { keepSession, signInWith } from '../../packages/cli/src/session/session.ts'
import { sallyport } from '../support/command.ts'
import { deliver, enrolTestDevice } from '../support/device.ts'
import { drawnPass, passSealer } from '../support/drawn-lane.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'

let hub: TestHub
let folder: string
let scene: string
let environment: NodeJS.ProcessEnv

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

beforeAll(async () => {
  hub = await startTestHub()
  folder = await mkdtemp(path.join(tmpdir(), 'sallyport-leaks-'))
  environment = { SALLYPORT_SESSION_FILE: path.join(folder, 'sessions.json') }
  const pass = await drawnPass('leaks:front', 1)
  const sealed = await passSealer(await enrolTestDevice(hub, 'in-1'))(pass)
  expect((await deliver(hub, sealed.bytes)).status).toBe(201)
  scene = sealed.scene
  const dump = path.join(folder, 'dump')
  await mkdir(dump)
  await writeFile(path.join(dump, 'ours.jpg'), await encodeJpeg(pass.picture, 60))
  await writeFile(path.join(dump, 'readme.txt'), 'nothing to see')
  const { url } = await inviteAccount('Test responder', ['responder'], hub.hub.parts)
  const { session, kept } = await signInWith(url, {}, environment)
  await keepSession(session.hub, kept, environment)
})
afterAll(async () => {
  await hub.remove()
  await rm(folder, { recursive: true, force: true })
})

test('a folder is searched file by file; the end says what may be said, and show says it again', async () => {
  const ran = await sallyport(
    ['leaks', 'search', path.join(folder, 'dump'), '--case', 'case 3', '--json'],
    { environment },
  )
  expect(ran.code, ran.stderr).toBe(0)
  const [ours, text, search] = ran.json
  expect(ours).toMatchObject({
    verdict: 'ours',
    level: 'this_picture',
    capture: scene,
    party: null,
  })
  expect(String(ours?.['file'])).toMatch(/ours\.jpg$/)
  expect(text).toMatchObject({ verdict: 'unsure' })
  expect(search).toMatchObject({
    files: 2,
    ours: 1,
    unsure: 1,
    state: 'ended',
    reference: 'case 3',
  })
  const shown = await sallyport(['leaks', 'show', String(search?.['id'])], { environment })
  expect(shown.stdout).toContain(`ours.jpg: OURS, capture ${scene}`)
  expect(shown.stdout).toMatch(/Of the 2 files searched between .* 1 is ours\./)
  expect(shown.stdout).toContain('no self-test was run')
  const listed = await sallyport(['leaks', 'list', '--json'], { environment })
  expect(listed.json).toMatchObject([{ id: search?.['id'] }])
})

test('a path that is not there is wrong use and begins no search that stays open', async () => {
  const ran = await sallyport(['leaks', 'search', '/nowhere/at/all', '--case', 'x'], {
    environment,
  })
  expect(ran.code).toBe(2)
  expect(ran.stderr).toContain('There is nothing at /nowhere/at/all')
})
