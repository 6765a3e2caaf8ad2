/**
 * kill -9 at each system call of a creation and a destruction that writes, by strace. A seeded sample;
 * SLOW=1 takes all of them.
 */

import { spawnSync } from 'node:child_process'
import * as crypto from 'node:crypto'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'

import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { needTool } from '../../../../test/support/tools.ts'
import { newKekId, open, opened, scope, withFolder } from './keystore-fixture.ts'

const strace = needTool('strace', 'strace')
const mayTrace = strace !== null && spawnSync(strace, ['-e', 'trace=none', 'true']).status === 0
const calls = ['write', 'pwrite64', 'fsync', 'rename', 'unlink']
const sampleSize = process.env['SLOW'] === '1' ? Number.POSITIVE_INFINITY : 16
const fileKey = crypto.randomBytes(16)

let program = ''

type Point = { readonly call: string; readonly nth: number }

describe.skipIf(!mayTrace)('killed (skipped unless strace may trace here)', () => {
  let points: readonly Point[]

  beforeAll(async () => {
    const outDir = fs.mkdtempSync(path.join(os.tmpdir(), 'sallyport-child-'))
    await build({
      configFile: false,
      logLevel: 'error',
      build: { ssr: path.join(import.meta.dirname, 'keystore-kill-child.ts'), outDir },
      ssr: { noExternal: true },
    })
    program = path.join(outDir, fs.readdirSync(outDir)[0] ?? '')
    points = await withFolder(async (folder) => {
      const { dying, made } = await prepared(folder)
      const out = path.join(folder, 'trace')
      traced([`-o${out}`, `-etrace=${calls.join(',')}`], folder, dying, made)
      return pointsIn(fs.readFileSync(out, 'utf8'))
    })
  }, 120_000)
  afterAll(() => fs.rmSync(path.dirname(program), { recursive: true, force: true }))

  test('the tracer sees contents, names, and what is erased', () => {
    const seen = new Set(points.map(({ call }) => call))
    expect([...seen]).toEqual(expect.arrayContaining(['fsync', 'rename', 'unlink']))
    expect(points.filter(({ call }) => call === 'fsync').length).toBeGreaterThan(8)
  })

  test('anywhere: the others open, what was said to be destroyed does not, and nothing of before stays', async () => {
    const step = Math.max(1, Math.ceil(points.length / sampleSize))
    const taken = points.filter((_, at) => at % step === 0)
    let killed = 0
    for (const point of taken) {
      await withFolder(async (folder) => {
        const { dying, made, living, headers } = await prepared(folder)
        const at = `${point.call} number ${point.nth}`
        const inject = `-einject=${point.call}:signal=KILL:when=${point.nth}`
        const said = traced(['-o/dev/null', inject, `-etrace=${point.call}`], folder, dying, made)
        if (!said.includes('destroyed')) killed += 1
        const keystore = await open(folder)
        expect(opened(keystore, living, headers.living), at).toBe(fileKey.toString('hex'))
        if (said.includes('made')) expect(keystore.stateOf(made), at).toBe('present')
        if (said.includes('destroyed')) expect(keystore.stateOf(dying), at).not.toBe('present')
        // Asked for again, as the hub does at its next start, it is gone.
        await keystore.destroy([dying])
        await keystore.settle(await keystore.confirm())
        expect(opened(keystore, dying, headers.dying), at).toBe('no such KEK')
        expect(keystore.status().pending, at).toEqual([])
        const left = fs.readdirSync(path.join(folder, 'keystore'))
        expect(
          left.filter((name) => /^(keks|store)-/.test(name)),
          at,
        ).toHaveLength(2)
        await keystore.close()
      })
    }
    console.log(`kill -9: ${taken.length} of ${points.length} system calls, ${killed} killed there`)
    expect(killed).toBeGreaterThan(taken.length / 2)
  }, 1_800_000)
})

/** A keystore with a KEK that is to die and one that lives. */
async function prepared(folder: string) {
  const keystore = await open(folder)
  const [dying, living, made] = [newKekId(), newKekId(), newKekId()]
  await keystore.create(dying, scope)
  await keystore.create(living, { ...scope, class: 'plate' })
  const headers = {
    dying: keystore.wrap(dying, fileKey),
    living: keystore.wrap(living, fileKey),
  }
  await keystore.close()
  return { dying, living, made, headers }
}

/** What the child said before its end. */
function traced(options: readonly string[], folder: string, dying: string, made: string): string {
  const child = [process.execPath, program, folder, dying, made]
  const ran = spawnSync(strace ?? 'strace', ['-f', ...options, ...child], {
    encoding: 'utf8',
    // One thread for files: the calls come in the same order in every run.
    env: { ...process.env, UV_THREADPOOL_SIZE: '1', UV_USE_IO_URING: '0' },
  })
  return ran.stdout
}

/** Every call of the thread that made most of its kind: strace counts by thread. */
function pointsIn(trace: string): readonly Point[] {
  const counts = new Map<string, Map<string, number>>()
  for (const [, thread = '', call = ''] of trace.matchAll(/^(\d+) +(\w+)\(/gm)) {
    const byThread = counts.get(call) ?? new Map<string, number>()
    counts.set(call, byThread.set(thread, (byThread.get(thread) ?? 0) + 1))
  }
  return [...counts].flatMap(([call, byThread]) =>
    Array.from({ length: Math.max(...byThread.values()) }, (_, at) => ({ call, nth: at + 1 })),
  )
}
