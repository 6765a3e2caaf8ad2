/** What outsiders do with a log, by the command: witness it, prove, check, copy it, and say what was not opened. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { commit } from '@sallyport/proof/entry'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import { sallyport } from '../support/command.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'

// Each command is a process of its own, several in each test.
vi.setConfig({ testTimeout: 120_000 })

let hub: TestHub
let folder: string
let policy: string
let stopWitness: () => Promise<void>
let policyFile: string | undefined
/** Index of the first of two openings. */
let openingsAt: number
const capture = 'ab'.repeat(16)
const salt = new Uint8Array(16).fill(9)

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sallyport-offline-'))
  hub = await startTestHub({ logPolicy: () => policyFile })
  const home = path.join(folder, 'witness')
  const made = await sallyport(['witness', 'init', '--name', 'w.example/1', '--directory', home])
  const vkey = made.stdout.trim().split(' ')[2] ?? ''
  const { vkey: logKey } = hub.hub.parts.journal
  expect((await sallyport(['witness', 'add-log', logKey, '--directory', home])).code).toBe(0)
  const running = spawn(
    process.execPath,
    [
      '--import',
      'tsx',
      'packages/cli/src/main.ts',
      'witness',
      'run',
      '--port',
      '0',
      '--directory',
      home,
    ],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  )
  const [line] = (await once(running.stdout.setEncoding('utf8'), 'data')) as [string]
  const { url } = JSON.parse(line) as { url: string }
  stopWitness = async () => {
    running.kill('SIGTERM')
    await once(running, 'close')
  }
  policyFile = path.join(folder, 'hub-policy')
  policy = path.join(folder, 'policy')
  writeFileSync(policyFile, `witness W ${vkey} ${url}\nquorum W\n`)
  writeFileSync(policy, `log ${logKey}\nwitness W ${vkey}\nquorum W\n`)
  await hub.restart()
  const { journal, witnessed } = hub.hub.parts
  await witnessed?.witnessing.witnessed(journal.size())
  const at = new Date().toISOString()
  openingsAt = journal.size()
  for (const account of ['anna', 'bert']) {
    await journal.append({
      ...({
        v: 1,
        at,
        kind: 'opening',
        opening: 'cd'.repeat(16),
        capture,
        class: 'scene',
      } as const),
      ...{ sha256: 'ef'.repeat(32), purpose: 'inspection', by: commit(salt, account) },
    })
  }
  const entry = { v: 1, at, kind: 'session_started', by: 'ab'.repeat(32) } as const
  await Promise.all(Array.from({ length: 300 }, () => journal.append(entry)))
  await witnessed?.witnessing.witnessed(journal.size())
}, 120_000)
afterAll(async () => {
  await hub.remove()
  await stopWitness()
  rmSync(folder, { recursive: true, force: true })
})

const log = () => path.join(hub.data, 'log')

test('a log under witnesses is verified with them, and without enough of them it is not', async () => {
  const sound = await sallyport(['log', 'verify', log(), '--policy', policy, '--json'])
  expect(sound.json).toMatchObject([
    { verified: true, first_bad: null, witnesses: [{ name: 'W', at: expect.any(String) }] },
  ])
  const strict = path.join(folder, 'strict')
  const other = 'witness V x.example+4fafa31c+BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'
  writeFileSync(strict, readFileSync(policy, 'utf8').replace('quorum W', `${other}\nquorum W`))
  const wrong = await sallyport(['log', 'verify', log(), '--policy', strict])
  expect(wrong.code).toBe(2)
  expect(wrong.stderr).toContain('Line 3')
})

test('a proof is written from the address of the hub and checked without it', async () => {
  const file = path.join(folder, 'x.tlog-proof')
  const proved = await sallyport(['log', 'prove', '3', `${hub.origin}/log`, '-o', file])
  expect([proved.code, proved.stderr]).toEqual([0, expect.stringContaining('witnessed')])
  const checked = await sallyport(['log', 'check', file, '--policy', policy, '--json'])
  expect(checked.code).toBe(0)
  expect(checked.json).toMatchObject([{ verified: true, index: 3, witnesses: [{ name: 'W' }] }])
  writeFileSync(file, readFileSync(file, 'utf8').replace('index 3', 'index 4'))
  const lie = await sallyport(['log', 'check', file, '--policy', policy])
  expect([lie.code, lie.stdout]).toEqual([1, expect.stringContaining('not_included')])
  const beyond = await sallyport(['log', 'prove', '999999', log()])
  expect(beyond.code).toBe(1)
})

