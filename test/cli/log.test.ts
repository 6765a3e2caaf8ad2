/** `sallyport log verify`: exit 0 only when every hash and the signature hold, in a folder or by URL. */

import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { generateSigningKey } from '@sallyport/proof/node/ed25519'
import { formatVkey } from '@sallyport/proof/note'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { sallyport } from '../support/command.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'

const entries = 300
let hub: TestHub
let copy: string

beforeAll(async () => {
  hub = await startTestHub()
  const { journal } = hub.hub.parts
  // More than one full tile: hash tiles of level 1, entry bundles full and partial.
  await Promise.all(
    Array.from({ length: entries }, () =>
      journal.append({
        v: 1,
        at: new Date().toISOString(),
        kind: 'session_started',
        by: 'ab'.repeat(32),
      }),
    ),
  )
})
afterAll(() => hub.remove())
beforeEach(async () => {
  copy = await mkdtemp(path.join(tmpdir(), 'sallyport-log-'))
  await cp(path.join(hub.data, 'log'), copy, { recursive: true })
})
afterEach(() => rm(copy, { recursive: true, force: true }))

/** The files that the checkpoint stands on; partial tiles of smaller trees may lie beside them. */
async function tiles(): Promise<string[]> {
  const size = hub.hub.parts.journal.size()
  const current = new Set([`tile/1/000.p/${Math.floor(size / 256)}`])
  for (const level of ['entries', '0']) {
    current.add(`tile/${level}/000`)
    current.add(`tile/${level}/001.p/${size % 256}`)
  }
  const found = await readdir(path.join(copy, 'tile'), { recursive: true, withFileTypes: true })
  const files = found
    .filter((one) => one.isFile())
    .map((one) => path.relative(copy, path.join(one.parentPath, one.name)))
  expect(files).toEqual(expect.arrayContaining([...current]))
  return [...current]
}

test('a sound log: exit 0, its size and root, and whose key was used', async () => {
  const { code, stdout, stderr } = await sallyport(['log', 'verify', copy])
  expect(code).toBe(0)
  expect(stdout).toMatch(
    new RegExp(`sound: ${hub.hub.parts.journal.size()} entries, root [A-Za-z0-9+/]{43}=`),
  )
  // Whoever could change the log could change the key beside it.
  expect(stderr).toMatch(/vkey: whoever made this log chose it. Pin yours with --vkey/)
})

test('with the key that was kept there is nothing to warn of; another key is refused', async () => {
  const { vkey } = hub.hub.parts.journal
  const pinned = await sallyport(['log', 'verify', copy, '--vkey', vkey, '--json'])
  expect([pinned.code, pinned.stderr]).toEqual([0, ''])
  expect(pinned.json).toMatchObject([
    { verified: true, size: hub.hub.parts.journal.size(), first_bad: null },
  ])
  const other = formatVkey('example.com/log', generateSigningKey().publicKey)
  const refused = await sallyport(['log', 'verify', copy, '--vkey', other, '--json'])
  expect(refused.code).toBe(1)
  expect(refused.json[0]).toMatchObject({ verified: false, first_bad: { file: 'checkpoint' } })
})

test('what is no key says so: exit 2, and nothing about the log', async () => {
  const { code, stdout, stderr } = await sallyport(['log', 'verify', copy, '--vkey', 'nonsense'])
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain('/log/vkey')
})

describe('one changed byte', () => {
  test('anywhere in the tree is found: exit 1, and the file is named', async () => {
    const names = await tiles()
    for (const name of names) {
      const file = path.join(copy, name)
      const good = await readFile(file)
      const bad = Buffer.from(good)
      const at = Math.floor(bad.length / 3)
      bad[at] = (bad[at] ?? 0) ^ 0x01
      await writeFile(file, bad)
      const { code, json } = await sallyport(['log', 'verify', copy, '--json'])
      expect({ name, code }).toEqual({ name, code: 1 })
      expect(json).toMatchObject([
        { verified: false, first_bad: { explanation: expect.any(String) } },
      ])
      // Which of two files that do not fit each other was changed may be open; both are named.
      expect(JSON.stringify(json[0]?.['first_bad'])).toContain(name)
      await writeFile(file, good)
    }
  })

  test('in the checkpoint is found, and people are told in words', async () => {
    const file = path.join(copy, 'checkpoint')
    const text = await readFile(file, 'utf8')
    await writeFile(
      file,
      text.replace(/\n(\d+)\n/, (_, size: string) => `\n${Number(size) - 1}\n`),
    )
    const { code, stdout } = await sallyport(['log', 'verify', copy])
    expect(code).toBe(1)
    expect(stdout).toMatch(/^checkpoint.*: /m)
    expect(stdout).toMatch(/The log is NOT sound: \d+ finding/)
  })

  test('a tile that is missing is named', async () => {
    const [name = ''] = (await tiles()).filter((one) => one.startsWith('tile/entries'))
    await rm(path.join(copy, name))
    const { code, json } = await sallyport(['log', 'verify', copy, '--json'])
    expect(code).toBe(1)
    expect(json[0]).toMatchObject({ verified: false, first_bad: { file: name } })
  })
})

describe('by URL', () => {
  test('the log of a running hub, by anybody: exit 0', async () => {
    const { code, json } = await sallyport(['log', 'verify', `${hub.origin}/log`, '--json'])
    expect(code).toBe(0)
    expect(json).toMatchObject([{ verified: true, size: hub.hub.parts.journal.size() }])
  })

  test('a hub that is not there: exit 4 and a hint', async () => {
    const { code, stderr } = await sallyport(['log', 'verify', 'http://localhost:1/log'])
    expect(code).toBe(4)
    expect(stderr).toMatch(/Is the hub running\?/)
  })

  test('an address without a log: exit 2', async () => {
    const { code, stderr } = await sallyport(['log', 'verify', `${hub.origin}/v1`])
    expect(code).toBe(2)
    expect(stderr).toMatch(/--vkey/)
  })
})
