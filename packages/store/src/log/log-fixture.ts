/** What the tests of the log share: a key, a folder that goes away, and a disk that fails. */

import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'

import { publicKeyOf, sign } from '@sallyport/proof/node/ed25519'
import { noteSigner } from '@sallyport/proof/note'

import { type DurableFiles, nodeFiles } from './durable-files.ts'
import { type LogWriter, openLog } from './log-directory.ts'

export const origin = 'example.gov/sallyport'

export function signerOf(fill: number) {
  const seed = new Uint8Array(32).fill(fill)
  return noteSigner(origin, seed, publicKeyOf(seed), sign)
}

export const signer = signerOf(7)

/** A folder below `parent` for the length of `use`. */
export async function withFolder<T>(
  use: (folder: string) => Promise<T>,
  parent: string = os.tmpdir(),
): Promise<T> {
  const folder = fs.mkdtempSync(path.join(parent, 'sallyport-log-'))
  try {
    return await use(folder)
  } finally {
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

export function open(directory: string, files: DurableFiles = nodeFiles): Promise<LogWriter> {
  return openLog({ directory, origin, signer, files })
}

/** Entry `number`, told apart from every other. */
export function entryOf(number: number): Uint8Array {
  return new TextEncoder().encode(`entry ${number}`)
}

/** Appends entries `from` up to `to` as one batch. */
export async function appendRange(log: LogWriter, from: number, to: number): Promise<void> {
  const numbers = Array.from({ length: to - from }, (_, at) => from + at)
  await Promise.all(numbers.map(async (number) => log.append(entryOf(number))))
}

type Operation = 'write' | 'rename' | 'syncFolder' | 'makeFolder'

/** A disk whose writing operations ask `fails` first; counts them as they come. */
export function failingFiles(
  fails: (operation: Operation, count: number, path: string) => boolean,
): DurableFiles & { readonly count: () => number } {
  let count = 0
  const guard = (operation: Operation, target: string) => {
    count += 1
    if (!fails(operation, count, target)) return
    const error = new Error(`ENOSPC: no space left on device, ${operation}`)
    throw Object.assign(error, { code: 'ENOSPC', syscall: operation })
  }
  return {
    ...nodeFiles,
    count: () => count,
    async write(target, bytes) {
      // A full disk takes what fits: half a file stays behind.
      if (fails('write', count + 1, target)) {
        fs.writeFileSync(target, bytes.subarray(0, bytes.length / 2))
      }
      guard('write', target)
      await nodeFiles.write(target, bytes)
    },
    async rename(from, to) {
      guard('rename', to)
      await nodeFiles.rename(from, to)
    },
    async syncFolder(folder) {
      guard('syncFolder', folder)
      await nodeFiles.syncFolder(folder)
    },
    async makeFolder(folder) {
      guard('makeFolder', folder)
      await nodeFiles.makeFolder(folder)
    },
  }
}