test('a copy is made from the address, verifies, and goes on', async () => {
  const copy = path.join(folder, 'copy')
  const url = `${hub.origin}/log`
  const first = await sallyport(['log', 'mirror', url, copy, '--json'])
  expect(first.json).toMatchObject([{ mirrored: true, size: hub.hub.parts.journal.size() }])
  const again = await sallyport(['log', 'mirror', url, copy, '--json'])
  expect(again.json).toMatchObject([{ mirrored: true, added: 0 }])
  expect((await sallyport(['log', 'verify', copy, '--json'])).json).toMatchObject([
    { verified: true },
  ])
})

test('that a picture was not opened is exported, checked offline, and refused when it was', async () => {
  const sizes = (await (await hub.request('/log/witnessed')).text()).trim().split('\n')
  const from = sizes[0] ?? ''
  const file = path.join(folder, 'statement')
  const common = ['--from', from, '--policy', policy, '-o', file, '--json']
  const absent = await sallyport([
    'log',
    'absence',
    'export',
    log(),
    '--capture',
    '99'.repeat(16),
    ...common,
  ])
  expect(absent.json).toMatchObject([{ holds: true, openings: 2 }])
  const checked = await sallyport(['log', 'absence', 'check', file, '--policy', policy])
  expect([checked.code, checked.stdout]).toEqual([0, expect.stringContaining('was not opened')])
  expect(checked.stderr).toContain('no other account')
  writeFileSync(file, readFileSync(file, 'utf8').replace('session_started', 'account_created'))
  const changed = await sallyport(['log', 'absence', 'check', file, '--policy', policy, '--json'])
  expect([changed.code, changed.json[0]]).toMatchObject([1, { code: 'entries_mismatch' }])
  const opened = await sallyport([
    'log',
    'absence',
    'export',
    log(),
    '--capture',
    capture,
    ...common,
  ])
  expect([opened.code, opened.json[0]]).toMatchObject([1, { holds: false, code: 'opened' }])
})

test('that an account opened nothing needs whose the openings were', async () => {
  const sizes = (await (await hub.request('/log/witnessed')).text()).trim().split('\n')
  const first = Number(sizes[0])
  const list = path.join(folder, 'disclosures')
  const disclosures = ['anna', 'bert'].map((account, at) => ({
    index: openingsAt + at,
    salt: Buffer.from(salt).toString('hex'),
    account,
  }))
  writeFileSync(list, JSON.stringify({ disclosures, next: null }))
  const run = (account: string, file = list) =>
    sallyport(
      [
        'log',
        'absence',
        'export',
        log(),
        '--account',
        account,
        '--disclosures',
        file,
        '--from',
        `${first}`,
      ].concat(['--policy', policy, '-o', path.join(folder, 'account'), '--json']),
    )
  expect((await run('carla')).json).toMatchObject([{ holds: true, openings: 2 }])
  expect((await run('bert')).json).toMatchObject([{ holds: false, indexes: [openingsAt + 1] }])
  const less = path.join(folder, 'less')
  writeFileSync(less, JSON.stringify({ disclosures: disclosures.slice(1), next: null }))
  expect((await run('carla', less)).json).toMatchObject([{ holds: false, code: 'not_disclosed' }])
})

test('the hub discloses whose openings were to auditors only', async () => {
  const auditor = await hub.signIn(['auditor'])
  const answer = await auditor.request('/v1/log/disclosures?from=0&to=100')
  expect(await answer.json()).toEqual({ disclosures: [], next: null })
  const officer = await hub.signIn(['officer'])
  expect((await officer.request('/v1/log/disclosures?from=0&to=100')).status).toBe(403)
  expect((await hub.request('/v1/log/disclosures?from=0&to=100')).status).toBe(401)
})
