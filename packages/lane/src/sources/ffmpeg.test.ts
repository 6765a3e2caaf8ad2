import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import * as fs from 'node:fs'
import * as net from 'node:net'
import * as os from 'node:os'
import * as path from 'node:path'

import type { Picture } from '@sallyport/vision/picture'
import * as fc from 'fast-check'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { needTool } from '../../../../test/support/tools.ts'
import { systemClock } from '../clock.ts'
import type { LaneEvent } from '../events.ts'
import { rtspServer } from '../testing/rtsp-server.ts'
import { until } from '../testing/time.ts'
import { openRtsp, openVideoFile, videoDefaults } from './ffmpeg.ts'
import { PpmReader } from './ppm.ts'
import type { Frame, FrameSource, OpenedSource } from './source.ts'

const hasFfmpeg = needTool('ffmpeg', 'ffmpeg') !== null
const missing = hasFfmpeg ? '' : ' (skipped: install ffmpeg, Debian package ffmpeg)'

test('wherever the pipe is cut, the pictures are the same', () => {
  const frame = (width: number, height: number): Buffer =>
    Buffer.concat([
      Buffer.from(`P6\n${width} ${height}\n255\n`),
      Buffer.alloc(width * height * 3, width),
    ])
  const stream = Buffer.concat([frame(3, 2), frame(5, 4), frame(1, 1)])
  fc.assert(
    fc.property(fc.array(fc.nat(stream.length), { maxLength: 8 }), (cuts) => {
      const reader = new PpmReader(100)
      const at = [0, ...cuts.toSorted((a, b) => a - b), stream.length]
      const sizes = at.slice(1).flatMap((end, index) => {
        const read = reader.take(stream.subarray(at[index], end))
        return read.kind === 'pictures'
          ? read.pictures.map(({ width, height }) => `${width}x${height}`)
          : ['refused']
      })
      expect(sizes).toEqual(['3x2', '5x4', '1x1'])
    }),
  )
})

test.each([
  ['P6\n9000 9000\n255\n', 'frame_too_large'],
  ['P6\n0 10\n255\n', 'frame_too_large'],
  ['P5\n10 10\n255\n', 'malformed_frame'],
  ['RIFF....', 'malformed_frame'],
])('a pipe that begins with %o is refused', (start, code) => {
  const bytes = Buffer.concat([Buffer.from(start), Buffer.alloc(100)])
  expect(new PpmReader(4096).take(bytes)).toEqual({ kind: 'refused', code })
})

const parts = (events: LaneEvent[] = []) => ({
  clock: systemClock,
  chance: () => 0,
  report: (event: LaneEvent) => void events.push(event),
})

test('without ffmpeg the refusal names the package', async () => {
  const settings = { ...videoDefaults, ffmpeg: '/nowhere/ffmpeg' }
  for (const opened of [
    await openVideoFile('x.mp4', parts(), settings),
    await openRtsp('rtsp://127.0.0.1/x', parts(), settings),
  ]) {
    expect(opened).toMatchObject({ kind: 'refused', code: 'ffmpeg_missing' })
    expect(opened.kind === 'refused' && opened.detail).toContain('apt install ffmpeg')
  }
})

test('a decoder that dies in the middle is started again', async () => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'decoder-'))
  const program = path.join(directory, 'ffmpeg')
  const dying =
    '#!/bin/sh\n[ "$2" = -version ] && exit 0\nprintf "P6\\n1 1\\n255\\nabc"\nkill -9 $$\n'
  fs.writeFileSync(program, dying, { mode: 0o755 })
  const events: LaneEvent[] = []
  const opened = await openRtsp('rtsp://127.0.0.1/live', parts(events), {
    ...videoDefaults,
    ffmpeg: program,
  })
  if (opened.kind === 'refused') throw new Error(opened.detail)
  let shown = 0
  for await (const frame of opened.source.frames(new AbortController().signal)) {
    expect(frame.image).toMatchObject({ width: 1, height: 1 })
    shown += 1
    if (shown === 3) break
  }
  expect(
    events.map((event) => event.event === 'camera' && `${event.state} ${event.reason}`).slice(0, 4),
  ).toEqual(['ok ', 'gone ffmpeg_killed', 'ok ', 'gone ffmpeg_killed'])
  fs.rmSync(directory, { recursive: true })
}, 20_000)

