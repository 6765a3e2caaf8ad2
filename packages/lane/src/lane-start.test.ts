import * as fs from 'node:fs'
import * as path from 'node:path'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { startLane } from './lane.ts'
import { parseLaneSettings } from './settings.ts'
import { type LaneBench, openLaneBench, photograph, token } from './testing/lane-bench.ts'
import { scriptedReader } from './testing/pictures.ts'
import { until } from './testing/time.ts'

let bench: LaneBench
beforeEach(async () => {
  bench = await openLaneBench()
})
afterEach(async () => {
  await bench.close()
  expect(bench.hub.complaints).toEqual([])
})

test('two processes cannot run one lane', async () => {
  await bench.start()
  const parsed = parseLaneSettings({
    directory: bench.directory,
    source: 'push:0',
    push_token: token,
  })
  if (parsed.kind === 'refused') throw new Error('settings')
  const second = await startLane(parsed.settings, {
    openReader: () => Promise.reject(new Error('not reached')),
    report: () => {},
  })
  expect(second).toMatchObject({ kind: 'refused', code: 'directory_in_use' })
})

test('a folder of photographs is one crossing each; bad files are passed over', async () => {
  const folder = path.join(bench.root, 'photographs')
  fs.mkdirSync(folder)
  for (const [at, name] of ['a.jpg', 'b.png', 'd.jpeg'].entries())
    fs.writeFileSync(path.join(folder, name), await photograph(at))
  fs.writeFileSync(path.join(folder, 'c.jpg'), 'not a picture')
  fs.writeFileSync(path.join(folder, 'notes.txt'), 'not looked at')
  const lane = await bench.start({ source: `folder:${folder}`, every_ms: 0 })
  await lane.sourceEnded
  await until(() => bench.hub.received.length === 3)
  expect(lane.status()).toMatchObject({ camera: 'ended', crossings: 3 })
  expect(bench.events).toContainEqual({ event: 'picture_refused', code: 'not_a_picture' })
  expect(fs.readdirSync(folder).length).toBe(5)
})

test('two cameras at a lane are one crossing a vehicle, sealed from both ends', async () => {
  const folders = ['front', 'rear'].map((end) => path.join(bench.root, end))
  for (const [end, folder] of folders.entries()) {
    fs.mkdirSync(folder)
    for (const at of [0, 1])
      fs.writeFileSync(path.join(folder, `${at}.jpg`), await photograph(end + at))
  }
  const lane = await bench.start({
    source: `folder:${folders[0]}`,
    rear_source: `folder:${folders[1]}`,
    rear_wait_ms: 10_000,
    every_ms: 0,
  })
  await lane.sourceEnded
  await until(() => bench.hub.received.length === 2)
  for (const { bundle } of bench.hub.received)
    expect(bundle.manifest.bodies.map((body) => body.class)).toEqual([
      ...['scene', 'plate', 'scene', 'plate', 'reads'],
    ])
  expect(lane.status()).toMatchObject({ camera: 'ended', crossings: 2 })
})

test('a second camera that cannot be opened is refused before anything is filmed', async () => {
  const parsed = parseLaneSettings({
    directory: bench.directory,
    source: 'drawn:7',
    rear_source: 'folder:/nowhere/at/all',
  })
  if (parsed.kind === 'refused') throw new Error(parsed.problems.join())
  const parts = { openReader: () => Promise.resolve(scriptedReader([])), report: () => {} }
  expect(await startLane(parsed.settings, parts)).toMatchObject({ code: 'folder_unreadable' })
  await bench.start()
})

test.each([
  ['folder:/nowhere/at/all', 'folder_unreadable'],
  ['push:99999', 'malformed_source'],
  ['mjpeg:ftp://camera/', 'malformed_source'],
  ['mjpeg:http://%ZZ@camera/', 'malformed_source'],
  ['rtsp:nonsense', 'malformed_source'],
])('the source %s is refused as %s, and the directory is free again', async (source, code) => {
  const parsed = parseLaneSettings({ directory: bench.directory, source })
  if (parsed.kind === 'refused') throw new Error(parsed.problems.join())
  const parts = { openReader: () => Promise.resolve(scriptedReader([])), report: () => {} }
  expect(await startLane(parsed.settings, parts)).toMatchObject({ kind: 'refused', code })
  expect(fs.existsSync(path.join(bench.directory, '.lock'))).toBe(false)
})

test('settings that make no sense are said in sentences', () => {
  const parsed = parseLaneSettings({ directory: '', source: 'webcam', spool_bytes_max: 1, typo: 1 })
  expect(parsed.kind === 'refused' && parsed.problems.join('\n')).toMatch(
    /directory.*source: is drawn:SEED.*spool_bytes_max.*typo/s,
  )
})
