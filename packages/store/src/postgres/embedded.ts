/**
 * A private PostgreSQL: real server, own files, reachable through a socket in a folder that only its
 * user (and root) may enter. Listens on no network address.
 */

import { execFile, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { chmod, chown, mkdir, mkdtemp, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'

import { sql } from 'kysely'

import { databaseDirectory, serverBinaries, type ServerUser, serverUser } from './binaries.ts'
import { type DatabaseAddress, openDatabase } from './database.ts'

const run = promisify(execFile)

export type EmbeddedServer = {
  readonly address: Extract<DatabaseAddress, { kind: 'socket' }>
  /** The server's process id at the moment, for those who test its death. */
  pid(): number
  /** Ends the server in order; waits until it has. */
  stop(): Promise<void>
}

export type EmbeddedOptions = {
  /** Folder for the database files; made when missing. */
  readonly directory: string
  /** Told what is going on when it may take longer than a second. */
  readonly progress?: (step: string) => void
  /** Told when the server died and was started again. */
  readonly report?: (message: string) => void
}

const serverPort = 5432
export const serverRole = 'sallyport'
/** A socket path longer than this is refused by the kernel (sun_path, with the file name in it). */
const socketFolderLengthMax = 80
const startMsMax = 60_000
const stopMsMax = 60_000
const watchMs = 250
const restartWaitMsMax = 30_000

/** Starts (or takes over, when its hub was killed) the server of `directory`; again when it dies. */
export async function startEmbeddedServer(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const user = await serverUser()
  const binaries = await serverBinaries(user)
  const files = await databaseDirectory(path.resolve(options.directory), user)
  if (!(await exists(path.join(files, 'PG_VERSION')))) {
    options.progress?.('Creating the database (once)…')
    await createCluster(binaries, files, user)
  }
  const running = await runningServer(files)
  const socketFolder = running?.socketFolder ?? (await chooseSocketFolder(files, user))
  const start = () => launch(binaries, files, socketFolder, user)
  let pid = running?.pid ?? (await start())
  const address = {
    kind: 'socket',
    directory: socketFolder,
    port: serverPort,
    user: serverRole,
    database: 'postgres',
  } as const
  await untilReady(address, () => pid, files)
  const database = await ensureDatabase(address)

  let watching = true
  let failures = 0
  let nextTryAt = 0
  let restarting: Promise<void> = Promise.resolve()
  const watch = setInterval(() => {
    if (!watching || isAlive(pid) || Date.now() < nextTryAt) return
    watching = false
    restarting = restart().finally(() => (watching = true))
  }, watchMs)
  watch.unref()

  async function restart(): Promise<void> {
    options.report?.('database: the server died; starting it again')
    try {
      pid = await start()
      await untilReady(address, () => pid, files)
      failures = 0
    } catch (error) {
      failures += 1
      nextTryAt = Date.now() + Math.min(restartWaitMsMax, watchMs * 2 ** failures)
      // Its last processes may still hold the shared memory: the next round tries again.
      options.report?.(`database: ${error instanceof Error ? error.message : String(error)}`)
    }
  }

  return {
    address: { ...address, database },
    pid: () => pid,
    async stop() {
      clearInterval(watch)
      await restarting
      await stopServer(pid)
      if (socketFolder !== files) await rm(socketFolder, { recursive: true, force: true })
    },
  }
}

async function createCluster(
  binaries: string,
  files: string,
  user: ServerUser | null,
): Promise<void> {
  // Made beside and renamed: a start that is cut off leaves no half database behind.
  const draft = `${files}.new`
  await rm(draft, { recursive: true, force: true })
  await mkdir(draft, { recursive: true, mode: 0o700 })
  await chmod(draft, 0o700)
  if (user !== null) await chown(draft, user.uid, user.gid)
  try {
    await run(
      path.join(binaries, 'bin', 'initdb'),
      [
        '-D',
        draft,
        '-U',
        serverRole,
        '--auth=trust',
        '--encoding=UTF8',
        '--locale=C',
        '--no-instructions',
      ],
      { ...asUser(user), cwd: draft },
    )
    await rename(draft, files)
  } catch (error) {
    const output =
      error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error)
    throw new Error(
      `The database could not be created in ${files}: ${output.split('\n').at(-1) ?? ''}`,
      { cause: error },
    )
  }
}

async function launch(
  binaries: string,
  files: string,
  socketFolder: string,
  user: ServerUser | null,
): Promise<number> {
  // Query texts and parameters hold plates: the server's own log must never repeat them.
  const settings = {
    listen_addresses: '',
    port: serverPort,
    unix_socket_directories: socketFolder,
    unix_socket_permissions: '0700',
    max_connections: 40,
    shared_buffers: '64MB',
    log_min_error_statement: 'panic',
    log_parameter_max_length_on_error: 0,
    log_error_verbosity: 'terse',
    // An error's own message quotes what it could not take; the hub is told of it anyway.
    log_min_messages: 'log',
  }
  const log = await open(path.join(files, 'server.log'), 'a', 0o600)
  try {
    const child = spawn(
      path.join(binaries, 'bin', 'postgres'),
      [
        '-D',
        files,
        ...Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]),
      ],
      // Its own process group: an interrupt at the terminal goes to the hub, which stops it in order.
      { ...asUser(user), cwd: files, detached: true, stdio: ['ignore', log.fd, log.fd] },
    )
    const failed = new Promise<never>((_, reject) => child.once('error', reject))
    await Promise.race([failed, new Promise<void>((resolve) => child.once('spawn', resolve))])
    child.unref()
    return child.pid ?? 0
  } finally {
    await log.close()
  }
}

