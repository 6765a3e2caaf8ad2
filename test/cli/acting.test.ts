/** Commands that act as a person: what they change, what they refuse, and what scripts read of it. */

import { spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import type { Role } from '@sallyport/core/opening'
import { inviteAccount } from '@sallyport/hub/accounts'
import { generateIdentity } from '@sallyport/proof/node/seal'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'

import { check } from '../../packages/cli/src/commands/log-proof.ts'
import { open } from '../../packages/cli/src/commands/open.ts'
import {
  addEntry,
  importEntries,
  listEntries,
  withdrawEntry,
} from '../../packages/cli/src/commands/watch.ts'
import {
  addWebhook,
  listWebhooks,
  removeWebhook,
  testWebhook,
} from '../../packages/cli/src/commands/webhook.ts'
import { keepSession, signInWith } from '../../packages/cli/src/session/session.ts'
import { sallyport } from '../support/command.ts'
import { deliver, enrolTestDevice, type TestDevice } from '../support/device.ts'
import { drawnJpeg, likeness } from '../support/drawn-picture.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'
import { startReceiver } from '../support/receiver.ts'
import { needTool } from '../support/tools.ts'
import { inDays } from '../support/watch.ts'

let hub: TestHub
let device: TestDevice
let folder: string
const picture = drawnJpeg(5000)
const printed: string[] = []
const noted: string[] = []

beforeAll(async () => {
  hub = await startTestHub({ settings: { privateTargets: ['127.0.0.1'] } })
  device = await enrolTestDevice(hub, 'in-1')
})
afterAll(() => hub.remove())
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sallyport-acting-'))
  vi.stubEnv('SALLYPORT_SESSION_FILE', path.join(folder, 'sessions.json'))
  vi.spyOn(console, 'log').mockImplementation((line: string) => printed.push(line))
  vi.spyOn(console, 'error').mockImplementation((line: string) => noted.push(line))
  await become('supervisor')
})
afterEach(async () => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  process.exitCode = undefined
  await rm(folder, { recursive: true, force: true })
})

async function become(...roles: readonly Role[]): Promise<void> {
  const { url } = await inviteAccount(`Test ${roles.join(' ')}`, roles, hub.hub.parts)
  const { session, kept } = await signInWith(url, {})
  await keepSession(session.hub, kept)
}

/** Runs a command in this process; what it printed as JSON, what it noted, how it would have exited. */
async function run(command: () => Promise<void>) {
  printed.length = 0
  noted.length = 0
  process.exitCode = undefined
  await command()
  return {
    json: printed.map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>),
    notes: noted.join('\n'),
    exitCode: process.exitCode,
  }
}

const json = { json: true } as const
const terms = {
  ...json,
  issuer: 'State police',
  reason: 'Reported stolen',
  expires: inDays(30),
  tolerance: 1,
}
const listed = async (state: string) =>
  (await run(() => listEntries({ ...json, state }))).json.map(({ plate }) => plate)

describe('the watch list', () => {
  test('an entry is in force only with the number that its preview showed', async () => {
    const seen = await run(() => addEntry('KO0L42', terms))
    expect(seen.json[0]).toMatchObject({ in_force: false, plate: 'KO0L42' })
    expect(await listed('in_force')).toEqual([])
    const accepts = Number(seen.json[0]?.['accepts'])
    await expect(addEntry('KO0L42', { ...terms, accepts: accepts + 1 })).rejects.toThrow(
      /watch_preview_differs/,
    )
    const { json: made } = await run(() => addEntry('KO0L42', { ...terms, accepts }))
    expect(made[0]).toMatchObject({ plate: 'KO0L42', state: 'in_force' })
    expect(await listed('in_force')).toEqual(['KO0L42'])

    const id = String(made[0]?.['id'])
    await run(() => withdrawEntry(id, { ...json, reason: 'Found again' }))
    expect([await listed('in_force'), await listed('withdrawn')]).toEqual([[], ['KO0L42']])
    await expect(withdrawEntry(id, { ...json, reason: 'Found again' })).rejects.toMatchObject({
      code: 'not_found',
      exitCode: 1,
    })
  })

  test('a file is taken whole or, with its wrong lines named, not at all', async () => {
    const file = path.join(folder, 'entries.csv')
    const lines = Array.from(
      { length: 120 },
      (_, at) => `PLT${at},State police,Reported stolen,${inDays(30)}`,
    )
    const head = 'plate,issuer,reason,expires_at'
    await writeFile(file, [head, ...lines, 'PLT!!,,Reported stolen,never'].join('\n'))
    const wrong = await run(() =>
      expect(importEntries(file, json)).rejects.toMatchObject({ exitCode: 2 }),
    )
    expect(wrong.notes).toMatch(/entries\.csv:122: /)
    await writeFile(file, [head, ...lines].join('\n'))
    const check = await run(() => importEntries(file, json))
    expect(check.json[0]).toMatchObject({ imported: false, entries: 120 })
    expect(await listed('in_force')).toEqual([])
    const accepts = Number(check.json[0]?.['accepts'])
    await run(() => importEntries(file, { ...json, accepts }))
    // More than a page of the API.
    expect(await listed('any')).toEqual(expect.arrayContaining(lines.map((_, at) => `PLT${at}`)))
  })

  test('somebody who may not is told which role can, and nothing changes', async () => {
    await become('integrator')
    await expect(listEntries({ ...json, state: 'any' })).rejects.toMatchObject({
      code: 'role_missing',
      exitCode: 3,
    })
  })
})

