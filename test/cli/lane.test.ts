/** `sallyport lane`: enrolled with a code, run on photographs, cut off from the hub, killed, run again. */

import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { makeEnrolmentCode } from '@sallyport/hub/api/lane-routes'
import { newCode } from '@sallyport/hub/enrolment'
import { Painter } from '@sallyport/lane/synth/painter'
import { drawnLane, planPass } from '@sallyport/lane/synth/pass-plan'
import { insertLane } from '@sallyport/store/lanes'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { sallyport } from '../support/command.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'
import { startLaneProcess } from '../support/lane-process.ts'

let hub: TestHub
let folder: string
let lane: string
const photographs: Buffer[] = []

beforeAll(async () => {
  hub = await startTestHub()
  folder = await mkdtemp(path.join(tmpdir(), 'sallyport-lane-'))
  lane = path.join(folder, 'lane')
  await mkdir(path.join(folder, 'photographs'))
  for (const [seed, index] of [
    ['b', 28],
    ['b', 29],
    ['c', 19],
  ] as const) {
    const plan = planPass(drawnLane(seed), index)
    const [pose] = plan.poses.toSorted(
      (a, b) => Math.abs(a.distance - 5) - Math.abs(b.distance - 5),
    )
    if (pose === undefined) throw new Error('a pass has poses')
    const { jpeg } = await new Painter(drawnLane(seed)).drawPose(plan, pose)
    photographs.push(Buffer.from(jpeg))
    await writeFile(path.join(folder, 'photographs', `${seed}-${index}.jpg`), jpeg)
  }
  const { parts } = hub.hub
  await insertLane(parts.db, {
    id: 'in-1',
    name: 'Lane 1',
    port: parts.port.id,
    direction: 'in',
    kind: 'vehicle',
    created_at: new Date(),
  })
})
afterAll(async () => {
  await hub.remove()
  await rm(folder, { recursive: true, force: true })
})

const source = () => `folder:${path.join(folder, 'photographs')}`

async function crossings(): Promise<
  readonly { sequence: number; source: string; manifest: string }[]
> {
  const rows = await hub.hub.parts.db
    .selectFrom('crossing')
    .select(['sequence', 'source', 'manifest_sha256'])
    .orderBy('sequence')
    .execute()
  return rows.map((row) => ({
    sequence: Number(row.sequence),
    source: row.source,
    manifest: row.manifest_sha256.toString('hex'),
  }))
}

test('a code of another agency, a used-up code and no code at all are refused with 3 and a way out', async () => {
  const enrol = (code: string) =>
    sallyport(['lane', 'enrol', '--hub', hub.origin, '--code', code, '--directory', lane])
  const elsewhere = await enrol(newCode(Buffer.alloc(32, 7)))
  expect(elsewhere.code).toBe(3)
  expect(elsewhere.stderr).toMatch(/ask for a new one, under Devices/)
  const nonsense = await enrol('SP1-NO')
  expect(nonsense.code).toBe(2)
  expect(nonsense.stderr).toMatch(/A code looks like SP1-.*Copy it whole/)
  expect(await stat(path.join(lane, 'device.json')).catch(() => null)).toBeNull()

  const { code } = await makeEnrolmentCode('in-1', hub.hub.parts)
  const good = await enrol(code)
  expect(good.code, good.stderr).toBe(0)
  expect(good.stderr).toMatch(/Enrolled as device [0-9a-f]{32} of lane in-1/)
  const used = await sallyport([
    'lane',
    'enrol',
    '--hub',
    hub.origin,
    '--code',
    code,
    '--directory',
    `${lane}-2`,
  ])
  expect(used.code).toBe(3)
  expect(used.stderr).toMatch(/code_not_valid.*A code works once and for a day/)
  const nobody = await sallyport([
    'lane',
    'enrol',
    '--hub',
    'http://localhost:1',
    '--code',
    code,
    '--directory',
    `${lane}-3`,
  ])
  expect(nobody.code).toBe(4)
  expect(nobody.stderr).toMatch(/cannot be reached.*the code is still good/)
})

