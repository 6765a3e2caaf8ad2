import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { cameraFileName, readCameraFile, writeCameraFile } from './camera-file.ts'
import { durableFiles } from './durable-files.ts'

let directory = ''
beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'camera-file-'))
})
afterEach(() => fs.rmSync(directory, { recursive: true }))
const file = () => path.join(directory, cameraFileName)

const source = 'rtsp:rtsp://viewer:s%27e%20c@10.0.0.5/live'

test('what is written is read again, for its owner alone, the password apart from the address', async () => {
  await writeCameraFile(directory, source, durableFiles)
  expect(await readCameraFile(directory)).toEqual({ kind: 'camera', source })
  expect(fs.statSync(file()).mode & 0o077).toBe(0)
  expect(JSON.parse(fs.readFileSync(file(), 'utf8'))).toMatchObject({
    source: 'rtsp:rtsp://viewer@10.0.0.5/live',
    password: `s'e c`,
  })
})

test.skipIf(process.platform === 'win32')(
  'a file that others can read is refused, without its password in the words',
  async () => {
    await writeCameraFile(directory, source, durableFiles)
    fs.chmodSync(file(), 0o644)
    const read = await readCameraFile(directory)
    expect(read).toMatchObject({ kind: 'refused', code: 'camera_file_open' })
    expect(JSON.stringify(read)).toMatch(/Change the camera's password, then: chmod 600/)
    expect(JSON.stringify(read)).not.toContain(`s'e c`)
  },
)

test('a damaged file is refused with the way out; no file is none', async () => {
  expect(await readCameraFile(directory)).toEqual({ kind: 'none' })
  fs.writeFileSync(file(), '{"version":1,"sou', { mode: 0o600 })
  expect(await readCameraFile(directory)).toMatchObject({ code: 'camera_file_damaged' })
})