test('a webhook: its secret once, a test that says whether it arrives, and its end', async () => {
  const receiver = await startReceiver()
  try {
    const options = { ...json, name: 'Display', purpose: 'operations' }
    const made = await run(() => addWebhook(receiver.url, options))
    expect(made.json[0]).toMatchObject({ secret: expect.stringMatching(/^whsec_/) })
    const id = String(made.json[0]?.['id'])
    const list = await run(() => listWebhooks(json))
    expect(list.json).toMatchObject([{ id, name: 'Display', state: 'active' }])
    expect(JSON.stringify(list.json)).not.toContain('whsec_')
    expect((await run(() => testWebhook(id, json))).json).toMatchObject([{ delivered: true }])
    receiver.answer = (_, response) => response.writeHead(500).end()
    const failed = await run(() => testWebhook(id, json))
    expect([failed.json[0]?.['delivered'], failed.exitCode]).toEqual([false, 1])
    await run(() => removeWebhook(id, json))
    expect((await run(() => listWebhooks(json))).json).toEqual([])
  } finally {
    await receiver.close()
  }
})

describe('opening a picture', () => {
  async function cross(): Promise<string> {
    const { bytes, manifest } = device.bundle({ picture })
    expect((await deliver(hub, bytes)).status).toBe(201)
    return manifest.bodies.find((body) => body.class === 'scene')?.id ?? ''
  }

  test('writes it for its reader alone, with a receipt that others can check', async () => {
    const capture = await cross()
    const [output, receipt] = [path.join(folder, 'scene.jpg'), path.join(folder, 'it.tlog-proof')]
    const words = ['open', capture, '--purpose', 'investigation', '-o', output, '--json']
    const { code, json: lines } = await sallyport([...words, '--receipt', receipt], {
      environment: { SALLYPORT_SESSION_FILE: path.join(folder, 'sessions.json') },
    })
    expect([code, lines]).toMatchObject([0, [{ capture, file: output, verified: true }]])
    expect(await likeness(await readFile(output), picture)).toBeGreaterThan(36)
    expect((await stat(output)).mode & 0o777).toBe(0o600)
    const policy = path.join(folder, 'policy')
    await writeFile(policy, `log ${hub.hub.parts.journal.vkey}\nquorum none\n`)
    const checked = await run(() => check(receipt, { ...json, policy }))
    expect(checked.json).toMatchObject([
      { verified: true, entry: { kind: 'opening', capture, purpose: 'investigation' } },
    ])
  }, 60_000)

  test.skipIf(needTool('age', 'age') === null)(
    'sealed for its receiver, it never lies on this disk in clear, and Debian’s age opens it',
    async () => {
      const capture = await cross()
      const { identity, recipient } = generateIdentity()
      const [output, key] = [path.join(folder, 'scene.age'), path.join(folder, 'key.txt')]
      await open(capture, { ...json, purpose: 'investigation', output, sealTo: recipient })
      const sealed = await readFile(output)
      expect(sealed.toString('latin1')).toMatch(/^age-encryption\.org\/v1\n-> X25519 /)
      expect(sealed.includes(Buffer.from([0xff, 0xd8, 0xff]))).toBe(false)
      await writeFile(key, `${identity}\n`)
      const { stdout, status } = spawnSync('age', ['-d', '-i', key, output])
      expect(status).toBe(0)
      expect(await likeness(stdout, picture)).toBeGreaterThan(36)
      // A recipient that is none is found out before the log is asked.
      const before = hub.hub.parts.journal.size()
      await expect(
        open(capture, { purpose: 'investigation', output: `${output}2`, sealTo: `${recipient}q` }),
      ).rejects.toThrow(/nothing was opened/)
      expect(hub.hub.parts.journal.size()).toBe(before)
    },
  )

  test('what cannot be written is not opened: the log has nothing of it', async () => {
    const capture = await cross()
    const before = hub.hub.parts.journal.size()
    const there = path.join(folder, 'there.jpg')
    await writeFile(there, 'mine')
    for (const output of [there, path.join(folder, 'no', 'folder.jpg')])
      await expect(open(capture, { purpose: 'investigation', output })).rejects.toThrow(
        /nothing was opened/,
      )
    expect(await readFile(there, 'utf8')).toBe('mine')
    expect(hub.hub.parts.journal.size()).toBe(before)
  })

  test('a refusal leaves no file; a receipt under another key is called false', async () => {
    const capture = await cross()
    const output = path.join(folder, 'scene.jpg')
    await expect(open(capture, { purpose: 'audit', output })).rejects.toMatchObject({
      code: 'purpose_not_for_role',
      exitCode: 3,
    })
    await expect(stat(output)).rejects.toThrow('ENOENT')
    const vkey = 'other.example/log+72b8e5a0+AXOQn1yCMLN1yC3TP5dQvQPq6Ob6oyVr9tDnkFzZqsG5'
    const opened = await run(() =>
      open(capture, { ...json, purpose: 'investigation', output, vkey }),
    )
    expect([opened.exitCode, opened.json[0]?.['verified']]).toEqual([1, false])
    expect(opened.notes).toContain('does NOT hold')
  })
})
