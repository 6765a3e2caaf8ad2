import { spawnSync } from 'node:child_process'
import * as fs from 'node:fs'

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { needTool } from '../../../../test/support/tools.ts'
import { systemClock } from '../clock.ts'
import type { LaneEvent } from '../events.ts'
import { type RtspServer, rtspServer } from '../testing/rtsp-server.ts'
import { until } from '../testing/time.ts'
import { asksForPassword, withoutPassword, withPassword } from './credential.ts'
import { complaintOf, rtspInput } from './ffmpeg-input.ts'
import { openRtsp, videoDefaults } from './ffmpeg.ts'
import { probeRtsp } from './probe.ts'

const secret = `s'e c:r/e@t`

test.each([
  ['rtsp:rtsp://viewer@10.0.0.5:554/live?x=1'],
  ['mjpeg:http://viewer@camera.example/stream'],
  ['frigate:mqtt://viewer@broker:1883/frigate/front?api=http://frigate:5000'],
])('a password is taken out of %s and put back whole, whatever is in it', (source) => {
  const whole = withPassword(source, secret)
  expect(whole).not.toBe(source)
  expect(withoutPassword(whole)).toEqual({ source, password: secret })
  expect([asksForPassword(source), asksForPassword(whole)]).toEqual([true, false])
})

test.each(['drawn:a', 'folder:/x', 'push:8001', 'file:/a:b@c', 'rtsp:rtsp://10.0.0.5/live'])(
  '%s has no password, and is given none',
  (source) => {
    expect(withoutPassword(source)).toEqual({ source, password: null })
    expect(withPassword(source, secret)).toBe(source)
    expect(asksForPassword(source)).toBe(false)
  },
)

test('a quote in an address cannot end its line in the list', () => {
  const { list } = rtspInput(new URL("rtsp://camera/a'b\noption x y"))
  expect(list?.split('\n')[1]).toBe(
    `file 'rtsp://camera/a'\\''boption x y'`.replace(' x y', '%20x%20y'),
  )
  expect(list?.split('\n')).toHaveLength(7)
})

test('what ffmpeg says is known by its kind only', () => {
  const words =
    "[concat @ 0x1] Impossible to open 'rtsp://viewer:secret@camera/x'\npipe:0: Server returned 401 Unauthorized (authorization failed)"
  expect(complaintOf(words)).toBe('wrong_password')
  expect(complaintOf('pipe:0: Server returned 404 Not Found')).toBe('no_such_stream')
  expect(complaintOf('something new')).toBeNull()
})

const hasFfmpeg = needTool('ffmpeg', 'ffmpeg') !== null
const missing = hasFfmpeg ? '' : ' (skipped: install ffmpeg, Debian package ffmpeg)'

