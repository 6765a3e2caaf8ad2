import * as crypto from 'node:crypto'
import * as fs from 'node:fs'
import * as path from 'node:path'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { LaneProcess } from './testing/lane-process.ts'
import { until } from './testing/time.ts'

let lane: LaneProcess
beforeEach(async () => {
  lane = await LaneProcess.open('kill')
})
afterEach(() => lane.close())

test('kill -9 at random moments loses no spooled crossing and uses no sequence twice', async () => {
  const spooled = new Map<string, number>()
  const rounds = process.env['SLOW'] === '1' ? 25 : 6
  for (let round = 0; round < rounds; round++) {
    let events = 0
    // Every other round the hub takes bundles and never answers, or is not there at all.
    lane.hub.misbehaviour = round % 3 === 1 ? { kind: 'silent' } : { kind: 'none' }
    const away = round % 3 === 2
    if (away) await lane.hub.stop()
    await lane.run({ every_ms: 0 }, (event) => {
      if (event['event'] !== 'started') events += 1
      expect(event['event']).not.toBe('refused')
      if (event['event'] === 'crossing_spooled')
        spooled.set(String(event['crossing']), Number(event['sequence']))
    })
    await until(() => events > 3, 20_000, 'the lane')
    await new Promise((resolve) => setTimeout(resolve, crypto.randomInt(30, 700)))
    await lane.kill()
    if (away) await lane.hub.start()
  }
  lane.hub.misbehaviour = { kind: 'none' }
  // One last run only sends.
  lane.spoilPicture()
  await lane.run({ every_ms: 0 }, () => {})
  await until(
    () =>
      fs.readdirSync(path.join(lane.directory, 'spool')).every((name) => !name.endsWith('.spb')),
    60_000,
    'an empty spool',
  )
  const arrived = new Set(lane.hub.received.map(({ bundle }) => bundle.manifest.crossing))
  expect(spooled.size).toBeGreaterThan(rounds)
  expect([...spooled.keys()].filter((crossing) => !arrived.has(crossing))).toEqual([])
  // The fake hub complains of every hole, every broken link and every number used twice.
  expect(lane.hub.complaints).toEqual([])
  expect(lane.hub.sequences).toEqual(lane.hub.sequences.map((_, at) => at + 1))
}, 180_000)
