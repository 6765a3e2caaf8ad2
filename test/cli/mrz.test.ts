/** Machine-readable zones: a wrong digit is shown, never mended. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'

import { readMrz } from '../../packages/cli/src/commands/mrz.ts'

/** The specimen of ICAO Doc 9303, part 4. */
const specimen = [
  'P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<',
  'L898902C36UTO7408122F1204159ZE184226B<<<<<10',
]
let folder: string
const printed: string[] = []

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sallyport-mrz-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))
beforeEach(() => {
  printed.length = 0
  vi.spyOn(console, 'log').mockImplementation((line: string) => printed.push(line))
})
afterEach(() => vi.restoreAllMocks())

async function read(lines: readonly string[]): Promise<Record<string, unknown>> {
  const file = path.join(folder, 'zone.txt')
  await writeFile(file, `${lines.join('\n')}\n`)
  await readMrz(file, { json: true })
  return JSON.parse(printed.at(-1) ?? '') as Record<string, unknown>
}

test('the specimen of the standard, every check digit named', async () => {
  const zone = await read(specimen)
  expect(zone).toMatchObject({
    format: 'TD3',
    valid: true,
    specimen: true,
    document_number: 'L898902C3',
    born: '1974-08-12',
    expires: '2012-04-15',
    wrong: [],
  })
  expect((zone['checks'] as { holds: boolean }[]).map(({ holds }) => holds)).toEqual([
    true,
    true,
    true,
    true,
    true,
  ])
})

test.for([
  ['a digit of the number misread', 'L898902C36', 'L898903C36', 'Document number check digit'],
  ['a letter O for a digit 0', 'L898902C36', 'L8989O2C36', 'Document number check digit'],
  ['a birthday misread', '7408122', '7408132', 'Birth date check digit'],
] as const)('wrong, and said which: %s', async ([, from, to, field]) => {
  const second = (specimen[1] ?? '').replace(from, to)
  await expect(read([specimen[0] ?? '', second])).rejects.toMatchObject({ exitCode: 1 })
  const { wrong } = JSON.parse(printed.at(-1) ?? '') as { wrong: { field: string }[] }
  expect(wrong.map((one) => one.field)).toContain(field)
})

test('what is no zone is wrong use', async () => {
  await expect(read(['HELLO'])).rejects.toMatchObject({ exitCode: 2 })
  await expect(read(['P<UTOERIKSSON<<ANNA'])).rejects.toMatchObject({ exitCode: 2 })
  expect(printed).toEqual([])
})