/** The server that still runs on these files although its hub is gone, if there is one. */
async function runningServer(files: string): Promise<{ pid: number; socketFolder: string } | null> {
  let lines: string[]
  try {
    lines = (await readFile(path.join(files, 'postmaster.pid'), 'utf8')).split('\n')
  } catch {
    return null
  }
  const pid = Number(lines[0])
  const socketFolder = lines[4] ?? ''
  if (!Number.isInteger(pid) || pid <= 0 || socketFolder === '' || !isAlive(pid)) return null
  if (await isServer(pid)) return { pid, socketFolder }
  // The pid of a server that was killed belongs to somebody else by now. The server would take that
  // for its predecessor and refuse to start; the directory's lock is ours, so there is none.
  await rm(path.join(files, 'postmaster.pid'), { force: true })
  return null
}

/** Whether a process runs PostgreSQL, and not something that got the number of one that did. */
async function isServer(pid: number): Promise<boolean> {
  const { stdout } = await run('ps', ['-p', String(pid), '-o', 'comm=']).catch(async () => ({
    // A slim container has no ps.
    stdout: await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => ''),
  }))
  return stdout.includes('postgres')
}

async function chooseSocketFolder(files: string, user: ServerUser | null): Promise<string> {
  if (files.length <= socketFolderLengthMax) return files
  const folder = await mkdtemp(path.join(tmpdir(), 'sallyport-db-'))
  if (user !== null) await chown(folder, user.uid, user.gid)
  return folder
}

async function untilReady(
  address: DatabaseAddress,
  pid: () => number,
  files: string,
): Promise<void> {
  const deadline = performance.now() + startMsMax
  for (;;) {
    const db = openDatabase(address)
    try {
      await sql`select 1`.execute(db)
      return
    } catch (error) {
      if (!isAlive(pid()))
        throw new Error(
          `The database server ended at once; see ${path.join(files, 'server.log')}.`,
          { cause: error },
        )
      if (performance.now() > deadline)
        throw new Error(`The database server did not answer within ${startMsMax / 1000} s.`, {
          cause: error,
        })
      await sleep(25)
    } finally {
      await db.destroy()
    }
  }
}

async function ensureDatabase(
  address: Extract<DatabaseAddress, { kind: 'socket' }>,
): Promise<string> {
  const db = openDatabase(address)
  try {
    const { rows } = await sql`select 1 from pg_database where datname = ${serverRole}`.execute(db)
    if (rows.length === 0) await sql`create database ${sql.id(serverRole)}`.execute(db)
    return serverRole
  } finally {
    await db.destroy()
  }
}

/** SIGINT is PostgreSQL's "fast" shutdown: it rolls back, writes a checkpoint and ends. */
async function stopServer(pid: number): Promise<void> {
  const deadline = performance.now() + stopMsMax
  if (isAlive(pid)) process.kill(pid, 'SIGINT')
  while (isAlive(pid)) {
    if (performance.now() > deadline)
      throw new Error(`The database server (process ${pid}) did not end.`)
    await sleep(20)
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !isZombie(pid)
  } catch {
    return false
  }
}

/** A killed child that nobody waited for still has a pid, but runs nothing. */
function isZombie(pid: number): boolean {
  try {
    return /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

function asUser(user: ServerUser | null): { uid?: number; gid?: number } {
  return user === null ? {} : { uid: user.uid, gid: user.gid }
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  )
}
