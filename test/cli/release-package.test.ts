/** The files of a release as a stranger may hand them over: each lie is refused in words, none is unpacked without end. */

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { limits } from '../../packages/cli/src/limits.ts'
import { openPackage } from '../../packages/cli/src/releases/package-files.ts'
import { zip } from '../support/zip.ts'

let folder: string
let file: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sallyport-package-'))
  file = path.join(folder, 'release.zip')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const bytes = Buffer.from('the copy')
const one = { name: 'a.age', bytes }
const whole = zip([one, { name: 'b.age', bytes: Buffer.alloc(5000) }])
/** Where the first file's record begins in the directory. */
const listed = whole.indexOf(Buffer.from('PK\u0001\u0002'))

function changed(position: number, value: number): Buffer {
  const copy = Buffer.from(whole)
  copy[position] = value
  return copy
}

function numbered(count: number) {
  return Array.from({ length: count }, (_, at) => ({ name: `${at}`, bytes }))
}

test('what is in a ZIP is read, up to as many bytes as were asked for', async () => {
  await writeFile(file, whole)
  const files = await openPackage(file)
  try {
    expect(files.names).toEqual(['a.age', 'b.age'])
    expect(await files.read('a.age', 100)).toEqual(bytes)
    expect(await files.read('b.age', 5000)).toEqual(Buffer.alloc(5000))
    expect(await files.read('b.age', 4999)).toBeNull()
  } finally {
    await files.close()
  }
})

test.each([
  [
    'names a file twice',
    zip([one, { ...one, bytes: Buffer.from('another') }]),
    /names a file twice/,
  ],
  ['has too many files', zip(numbered(limits.releaseFilesMax + 1)), /more files than a release/],
  [
    'has a directory that is larger than that of a release',
    zip(Array.from({ length: 5 }, (_, at) => ({ name: `${at}`.repeat(60_000), bytes }))),
    /longer names/,
  ],
  ['is packed in another way', zip([{ ...one, method: 14 }]), /packed in a way/],
  ['is encrypted', zip([{ ...one, encrypted: true }]), /packed in a way/],
  ['has a damaged directory', changed(listed, 0), /is damaged/],
  ['is cut within its directory', whole.subarray(0, listed + 10), /no folder and no whole ZIP/],
  ['is no ZIP', Buffer.from('a letter'), /no folder and no whole ZIP/],
  ['is empty', Buffer.alloc(0), /no folder and no whole ZIP/],
])('a package that %s is refused, with what to do', async (_, content, words) => {
  await writeFile(file, content)
  const refused = await openPackage(file).catch((error: unknown) => error)
  expect(refused).toMatchObject({ name: 'CommandFailure', exitCode: 2 })
  expect(String(refused)).toMatch(words)
  expect(String(refused)).toMatch(/ask for it again/)
})

test.each([
  ['unpacks to more than it says', zip([{ ...one, bytes: Buffer.alloc(2_000_000), says: 2000 }])],
  ['unpacks to less than it says', zip([{ ...one, says: 2000 }])],
  ['says that it is larger than allowed', zip([{ ...one, says: 3_000_000_000 }])],
  ['does not unpack', changed(30 + one.name.length, 0xff)],
])('a file that %s is not read', async (_, content) => {
  await writeFile(file, content)
  const files = await openPackage(file)
  try {
    expect(await files.read('a.age', 10_000)).toBeNull()
  } finally {
    await files.close()
  }
})

test('a file whose own header is damaged ends the check in words', async () => {
  await writeFile(file, changed(0, 0))
  const files = await openPackage(file)
  try {
    await expect(files.read('a.age', 10_000)).rejects.toMatchObject({ name: 'CommandFailure' })
  } finally {
    await files.close()
  }
})

test('a folder within the folder is no file of the release', async () => {
  await mkdir(path.join(folder, 'unpacked', 'release.json'), { recursive: true })
  const files = await openPackage(path.join(folder, 'unpacked'))
  expect(await files.read('release.json', 10_000)).toBeNull()
})

test('a folder with more files than a release is refused', async () => {
  const many = path.join(folder, 'many')
  await mkdir(many)
  for (let at = 0; at <= limits.releaseFilesMax; at++) await writeFile(path.join(many, `${at}`), '')
  await expect(openPackage(many)).rejects.toThrow(/more files than a release/)
})
