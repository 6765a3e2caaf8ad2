/** The disk refuses, at every operation in turn; the process is killed; the disk is really full. */

import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import * as fs from 'node:fs'
import * as path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { fromUtf8 } from '@sallyport/proof/bytes'
import { parseCheckpoint } from '@sallyport/proof/checkpoint'
import { verifyLog } from '@sallyport/proof/log-verify'
import type { NoteSigner } from '@sallyport/proof/note'
import { describe, expect, test } from 'vitest'

import { nodeFiles } from './durable-files.ts'
import { folderTiles } from './folder-tiles.ts'
import { type LogWriter, openLog } from './log-directory.ts'
import { LogError } from './log-error.ts'
import {
  appendRange,
  entryOf,
  failingFiles,
  open,
  origin,
  signer,
  signerOf,
  withFolder,
} from './log-fixture.ts'

function withTwoFolders(use: (one: string, other: string) => Promise<void>): Promise<void> {
  return withFolder((one) => withFolder((other) => use(one, other)))
}

async function expectSound(directory: string): Promise<number> {
  const verdict = await verifyLog(folderTiles(directory), signer.vkey)
  expect(verdict).toMatchObject({ kind: 'sound' })
  return verdict.kind === 'sound' ? verdict.size : -1
}

/** Remembers every tree it signs: two roots of one size would be a fork. */
function rememberingSigner(): NoteSigner & { readonly forks: () => readonly number[] } {
  const roots = new Map<number, Set<string>>()
  let largest = 0
  const shrunk: number[] = []
  return {
    ...signer,
    sign(text) {
      const checkpoint = parseCheckpoint(fromUtf8(text) ?? '')
      if (checkpoint === null) throw new Error('signed something else than a checkpoint')
      const { size, root } = checkpoint
      if (size < largest) shrunk.push(size)
      largest = Math.max(largest, size)
      roots.set(size, (roots.get(size) ?? new Set()).add(root.join()))
      return signer.sign(text)
    },
    forks: () => [...shrunk, ...[...roots].filter(([, of]) => of.size > 1).map(([size]) => size)],
  }
}

/** Appends entries `from` up to `to` one by one at once; gives the indexes that were acknowledged. */
async function tryAppend(log: LogWriter, from: number, to: number): Promise<Map<number, number>> {
  const acknowledged = new Map<number, number>()
  const numbers = Array.from({ length: to - from }, (_, at) => from + at)
  const results = await Promise.allSettled(numbers.map(async (n) => log.append(entryOf(n))))
  const refusals = new Set<unknown>()
  for (const [at, result] of results.entries()) {
    if (result.status === 'fulfilled') acknowledged.set(from + at, result.value.index)
    else refusals.add(result.reason instanceof LogError ? result.reason.code : result.reason)
  }
  expect([...refusals].filter((code) => code !== 'log_write_failed')).toEqual([])
  return acknowledged
}

describe('a write that fails at any point of a batch', () => {
  // 250 to 270 fills a tile, begins the next, makes folders and touches two levels.
  async function operationsOfBatch(): Promise<number> {
    return withFolder(async (folder) => {
      const files = failingFiles(() => false)
      const log = await open(folder, files)
      await appendRange(log, 0, 250)
      const before = files.count()
      await appendRange(log, 250, 270)
      return files.count() - before
    })
  }

  async function failAt(at: number, lasting: number, crash: boolean): Promise<void> {
    await withFolder(async (folder) => {
      let from = Infinity
      const files = failingFiles((_, count) => count >= from && count < from + lasting)
      const remembering = rememberingSigner()
      const options = { directory: folder, origin, signer: remembering, files }
      let log = await openLog(options)
      await appendRange(log, 0, 250)
      const receipt = await log.receipt(3)
      from = files.count() + at

      const refused = await tryAppend(log, 250, 270)
      expect(refused.size).toBe(0)
      expect(log.size).toBe(250)
      expect(await log.receipt(3)).toBe(receipt)
      expect(await expectSound(folder)).toBeGreaterThanOrEqual(250)

      if (crash) log = await openLog({ ...options, files: nodeFiles })
      from = Infinity
      const index = (await log.append(entryOf(999))).index
      expect([250, 270]).toContain(index)
      expect(await log.readEntry(index)).toEqual(entryOf(999))
      expect(await log.readEntry(249)).toEqual(entryOf(249))
      await log.close()
      expect(await expectSound(folder)).toBe(index + 1)
      // A process that dies takes its unpublished signature with it; one that lives keeps to it.
      expect(crash ? [] : remembering.forks()).toEqual([])
      expect((await open(folder)).size).toBe(index + 1)
    })
  }

  test('acknowledges nothing, loses nothing, signs no second tree, and the next append works', async () => {
    const operations = await operationsOfBatch()
    expect(operations).toBeGreaterThan(15)
    for (let at = 1; at <= operations; at++) await failAt(at, 1, false)
  }, 60_000)

  test('also when the disk stays full for a while', async () => {
    const operations = await operationsOfBatch()
    expect(operations).toBeGreaterThan(15)
    for (let at = 1; at <= operations; at += 3) await failAt(at, 100, false)
  }, 60_000)

  test('also when the process ends before the disk is well again', async () => {
    const operations = await operationsOfBatch()
    expect(operations).toBeGreaterThan(15)
    for (let at = 1; at <= operations; at += 2) await failAt(at, 100, true)
  }, 60_000)
})

