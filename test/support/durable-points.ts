/**
 * The system calls of a piece of work that change what a crash leaves: those that write to files below
 * its folder, and those that send a statement to the database. Node's wake-ups of its own threads are
 * system calls too, half of all, and change nothing: a kill there is a kill at the next call here.
 */

import { readFile } from 'node:fs/promises'
import path from 'node:path'

import { attach, injectAt, type Point, type Tracer } from './strace.ts'

/** `below`: only calls on these files of the folder count; null: calls on sockets. */
export type DurablePoint = Point & { readonly below: readonly string[] | null }

const fileCalls = [
  'openat',
  'write',
  'pwrite64',
  'writev',
  'fdatasync',
  'fsync',
  'rename',
  'unlink',
  'mkdir',
  'rmdir',
  'ftruncate',
] as const
const mayWrite = /O_(?:WRONLY|RDWR|CREAT)/

/** Those of `work`, which the process `pid` does on the files of `folder`. */
export async function durablePoints(
  { pid, data }: { readonly pid: number; readonly data: string },
  out: string,
  work: () => Promise<void>,
): Promise<{ readonly points: readonly DurablePoint[]; readonly calls: number }> {
  const tracer = await attach(pid, ['-y', '-s0', `-etrace=${fileCalls.join(',')}`, `-o${out}`])
  await work()
  await tracer.detach()
  const files = new Set<string>()
  const counts = new Map<string, number>()
  const taken: { call: string; nth: number; isFile: boolean }[] = []
  let calls = 0
  for (const line of (await readFile(out, 'utf8')).split('\n')) {
    const [, thread = '', call = ''] = /^(\d+) +(\w+)\(/.exec(line) ?? []
    if (call === '') continue
    calls += 1
    const named = [...line.matchAll(/["<]([^">]+)[">]/g)].flatMap(([, name = '']) =>
      name === data || name.startsWith(`${data}/`) ? [path.relative(data, name)] : [],
    )
    for (const name of named) files.add(name)
    const isFile = named.length > 0
    const isQuery = call === 'writev' && /^\d+ +\w+\(\d+<socket:/.test(line)
    if (!isFile && !isQuery) continue
    // As strace counts: by thread, among the calls that it is to look at.
    const key = `${call} ${thread} ${isFile}`
    const nth = (counts.get(key) ?? 0) + 1
    counts.set(key, nth)
    if (call !== 'openat' || mayWrite.test(line)) taken.push({ call, nth, isFile })
  }
  const below = [...files]
  return {
    calls,
    points: taken.map(({ call, nth, isFile }) => ({
      call,
      nth,
      error: null,
      below: isFile ? below : null,
    })),
  }
}

/** Like `injectAt`, on another copy of the folder. */
export function injectIn(
  { pid, data }: { readonly pid: number; readonly data: string },
  { below, ...point }: DurablePoint,
): Promise<Tracer> {
  return injectAt(
    pid,
    point,
    (below ?? []).map((name) => path.join(data, name)),
  )
}

const failures: Readonly<Record<string, readonly string[]>> = {
  openat: ['ENOSPC'],
  write: ['ENOSPC', 'EIO'],
  writev: ['ENOSPC', 'EIO'],
  pwrite64: ['ENOSPC'],
  fdatasync: ['EIO'],
  fsync: ['EIO'],
  rename: ['EIO'],
  unlink: ['EIO'],
  ftruncate: ['EIO'],
  mkdir: ['ENOSPC'],
}

/** The same calls as failures of the disk; those to the database are none. */
export function failuresAt(points: readonly DurablePoint[]): readonly DurablePoint[] {
  return points.flatMap((point) =>
    point.below === null ? [] : (failures[point.call] ?? []).map((error) => ({ ...point, error })),
  )
}