describe.skipIf(!hasFfmpeg)(`with ffmpeg${missing}`, () => {
  let directory = ''
  let video = ''
  let stopping = new AbortController()

  beforeAll(() => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), 'ffmpeg-'))
    video = path.join(directory, '-i evil name.mkv')
    const drawn = [
      '-f',
      'lavfi',
      '-i',
      'testsrc2=size=320x180:rate=25:duration=2',
      '-c:v',
      'mpeg4',
      '-q:v',
      '5',
    ]
    const made = spawnSync(videoDefaults.ffmpeg, [
      '-hide_banner',
      '-loglevel',
      'error',
      ...drawn,
      `file:${video}`,
    ])
    if (made.status !== 0) throw new Error(made.stderr.toString())
  })
  afterAll(() => fs.rmSync(directory, { recursive: true, force: true }))
  beforeEach(() => {
    stopping = new AbortController()
  })
  afterEach(() => stopping.abort())

  function sourceOf(opened: OpenedSource): FrameSource {
    if (opened.kind === 'refused') throw new Error(opened.detail)
    return opened.source
  }

  async function take(source: FrameSource, count: number): Promise<Frame[]> {
    const taken: Frame[] = []
    for await (const frame of source.frames(stopping.signal)) {
      taken.push(frame)
      if (taken.length === count) break
    }
    return taken
  }

  test('a video file plays once, at its own speed, in pictures; its name is no option', async () => {
    const source = sourceOf(await openVideoFile(video, parts()))
    const began = performance.now()
    const frames = await take(source, 100)
    expect(frames.length).toBeGreaterThan(7)
    expect(frames.length).toBeLessThan(13)
    expect(performance.now() - began).toBeGreaterThan(1_200)
    const image = frames[0]?.image
    if (image === undefined || image instanceof Uint8Array) throw new Error('not pixels')
    const { width, height, data } = image
    expect([width, height, data.length]).toEqual([320, 180, 320 * 180 * 3])
    expect(new Set(data).size).toBeGreaterThan(20)
  }, 30_000)

  test('a file that is no video, or not there, is refused with what to name instead', async () => {
    const bad = path.join(directory, 'bad.mp4')
    fs.writeFileSync(bad, 'this is not a video')
    for (const file of [bad, path.join(directory, 'none.mp4')]) {
      expect(await openVideoFile(file, parts())).toMatchObject({
        code: 'video_unreadable',
        detail: expect.stringMatching(/Name a video with --source file:VIDEO/),
      })
    }
  }, 30_000)

  test('a playlist cannot make ffmpeg fetch addresses', async () => {
    let fetched = false
    const trap = net.createServer((socket) => {
      fetched = true
      socket.destroy()
    })
    trap.listen(0, '127.0.0.1')
    await once(trap, 'listening')
    const address = trap.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const playlist = path.join(directory, 'list.m3u8')
    fs.writeFileSync(
      playlist,
      `#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:${port}/a.ts\n#EXT-X-ENDLIST\n`,
    )
    expect(await openVideoFile(playlist, parts())).toMatchObject({ code: 'video_unreadable' })
    trap.close()
    expect(fetched).toBe(false)
  }, 30_000)

  test('stopping ends ffmpeg at once', async () => {
    const source = sourceOf(await openVideoFile(video, parts()))
    const frames = source.frames(stopping.signal)[Symbol.asyncIterator]()
    await frames.next()
    const began = performance.now()
    stopping.abort()
    while ((await frames.next()).done !== true) continue
    expect(performance.now() - began).toBeLessThan(3_000)
  }, 30_000)

  function transportStream(): Uint8Array {
    const file = path.join(directory, 'live.ts')
    const drawn = [
      '-f',
      'lavfi',
      '-i',
      'testsrc2=size=320x180:rate=25:duration=3',
      '-c:v',
      'mpeg2video',
      '-g',
      '5',
      '-b:v',
      '1M',
    ]
    const made = spawnSync(videoDefaults.ffmpeg, [
      '-hide_banner',
      '-loglevel',
      'error',
      '-y',
      ...drawn,
      '-f',
      'mpegts',
      file,
    ])
    if (made.status !== 0) throw new Error(made.stderr.toString())
    return fs.readFileSync(file)
  }

  test('an RTSP camera is filmed over TCP, and again after it went away and came back', async () => {
    const stream = transportStream()
    const events: LaneEvent[] = []
    const first = await rtspServer(stream)
    const source = sourceOf(await openRtsp(`rtsp://127.0.0.1:${first.port}/live`, parts(events)))
    const frames = source.frames(stopping.signal)[Symbol.asyncIterator]()
    const picture = (await frames.next()).value as Frame
    expect([(picture.image as Picture).width, (picture.image as Picture).height]).toEqual([
      320, 180,
    ])
    await first.close()
    let left = 50
    const states = (): readonly unknown[] =>
      events.map((event) => event.event === 'camera' && event.state)
    const watching = (async () => {
      while (left > 0 && (await frames.next()).done !== true) left -= 1
    })()
    await until(() => states().includes('gone'), 20_000, 'gone')
    const second = await rtspServer(stream, { port: first.port })
    await until(() => states().lastIndexOf('ok') > states().lastIndexOf('gone'), 40_000, 'back')
    expect(second.players()).toBeGreaterThan(0)
    stopping.abort()
    await watching
    await second.close()
  }, 90_000)

  test('an RTSP camera that is not there is gone, is asked again, and its password is not logged', async () => {
    const events: LaneEvent[] = []
    const source = sourceOf(await openRtsp('rtsp://viewer:secret@127.0.0.1:9/live', parts(events)))
    const running = take(source, 1)
    await until(() => events.length > 0, 20_000)
    expect(events[0]).toMatchObject({ event: 'camera', state: 'gone' })
    expect(JSON.stringify(events) + source.name).not.toContain('secret')
    stopping.abort()
    expect(await running).toEqual([])
  }, 40_000)
})
