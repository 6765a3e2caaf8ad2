/** kill -9 while verdicts are given: what the page was told is given reaches the hub. */

import * as crypto from 'node:crypto'
import * as fs from 'node:fs'
import * as path from 'node:path'

import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { LaneProcess, type Said } from '../testing/lane-process.ts'

const patience = { timeout: 120_000, interval: 20 }
let lane: LaneProcess
beforeEach(async () => {
  lane = await LaneProcess.open('verdict-kill')
})
afterEach(() => lane.close())

/** Starts the lane with its page; answers with the page's port. */
function run(): Promise<number> {
  return new Promise((resolve, reject) => {
    const saw = ({ event, ...said }: Said): void => {
      if (event === 'started') resolve(Number(said['window']))
      if (event === 'refused') reject(new Error(JSON.stringify(said)))
    }
    lane.run({ every_ms: 150, window: 0 }, saw).catch(reject)
  })
}

type State = { local_since: string | null; plates: { crossing: string | null; said: object[] }[] }

/** Decides on whatever passes until the process is dead; answers with the ids that were told. */
async function decideOn(port: number): Promise<readonly string[]> {
  const told: string[] = []
  const at = (where: string) => `http://127.0.0.1:${port}${where}`
  try {
    for (;;) {
      const state = (await (await fetch(at('/state'))).json()) as State
      for (const { crossing, said } of state.plates) {
        if (crossing === null || said.length > 0) continue
        const body = JSON.stringify({ crossing, name: 'Ann Ruiz', says: 'admitted' })
        const headers = { 'content-type': 'application/json' }
        const answer = await fetch(at('/verdicts'), { method: 'POST', headers, body })
        if (answer.status === 201) told.push(((await answer.json()) as { verdict: string }).verdict)
      }
    }
  } catch {
    return told
  }
}

test('no verdict that was told as given is lost to kill -9', { timeout: 240_000 }, async () => {
  const { hub } = lane
  // One run with the hub there, for the keys of the days.
  await run()
  await vi.waitUntil(() => hub.received.length > 0, patience)
  await lane.kill()
  await hub.stop()
  const told: string[] = []
  for (let round = 0; round < (process.env['SLOW'] === '1' ? 15 : 2); round += 1) {
    const deciding = decideOn(await run())
    const folderOf = path.join(lane.directory, 'verdicts')
    const before = fs.readdirSync(folderOf).length
    await vi.waitUntil(() => fs.readdirSync(folderOf).length > before, patience)
    await new Promise((resolve) => setTimeout(resolve, crypto.randomInt(10, 400)))
    await lane.kill()
    told.push(...(await deciding))
  }
  expect(told.length).toBeGreaterThan(0)
  await hub.start()
  // This run only sends.
  lane.spoilPicture()
  await run()
  const arrived = () => new Set(hub.verdicts.map(({ verdict }) => verdict))
  await vi.waitUntil(() => told.every((id) => arrived().has(id)), patience)
  expect(hub.complaints).toEqual([])
})
