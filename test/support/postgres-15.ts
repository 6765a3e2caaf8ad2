/** Debian's own PostgreSQL, started for one test in a folder of its own. */

import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chown, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'

import { openDatabase, serverVersion } from '@sallyport/store/postgres/database'

const run = promisify(execFile)

export type DebianServer = { readonly url: string; stop(): Promise<void> }

/** Starts the server whose programs lie in `binaries`; as the user `postgres` when this is root. */
export async function startDebianServer(binaries: string): Promise<DebianServer> {
  const as = await serverUser()
  const folder = await mkdtemp(path.join(tmpdir(), 'sp-pg15-'))
  if (as !== null) await chown(folder, as.uid, as.gid)
  const files = path.join(folder, 'db')
  const options = { ...as, cwd: folder }
  await run(
    path.join(binaries, 'initdb'),
    ['-D', files, '-U', 'tester', '--auth=trust', '--encoding=UTF8', '--locale=C'],
    options,
  )
  const server = spawn(
    path.join(binaries, 'postgres'),
    ['-D', files, '-k', folder, '-c', 'listen_addresses=', '-c', 'port=5432'],
    { ...options, stdio: 'ignore' },
  )
  const ended = once(server, 'exit')
  const url = `postgresql://tester@localhost:5432/postgres?host=${encodeURIComponent(folder)}`
  await untilReady(url)
  return {
    url,
    async stop() {
      server.kill('SIGINT')
      await ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** PostgreSQL does not run as root; Debian's package brings a user for it. */
async function serverUser(): Promise<{ uid: number; gid: number } | null> {
  if (process.getuid?.() !== 0) return null
  const passwd = await readFile('/etc/passwd', 'utf8')
  const [, , uid, gid] = /^postgres:.*$/m.exec(passwd)?.[0].split(':') ?? []
  if (uid === undefined || gid === undefined)
    throw new Error('there is no user postgres: apt install postgresql')
  return { uid: Number(uid), gid: Number(gid) }
}

async function untilReady(url: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    const db = openDatabase({ kind: 'url', url })
    try {
      await serverVersion(db)
      return
    } catch (error) {
      if (attempt > 200) throw error
      await sleep(100)
    } finally {
      await db.destroy()
    }
  }
}