test('a disk that fails now and then loses nothing that was acknowledged', async () => {
  await withFolder(async (folder) => {
    let state = 12_345
    // A fixed linear congruential sequence: the same failures in every run.
    const chance = () => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31
    const remembering = rememberingSigner()
    const files = failingFiles((_, count) => count > 20 && chance() < 0.03)
    const log = await openLog({ directory: folder, origin, signer: remembering, files })
    const placed = new Map<number, number>()
    for (let round = 0; round < 60; round++) {
      for (const [n, index] of await tryAppend(log, round * 20, round * 20 + 20))
        placed.set(n, index)
    }
    expect(placed.size).toBeGreaterThan(100)
    expect(placed.size).toBeLessThan(1200)
    for (const [number, index] of placed)
      expect(await log.readEntry(index)).toEqual(entryOf(number))
    expect(new Set(placed.values()).size).toBe(placed.size)
    expect(remembering.forks()).toEqual([])
    expect(await expectSound(folder)).toBe(log.size)
  })
}, 60_000)

test('a failure while a log begins leaves a folder in which it can begin again', async () => {
  for (let at = 1; at <= 6; at++) {
    await withFolder(async (folder) => {
      const directory = path.join(folder, 'data', 'log')
      const files = failingFiles((_, count) => count === at)
      await expect(open(directory, files)).rejects.toMatchObject({ code: 'log_write_failed' })
      const log = await open(directory)
      expect(await log.append(entryOf(0))).toEqual({ index: 0 })
    })
  }
})

/** A file system of 512 KiB; null where this process may not mount one. */
function mountSmallDisk(at: string): boolean {
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=512k', 'tmpfs', at])
  return mounted.status === 0
}

test('a disk that is really full refuses, and takes up again once there is room', async (context) => {
  await withFolder(async (folder) => {
    if (!mountSmallDisk(folder)) {
      context.skip('needs root and the right to mount a tmpfs')
      return
    }
    try {
      const ballast = path.join(folder, 'ballast')
      fs.writeFileSync(ballast, new Uint8Array(200 * 1024))
      const directory = path.join(folder, 'log')
      const log = await open(directory)
      let acknowledged = 0
      let refusal: unknown = null
      for (let n = 0; refusal === null && n < 2000; n++) {
        await log.append(new Uint8Array(2000).fill(1 + (n % 200))).then(
          () => (acknowledged += 1),
          (error: unknown) => (refusal = error),
        )
      }
      expect(refusal).toMatchObject({ code: 'log_write_failed', cause: { code: 'ENOSPC' } })
      expect(acknowledged).toBeGreaterThan(5)
      expect(log.size).toBe(acknowledged)
      fs.rmSync(ballast)
      const index = (await log.append(entryOf(1))).index
      expect(index).toBeGreaterThanOrEqual(acknowledged)
      for (let n = 0; n < acknowledged; n++) {
        expect((await log.readEntry(n))[0]).toBe(1 + (n % 200))
      }
      await log.close()
      expect(await expectSound(directory)).toBe(index + 1)
    } finally {
      spawnSync('umount', [folder])
    }
  })
}, 60_000)

test('kill -9 of a process that appends, ten times: all that it was told is there', async () => {
  await withTwoFolders(async (folder, aside) => {
    const child = path.join(import.meta.dirname, 'log-kill-child.ts')
    const saidFile = path.join(aside, 'said')
    let size = 0
    let told = 0
    for (let round = 0; round < 10; round++) {
      // To a file: a pipe that nobody reads in time would end the child by itself.
      const said = fs.openSync(saidFile, 'w')
      const running = spawn(process.execPath, ['--import', 'tsx', child, folder, `${round}`], {
        stdio: ['ignore', said, 'inherit'],
      })
      const ended = once(running, 'exit')
      fs.closeSync(said)
      while (running.exitCode === null && fs.statSync(saidFile).size === 0) await sleep(5)
      await sleep(20 + ((round * 37) % 150))
      running.kill('SIGKILL')
      expect(await ended).toEqual([null, 'SIGKILL'])

      expect(await expectSound(folder)).toBeGreaterThanOrEqual(size)
      const log = await open(folder)
      expect(log.size).toBeGreaterThanOrEqual(size)
      size = log.size
      const lines = fs.readFileSync(saidFile, 'utf8').split('\n').slice(0, -1)
      for (const line of lines) {
        const [index = '', text] = line.split(' ', 2)
        expect(fromUtf8(await log.readEntry(Number(index)))).toBe(text)
      }
      told += lines.length
      await log.close()
    }
    expect(told).toBeGreaterThan(20)
  })
}, 120_000)

test('another key cannot go on with a log that was killed', async () => {
  await withFolder(async (folder) => {
    await appendRange(await open(folder), 0, 3)
    const other = openLog({ directory: folder, origin, signer: signerOf(9) })
    await expect(other).rejects.toMatchObject({ code: 'wrong_key' })
  })
})
