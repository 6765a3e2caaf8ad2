/**
 * The kernel itself misbehaves: strace kills the writer, or makes a system call fail, at each call
 * of an append that writes. A seeded sample; SLOW=1 takes all of them.
 */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'

import { fromUtf8 } from '@sallyport/proof/bytes'
import { verifyLog } from '@sallyport/proof/log-verify'
import { verify } from '@sallyport/proof/node/ed25519'
import { nodeTileHashing } from '@sallyport/proof/node/tile-hashing'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { needTool } from '../../../../test/support/tools.ts'
import { folderTiles } from './folder-tiles.ts'
import { appendRange, entryOf, open, signer, withFolder } from './log-fixture.ts'

const strace = needTool('strace', 'strace')
const calls = [
  'openat',
  'write',
  'pwrite64',
  'fdatasync',
  'fsync',
  'rename',
  'mkdir',
  'unlink',
  'unlinkat',
  'rmdir',
  'close',
]
const failures = [
  ['fdatasync', 'EIO'],
  ['fsync', 'EIO'],
  ['pwrite64', 'ENOSPC'],
  ['write', 'ENOSPC'],
  ['openat', 'ENOSPC'],
  ['rename', 'EIO'],
  ['mkdir', 'ENOSPC'],
] as const
const slow = process.env['SLOW'] === '1'
const sampleSize = { kill: slow ? Infinity : 40, error: slow ? Infinity : 20 }

let program = ''

type Point = { readonly call: string; readonly nth: number; readonly error: string | null }

/** Whether this process may trace its children at all: some containers forbid it. */
const mayTrace = strace !== null && spawnSync(strace, ['-e', 'trace=none', 'true']).status === 0

describe.skipIf(!mayTrace)(
  'at every system call that writes (skipped unless strace may trace here)',
  () => {
    let counts: ReadonlyMap<string, number>

    beforeAll(async () => {
      program = await bundled('log-syscall-child.ts')
      counts = await withFolder(async (folder) => {
        const out = path.join(folder, 'trace')
        await withWriter(folder, [`-o${out}`, `-etrace=${calls.join(',')}`], async () => undefined)
        return countCalls(fs.readFileSync(out, 'utf8'))
      })
    }, 120_000)
    afterAll(() => fs.rmSync(path.dirname(program), { recursive: true, force: true }))

    test('the tracer sees an append: contents, names and the checkpoint', () => {
      for (const call of ['openat', 'fdatasync', 'fsync', 'rename', 'mkdir'])
        expect(counts.get(call) ?? 0, call).toBeGreaterThan(0)
      expect((counts.get('write') ?? 0) + (counts.get('pwrite64') ?? 0)).toBeGreaterThan(5)
    })

    test('killed there: what was acknowledged is in the log, nothing is half, and it goes on', async () => {
      const points = [...counts].flatMap(([call, count]) => numbered(call, count, null))
      const taken = sample(points, sampleSize.kill)
      let killed = 0
      await inTurns(taken, 3, async (point) => {
        const { signal, said } = await runAt(point)
        if (signal === 'SIGKILL') killed += 1
        expect(
          said.filter((line) => line.startsWith('refused')),
          told(point),
        ).toEqual([])
      })
      console.log(
        `kill -9: ${taken.length} of ${points.length} system calls, ${killed} killed there`,
      )
      expect(killed).toBeGreaterThan(taken.length / 2)
    }, 1_800_000)

    test('failed there: the append is refused or whole, and the next one is taken', async () => {
      const points = failures.flatMap(([call, error]) =>
        numbered(call, counts.get(call) ?? 0, error),
      )
      const taken = sample(points, sampleSize.error)
      let refused = 0
      let aborted = 0
      await inTurns(taken, 3, async (point) => {
        const { signal, said } = await runAt(point)
        // Node wakes its own threads by a write too. When that one fails it ends itself: a kill.
        if (point.call === 'write' && signal === 'SIGABRT') {
          aborted += 1
          return
        }
        expect(signal, told(point)).toBeNull()
        const codes = said
          .filter((line) => line.startsWith('refused'))
          .map((line) => line.split(' ')[1])
        expect(
          codes.filter((code) => code !== 'log_write_failed'),
          told(point),
        ).toEqual([])
        if (codes.length > 0) refused += 1
        // The disk is well again: the last append of the child is stored.
        expect(said.at(-1), told(point)).toMatch(/^stored \d+ 2000$/)
      })
      console.log(
        `EIO and ENOSPC: ${taken.length} of ${points.length} system calls, ${refused} refused an append, ${aborted} ended the process`,
      )
      expect(refused).toBeGreaterThan((taken.length - aborted) / 2)
    }, 1_800_000)
  },
)

/** One writer with its fault, then everything that must hold of the folder. */
async function runAt(point: Point): Promise<{ signal: string | null; said: readonly string[] }> {
  return withFolder(async (folder) => {
    const how = point.error === null ? 'signal=KILL' : `error=${point.error}`
    const inject = [`-einject=${point.call}:${how}:when=${point.nth}`, `-etrace=${point.call}`]
    const ran = await withWriter(folder, [...inject, '-o/dev/null'], async (child) => {
      child.stdin?.write('x')
    })
    await expectWhole(path.join(folder, 'log'), ran.said, told(point))
    return ran
  })
}