describe.skipIf(!hasFfmpeg)(`with ffmpeg${missing}`, () => {
  let stream: Uint8Array = new Uint8Array()
  let camera: RtspServer
  let stopping = new AbortController()
  const credential = { name: 'viewer', password: secret }
  const address = (password: string | null, path = '/live'): URL => {
    const url = new URL(`rtsp://127.0.0.1:${camera.port}${path}`)
    if (password === null) return url
    url.username = 'viewer'
    url.password = encodeURIComponent(password)
    return url
  }

  beforeAll(async () => {
    const drawn = 'testsrc2=size=320x180:rate=25:duration=3'
    const coded = ['-c:v', 'mpeg2video', '-g', '5', '-b:v', '1M', '-f', 'mpegts', 'pipe:1']
    const made = spawnSync(videoDefaults.ffmpeg, [
      '-loglevel',
      'error',
      '-f',
      'lavfi',
      '-i',
      drawn,
      ...coded,
    ])
    if (made.status !== 0) throw new Error(made.stderr.toString())
    stream = made.stdout
    camera = await rtspServer(stream, { credential, path: '/live' })
  }, 60_000)
  afterAll(() => camera.close())
  beforeEach(() => {
    stopping = new AbortController()
  })
  afterEach(() => stopping.abort())

  test.each([
    ['the right password', () => address(secret), { kind: 'camera', codec: 'mpeg2video' }],
    ['a wrong password', () => address('wrong'), { kind: 'refused', code: 'wrong_password' }],
    ['no password', () => address(null), { kind: 'refused', code: 'wrong_password' }],
    ['a wrong path', () => address(secret, '/x'), { kind: 'refused', code: 'no_such_stream' }],
    [
      'a port where nobody listens',
      () => new URL('rtsp://127.0.0.1:9/live'),
      { kind: 'refused', code: 'connection_refused' },
    ],
    [
      'a name that nobody has',
      () => new URL('rtsp://camera.invalid/live'),
      { kind: 'refused', code: 'name_unknown' },
    ],
  ])(
    '%s is told apart',
    async (_what, where, expected) => {
      expect(await probeRtsp(where(), stopping.signal)).toMatchObject(expected)
    },
    60_000,
  )

  test('a camera that answers after long is waited for; one that sends no frame is not', async () => {
    const slow = await rtspServer(stream, { answerMs: 1_500 })
    const silent = await rtspServer(stream, { silent: true })
    const at = ({ port }: RtspServer): URL => new URL(`rtsp://127.0.0.1:${port}/live`)
    const [answered, mute] = await Promise.all([
      probeRtsp(at(slow), stopping.signal),
      probeRtsp(at(silent), stopping.signal),
    ])
    expect(answered).toMatchObject({ kind: 'camera', width: 320, height: 180, framesPerSecond: 25 })
    expect(mute).toEqual({ kind: 'refused', code: 'no_picture' })
    await Promise.all([slow.close(), silent.close()])
  }, 90_000)

  test('without ffprobe the refusal says so', async () => {
    expect(await probeRtsp(address(secret), stopping.signal, '/nowhere/ffprobe')).toEqual({
      kind: 'refused',
      code: 'ffmpeg_missing',
    })
  })

  // What other people of the machine can read of a process: /proc/PID/cmdline (proc(5)).
  test.skipIf(process.platform !== 'linux')(
    'while a camera is filmed, no process names its password, and no event does',
    async () => {
      const events: LaneEvent[] = []
      const opened = await openRtsp(address(secret).href, {
        clock: systemClock,
        chance: () => 0,
        report: (event) => void events.push(event),
      })
      if (opened.kind === 'refused') throw new Error(opened.detail)
      const frames = opened.source.frames(stopping.signal)[Symbol.asyncIterator]()
      expect((await frames.next()).done).toBe(false)
      const own = commandsOfChildren()
      expect(own.filter((line) => line.startsWith('ffmpeg'))).toHaveLength(1)
      for (const said of [...own, JSON.stringify(events), opened.source.name])
        for (const form of [secret, encodeURIComponent(secret), address(secret).password, 'viewer'])
          expect(said).not.toContain(form)
      stopping.abort()
      while ((await frames.next()).done !== true) continue
    },
    60_000,
  )

  test('a camera whose password was changed says so as its reason', async () => {
    const events: LaneEvent[] = []
    const opened = await openRtsp(address('old one').href, {
      clock: systemClock,
      chance: () => 0,
      report: (event) => void events.push(event),
    })
    if (opened.kind === 'refused') throw new Error(opened.detail)
    const waiting = opened.source.frames(stopping.signal)[Symbol.asyncIterator]().next()
    await until(() => events.length > 0, 30_000, 'a reason')
    expect(events[0]).toEqual({ event: 'camera', state: 'gone', reason: 'wrong_password' })
    stopping.abort()
    await waiting
  }, 60_000)
})

/** Command lines of the processes that this one started. */
function commandsOfChildren(): readonly string[] {
  return fs.readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return []
    try {
      const parent = /^PPid:\s*(\d+)$/m.exec(fs.readFileSync(`/proc/${name}/status`, 'utf8'))?.[1]
      if (parent !== String(process.pid)) return []
      return [fs.readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ')]
    } catch {
      // It ended meanwhile.
      return []
    }
  })
}
