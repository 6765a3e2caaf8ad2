import { type ChildProcess, spawn } from 'node:child_process'
import * as crypto from 'node:crypto'
import { once } from 'node:events'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { createInterface } from 'node:readline'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { systemClock } from './clock.ts'
import { durableFiles } from './durable-files.ts'
import { enrol } from './enrolment.ts'
import { ask } from './http.ts'
import { FakeHub } from './testing/fake-hub.ts'
import { until } from './testing/time.ts'

let directory = ''
let hub = new FakeHub()
let child: ChildProcess | null = null

beforeEach(async () => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'kill-'))
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

/** A real lane process with a scripted reader and a folder that never ends. Calls back per event. */
async function run(folder: string, saw: (event: Record<string, unknown>) => void): Promise<void> {
  const module = (name: string): string => JSON.stringify(new URL(name, import.meta.url).href)
  const program = `
    import { startLane } from ${module('./lane.ts')}
    import { parseLaneSettings } from ${module('./settings.ts')}
    import { scriptedReader, testLook } from ${module('./testing/pictures.ts')}
    const [directory, folder] = process.argv.slice(1)
    const parsed = parseLaneSettings({ directory, source: 'folder:' + folder, every_ms: 0, repeat: true })
    const started = await startLane(parsed.settings, {
      openReader: async () => scriptedReader([[testLook('ABC123')]]),
      report: (event) => console.log(JSON.stringify(event)),
      heartbeatMs: 200,
      chance: () => 0,
    })
    if (started.kind === 'refused') console.log(JSON.stringify({ event: 'refused', ...started }))`
  const started = spawn(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '-e', program, directory, folder],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  child = started
  createInterface({ input: started.stdout }).on('line', (line) =>
    saw(JSON.parse(line) as Record<string, unknown>),
  )
  await once(started, 'spawn')
}

test('kill -9 at random moments loses no spooled crossing and uses no sequence twice', async () => {
  const folder = path.join(directory, 'photographs')
  fs.mkdirSync(folder)
  const { encodeJpeg } = await import('@sallyport/vision/encode')
  const { testPicture } = await import('./testing/pictures.ts')
  fs.writeFileSync(
    path.join(folder, 'a.jpg'),
    await encodeJpeg(testPicture([], { width: 96, height: 64 }), 70),
  )
  const spooled = new Map<string, number>()
  const rounds = process.env['SLOW'] === '1' ? 25 : 6
  for (let round = 0; round < rounds; round++) {
    let events = 0
    // Every other round the hub takes bundles and never answers, or is not there at all.
    hub.misbehaviour = round % 3 === 1 ? { kind: 'silent' } : { kind: 'none' }
    const away = round % 3 === 2
    if (away) await hub.stop()
    await run(folder, (event) => {
      events += 1
      expect(event['event']).not.toBe('refused')
      if (event['event'] === 'crossing_spooled')
        spooled.set(String(event['crossing']), Number(event['sequence']))
    })
    await until(() => events > 3, 20_000, 'the lane')
    await new Promise((resolve) => setTimeout(resolve, crypto.randomInt(30, 700)))
    await kill()
    if (away) await hub.start()
  }
  hub.misbehaviour = { kind: 'none' }
  // One last run only sends: an empty folder is refused, so the picture becomes unreadable.
  fs.writeFileSync(path.join(folder, 'a.jpg'), 'no picture any more')
  await run(folder, () => {})
  await until(
    () => fs.readdirSync(path.join(directory, 'spool')).every((name) => !name.endsWith('.spb')),
    60_000,
    'an empty spool',
  )
  const arrived = new Set(hub.received.map(({ bundle }) => bundle.manifest.crossing))
  expect(spooled.size).toBeGreaterThan(rounds)
  expect([...spooled.keys()].filter((crossing) => !arrived.has(crossing))).toEqual([])
  // The fake hub complains of every hole, every broken link and every number used twice.
  expect(hub.complaints).toEqual([])
  expect(hub.sequences).toEqual(hub.sequences.map((_, at) => at + 1))
}, 180_000)
