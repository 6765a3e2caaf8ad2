/**
 * The proof of shredding: a copy of rows, headers and vault from before does not bring a shredded
 * picture back. And what was shredded is nowhere else: a planted plate is looked for everywhere.
 */

import { cpSync, readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { copyDatabase, type TestDatabase } from '../support/database.ts'
import { deliver, enrolTestDevice, readsOf, type TestDevice } from '../support/device.ts'
import { drawnJpeg } from '../support/drawn-picture.ts'
import { type Person, startTestHub, type TestHub } from '../support/hub.ts'
import { choose, heldBy, hourMs, hours, tablesWith, tryOpening } from '../support/retention.ts'
import { unsureReads } from '../support/review.ts'
import { inDays, judge, look, madeEntry, hitsOf, post } from '../support/watch.ts'

let hub: TestHub
let device: TestDevice
let aheadMs = 0
const now = () => new Date(Date.now() + aheadMs)
const inMs = (ms: number) => new Date(now().getTime() + ms)

beforeAll(async () => {
  hub = await startTestHub({ now })
  device = await enrolTestDevice(hub, 'in-1')
})
afterAll(() => hub.remove())

async function cross(reads: unknown, picture?: Uint8Array) {
  const { bytes, manifest } = device.bundle({
    reads: Buffer.from(JSON.stringify(reads)),
    ...(picture === undefined ? {} : { picture }),
  })
  expect((await deliver(hub, bytes)).status).toBe(201)
  const idOf = (name: string) => manifest.bodies.find((one) => one.class === name)?.id ?? ''
  return { crossing: manifest.crossing, scene: idOf('scene'), plate: idOf('plate') }
}

/** A picture with words after its end, where they do not show. */
function pictureWith(words: string): Uint8Array {
  return Buffer.concat([drawnJpeg(0), Buffer.alloc(4000, words)])
}

async function later(count: number): Promise<{ privacy: Person; auditor: Person }> {
  aheadMs += count * hourMs
  return { privacy: await hub.signIn(['privacy']), auditor: await hub.signIn(['auditor']) }
}

/** Files of a folder, deep, that hold these bytes. */
function filesWith(folder: string, bytes: Buffer): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => path.join(one.parentPath, one.name))
    .filter((file) => readFileSync(file).includes(bytes))
}

test('a plate that was shredded stands in no row, no file and no entry of the log', async () => {
  const planted = 'PL4NT8D'
  const supervisor = await hub.signIn(['supervisor'])
  // Looked for under a plate that is alike, so that what was read stands with the possible match.
  await madeEntry(supervisor, { plate: 'PL4NTBD', expires_at: inDays(300) })
  const sure = await cross(readsOf(planted))
  const unsure = await cross(unsureReads([planted, 'PL4NTAD']))
  const [hit] = (await hitsOf(hub, supervisor)).filter(
    ({ crossing }) => crossing.id === sure.crossing,
  )
  if (hit === undefined) throw new Error('the planted plate is a possible match')
  expect((await look(supervisor, hit)).status).toBe(201)
  expect((await judge(supervisor, hit, 'rejected', `${planted} is another car`)).status).toBe(200)

  const claimed = await supervisor.request(`/v1/reviews/${unsure.crossing}/claim`, {
    method: 'PUT',
  })
  expect(claimed.status).toBeLessThan(300)
  const opened = await supervisor.request(
    `/v1/captures/${unsure.plate}/openings`,
    post({ purpose: 'review', note: `Is it ${planted}?` }),
  )
  const { opening } = (await opened.json()) as { opening: string }
  const verdict = await supervisor.request(
    `/v1/reviews/${unsure.crossing}/verdicts`,
    post({ text: planted, opening, supersedes: null }),
  )
  expect(verdict.status, await verdict.clone().text()).toBe(201)

  await hub.hub.parts.watch.drain()
  await hub.hub.parts.stays.settled()
  const first = await later(0)
  await heldBy(first.privacy, first.auditor, { kind: 'plate', plate: planted }, inMs(hourMs))
  // Else finding nothing afterwards would say nothing.
  expect(await tablesWith(hub, planted)).toEqual([
    'crossing',
    'legal_hold',
    'opening',
    'stay',
    'stay_passage',
    'vehicle',
    'verdict',
    'watch_hit',
  ])

  const { privacy, auditor } = await later(24)
  await choose(privacy, hours({ reads: 20 }))
  expect(await hub.hub.parts.retention.run()).toBeGreaterThan(0)

  await hub.hub.parts.stays.settled()
  expect(await tablesWith(hub, planted)).toEqual([])
  expect(filesWith(hub.data, Buffer.from(planted))).toEqual([])
  // The pictures have a period of their own, and the crossing stays as what it was: one that passed.
  expect(await tryOpening(auditor, sure.scene)).toBe('opened')
  const answer = await auditor.request(`/v1/crossings/${sure.crossing}`)
  expect(await answer.json()).toMatchObject({ plate: { text: null }, looks: [], verdicts: [] })
  const found = await auditor.request(`/v1/crossings?plate=${planted}`)
  expect(await found.json()).toMatchObject({ crossings: [] })
})

test('a backup from before, restored beside the keystore of today, opens what was kept and nothing that was shredded', async () => {
  const shredded = await cross(readsOf('OLD1'), pictureWith('seen once'))
  const kept = await cross(readsOf('NEW1'), pictureWith('kept still'))
  await choose((await later(0)).privacy, hours({ scene: 1 }))

  await hub.stop()
  const copy = await mkdtemp(path.join(tmpdir(), 'sallyport-restored-'))
  const rows: TestDatabase = await copyDatabase(hub.database)
  cpSync(hub.data, copy, {
    recursive: true,
    filter: (file) => !file.startsWith(path.join(hub.data, 'keys', 'keystore')),
  })
  await hub.restart()

  const { auditor } = await later(2)
  expect(await tryOpening(auditor, shredded.scene)).toBe('opened')
  await hub.hub.parts.retention.run()
  expect(await tryOpening(auditor, shredded.scene)).toBe('410 picture_shredded')
  await hub.stop()

  cpSync(path.join(hub.data, 'keys', 'keystore'), path.join(copy, 'keys', 'keystore'), {
    recursive: true,
  })
  const restored = await startTestHub({ now, data: copy, database: rows })
  try {
    // Its rows know of no shredding and have the old headers: only the key is missing.
    const of = await restored.signIn(['auditor'])
    expect(await tryOpening(of, shredded.scene)).toBe('422 picture_not_openable')
    expect(await tryOpening(of, shredded.plate)).toBe('opened')
    expect(await tryOpening(of, kept.plate)).toBe('opened')
    expect(filesWith(copy, Buffer.from('seen once'))).toEqual([])
  } finally {
    await restored.remove()
    await rm(copy, { recursive: true, force: true })
    await hub.restart()
  }
})
