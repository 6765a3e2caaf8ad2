/** Every picture that the hub shows is a copy that says whose it is; what cannot be marked is not shown. */

import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'

import { readBlind } from '@sallyport/marks/blind'
import { drawnPicture } from '@sallyport/marks/drawn'
import { openMarkKeys } from '@sallyport/marks/node/key-file'
import { encodeJpeg } from '@sallyport/vision/encode'
import { decodePicture } from '@sallyport/vision/picture'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { deliver, enrolTestDevice, type TestDevice } from '../support/device.ts'
import { type Person, startTestHub, type TestHub } from '../support/hub.ts'

type Opened = {
  readonly opening: string
  readonly picture?: string
  readonly code?: string
  readonly log_index: number
}

let hub: TestHub
let device: TestDevice
let supervisor: Person

beforeAll(async () => {
  hub = await startTestHub()
  device = await enrolTestDevice(hub, 'in-1')
  supervisor = await hub.signIn(['supervisor'])
})
afterAll(() => hub.remove())

async function crossed(picture: Uint8Array): Promise<string> {
  const { bytes, manifest } = device.bundle({ picture })
  expect((await deliver(hub, bytes)).status).toBe(201)
  return manifest.bodies[0]?.id ?? ''
}

async function opened(scene: string, purpose = 'investigation'): Promise<Opened> {
  const answer = await supervisor.request(`/v1/captures/${scene}/openings`, {
    method: 'POST',
    body: JSON.stringify({ purpose }),
  })
  return (await answer.json()) as Opened
}

function rowOf(opening: string) {
  return hub.hub.parts.db
    .selectFrom('opening')
    .select(['mark', 'mark_epoch', 'outcome', 'code'])
    .where('id', '=', opening)
    .executeTakeFirstOrThrow()
}

async function readMark({ picture = '' }: Opened): Promise<string | null> {
  const decoded = await decodePicture(Buffer.from(picture, 'base64'))
  if (decoded.kind === 'refused') throw new Error(decoded.detail)
  const { all } = await openMarkKeys(path.join(hub.data, 'keys', 'marks'), new Date())
  return readBlind({ ...decoded.picture, channels: 3 }, all).code
}

test(
  'R9: two copies of one picture carry two ids, each in the row of its opening and nowhere in the log',
  { timeout: 180_000 },
  async () => {
    const scene = await crossed(await encodeJpeg(drawnPicture(560, 520, 7), 90))
    const copies = [await opened(scene), await opened(scene)]
    const rows = await Promise.all(copies.map((copy) => rowOf(copy.opening)))
    expect(await Promise.all(copies.map(readMark))).toEqual(rows.map(({ mark }) => mark))
    expect(new Set(rows.map(({ mark }) => mark)).size).toBe(2)
    for (const [at, { log_index: index }] of copies.entries()) {
      const receipt = await hub.hub.parts.journal.receipt(index)
      const text = Buffer.from(receipt?.entry ?? []).toString('utf8')
      expect(text).toContain('"kind":"opening"')
      expect(text).not.toContain(rows[at]?.mark)
      expect(JSON.stringify(copies[at])).not.toContain(rows[at]?.mark)
    }
  },
)

test('a refused opening has no id: there is no copy', async () => {
  const scene = await crossed(await encodeJpeg(drawnPicture(100, 80, 8), 90))
  await opened(scene, 'inspection')
  const rows = await hub.hub.parts.db
    .selectFrom('opening')
    .select(['mark', 'outcome'])
    .where('capture', '=', scene)
    .execute()
  expect(rows).toEqual([{ mark: null, outcome: 'refused' }])
})

test.for([
  [
    'of one flat colour',
    () => encodeJpeg({ width: 90, height: 60, data: new Uint8Array(16_200) }, 90),
  ],
  ['that is none', () => Promise.resolve(Buffer.from('nobody’s picture'.repeat(30)))],
] as const)('a picture %s is not shown, since its copy could not be told', async ([, picture]) => {
  const answer = await opened(await crossed(await picture()))
  expect(answer).toMatchObject({ code: 'picture_not_markable' })
  expect(answer).not.toHaveProperty('picture')
})

test('with the keys of marks damaged nothing is shown; the attempt stands in the log', async () => {
  const scene = await crossed(await encodeJpeg(drawnPicture(100, 80, 9), 90))
  const file = path.join(hub.data, 'keys', 'marks')
  const text = await readFile(file, 'utf8')
  await writeFile(file, text.slice(0, 20))
  await hub.restart()
  const before = hub.hub.parts.journal.size()
  const answer = await opened(scene)
  expect(answer).toMatchObject({ code: 'picture_not_markable', log_index: before })
  expect(answer).not.toHaveProperty('picture')
  expect(hub.reports.join('\n')).toContain('no copy can be marked')
  await writeFile(file, text)
  expect(await opened(scene)).toHaveProperty('picture')
})
