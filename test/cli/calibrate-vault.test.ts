/** `sallyport calibrate --vault`: what it is for must be said, and "too few" is an answer of its own. */

import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { inviteAccount } from '@sallyport/hub/accounts'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import { calibrateVault } from '../../packages/cli/src/commands/calibrate-vault.ts'
import { keepSession, signInWith } from '../../packages/cli/src/session/session.ts'
import { type FaceHub, startFaceHub } from '../support/face-hub.ts'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 })

let here: FaceHub
let folder: string
const printed: string[] = []

beforeAll(async () => {
  here = await startFaceHub()
  folder = await mkdtemp(path.join(tmpdir(), 'sallyport-calibrate-'))
  vi.stubEnv('SALLYPORT_SESSION_FILE', path.join(folder, 'sessions.json'))
  vi.spyOn(console, 'log').mockImplementation((line: string) => printed.push(line))
  const { url } = await inviteAccount('Test', ['supervisor'], here.hub.hub.parts)
  const { session, kept } = await signInWith(url, {})
  await keepSession(session.hub, kept)
})
afterAll(async () => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  await here.remove()
  await rm(folder, { recursive: true, force: true })
})

test.each([
  [undefined, {}, /--purpose evaluation/],
  [undefined, { purpose: 'curiosity' }, /--purpose evaluation/],
  ['pictures', { purpose: 'evaluation' }, /leave out the folder/],
  [undefined, { purpose: 'evaluation', sign: 'a.key' }, /leave out --sign/],
  [undefined, { purpose: 'evaluation', fmr: '1.5' }, /--fmr is a share/],
] as const)('wrong use: %s %j', async (named, options, message) => {
  await expect(calibrateVault(named, options)).rejects.toThrow(message)
})

test('refused by the hub: a supervisor does not audit', async () => {
  await expect(calibrateVault(undefined, { purpose: 'audit' })).rejects.toMatchObject({
    exitCode: 3,
  })
})

test('a hub that holds nobody whom people confirmed: too few, with what it takes, and no file', async () => {
  const output = path.join(folder, 'calibrations')
  const asked = calibrateVault(undefined, {
    purpose: 'evaluation',
    cameraClass: 'gate',
    fmr: '0.01',
    output,
  })
  await expect(asked).rejects.toMatchObject({ exitCode: 1 })
  expect(printed).toEqual([
    'gate: too few to say. 0 pictures of 0 confirmed people, 0 comparisons of two; it takes 60 pictures and 3000 comparisons of two, as 56 people give them.',
  ])
  await expect(readdir(output)).rejects.toThrow()
})
