import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { openMarkKeys, parseMarkKeys } from './key-file.ts'

let folder = ''
beforeAll(async () => (folder = await mkdtemp(path.join(tmpdir(), 'marks-'))))
afterAll(() => rm(folder, { recursive: true }))

const november = new Date('2026-11-22T12:00:00Z')
const december = new Date('2026-12-01T00:00:00Z')

test('a key file is made at first use for its owner only, and a month later gets a line', async () => {
  const file = path.join(folder, 'keys', 'marks')
  const first = await openMarkKeys(file, november)
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect(await openMarkKeys(file, november)).toEqual(first)
  const later = await openMarkKeys(file, december)
  expect(later.all).toEqual([later.current, first.current])
  expect(later.current.epoch).toBe('2026-12')
})

test('two processes that make the key of a month at once mark with the same', async () => {
  const file = path.join(folder, 'raced')
  const both = await Promise.all([1, 2, 3, 4].map(() => openMarkKeys(file, november)))
  expect(new Set(both.map(({ current }) => Buffer.from(current.secret).toString('hex'))).size).toBe(
    1,
  )
})

test('a damaged key file is an error and stays as it was', async () => {
  const file = path.join(folder, 'damaged')
  await openMarkKeys(file, november)
  const text = (await readFile(file, 'utf8')).slice(0, 30)
  await writeFile(file, text)
  await expect(openMarkKeys(file, december)).rejects.toThrow('damaged')
  expect(await readFile(file, 'utf8')).toBe(text)
})

test.for(['2026-11', '2026-11 00', `2026-1 ${'0'.repeat(64)}`, 'x'.repeat(40_000)])(
  'a line that is no key is not taken for one: %s',
  (line) => expect(parseMarkKeys(`${line}\n`)).toBeNull(),
)
