/** A hub under a witness: what it publishes, when it refuses to start, what it raises. */

import { cpSync, rmSync, writeFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { type RunningWitness, runWitness, someEntry } from '@sallyport/hub/witness/witness-fixture'
import { parsePolicy, policyForLog } from '@sallyport/proof/tlog-policy'
import { openWitnessed } from '@sallyport/proof/witnessed'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { startTestHub, type TestHub } from '../support/hub.ts'

let testHub: TestHub
let witness: RunningWitness
let folder: string
let policyFile: string | undefined

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sallyport-witnessed-'))
  testHub = await startTestHub({ logPolicy: () => policyFile })
  // The key comes with the first start; the witness is told it, and the policy names the witness.
  witness = await runWitness(path.join(folder, 'w1'), testHub.hub.parts.journal.vkey)
  policyFile = path.join(folder, 'policy')
  writeFileSync(policyFile, `witness W1 ${witness.cosigner.vkey} ${witness.url}\nquorum W1\n`)
})

afterAll(async () => {
  await testHub.remove()
  await witness.stop()
  rmSync(folder, { recursive: true, force: true })
})

test('without a policy there is no witnessed checkpoint, and the log is as before', async () => {
  expect((await testHub.request('/log/witnessed-checkpoint')).status).toBe(404)
  expect(await (await testHub.request('/log/witnessed')).text()).toBe('')
  expect((await testHub.request('/log/checkpoint')).status).toBe(200)
})

test('under a policy anyone reads the witnessed checkpoint, and one is kept for later', async () => {
  await testHub.restart()
  const { journal, witnessed } = testHub.hub.parts
  const index = await journal.append(someEntry())
  await witnessed?.witnessing.witnessed(index + 1)
  const note = await (await testHub.request('/log/witnessed-checkpoint')).text()
  const parsed = parsePolicy(
    new TextEncoder().encode(`witness W1 ${witness.cosigner.vkey}\nquorum W1\n`),
  )
  const policy = parsed.kind === 'policy' ? policyForLog(parsed.policy, journal.vkey) : null
  expect(openWitnessed(note, policy!)).toMatchObject({
    kind: 'witnessed',
    checkpoint: { size: index + 1 },
  })
  const [size] = (await (await testHub.request('/log/witnessed')).text()).split('\n')
  const kept = await testHub.request(`/log/witnessed/${size}`)
  expect(openWitnessed(await kept.text(), policy!)).toMatchObject({ kind: 'witnessed' })
  for (const none of [
    '/log/witnessed/99999',
    '/log/witnessed/..%2fcheckpoint',
    '/log/witnessed/-1',
  ])
    expect((await testHub.request(none)).status, none).toBe(404)
})

test("a start from yesterday's snapshot is refused, and says what to do", async () => {
  const log = path.join(testHub.data, 'log')
  await testHub.stop()
  cpSync(log, path.join(folder, 'yesterday'), { recursive: true })
  await testHub.restart()
  const { journal, witnessed } = testHub.hub.parts
  const index = await journal.append(someEntry())
  await witnessed?.witnessing.witnessed(index + 1)
  await testHub.stop()
  cpSync(log, path.join(folder, 'today'), { recursive: true })
  rmSync(log, { recursive: true })
  cpSync(path.join(folder, 'yesterday'), log, { recursive: true })
  await expect(testHub.restart()).rejects.toMatchObject({
    code: 'log_contradicted',
    message: expect.stringContaining('restore the newest copy'),
  })
  rmSync(log, { recursive: true })
  cpSync(path.join(folder, 'today'), log, { recursive: true })
  await testHub.restart()
})

test('a policy that cannot be used is told by its line at the start', async () => {
  await testHub.stop()
  const good = policyFile
  policyFile = path.join(folder, 'bad')
  writeFileSync(policyFile, 'witness W1\nquorum W1\n')
  await expect(testHub.restart()).rejects.toThrow('Line 1')
  writeFileSync(policyFile, `log ${foreignVkey}\nquorum none\n`)
  await expect(testHub.restart()).rejects.toThrow('names other logs only')
  policyFile = good
  await testHub.restart()
})

const foreignVkey = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'

test('people see each witness: up to date, and away once it does not answer', async () => {
  const { vkey } = testHub.hub.parts.journal
  const second = await runWitness(path.join(folder, 'w2'), vkey)
  policyFile = path.join(folder, 'two')
  const lines = [witness, second].map(
    ({ cosigner, url }, at) => `witness W${at + 1} ${cosigner.vkey} ${url}\n`,
  )
  writeFileSync(policyFile, `${lines.join('')}group one 1 W1 W2\nquorum one\n`)
  await testHub.restart()
  const person = await testHub.signIn(['officer'])
  const look = async () =>
    (await (await person.request('/v1/log/witnesses')).json()) as {
      witnesses: { name: string; state: string }[]
    }
  const states = async () =>
    (await look()).witnesses.map(({ name, state }) => `${name} ${state}`).join(', ')
  const patient = { timeout: 40_000, interval: 200 }
  await testHub.hub.parts.journal.append(someEntry())
  await expect.poll(states, patient).toBe('W1 current, W2 current')
  expect(await look()).toMatchObject({
    policy: true,
    needed: 1,
    note: expect.stringContaining('— '),
    witnesses: [{ vkey: witness.cosigner.vkey }, { vkey: second.cosigner.vkey }],
  })
  expect((await testHub.request('/v1/log/witnesses')).status).toBe(401)
  await second.stop()
  await testHub.hub.parts.journal.append(someEntry())
  await expect.poll(states, patient).toBe('W1 current, W2 away')
}, 100_000)
