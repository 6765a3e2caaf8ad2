import { verifyLog } from '@sallyport/proof/log-verify'
import { expect, test } from 'vitest'

import { CutDisk } from './cut-disk.ts'
import { folderTiles } from './folder-tiles.ts'
import { type LogWriter, openLog } from './log-directory.ts'
import { LogError } from './log-error.ts'
import { entryOf, origin, signer } from './log-fixture.ts'

const directory = '/data/log'
const batches = [3, 250, 5, 300] as const
const total = batches.reduce<number>((sum, count) => sum + count, 0)

function start(disk: CutDisk): Promise<LogWriter> {
  return openLog({ directory, origin, signer, files: disk.files() })
}

/** Appends the batches until the power goes; gives how many entries were acknowledged. */
async function run(disk: CutDisk): Promise<number> {
  let acknowledged = 0
  try {
    const log = await start(disk)
    for (const count of batches) {
      const numbers = Array.from({ length: count }, (_, at) => acknowledged + at)
      await Promise.all(numbers.map(async (number) => log.append(entryOf(number))))
      acknowledged += count
    }
  } catch (error) {
    if (!(error instanceof LogError) || error.code !== 'log_write_failed') throw error
  }
  return acknowledged
}

/** A fixed sequence per seed: the same cuts lose the same names in every run. */
function chanceOf(seed: number): () => number {
  let state = seed + 1
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
}

test('the power goes at every operation: the checkpoint is never ahead of its tiles', async () => {
  const whole = new CutDisk()
  expect(await run(whole)).toBe(total)
  expect(whole.operations).toBeGreaterThan(50)

  for (let cut = 0; cut <= whole.operations; cut++) {
    for (let seed = 0; seed < 4; seed++) {
      const disk = new CutDisk()
      disk.cutAfter(cut)
      const acknowledged = await run(disk)
      const after = disk.restart(chanceOf(cut * 10 + seed))
      const log = await start(after)
      expect(log.size).toBeGreaterThanOrEqual(acknowledged)
      const numbers = [0, acknowledged - 1, log.size - 1].filter((n) => n >= 0 && n < log.size)
      for (const number of numbers) {
        expect(await log.readEntry(number)).toEqual(entryOf(number))
      }
      const index = (await log.append(entryOf(1))).index
      const verdict = await verifyLog(folderTiles(directory, after.files()), signer.vkey)
      expect(verdict).toMatchObject({ kind: 'sound', size: index + 1 })
    }
  }
}, 60_000)
