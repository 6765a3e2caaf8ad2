/** The embedded server that a hub runs, for another process beside that hub. */

import { readFile } from 'node:fs/promises'
import path from 'node:path'

import { type DatabaseAddress } from './database.ts'
import { serverRole } from './embedded.ts'

/** Where the server of `directory` listens, as it wrote itself; null when it wrote nothing. */
export async function runningServerAddress(directory: string): Promise<DatabaseAddress | null> {
  const text = await readFile(path.join(directory, 'postmaster.pid'), 'utf8').catch(() => '')
  const [, , , port = '', socketFolder = ''] = text.split('\n')
  if (!/^\d+$/.test(port) || socketFolder === '') return null
  return {
    kind: 'socket',
    directory: socketFolder,
    port: Number(port),
    user: serverRole,
    database: serverRole,
  }
}
