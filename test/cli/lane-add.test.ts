/** `sallyport lane add`: a stranger's five minutes, with every way in which they stumble. */

import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { inviteAccount } from '@sallyport/hub/accounts'
import { makeEnrolmentCode } from '@sallyport/hub/api/lane-routes'
import { newCode } from '@sallyport/hub/enrolment'
import { type RtspServer, rtspServer } from '@sallyport/lane/testing/rtsp-server'
import { insertLane } from '@sallyport/store/lanes'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'

import { sallyport } from '../support/command.ts'
import { drawnFilm, type DrawnFilm } from '../support/drawn-film.ts'
import { command } from '../support/hub-process.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'
import { startLaneProcess } from '../support/lane-process.ts'
import { needTool } from '../support/tools.ts'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 })

const secret = `s'e c:ret@`
const hasFfmpeg = needTool('ffmpeg', 'ffmpeg') !== null
const missing = hasFfmpeg ? '' : ' (skipped: install ffmpeg, Debian package ffmpeg)'

let hub: TestHub
let folder: string
beforeAll(async () => {
  hub = await startTestHub()
  folder = await mkdtemp(path.join(tmpdir(), 'sallyport-add-'))
})
afterAll(async () => {
  await hub.remove()
  await rm(folder, { recursive: true, force: true })
})

async function codeOf(id: string): Promise<string> {
  const { parts } = hub.hub
  const lane = { id, name: id, port: parts.port.id, direction: 'in', kind: 'vehicle' } as const
  await insertLane(parts.db, { ...lane, created_at: new Date() })
  return (await makeEnrolmentCode(id, parts)).code
}

const into = (name: string) => ['--directory', path.join(folder, name)]
const environment = { SALLYPORT_CAMERA_PASSWORD: secret }

test.each([
  [
    'a password in the address',
    ['--rtsp', 'rtsp://viewer:secret@10.0.0.5/x'],
    /can be read by every/,
  ],
  ['no address', ['--rtsp', 'camera'], /no address of a camera.*rtsp:\/\/NAME@/],
  ['two cameras', ['--rtsp', 'rtsp://10.0.0.5/x', '--push', '8001'], /one camera/],
])('%s is refused with 2 and an example, and leaves nothing', async (_what, named, words) => {
  const ran = await sallyport(['lane', 'add', ...named, '--hub', hub.origin, ...into('none')])
  expect({ code: ran.code, stderr: ran.stderr }).toEqual({
    code: 2,
    stderr: expect.stringMatching(words),
  })
  expect(ran.stderr).not.toContain('secret')
  expect(await stat(path.join(folder, 'none')).catch(() => null)).toBeNull()
})

test('a lane is run with no password on its command line, either', async () => {
  const source = 'rtsp:rtsp://viewer:secret@10.0.0.5/x'
  const ran = await sallyport(['lane', 'run', '--source', source, ...into('none')])
  expect(ran.code).toBe(2)
  expect(ran.stderr).toMatch(/can be read by everybody/)
})

test('signed in, a name that is taken is refused, one that an earlier try left is not, nor another port’s hub obeyed', async () => {
  const keeping = { SALLYPORT_SESSION_FILE: path.join(folder, 'sessions.json') }
  const { url } = await inviteAccount('Integrator', ['integrator'], hub.hub.parts)
  const signedIn = await sallyport(['sign-in', url], { environment: keeping })
  expect(signedIn.code, signedIn.stderr).toBe(0)
  const named = (name: string, more: readonly string[] = []) =>
    sallyport(['lane', 'add', '--push', '0', '--name', name, ...more, ...into('named')], {
      environment: keeping,
    })
  const elsewhere = await named('Lane 7', ['--port', 'elsewhere'])
  expect(elsewhere.code).toBe(2)
  expect(elsewhere.stderr).toMatch(/This hub is of port/)
  await codeOf('taken')
  const taken = await named('taken', ['--direction', 'out'])
  expect(taken.code).toBe(3)
  expect(taken.stderr).toMatch(/There is a lane taken already.*Choose another --name/)
  expect(await stat(path.join(folder, 'named', 'device.json')).catch(() => null)).toBeNull()

  const again = ['lane', 'add', '--push', '0', '--name', 'taken', ...into('named')]
  const added = await endedAt(again, 'Aim the camera', keeping)
  expect(added.stderr).toMatch(/Key made and enrolled: lane taken/)
})