/** A log of 250 entries, its writer in a process of its own, traced from the first append on. */
async function withWriter(
  folder: string,
  options: readonly string[],
  atEnd: (child: ChildProcess) => Promise<void>,
): Promise<{ signal: string | null; said: readonly string[] }> {
  const directory = path.join(folder, 'log')
  const log = await open(directory)
  await appendRange(log, 0, 250)
  await log.close()
  const child = spawn(process.execPath, [program, directory], {
    stdio: ['pipe', 'pipe', 'inherit'],
    // One thread for files: the calls of one append come in the same order in every run.
    env: { ...process.env, UV_THREADPOOL_SIZE: '1', UV_USE_IO_URING: '0' },
  })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text))
  child.stdin.on('error', () => undefined)
  const closed = once(child, 'close')
  await until(() => said.includes('ready\n'), child)
  const tracer = spawn(strace ?? 'strace', ['-f', '-p', String(child.pid), ...options], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let heard = ''
  tracer.stderr.setEncoding('utf8').on('data', (text: string) => (heard += text))
  const detached = once(tracer, 'close')
  await until(() => /attached/.test(heard), tracer)
  child.stdin.write('x')
  await until(() => said.includes('done\n'), child)
  await atEnd(child)
  child.stdin.end()
  const [, signal] = (await closed) as [number | null, string | null]
  await detached
  const lines = said.split('\n').filter((line) => /^(stored|refused) /.test(line))
  return { signal, said: lines }
}

/** One file without imports of ours: a process starts in a tenth of the time. */
async function bundled(source: string): Promise<string> {
  const outDir = fs.mkdtempSync(path.join(os.tmpdir(), 'sallyport-child-'))
  await build({
    configFile: false,
    logLevel: 'error',
    build: { ssr: path.join(import.meta.dirname, source), outDir, emptyOutDir: false },
    ssr: { noExternal: true },
  })
  const [name = ''] = fs.readdirSync(outDir)
  const file = path.join(outDir, 'child.mjs')
  fs.renameSync(path.join(outDir, name), file)
  return file
}

async function expectWhole(directory: string, said: readonly string[], at: string): Promise<void> {
  const options = { verifySignature: verify, hashing: nodeTileHashing }
  const verdict = await verifyLog(folderTiles(directory), signer.vkey, options)
  expect(verdict, at).toMatchObject({ kind: 'sound' })
  const log = await open(directory)
  expect(log.size, at).toBeGreaterThanOrEqual(250)
  for (const line of said) {
    const [what, index, number] = line.split(' ')
    if (what !== 'stored') continue
    expect(await log.readEntry(Number(index)), at).toEqual(entryOf(Number(number)))
  }
  for (let index = 250; index < log.size; index++) {
    // Each entry is one that was asked for, whole, and stands there once.
    expect(fromUtf8(await log.readEntry(index)), at).toMatch(/^entry (2[5-6]\d|1000|2000)$/)
  }
  const { index } = await log.append(entryOf(3000))
  expect(await log.readEntry(index), at).toEqual(entryOf(3000))
  await log.close()
  const after = await verifyLog(folderTiles(directory), signer.vkey, options)
  expect(after, at).toMatchObject({ kind: 'sound', size: index + 1 })
}

/** Calls of each name, of the thread that made most of them: strace counts by thread. */
function countCalls(trace: string): ReadonlyMap<string, number> {
  const byThread = new Map<string, number>()
  for (const [, thread = '', call = ''] of trace.matchAll(/^(\d+) +(\w+)\(/gm)) {
    const key = `${call} ${thread}`
    byThread.set(key, (byThread.get(key) ?? 0) + 1)
  }
  const counts = new Map<string, number>()
  for (const [key, count] of byThread) {
    const call = key.split(' ')[0] ?? ''
    counts.set(call, Math.max(count, counts.get(call) ?? 0))
  }
  return counts
}

function numbered(call: string, count: number, error: string | null): readonly Point[] {
  return Array.from({ length: count }, (_, at) => ({ call, nth: at + 1, error }))
}

/** The same points in every run: a fixed linear congruential sequence chooses them. */
function sample(points: readonly Point[], size: number): readonly Point[] {
  let state = 20_261_122
  const keyed = points.map((point) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    return { point, key: state }
  })
  return keyed
    .sort((a, b) => a.key - b.key)
    .slice(0, Math.min(size, points.length))
    .map(({ point }) => point)
}

async function inTurns<T>(items: readonly T[], atOnce: number, use: (item: T) => Promise<void>) {
  const waiting = [...items]
  const work = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await use(item)
  }
  await Promise.all(Array.from({ length: atOnce }, work))
}

async function until(holds: () => boolean, child: ChildProcess): Promise<void> {
  while (!holds() && child.exitCode === null && child.signalCode === null) {
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

function told({ call, nth, error }: Point): string {
  return `${call} number ${nth}${error === null ? ' killed' : ` ${error}`}`
}
