/** `sallyport release`: from an order to a package, and what its recipient sees of one that was touched. */

import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import type { Role } from '@sallyport/core/opening'
import { inviteAccount } from '@sallyport/hub/accounts'
import { generateIdentity } from '@sallyport/proof/node/seal'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'

import { verifyPackage } from '../../packages/cli/src/commands/release-verify.ts'
import {
  addRecipient,
  answerRelease,
  attestRelease,
  findCanaries,
  listReleases,
  makeRelease,
  requestRelease,
} from '../../packages/cli/src/commands/release.ts'
import { openPackage } from '../../packages/cli/src/releases/package-files.ts'
import { keepSession, signInWith } from '../../packages/cli/src/session/session.ts'
import { deliver, enrolTestDevice } from '../support/device.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'
import { drawnCar } from '../support/reader-client.ts'
import { zip as zipOf } from '../support/zip.ts'

/** Marking is work for a loaded machine. */
const timeout = 180_000
const court = generateIdentity()
let hub: TestHub
let folder: string
let zip: string
let key: string
let release: string
const printed: string[] = []
const noted: string[] = []

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sallyport-release-'))
  vi.stubEnv('SALLYPORT_SESSION_FILE', path.join(folder, 'sessions.json'))
  vi.spyOn(console, 'log').mockImplementation((line: string) => printed.push(line))
  vi.spyOn(console, 'error').mockImplementation((line: string) => noted.push(line))
  const drawn = await drawnCar()
  hub = await startTestHub({ draw: () => Promise.resolve({ picture: drawn, plate: 'QX7714' }) })
  const device = await enrolTestDevice(hub, 'in-1')
  const { bytes, manifest } = device.bundle({ picture: drawn })
  expect((await deliver(hub, bytes)).status).toBe(201)
  const scene = manifest.bodies.find(({ class: name }) => name === 'scene')?.id ?? ''

  await become(['supervisor'], 'operations')
  const named = { name: 'District Court', contact: 'clerk', key: court.recipient, json: true }
  await addRecipient('district-court', named)
  const to = String(last()['recipient'])
  const until = new Date(Date.now() + 86_400_000).toISOString()
  await requestRelease([scene], { to, purpose: 'court', basis: 'Order 7', until, json: true })
  release = String(last()['release'])
  await become(['privacy'], 'privacy office')
  await answerRelease(release, {})
  await become(['auditor'], 'inspection')
  await answerRelease(release, {})
  await become(['supervisor'], 'operations')
  zip = path.join(folder, 'release.zip')
  await makeRelease(release, { output: zip, json: true })
  expect(last()).toMatchObject({ state: 'made', file: zip })
  key = Buffer.from(hub.hub.parts.keys.agency.publicKey).toString('hex')
  await writeFile(path.join(folder, 'court.key'), `# a court\n${court.identity}\n`)
}, timeout)
afterAll(async () => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  await hub.remove()
  await rm(folder, { recursive: true, force: true })
})
beforeEach(() => {
  printed.length = 0
  noted.length = 0
  process.exitCode = undefined
  return () => {
    process.exitCode = undefined
  }
})

async function become(roles: readonly Role[], unit: string): Promise<void> {
  const { url } = await inviteAccount(`Test ${roles.join(' ')}`, roles, hub.hub.parts, { unit })
  const { session, kept } = await signInWith(url, {})
  await keepSession(session.hub, kept)
}

function last(): Record<string, unknown> {
  return JSON.parse(printed.at(-1) ?? '{}') as Record<string, unknown>
}

/** The package as files of a folder. */
async function unpacked(name: string): Promise<string> {
  const into = path.join(folder, name)
  await mkdir(into)
  const files = await openPackage(zip)
  for (const file of files.names)
    await writeFile(path.join(into, file), (await files.read(file, 10_000_000)) ?? '')
  await files.close()
  return into
}

test('the recipient checks the ZIP without a hub, opens it with its key, and sees nothing that was planted', async () => {
  const output = path.join(folder, 'pictures')
  const identity = path.join(folder, 'court.key')
  await verifyPackage(zip, {
    key,
    logKey: hub.hub.parts.journal.vkey,
    identity,
    output,
    json: true,
  })
  expect(last()).toMatchObject({ release, verified: true, files: 3, flaws: [] })
  expect((await readdir(output)).toSorted()).toEqual(['0001.jpg', '0002.jpg', 'records.jsonl'])
  const lines = (await readFile(path.join(output, 'records.jsonl'), 'utf8')).trim().split('\n')
  const keysOf = lines.map((line) => Object.keys(JSON.parse(line) as object).join())
  expect(new Set(keysOf).size).toBe(1)
  expect(lines.join()).toContain('QX7714')
  expect(lines.join()).not.toMatch(/canary|drawn|planted/)
})

