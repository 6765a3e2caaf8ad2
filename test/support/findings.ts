/** What a check of a hub's rows, vault and log against each other finds. */

import path from 'node:path'

import { fsck } from '@sallyport/store/fsck'
import { folderTiles } from '@sallyport/store/log/folder-tiles'

import type { TestHub } from './hub.ts'

export async function findingsOf({ hub, data }: Pick<TestHub, 'hub' | 'data'>) {
  const { db, vault, journal } = hub.parts
  const log = folderTiles(path.join(data, 'log'))
  return (await fsck({ db, vault, log, vkey: journal.vkey })).findings
}
