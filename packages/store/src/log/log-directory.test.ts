import * as fs from 'node:fs'
import * as path from 'node:path'

import { openCheckpoint } from '@sallyport/proof/checkpoint'
import { verifyLog } from '@sallyport/proof/log-verify'
import { tilePath } from '@sallyport/proof/tiles'
import { verifyReceipt } from '@sallyport/proof/tlog-proof'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { folderTiles } from './folder-tiles.ts'
import { appendRange, entryOf, open, origin, signer, withFolder } from './log-fixture.ts'

async function sound(directory: string, size: number): Promise<void> {
  const verdict = await verifyLog(folderTiles(directory), signer.vkey)
  expect(verdict).toMatchObject({ kind: 'sound', size })
}

test('an entry comes back with a receipt that anybody can check', async () => {
  await withFolder(async (folder) => {
    const log = await open(folder)
    expect(log.size).toBe(0)
    await appendRange(log, 0, 300)
    expect(log.size).toBe(300)
    for (const index of [0, 1, 255, 256, 299]) {
      expect(await log.readEntry(index)).toEqual(entryOf(index))
      const receipt = await log.receipt(index)
      expect(verifyReceipt(receipt, entryOf(index), log.vkey)).toMatchObject({
        kind: 'verified',
        index,
        size: 300,
      })
      expect(verifyReceipt(receipt, entryOf(index + 1), log.vkey)).toMatchObject({
        code: 'not_included',
      })
    }
    await log.close()
    await sound(folder, 300)
  })
})

test('concurrent appends get distinct dense indexes, and each index holds its entry', async () => {
  await withFolder(async (folder) => {
    const log = await open(folder)
    const numbers = Array.from({ length: 1500 }, (_, at) => at)
    const placed = await Promise.all(
      numbers.map(async (number) => {
        // Spread over several turns of the event loop, and so over several batches.
        await new Promise((resolve) => setTimeout(resolve, number % 7))
        return { number, ...(await log.append(entryOf(number))) }
      }),
    )
    expect(placed.map(({ index }) => index).toSorted((a, b) => a - b)).toEqual(numbers)
    for (const { number, index } of placed.filter((_, at) => at % 97 === 0)) {
      expect(await log.readEntry(index)).toEqual(entryOf(number))
    }
    await sound(folder, 1500)
  })
})

test('what is appended in any batches, over any restarts, is one sound log', async () => {
  const steps = fc.array(
    fc.record({ count: fc.integer({ min: 0, max: 300 }), restart: fc.boolean() }),
    {
      minLength: 1,
      maxLength: 5,
    },
  )
  await fc.assert(
    fc.asyncProperty(steps, async (taken) => {
      await withFolder(async (folder) => {
        let log = await open(folder)
        let size = 0
        for (const { count, restart } of taken) {
          await appendRange(log, size, size + count)
          size += count
          expect(log.size).toBe(size)
          if (!restart) continue
          const checkpoint = log.checkpoint()
          await log.close()
          log = await open(folder)
          expect(log.checkpoint()).toBe(checkpoint)
        }
        await log.close()
        await sound(folder, size)
        for (let index = 0; index < size; index += 61) {
          expect(verifyReceipt(await log.receipt(index), entryOf(index), log.vkey).kind).toBe(
            'verified',
          )
        }
      })
    }),
    { numRuns: 8 },
  )
}, 30_000)

test('partial tiles stand for every signed size until the full tile replaces them', async () => {
  await withFolder(async (folder) => {
    const log = await open(folder)
    const there = (level: number | 'entries', index: number, width: number) =>
      fs.existsSync(path.join(folder, tilePath({ level, index, width })))
    await appendRange(log, 0, 5)
    await appendRange(log, 5, 200)
    for (const level of [0, 'entries'] as const) {
      expect(there(level, 0, 5)).toBe(true)
      expect(there(level, 0, 200)).toBe(true)
    }
    await appendRange(log, 200, 260)
    for (const level of [0, 'entries'] as const) {
      expect(there(level, 0, 256)).toBe(true)
      expect(there(level, 0, 5)).toBe(false)
      expect(there(level, 1, 4)).toBe(true)
    }
    expect(there(1, 0, 1)).toBe(true)
    await sound(folder, 260)
  })
})

