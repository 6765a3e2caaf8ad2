/** Appends two batches when told to, and says what became of each entry. For log-syscalls.test. */

import * as fs from 'node:fs'

import { LogError } from './log-error.ts'
import { entryOf, open } from './log-fixture.ts'

/** Written at once and not through a stream: what was said survives a kill. */
function say(line: string): void {
  try {
    fs.writeSync(1, `${line}\n`)
  } catch {
    // The fault struck what reports, and comes once.
    fs.writeSync(1, `${line}\n`)
  }
}

async function main(): Promise<void> {
  const log = await open(process.argv[2] ?? '')
  const append = async (number: number): Promise<boolean> =>
    log.append(entryOf(number)).then(
      ({ index }) => {
        say(`stored ${index} ${number}`)
        return true
      },
      (error: unknown) => {
        say(`refused ${error instanceof LogError ? error.code : String(error)} ${number}`)
        return false
      },
    )
  say('ready')
  // The parent attaches its tracer now, and gives a line when it has.
  fs.readSync(0, new Uint8Array(1))
  // 250 to 270 fills a tile, begins the next, makes folders and touches two levels.
  await Promise.all(Array.from({ length: 20 }, (_, at) => append(250 + at)))
  await append(1000)
  say('done')
  fs.readSync(0, new Uint8Array(1))
  // The fault comes once: when it came just now, the next append must be taken.
  if (!(await append(2000))) await append(2000)
  await log.close()
}

await main()
