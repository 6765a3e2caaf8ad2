import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { lockDirectory } from './directory-lock.ts'

let directory = ''
const children: ChildProcess[] = []

beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'lock-'))
})

afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
  }
  fs.rmSync(directory, { recursive: true, force: true })
})

/** A process that tries to lock the directory, says how it went, and waits to be killed. */
function contender(): { child: ChildProcess; answer: Promise<string> } {
  const module = new URL('./directory-lock.ts', import.meta.url).href
  const program = `
    import { lockDirectory } from ${JSON.stringify(module)}
    const lock = lockDirectory(process.argv[1])
    console.log(lock.kind === 'locked' ? 'locked' : lock.code)
    setInterval(() => {}, 1000)`
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '-e', program, directory],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  children.push(child)
  const answer = new Promise<string>((resolve, reject) => {
    child.stdout?.once('data', (data: Buffer) => resolve(data.toString().trim()))
    child.once('exit', () => reject(new Error('the contender ended without an answer')))
  })
  return { child, answer }
}

test('a second process is refused while the first lives, and served after it was killed', async () => {
  const first = contender()
  expect(await first.answer).toBe('locked')
  const refused = lockDirectory(directory)
  expect(refused).toMatchObject({ kind: 'refused', code: 'directory_in_use' })
  expect(refused.kind === 'refused' && refused.detail).toContain(String(first.child.pid))
  first.child.kill('SIGKILL')
  await once(first.child, 'exit')
  expect(lockDirectory(directory).kind).toBe('locked')
}, 30_000)

test('of several processes that find a dead lock at once, exactly one takes it', async () => {
  fs.writeFileSync(
    path.join(directory, '.lock'),
    JSON.stringify({ pid: 2 ** 22 + 1, started: null, token: 'dead' }),
  )
  const answers = await Promise.all(Array.from({ length: 4 }, () => contender().answer))
  expect(answers.toSorted()).toEqual([
    'directory_in_use',
    'directory_in_use',
    'directory_in_use',
    'locked',
  ])
}, 60_000)

test('the same process cannot lock twice, and can again after release', () => {
  const lock = lockDirectory(directory)
  expect(lock.kind).toBe('locked')
  expect(lockDirectory(directory)).toMatchObject({ code: 'directory_in_use' })
  if (lock.kind === 'locked') {
    lock.release()
    lock.release()
  }
  expect(lockDirectory(directory).kind).toBe('locked')
  expect(fs.readdirSync(directory)).toEqual(['.lock'])
})

test.skipIf(process.platform !== 'linux')(
  'a pid that was given to another process since does not hold the lock',
  () => {
    const owner = { pid: process.pid, started: 'another boot 12345', token: 'old' }
    fs.writeFileSync(path.join(directory, '.lock'), JSON.stringify(owner))
    expect(lockDirectory(directory).kind).toBe('locked')
  },
)

test('releasing does not remove a lock that somebody else took over', () => {
  const lock = lockDirectory(directory)
  const other = JSON.stringify({ pid: process.pid, started: null, token: 'other' })
  fs.writeFileSync(path.join(directory, '.lock'), other)
  if (lock.kind === 'locked') lock.release()
  expect(fs.readFileSync(path.join(directory, '.lock'), 'utf8')).toBe(other)
})

test.each([
  ['not JSON', 'hello'],
  ['an empty file', ''],
  ['no pid', '{"token":"a","started":null}'],
  ['a pid that would signal a group', '{"pid":-1,"token":"a","started":null}'],
  ['far too long', 'x'.repeat(4096)],
])('a lock file with %s is refused, not overwritten', (_, content) => {
  fs.writeFileSync(path.join(directory, '.lock'), content)
  expect(lockDirectory(directory)).toMatchObject({ kind: 'refused', code: 'directory_unusable' })
  expect(fs.readFileSync(path.join(directory, '.lock'), 'utf8')).toBe(content)
})

test('a directory that does not exist is unusable', () => {
  expect(lockDirectory(path.join(directory, 'none'))).toMatchObject({ code: 'directory_unusable' })
})

test('a guard left by a process that was killed while taking over does not block for ever', () => {
  const dead = JSON.stringify({ pid: 2 ** 22 + 1, started: null, token: 'dead' })
  fs.writeFileSync(path.join(directory, '.lock'), dead)
  const guard = path.join(directory, '.lock-takeover')
  fs.writeFileSync(guard, '')
  expect(lockDirectory(directory)).toMatchObject({ code: 'directory_in_use' })
  fs.utimesSync(guard, new Date(Date.now() - 60_000), new Date(Date.now() - 60_000))
  expect(lockDirectory(directory).kind).toBe('locked')
})
