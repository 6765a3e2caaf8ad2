/** Passenger lists from a terminal: what is wrong stands with its place, and nothing is imported unasked. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { inviteAccount } from '@sallyport/hub/accounts'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'

import {
  checkManifest,
  importManifest,
  listManifests,
} from '../../packages/cli/src/commands/manifest.ts'
import { keepSession, signInWith } from '../../packages/cli/src/session/session.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let hub: TestHub
let folder: string
const printed: string[] = []

const list = `UNB+UNOA:4+DEMOFERRY+DEMOPORT+261122:0910+0001'
UNH+PAX001+PAXLST:D:05B:UN:IATA+DF042+01:F'
BGM+745'TDT+20+DF042+1'
NAD+FL+++ERIKSSON:ANNA'
CNT+42:1'UNT+6+PAX001'UNZ+1+0001'
`

beforeAll(async () => {
  hub = await startTestHub()
  folder = await mkdtemp(path.join(tmpdir(), 'sallyport-manifest-'))
  vi.stubEnv('SALLYPORT_SESSION_FILE', path.join(folder, 'sessions.json'))
  const { url } = await inviteAccount('Test supervisor', ['supervisor'], hub.hub.parts)
  const { session, kept } = await signInWith(url, {}, process.env)
  await keepSession(session.hub, kept, process.env)
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await hub.remove()
  await rm(folder, { recursive: true, force: true })
})
beforeEach(() => {
  printed.length = 0
  vi.spyOn(console, 'log').mockImplementation((line: string) => printed.push(line))
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
})
afterEach(() => vi.restoreAllMocks())

async function file(name: string, text: string): Promise<string> {
  const where = path.join(folder, name)
  await writeFile(where, text)
  return where
}

test('checked here, checked there, imported with the number that was shown', async () => {
  const where = await file('df042.edi', list)
  await checkManifest(where, {})
  expect(printed).toEqual(['DF042  sailing  1 passengers'])
  await importManifest(where, { json: true })
  expect(JSON.parse(printed[1] ?? '')).toMatchObject({ imported: false, travellers: 1 })
  await importManifest(where, { accepts: 1, json: true })
  expect(JSON.parse(printed[2] ?? '')).toMatchObject({ imported: true })
  await listManifests({ json: true })
  expect(JSON.parse(printed[3] ?? '')).toMatchObject({ reference: 'DF042', travellers: 1 })
})

test('a wrong count is told with its line, here and from the hub, and ends with a no', async () => {
  const where = await file('wrong.edi', list.replace('CNT+42:1', 'CNT+42:3'))
  const said = 'line 5, column 1: CNT 42 counts 3 passengers; there are 1'
  await expect(checkManifest(where, {})).rejects.toMatchObject({ exitCode: 1 })
  expect(printed).toEqual([said])
  await expect(importManifest(where, { accepts: 3 })).rejects.toMatchObject({ exitCode: 2 })
  expect(printed).toEqual([said, said])
})

test('a table needs to be told what it is of', async () => {
  const where = await file('bus.csv', 'surname\nEriksson\n')
  await expect(checkManifest(where, {})).rejects.toMatchObject({ exitCode: 2 })
  await checkManifest(where, { reference: 'BUS7', transport: 'road' })
  expect(printed).toEqual(['BUS7  road  1 passengers'])
})
