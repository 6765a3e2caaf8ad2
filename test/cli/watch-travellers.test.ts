/** `sallyport watch traveller-…`: a photograph that is taken or refused, and an entry that ends. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { inviteAccount } from '@sallyport/hub/accounts'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import {
  addTraveller,
  listTravellerHits,
  listTravellers,
  withdrawTraveller,
} from '../../packages/cli/src/commands/watch-travellers.ts'
import { keepSession, signInWith } from '../../packages/cli/src/session/session.ts'
import { type FaceHub, startFaceHub } from '../support/face-hub.ts'
import { photographOf } from '../support/faces.ts'
import { inDays } from '../support/watch.ts'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 })

let here: FaceHub
let folder: string
const printed: string[] = []

beforeAll(async () => {
  here = await startFaceHub()
  folder = await mkdtemp(path.join(tmpdir(), 'sallyport-travellers-'))
  vi.stubEnv('SALLYPORT_SESSION_FILE', path.join(folder, 'sessions.json'))
  vi.spyOn(console, 'log').mockImplementation((line: string) => printed.push(line))
  const { url } = await inviteAccount('Test', ['supervisor', 'officer'], here.hub.hub.parts)
  const { session, kept } = await signInWith(url, {})
  await keepSession(session.hub, kept)
})
afterAll(async () => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  await here.remove()
  await rm(folder, { recursive: true, force: true })
})

async function run(command: () => Promise<void>) {
  printed.length = 0
  await command()
  return printed.map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>)
}

test('an entry is made of a photograph, found by a face, and withdrawn', async () => {
  const json = { json: true } as const
  const file = path.join(folder, 'roe.jpg')
  const said = { ...json, issuer: 'State police', reason: 'Missing person', expires: inDays(30) }
  await expect(addTraveller(file, said)).rejects.toMatchObject({ exitCode: 2 })
  await writeFile(file, 'no picture')
  await expect(addTraveller(file, said)).rejects.toThrow(/photograph_not_taken/)
  await writeFile(file, await photographOf(3))
  const [made] = await run(() => addTraveller(file, { ...said, name: 'ROE JANE' }))
  expect(made).toMatchObject({ name: 'ROE JANE', state: 'in_force', searched: true })
  const listed = (state: string) => run(() => listTravellers({ ...json, state }))
  expect((await listed('in_force')).map(({ id }) => id)).toEqual([made?.['id']])

  const crossing = await (await here.sealedCrossing([3]))()
  await here.hub.hub.parts.faces.drain()
  const [hit] = await run(() => listTravellerHits(json))
  expect(hit).toMatchObject({ state: 'unconfirmed', crossing: { id: crossing } })
  expect(await run(() => listTravellerHits({ ...json, judged: true }))).toEqual([])

  await run(() => withdrawTraveller(String(made?.['id']), { ...json, reason: 'Found' }))
  expect(await listed('in_force')).toEqual([])
  expect(await listed('any')).toMatchObject([{ state: 'withdrawn', searched: false }])
})
