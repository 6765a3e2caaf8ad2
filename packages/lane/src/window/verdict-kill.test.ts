/** kill -9 while verdicts are given: what the page was told is given reaches the hub. */

import { type ChildProcess, spawn } from 'node:child_process'
import * as crypto from 'node:crypto'
import { once } from 'node:events'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { createInterface } from 'node:readline'

import { encodeJpeg } from '@sallyport/vision/encode'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { systemClock } from '../clock.ts'
import { durableFiles } from '../durable-files.ts'
import { enrol } from '../enrolment.ts'
import { ask } from '../http.ts'
import { FakeHub } from '../testing/fake-hub.ts'
import { testPicture } from '../testing/pictures.ts'

const patience = { timeout: 120_000, interval: 20 }
let directory = ''
let hub = new FakeHub()
let child: ChildProcess | null = null

beforeEach(async () => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'verdict-kill-'))
  hub = new FakeHub()
  await hub.start()
  await enrol(
    { hub: hub.url, code: hub.code, directory },
    { ask, files: durableFiles, clock: systemClock, random: crypto.randomBytes },
  )
})

afterEach(async () => {
  await kill()
  await hub.stop()
  fs.rmSync(directory, { recursive: true, force: true })
})

async function kill(): Promise<void> {
  if (child === null || child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}

/** A real lane process with its page; answers with the page's port. */
async function run(folder: string): Promise<number> {
  const module = (name: string): string => JSON.stringify(new URL(name, import.meta.url).href)
  const program = `
    import { startLane } from ${module('../lane.ts')}
    import { parseLaneSettings } from ${module('../settings.ts')}
    import { scriptedReader, testLook } from ${module('../testing/pictures.ts')}
    const [directory, folder] = process.argv.slice(1)
    const parsed = parseLaneSettings({ directory, source: 'folder:' + folder, every_ms: 150, repeat: true, window: 0 })
    const started = await startLane(parsed.settings, {
      openReader: async () => scriptedReader([[testLook('ABC123')]]),
      report: () => {},
      heartbeatMs: 100,
      chance: () => 0,
    })
    console.log(started.kind === 'started' ? started.lane.status().window : started.detail)`
  const started = spawn(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '-e', program, directory, folder],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  child = started
  const [line] = (await once(createInterface({ input: started.stdout }), 'line')) as [string]
  expect(line).toMatch(/^\d+$/)
  return Number(line)
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
  const folder = path.join(directory, 'photographs')
  fs.mkdirSync(folder)
  const picture = path.join(folder, 'a.jpg')
  fs.writeFileSync(picture, await encodeJpeg(testPicture([], { width: 96, height: 64 }), 70))
  // One run with the hub there, for the keys of the days.
  await run(folder)
  await vi.waitUntil(() => hub.received.length > 0, patience)
  await kill()
  await hub.stop()
  const told: string[] = []
  for (let round = 0; round < (process.env['SLOW'] === '1' ? 15 : 2); round += 1) {
    const deciding = decideOn(await run(folder))
    const folderOf = path.join(directory, 'verdicts')
    const before = fs.readdirSync(folderOf).length
    await vi.waitUntil(() => fs.readdirSync(folderOf).length > before, patience)
    await new Promise((resolve) => setTimeout(resolve, crypto.randomInt(10, 400)))
    await kill()
    told.push(...(await deciding))
  }
  expect(told.length).toBeGreaterThan(0)
  await hub.start()
  // An unreadable picture: this run only sends.
  fs.writeFileSync(picture, 'no picture any more')
  await run(folder)
  const arrived = () => new Set(hub.verdicts.map(({ verdict }) => verdict))
  await vi.waitUntil(() => told.every((id) => arrived().has(id)), patience)
  expect(hub.complaints).toEqual([])
})