test('the private key of the device is for its owner only', async () => {
  for (const name of await readdir(lane)) {
    const { mode } = await stat(path.join(lane, name))
    expect({ name, open: mode & 0o077 }).toEqual({ name, open: 0 })
  }
})

test('photographs are read, sealed and delivered; the lane keeps nothing that can be looked at', async () => {
  const running = startLaneProcess(lane, source(), ['--every', '200', '--repeat'])
  await running.until((event) => event['event'] === 'crossing_sent' && event['sequence'] === 3)
  expect(await running.stop()).toBe(0)
  const found = await crossings()
  expect(found.slice(0, 3)).toMatchObject([
    { sequence: 1, source: 'photographs' },
    { sequence: 2, source: 'photographs' },
    { sequence: 3, source: 'photographs' },
  ])
  const files = await readdir(lane, { recursive: true, withFileTypes: true })
  for (const file of files.filter((one) => one.isFile())) {
    const bytes = await readFile(path.join(file.parentPath, file.name))
    for (const picture of photographs) {
      for (let at = 1000; at + 32 <= picture.length; at += 4096) {
        expect(bytes.includes(picture.subarray(at, at + 32)), file.name).toBe(false)
      }
    }
    expect(bytes.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff])), file.name).toBe(false)
  }
}, 90_000)

test('without its hub it goes on; killed and started again it delivers all of it, each once, in a chain', async () => {
  const before = (await crossings()).length
  await hub.stop()
  const cut = startLaneProcess(lane, source(), ['--every', '200', '--repeat'])
  let spooled = 0
  await cut.until((event) => {
    if (event['event'] === 'crossing_spooled')
      spooled = Math.max(spooled, Number(event['sequence']))
    return spooled >= before + 3
  })
  await cut.kill()

  await hub.restart()
  const again = startLaneProcess(lane, source(), ['--every', '60000'])
  await again.until(
    (event) => event['event'] === 'crossing_sent' && Number(event['sequence']) >= spooled,
  )
  expect(await again.stop()).toBe(0)
  const found = await crossings()
  expect(found.length).toBeGreaterThanOrEqual(spooled)
  expect(found.map(({ sequence }) => sequence)).toEqual(found.map((_, index) => index + 1))
  const alarms = await hub.hub.parts.db.selectFrom('alarm').select('kind').execute()
  expect(alarms.map(({ kind }) => kind)).not.toContain('chain_broken')
  expect(alarms.map(({ kind }) => kind)).not.toContain('sequence_gap')
}, 90_000)

test('a second process on the same directory is refused', async () => {
  const first = startLaneProcess(lane, source(), ['--every', '1000', '--repeat'])
  await first.until((event) => event['event'] === 'lane_started')
  const second = await sallyport(['lane', 'run', '--directory', lane, '--source', source()])
  expect(second.code).toBe(4)
  expect(second.stderr).toMatch(/in use by process \d+\. End it first/)
  await first.stop()
}, 60_000)

test.each([
  [
    'a file that is no video',
    () => `file:${path.join(folder, 'notavideo')}`,
    /no picture in .*--source file:VIDEO/,
  ],
  [
    'a folder that is not there',
    () => `folder:${path.join(folder, 'nowhere')}`,
    /cannot be read .*--source folder:DIR/,
  ],
  [
    'a folder without pictures',
    () => `folder:${path.join(folder, 'empty')}`,
    /holds no pictures.*another folder/,
  ],
])('%s ends the lane with 2 and the way out', async (_name, where, words) => {
  await writeFile(path.join(folder, 'notavideo'), 'not a video')
  await mkdir(path.join(folder, 'empty'), { recursive: true })
  const ran = await sallyport(['lane', 'run', '--directory', lane, '--source', where()])
  expect({ code: ran.code, stderr: ran.stderr }).toEqual({
    code: 2,
    stderr: expect.stringMatching(words),
  })
})

test('a directory that was never enrolled is told how', async () => {
  const none = path.join(folder, 'none')
  const ran = await sallyport(['lane', 'run', '--directory', none, '--source', source()])
  expect(ran.code).toBe(2)
  expect(ran.stderr).toMatch(
    /No lane is enrolled in .*none\. Enrol it first: npx sallyport lane enrol/,
  )
})
