/** A real lane process that a test kills: enrolled at a fake hub, with a scripted reader and a folder. */

import { type ChildProcess, spawn } from 'node:child_process'
import * as crypto from 'node:crypto'
import { once } from 'node:events'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { createInterface } from 'node:readline'

import { encodeJpeg } from '@sallyport/vision/encode'

import { systemClock } from '../clock.ts'
import { durableFiles } from '../durable-files.ts'
import { enrol } from '../enrolment.ts'
import { ask } from '../http.ts'
import { FakeHub } from './fake-hub.ts'
import { testPicture } from './pictures.ts'

/** What the process says on a line: an event of the lane, or that it started or was refused. */
export type Said = Readonly<Record<string, unknown>>

const module = (name: string): string => JSON.stringify(new URL(name, import.meta.url).href)

const program = `
  import { startLane } from ${module('../lane.ts')}
  import { parseLaneSettings } from ${module('../settings.ts')}
  import { scriptedReader, testLook } from ${module('./pictures.ts')}
  const say = (line) => console.log(JSON.stringify(line))
  const started = await startLane(parseLaneSettings(JSON.parse(process.argv[1])).settings, {
    openReader: async () => scriptedReader([[testLook('ABC123')]]),
    report: say,
    heartbeatMs: 100,
    chance: () => 0,
  })
  say(started.kind === 'refused'
    ? { event: 'refused', ...started }
    : { event: 'started', window: started.lane.status().window })`

export class LaneProcess {
  readonly directory: string
  readonly hub: FakeHub
  readonly #picture: string
  #child: ChildProcess | null = null

  private constructor(directory: string, hub: FakeHub) {
    this.directory = directory
    this.hub = hub
    this.#picture = path.join(directory, 'photographs', 'a.jpg')
  }

  static async open(name: string): Promise<LaneProcess> {
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), `${name}-`))
    const hub = new FakeHub()
    await hub.start()
    await enrol(
      { hub: hub.url, code: hub.code, directory },
      { ask, files: durableFiles, clock: systemClock, random: crypto.randomBytes },
    )
    const lane = new LaneProcess(directory, hub)
    fs.mkdirSync(path.dirname(lane.#picture))
    const picture = testPicture([], { width: 96, height: 64 })
    fs.writeFileSync(lane.#picture, await encodeJpeg(picture, 70))
    return lane
  }

  /** Starts the process over the folder, again and again; calls back for each line that it says. */
  async run(
    settings: { readonly every_ms: number; readonly window?: number },
    saw: (line: Said) => void,
  ): Promise<void> {
    const source = `folder:${path.dirname(this.#picture)}`
    const all = { directory: this.directory, source, repeat: true, ...settings }
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '-e', program, JSON.stringify(all)],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    this.#child = child
    createInterface({ input: child.stdout }).on('line', (line) => saw(JSON.parse(line) as Said))
    await once(child, 'spawn')
  }

  /** From now on the lane finds nothing to read and only sends: an empty folder would be refused. */
  spoilPicture(): void {
    fs.writeFileSync(this.#picture, 'no picture any more')
  }

  async kill(): Promise<void> {
    const child = this.#child
    if (child === null || child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }

  async close(): Promise<void> {
    await this.kill()
    await this.hub.stop()
    fs.rmSync(this.directory, { recursive: true, force: true })
  }
}
