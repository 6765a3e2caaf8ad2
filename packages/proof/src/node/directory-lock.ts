/**
 * One process owns a data directory. The lock is a file that names its owner; the kernel does not
 * release it for a process that was killed, so a lock whose owner is gone is taken over.
 */

import { randomBytes } from 'node:crypto'
import * as fs from 'node:fs'
import * as path from 'node:path'

import { type Refused, refuse } from '../refusal.ts'

export type DirectoryLock = {
  readonly kind: 'locked'
  /** Gives the directory back. Harmless when called twice. */
  release(): void
}

export type LockRefusal = 'directory_in_use' | 'directory_unusable'

type Owner = {
  readonly pid: number
  /** When the process started, as the system counts it; tells a reused pid from the old owner. */
  readonly started: string | null
  readonly token: string
}

const lockName = '.lock'
const guardName = '.lock-takeover'
/** The takeover is a handful of system calls; a guard this old belongs to a killed process. */
const guardStaleMs = 10_000
const ownerBytesMax = 1024

/**
 * Locks `directory`, which must exist, for this process. Refuses with `directory_in_use` (naming the
 * pid) while its owner lives, and with `directory_unusable` when the lock cannot be read or written.
 */
export function lockDirectory(directory: string): DirectoryLock | Refused<LockRefusal> {
  const file = path.join(directory, lockName)
  const mine: Owner = {
    pid: process.pid,
    started: startOf(process.pid),
    token: randomBytes(16).toString('hex'),
  }
  try {
    if (!place(file, mine)) {
      const held = takeOver(file, path.join(directory, guardName), mine)
      if (held !== null) return held
    }
  } catch (error) {
    return refuse('directory_unusable', `${file}: ${codeOf(error)}`)
  }
  return {
    kind: 'locked',
    release() {
      try {
        const owner = ownerOf(file)
        const stillMine = owner !== null && owner !== 'unreadable' && owner.token === mine.token
        if (stillMine) fs.unlinkSync(file)
      } catch {
        // Gone already, or the disk is: the next owner finds this pid dead.
      }
    },
  }
}

/** Creates the lock with its whole content at once; false when there is one already. */
function place(file: string, owner: Owner): boolean {
  const draft = `${file}.${owner.token}`
  fs.writeFileSync(draft, JSON.stringify(owner), { flag: 'wx', mode: 0o600 })
  try {
    fs.linkSync(draft, file)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  } finally {
    fs.unlinkSync(draft)
  }
}

/** Replaces a dead owner's lock; null when that worked. Only one process at a time may try. */
function takeOver(file: string, guard: string, mine: Owner): Refused<LockRefusal> | null {
  const held = ownerOf(file)
  if (held === 'unreadable') return refuse('directory_unusable', `${file} is not a lock of ours.`)
  if (held !== null && lives(held)) return inUse(file, held.pid)
  if (!enterGuard(guard)) return inUse(file, held?.pid ?? 0)
  try {
    // Somebody else may have taken over between the look and the guard.
    const now = ownerOf(file)
    if (now === 'unreadable') return refuse('directory_unusable', `${file} is not a lock of ours.`)
    if (now !== null) {
      if (lives(now)) return inUse(file, now.pid)
      fs.unlinkSync(file)
    }
    return place(file, mine) ? null : inUse(file, 0)
  } finally {
    fs.rmSync(guard, { force: true })
  }
}

function enterGuard(guard: string): boolean {
  for (const last of [false, true]) {
    try {
      fs.writeFileSync(guard, '', { flag: 'wx', mode: 0o600 })
      return true
    } catch (error) {
      if (codeOf(error) !== 'EEXIST' || last) return false
      const age = Date.now() - (fs.statSync(guard, { throwIfNoEntry: false })?.mtimeMs ?? 0)
      if (age < guardStaleMs) return false
      fs.rmSync(guard, { force: true })
    }
  }
  return false
}

function ownerOf(file: string): Owner | null | 'unreadable' {
  let text: string
  try {
    if (fs.statSync(file).size > ownerBytesMax) return 'unreadable'
    text = fs.readFileSync(file, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  }
  try {
    const { pid, started, token } = JSON.parse(text) as Record<string, unknown>
    const known = Number.isSafeInteger(pid) && Number(pid) > 0 && typeof token === 'string'
    if (!known || (typeof started !== 'string' && started !== null)) return 'unreadable'
    return { pid: Number(pid), started, token }
  } catch {
    return 'unreadable'
  }
}

function lives({ pid, started }: Owner): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    if (codeOf(error) !== 'EPERM') return false
  }
  const now = startOf(pid)
  return started === null || now === null || now === started
}

/** Boot id and start tick of a process; null where the system does not tell (other than Linux). */
function startOf(pid: number): string | null {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const boot = fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    return fields[19] === undefined ? null : `${boot} ${fields[19]}`
  } catch {
    return null
  }
}

function inUse(file: string, pid: number): Refused<LockRefusal> {
  const who = pid > 0 ? `process ${pid}` : 'another process'
  return refuse('directory_in_use', `${path.dirname(file)} is in use by ${who}.`)
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}
