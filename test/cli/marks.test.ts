/** `sallyport marks`: a copy is marked and read back; what cannot be marked says why. */

import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { drawnPicture } from '@sallyport/marks/drawn'
import { encodeJpeg, rawImage } from '@sallyport/vision/encode'
import { decodePicture } from '@sallyport/vision/picture'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { sallyport } from '../support/command.ts'

/** Every command is a process of its own: a busy machine takes its time. */
const slow = 240_000

const code = '00112233445566ff'
let folder = ''
let original = ''

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sallyport-marks-'))
  original = path.join(folder, 'original.jpg')
  await writeFile(
    original,
    await rawImage(drawnPicture(640, 512, 2))
      .jpeg({ quality: 92 })
      .toBuffer(),
  )
})
afterAll(() => rm(folder, { recursive: true }))

test(
  'a marked copy is read after JPEG 50, is not marked twice, and its original has no mark',
  async () => {
    const copy = path.join(folder, 'copy.png')
    const written = await sallyport(
      ['marks', 'write', original, '--code', code, '-o', copy, '--json'],
      {
        cwd: folder,
      },
    )
    expect(written.stderr).toBe('')
    expect(written.json).toMatchObject([{ file: copy, code, carries: 'blind' }])
    const key = path.join(folder, 'data', 'keys', 'marks')
    expect((await stat(key)).mode & 0o777).toBe(0o600)

    const pressed = path.join(folder, 'pressed.jpg')
    const decoded = await decodePicture(await readFile(copy))
    if (decoded.kind === 'refused') throw new Error(decoded.detail)
    await writeFile(pressed, await encodeJpeg(decoded.picture, 50))
    const read = await sallyport(['marks', 'read', pressed, '--json', '--key', key])
    expect(read.code).toBe(0)
    expect(read.json).toMatchObject([{ file: pressed, code }])
    expect(read.json[0]?.['false_positive_bound']).toBeLessThan(1e-9)

    const bare = await sallyport(['marks', 'read', original, '--json', '--key', key])
    expect(bare.code).toBe(1)
    expect(bare.json).toMatchObject([{ code: null, false_positive_bound: 1 }])

    const again = await sallyport([
      'marks',
      'write',
      pressed,
      '--code',
      code,
      '-o',
      copy,
      '--key',
      key,
    ])
    expect(again.code).toBe(1)
    expect(again.stderr).toContain(`carries the mark ${code} already`)
  },
  slow,
)

test(
  'what cannot be marked is told by name, and nothing is written',
  async () => {
    const copy = path.join(folder, 'none.png')
    const flat = path.join(folder, 'flat.png')
    await writeFile(
      flat,
      await rawImage({ width: 300, height: 300, data: new Uint8Array(270_000).fill(99) })
        .png()
        .toBuffer(),
    )
    const cut = path.join(folder, 'cut.jpg')
    await writeFile(cut, (await readFile(original)).subarray(0, 9000))
    const write = (file: string, to = copy, withCode = code) =>
      sallyport(['marks', 'write', file, '--code', withCode, '-o', to], { cwd: folder })
    expect(await write(flat)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('flat colour'),
    })
    expect(await write(cut)).toMatchObject({ code: 1, stderr: expect.stringContaining('cut off') })
    expect(await write(original, copy, '12345')).toMatchObject({ code: 2 })
    await expect(stat(copy)).rejects.toThrow('ENOENT')
  },
  slow,
)