describe.skipIf(!hasFfmpeg)(`with ffmpeg${missing}`, () => {
  let film: DrawnFilm
  let camera: RtspServer
  beforeAll(async () => {
    film = await drawnFilm('b', 28)
    const { stream, bytesPerSecond } = film
    const credential = { name: 'viewer', password: secret }
    camera = await rtspServer(stream, { bytesPerSecond, credential, path: '/live' })
  })
  afterAll(() => camera.close())

  const rtsp = (where = '/live', name = 'viewer@') =>
    ['--rtsp', `rtsp://${name}127.0.0.1:${camera.port}${where}`] as const
  const add = (code: string, name: string, more: readonly string[] = rtsp()) => [
    ...['lane', 'add', ...more, '--hub', hub.origin, '--code', code],
    ...into(name),
  ]

  test('a wrong password, a wrong path and an expired code are told apart; a second try works, to the first read', async () => {
    const code = await codeOf('in-1')
    const wrong = await sallyport(add(code, 'one'), {
      environment: { SALLYPORT_CAMERA_PASSWORD: 'wrong' },
    })
    expect(wrong.code, wrong.stderr).toBe(3)
    expect(wrong.stderr).toMatch(/refuses the name or password.*\(wrong_password\)/)
    const lost = await sallyport(add(code, 'one', rtsp('/other')), { environment })
    expect(lost.stderr).toMatch(/no stream under this path.*manual/)
    const old = await sallyport(add(newCode(Buffer.alloc(32, 7)), 'one'), { environment })
    expect(old.code).toBe(3)
    expect(old.stderr).toMatch(/code_not_valid.*ask for a new one/)

    const added = await sallyport([...add(code, 'one'), '--json'], { environment })
    expect(added.code, added.stderr).toBe(0)
    const steps = added.json.map(({ step }) => step)
    expect([...new Set(steps)]).toEqual([
      'address',
      'camera',
      'hub',
      'clock',
      'enrolled',
      'gauge',
      'done',
    ])
    expect(added.json.find(({ step }) => step === 'camera')).toMatchObject({
      codec: 'mpeg2video',
      width: 1280,
      height: 720,
    })
    expect(added.json.at(-1)).toMatchObject({ surely: true, lane: 'in-1' })
    const device = await hub.hub.parts.db
      .selectFrom('device')
      .select('gauge')
      .where('lane', '=', 'in-1')
      .executeTakeFirstOrThrow()
    expect(device.gauge).toMatchObject({ frames_per_second: expect.any(Number) })

    // Nothing that was printed or kept but camera.json knows the password, and that is for its owner alone.
    for (const ran of [wrong, lost, old, added])
      expect(ran.stderr + ran.stdout).not.toMatch(/s'e|s%27e/)
    const files = await readdir(path.join(folder, 'one'), { recursive: true, withFileTypes: true })
    for (const file of files.filter((one) => one.isFile())) {
      const where = path.join(file.parentPath, file.name)
      expect({ where, open: (await stat(where)).mode & 0o077 }).toEqual({ where, open: 0 })
      if (file.name !== 'camera.json')
        expect((await readFile(where)).includes(secret), where).toBe(false)
    }
  })

  test('the lane that was added runs by the command that was said, with the camera it kept', async () => {
    const players = camera.players()
    const lane = path.join(folder, 'one')
    const running = startLaneProcess(lane)
    await running.until((event) => event['event'] === 'pass_began')
    expect(await running.stop()).toBe(0)
    expect(camera.players()).toBeGreaterThan(players)
  })

  test('ended while the camera is asked, and ended while it is aimed: the same command goes on', async () => {
    const code = await codeOf('in-2')
    const slow = await rtspServer(film.stream, { answerMs: 60_000 })
    const first = await endedAt(
      add(code, 'two', ['--rtsp', `rtsp://127.0.0.1:${slow.port}/live`]),
      'Asking the camera',
    )
    await slow.close()
    expect(first.code).toBe(1)
    expect(first.stderr).toMatch(/nothing was changed.*same command goes on/)
    expect(await stat(path.join(folder, 'two')).catch(() => null)).toBeNull()

    const push = add(code, 'two', ['--push', '0'])
    const second = await endedAt(push, 'Aim the camera')
    expect(second.code).toBe(1)
    expect(second.stderr).toMatch(/Key made and enrolled: lane in-2/)
    expect(second.stderr).toMatch(/lane is set up.*lane run/)

    const third = await endedAt(push, 'Aim the camera')
    expect(third.stderr).toMatch(/Enrolled before: lane in-2/)
    const removed = await sallyport(['lane', 'remove', ...into('two')])
    expect(removed.code, removed.stderr).toBe(0)
    expect(removed.stderr).toMatch(/Revoke device [0-9a-f]{32} at the hub/)
    const left = await readdir(path.join(folder, 'two'))
    expect(left.filter((name) => /device|camera/.test(name))).toEqual([])
  })
})

/** Interrupted, as by Ctrl+C, when it has said `words`. */
async function endedAt(
  parameters: readonly string[],
  words: string,
  more: NodeJS.ProcessEnv = environment,
): Promise<{ readonly code: number | null; readonly stderr: string }> {
  const child = spawn(process.execPath, [command, ...parameters], {
    env: { ...process.env, ...more },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let stderr = ''
  let sent = false
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString('utf8')
    if (sent || !stderr.includes(words)) return
    sent = true
    child.kill('SIGINT')
  })
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, stderr }
}