test('an entry is copied when it is handed over', async () => {
  await withFolder(async (folder) => {
    const log = await open(folder)
    const entry = Buffer.from(entryOf(1))
    const appended = log.append(entry)
    entry.fill(0)
    await appended
    expect(await log.readEntry(0)).toEqual(entryOf(1))
  })
})

describe('refused entries leave nothing behind', () => {
  test.each([
    ['empty', 0, 'entry_too_large'],
    ['longer than a uint16 can say', 65_536, 'entry_too_large'],
  ])('%s', async (_, length, code) => {
    await withFolder(async (folder) => {
      const log = await open(folder)
      await expect(log.append(new Uint8Array(length))).rejects.toMatchObject({ code })
      expect(log.size).toBe(0)
    })
  })

  test('the longest entry is taken', async () => {
    await withFolder(async (folder) => {
      const log = await open(folder)
      await log.append(new Uint8Array(65_535).fill(1))
      expect((await log.readEntry(0)).length).toBe(65_535)
    })
  })
})

test('close finishes what waits and refuses the rest', async () => {
  await withFolder(async (folder) => {
    const log = await open(folder)
    const waiting = log.append(entryOf(0))
    await log.close()
    expect(await waiting).toEqual({ index: 0 })
    await expect(log.append(entryOf(1))).rejects.toMatchObject({ code: 'log_closed' })
    await sound(folder, 1)
  })
})

test('an index outside the log is a bug of the caller', async () => {
  await withFolder(async (folder) => {
    const log = await open(folder)
    await appendRange(log, 0, 3)
    for (const index of [-1, 3, 0.5]) {
      await expect(log.receipt(index)).rejects.toThrow(RangeError)
      await expect(log.readEntry(index)).rejects.toThrow(RangeError)
    }
  })
})

test('a second writer is noticed before it can fork the log', async () => {
  await withFolder(async (folder) => {
    const one = await open(folder)
    const two = await open(folder)
    await appendRange(one, 0, 10)
    await expect(two.append(entryOf(77))).rejects.toMatchObject({ code: 'log_forked' })
    await expect(two.append(entryOf(78))).rejects.toMatchObject({ code: 'log_closed' })
    await appendRange(one, 10, 20)
    expect(await one.readEntry(0)).toEqual(entryOf(0))
  })
})

test('a tile that rots under a running log yields no receipt', async () => {
  await withFolder(async (folder) => {
    const log = await open(folder)
    await appendRange(log, 0, 300)
    const tile = path.join(folder, 'tile/0/000')
    const bytes = fs.readFileSync(tile)
    bytes[9]! ^= 1
    fs.writeFileSync(tile, bytes)
    await expect(log.receipt(20)).rejects.toMatchObject({ code: 'log_damaged' })
    fs.rmSync(tile)
    await expect(log.receipt(0)).rejects.toMatchObject({ code: 'log_damaged', file: 'tile/0/000' })
  })
})

test('a receipt stays valid while the log grows past it', async () => {
  await withFolder(async (folder) => {
    const log = await open(folder)
    await appendRange(log, 0, 200)
    const growing = appendRange(log, 200, 600)
    const receipts = await Promise.all([0, 100, 199].map(async (index) => log.receipt(index)))
    await growing
    for (const [at, index] of [0, 100, 199].entries()) {
      expect(verifyReceipt(receipts[at]!, entryOf(index), log.vkey).kind).toBe('verified')
    }
  })
})

test('the checkpoint is the one on the disk', async () => {
  await withFolder(async (folder) => {
    const log = await open(folder)
    await appendRange(log, 0, 3)
    const onDisk = fs.readFileSync(path.join(folder, 'checkpoint'), 'utf8')
    expect(log.checkpoint()).toBe(onDisk)
    expect(openCheckpoint(onDisk, signer.vkey)).toMatchObject({ checkpoint: { origin, size: 3 } })
  })
})