test('a folder with one byte changed, a file missing or one more is not verified', async () => {
  const where = await unpacked('folder')
  await verifyPackage(where, { key, json: true })
  expect(last()).toMatchObject({ verified: true })
  const picture = path.join(where, '0001.jpg.age')
  const bytes = await readFile(picture)
  const changed = Buffer.from(bytes)
  changed[bytes.length - 1]! ^= 1
  for (const [content, code] of [
    [changed, 'differs'],
    [bytes.subarray(0, -1), 'differs'],
    [Buffer.concat([bytes, Buffer.from([0])]), 'differs'],
    [null, 'missing'],
  ] as const) {
    await (content === null ? rm(picture) : writeFile(picture, content))
    await verifyPackage(where, { key, json: true })
    expect(last()).toMatchObject({ verified: false, flaws: [{ file: '0001.jpg.age', code }] })
    expect(process.exitCode).toBe(1)
  }
  await writeFile(picture, bytes)
  await writeFile(path.join(where, 'more.jpg'), 'x')
  await verifyPackage(where, { key, json: true })
  expect(last()).toMatchObject({ flaws: [{ file: 'more.jpg', code: 'not_in_manifest' }] })
})

test('another agency’s key, a changed manifest and another log’s key verify nothing', async () => {
  const other = 'ab'.repeat(32)
  await expect(verifyPackage(zip, { key: other })).rejects.toMatchObject({ exitCode: 1 })
  await expect(verifyPackage(zip, { key: 'abc' })).rejects.toMatchObject({ exitCode: 2 })
  const where = await unpacked('changed')
  const manifest = path.join(where, 'release.json')
  const text = await readFile(manifest, 'utf8')
  await writeFile(manifest, text.replace('court', 'audit'))
  await expect(verifyPackage(where, { key })).rejects.toMatchObject({ exitCode: 1 })
  const vkey = 'example.org/other+530d903a+Aaq0+YTfAwSQcTtnIOj1MHzBLiNVL6rKeLjOvV5LPHUK'
  await verifyPackage(zip, { key, logKey: vkey, json: true })
  expect(last()).toMatchObject({ verified: false, flaws: [{ file: 'release.tlog-proof' }] })
})

test('whoever has another identity opens nothing', async () => {
  const identity = path.join(folder, 'other.key')
  await writeFile(identity, `${generateIdentity().identity}\n`)
  const output = path.join(folder, 'nothing')
  await verifyPackage(zip, { key, identity, output, json: true })
  expect(last()).toMatchObject({ verified: false })
  expect(await readdir(output)).toEqual([])
})

test('a ZIP cut at any place, and one that claims what it has not, is refused in words', async () => {
  const whole = await readFile(zip)
  const cut = path.join(folder, 'cut.zip')
  for (let end = 0; end < whole.length; end += Math.ceil(whole.length / 40)) {
    await writeFile(cut, whole.subarray(0, end))
    await expect(verifyPackage(cut, { key })).rejects.toMatchObject({
      name: 'CommandFailure',
    })
  }
  // A directory that points beyond the end, and a manifest that would unpack to more than it says.
  const lying = Buffer.from(whole)
  lying.writeUInt32LE(0xfffffff0, whole.length - 6)
  await writeFile(cut, lying)
  await expect(verifyPackage(cut, { key })).rejects.toMatchObject({ name: 'CommandFailure' })
  await writeFile(
    cut,
    zipOf([{ name: 'release.json', bytes: Buffer.alloc(2_000_000), says: 2_000 }]),
  )
  await expect(verifyPackage(cut, { key })).rejects.toMatchObject({ exitCode: 1 })
})

test('what was planted is known again from the opened copy, and attested copies are accounted for', async () => {
  await become(['privacy'], 'privacy office')
  await findCanaries([], { plate: ['qx-7714'], json: true })
  expect(last()).toMatchObject({ release, by: 'plate' })
  await findCanaries([], { plate: ['AB1234'] })
  expect(process.exitCode).toBe(1)
  const statement = path.join(folder, 'signed.txt')
  await writeFile(statement, 'Every copy is destroyed.')
  await attestRelease(release, { how: 'destroyed', by: 'Clerk', statement })
  await listReleases({ json: true })
  expect(last()).toMatchObject({ id: release, state: 'destroyed', copies: 'accounted_for' })
})
