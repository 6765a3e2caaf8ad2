/** `sallyport incident contain --rotate-keys` and `--destroy-earlier` as people run them. */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import type { Role } from '@sallyport/core/opening'
import { inviteAccount } from '@sallyport/hub/accounts'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { type Ran, sallyport } from '../support/command.ts'
import { enrolTestDevice, type TestDevice } from '../support/device.ts'
import { sendHeartbeat } from '../support/heartbeat.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'

const waitMs = 240_000
let aheadMs = 0
let hub: TestHub
let device: TestDevice
let folder: string
let incident: string

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sallyport-incident-keys-'))
  hub = await startTestHub({ now: () => new Date(Date.now() + aheadMs), ownUpkeep: false })
  device = await enrolTestDevice(hub, 'in-1')
  await signInAs(['responder'])
  const opened = await run(['incident', 'open', 'The hub was entered'])
  expect(opened.code, opened.stderr).toBe(0)
  incident = opened.stdout.trim()
}, waitMs)
afterAll(async () => {
  await hub.remove()
  await rm(folder, { recursive: true, force: true })
})

function run(parameters: readonly string[], input = '', who = 'responder'): Promise<Ran> {
  return sallyport(parameters, {
    cwd: folder,
    environment: { SALLYPORT_SESSION_FILE: path.join(folder, `${who}.json`) },
    input,
  })
}

async function signInAs(roles: readonly Role[], who = 'responder'): Promise<void> {
  const affiliation = { unit: 'port' }
  const { url } = await inviteAccount(`Test ${who}`, roles, hub.hub.parts, affiliation)
  const done = await run(['sign-in'], url, who)
  expect(done.code, done.stderr).toBe(0)
}

const contain = (...more: readonly string[]) => run(['incident', 'contain', incident, ...more])

/** As the lane does, once it seals to the newest keys: one bundle of before has not arrived. */
async function followed(): Promise<void> {
  for (let looks = 0; hub.hub.parts.epochs.rotation() === null; looks++) {
    if (looks > 2_000) throw new Error('nothing was replaced')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  const rotatedAt = hub.hub.parts.epochs.rotation()?.rotatedAt.toISOString()
  const answer = await sendHeartbeat(hub, device, {
    epochs: {
      issued_at: new Date().toISOString(),
      rotated_at: rotatedAt,
      earlier_through: 1,
      earlier_verdicts: 0,
    },
  })
  expect(answer.status).toBe(204)
}

test(
  'keys are replaced, confirmed by every lane, and destroyed by nobody who has not said what is lost',
  async () => {
    const [rotated] = await Promise.all([contain('--rotate-keys'), followed()])
    expect(rotated.code, rotated.stderr).toBe(0)
    expect(rotated.stdout).toMatch(/lanes: confirmed\. Every lane seals to the new keys\./)
    expect(rotated.stderr).toMatch(/Confirmed by every part after \d+ ms\./)
    const next = /npx sallyport (incident contain \S+ --destroy-earlier (\S+))/.exec(rotated.stderr)
    const [, words = '', step = ''] = next ?? []
    expect(words.split(' ').slice(2, 3)).toEqual([incident])

    const first = await run(words.split(' '))
    expect(first.code).toBe(2)
    expect(first.stderr).toMatch(
      /Nothing was changed\..*in-1: 1 not delivered\..*Nothing brings destroyed keys back\. Say that this may be with --accept/s,
    )
    const said = await contain('--destroy-earlier', step, '--accept', '--json')
    expect(said.code, said.stderr).toBe(1)
    expect(said.json).toMatchObject([
      {
        confirmed: false,
        refused: [],
        steps: [{ act: 'earlier_keys_given_up', target: step, effect: { confirmed: false } }],
      },
    ])
    expect(JSON.stringify(said.json)).toContain('until somebody of another unit says the same')

    await signInAs(['auditor'], 'colleague')
    const mine = ['incident', 'contain', incident, '--destroy-earlier', step, '--accept']
    const sameUnit = await run(mine, '', 'colleague')
    expect(sameUnit.code).toBe(1)
    expect(sameUnit.stdout).toMatch(/^NOT earlier keys given up .*Somebody of another unit/m)
    expect(sameUnit.stderr).toContain('Nothing was changed.')
    expect(await hub.hub.parts.epochs.kept()).toContainEqual(
      expect.objectContaining({ rotation: null }),
    )
  },
  waitMs,
)

test(
  'a step that is none, a key that is none and an officer who asks are refused with no trace of the code',
  async () => {
    const none = await contain('--destroy-earlier', 'f'.repeat(32))
    expect([none.code, none.stderr]).toEqual([
      2,
      expect.stringContaining('There is no such step in this incident.'),
    ])
    await signInAs(['officer'], 'officer')
    const asked = await run(['incident', 'contain', incident, '--rotate-keys'], '', 'officer')
    expect(asked.code).not.toBe(0)
    const day = new Date().toISOString().slice(0, 10)
    const mistyped = await run([
      ...['incident', 'scope', '--key', `${day}:age1${'q'.repeat(58)}`, '--from', day],
      ...['--to', new Date(Date.now() + 86_400_000).toISOString(), '--why', 'one of two keys'],
    ])
    expect([mistyped.code, mistyped.stderr]).toEqual([
      1,
      expect.stringContaining('The records know no such epoch.'),
    ])
    for (const { stderr, stdout } of [none, asked, mistyped])
      expect(`${stdout}${stderr}`).not.toMatch(/\n\s+at |node_modules|Confirmed/)
    expect(asked.stderr).not.toBe('')
  },
  waitMs,
)

test(
  'a hub that doubts its clock replaces nothing, and the command says how to go on and confirms nothing',
  async () => {
    const before = hub.hub.parts.epochs.rotation()
    aheadMs = 40 * 86_400_000
    await hub.restart()
    await signInAs(['auditor'], 'later')
    const words = ['incident', 'contain', incident, '--rotate-keys']
    const refused = await run(words, '', 'later')
    expect(refused.code).toBe(1)
    expect(refused.stdout).toMatch(/^NOT epochs rotated .*sallyport keys clock/m)
    expect(refused.stderr).toContain('Nothing was changed.')
    expect(refused.stderr).not.toContain('onfirmed')
    const [told] = (await run([...words, '--json'], '', 'later')).json
    expect(told).toMatchObject({ steps: [], confirmed: false })
    expect(hub.hub.parts.epochs.rotation()).toEqual(before)
  },
  waitMs,
)
