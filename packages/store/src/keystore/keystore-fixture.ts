/** What the tests of the keystore share: a folder that goes away, and a disk that fails. */

import * as crypto from 'node:crypto'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'

import { fileHolder, type FileHolderOptions } from './file-holder.ts'
import type { KekScope, Keystore } from './keystore.ts'
import { openKeystore } from './open-keystore.ts'
import { nodeSecretFiles, type SecretFiles } from './secret-files.ts'

export const scope: KekScope = {
  class: 'scene',
  day: '2026-11-22',
  port: 'north-bridge',
  use: 'day',
}

export function newKekId(): string {
  return crypto.randomBytes(16).toString('hex')
}

/** A folder for the length of `use`; the keystore goes into `keystore` below it. */
export async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sallyport-keystore-'))
  try {
    return await use(folder)
  } finally {
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

export type Opening = Partial<Omit<FileHolderOptions, 'folder'>> & {
  readonly copies?: readonly string[]
  readonly reports?: string[]
}

/** Opens the keystore below `folder`, with a root beside it. */
export function open(folder: string, opening: Opening = {}): Promise<Keystore> {
  const { copies = [], reports = [], ...more } = opening
  const keystore = path.join(folder, 'keystore')
  const files = more.files ?? nodeSecretFiles
  return openKeystore({
    folder: keystore,
    copies,
    files,
    now: () => new Date('2026-11-22T10:00:00.000Z'),
    report: (message) => reports.push(message),
    holder: fileHolder({
      folder: keystore,
      passphrase: () => Promise.resolve(null),
      workFactor: 8,
      ...more,
      files,
    }),
  })
}

/** The file key in a stored header, as hex; a word when it does not open. */
export function opened(keystore: Keystore, kek: string, header: Uint8Array): string {
  const unwrapped = keystore.unwrap(kek, header)
  if (unwrapped === null) return 'no such KEK'
  return unwrapped.kind === 'refused'
    ? unwrapped.code
    : Buffer.from(unwrapped.fileKey).toString('hex')
}

/** A disk that fails at its `nth` writing operation, and at every one after when it `stays` broken. */
export function failingFiles(nth: number, code: string, stays = false) {
  let count = 0
  const guard = (operation: string) => {
    count += 1
    if (count === nth || (stays && count > nth))
      throw Object.assign(new Error(`${code}: ${operation}`), { code, syscall: operation })
  }
  const files: SecretFiles = {
    ...nodeSecretFiles,
    async makeFolder(folder) {
      guard('mkdir')
      await nodeSecretFiles.makeFolder(folder)
    },
    async write(file, bytes) {
      // A full disk takes what fits: half a draft stays behind.
      if (count + 1 === nth) fs.writeFileSync(`${file}.draft`, bytes.subarray(0, bytes.length / 2))
      guard('write')
      await nodeSecretFiles.write(file, bytes)
    },
    async erase(file) {
      guard('erase')
      await nodeSecretFiles.erase(file)
    },
  }
  return { files, operations: () => count }
}
