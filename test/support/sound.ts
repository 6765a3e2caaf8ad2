/** Rows, vault and log as the disk has them at this moment, held against each other. */

import { readFile } from 'node:fs/promises'
import path from 'node:path'

import { fsck } from '@sallyport/store/fsck'
import type { FsckReport } from '@sallyport/store/fsck-report'
import { folderTiles } from '@sallyport/store/log/folder-tiles'
import { openDatabase } from '@sallyport/store/postgres/database'
import { vaultReader } from '@sallyport/store/vault/segments'
import { expect } from 'vitest'

import type { TestDatabase } from './database.ts'

/** Fails, saying `at`, unless fsck finds nothing. Answers what it counted. */
export async function expectAgreement(
  data: string,
  database: TestDatabase,
  at: string,
): Promise<FsckReport['counts']> {
  const db = openDatabase({ kind: 'url', url: database.url })
  try {
    const vkey = (await readFile(path.join(data, 'log/vkey'), 'utf8')).trim()
    const log = folderTiles(path.join(data, 'log'))
    const vault = vaultReader(path.join(data, 'vault'))
    const { findings, counts } = await fsck({ db, vault, log, vkey })
    expect(findings, at).toEqual([])
    return counts
  } finally {
    await db.destroy()
  }
}
