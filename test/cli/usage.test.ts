/** Help and wrong use: every command explains itself, and a mistake is told with the way out. */

import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { lockDirectory } from '@sallyport/proof/node/directory-lock'
import { expect, test } from 'vitest'

import { sallyport } from '../support/command.ts'

const commands = [
  ['demo'],
  ['hub'],
  ['lane'],
  ['lane', 'enrol'],
  ['lane', 'run'],
  ['read'],
  ['log'],
  ['log', 'verify'],
  ['fsck'],
  ['sign-in'],
  ['open'],
  ['watch', 'add'],
  ['webhook', 'add'],
  ['doctor'],
]

test('--help lists the commands and the exit codes', async () => {
  const { code, stdout } = await sallyport(['--help'])
  expect(code).toBe(0)
  for (const name of ['demo', 'hub', 'lane', 'read', 'log', 'fsck', 'doctor']) {
    expect(stdout).toMatch(new RegExp(`^  ${name}\\b.* \\S`, 'm'))
  }
  expect(stdout).toMatch(
    /0 done · 1 the answer is no · 2 wrong use · 3 refused by policy · 4 the system failed/,
  )
})

test.each(commands.map((words) => [words.join(' '), words] as const))(
  '%s --help says what it does and takes',
  async (name, words) => {
    const { code, stdout } = await sallyport([...words, '--help'])
    expect(code).toBe(0)
    expect(stdout).toContain(`Usage: sallyport ${name}`)
    // A sentence, not only options.
    expect(stdout.split('\n').filter((line) => /^[a-z].{15,}/.test(line)).length).toBeGreaterThan(0)
  },
)

test('--version', async () => {
  const { code, stdout } = await sallyport(['--version'])
  expect([code, stdout.trim()]).toEqual([0, expect.stringMatching(/^\d+\.\d+\.\d+$/)])
})

test.each<[string, readonly string[], RegExp]>([
  ['no command at all', [], /Usage: sallyport/],
  ['a command that is none', ['serve'], /unknown command 'serve'/],
  ['a slip of the keyboard', ['docter'], /Did you mean doctor\?/],
  [
    'an option that is none',
    ['hub', '--prot', '80'],
    /unknown option '--prot'.*Did you mean --port\?/s,
  ],
  ['a port that is no number', ['hub', '--port', 'http'], /'http' is not a whole number/],
  ['a port beyond the last', ['hub', '--port', '70000'], /port/],
  ['nothing to read', ['read'], /missing required argument/],
  ['a picture that is not there', ['read', '/nowhere/x.jpg'], /\/nowhere\/x\.jpg is not there/],
  ['an answer format that is none', ['read', '.', '--format', 'xml'], /openalpr, platerecognizer/],
  ['a lane without a source', ['lane', 'run'], /No camera is kept in .*--source.*lane add/],
  ['a source that is none', ['lane', 'run', '--source', 'tape:1'], /drawn:SEED, folder:DIR/],
  ['a log that is not there', ['log', 'verify', '/nowhere'], /\/nowhere is no log directory/],
  ['a folder without a log', ['log', 'verify', 'docs'], /vkey|checkpoint|no log/],
  ['data that are none', ['fsck', '--data', '/nowhere'], /\/nowhere is no data directory.*--data/],
  [
    'photographs that are not there',
    ['demo', '--photos', '/nowhere', '--no-open'],
    /no folder of photographs/,
  ],
])('%s exits with 2 and a hint', async (_name, words, hint) => {
  const { code, stdout, stderr } = await sallyport(words)
  expect({ code, stderr: hint.test(stderr) ? 'a hint' : stderr }).toEqual({
    code: 2,
    stderr: 'a hint',
  })
  // Results only go to stdout, and there is none.
  expect(stdout).toBe('')
  expect(stderr).not.toMatch(/\n\s+at /)
})

test('a wrong settings file exits with 2 and names the key', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'sallyport-cli-'))
  await writeFile(path.join(folder, 'sallyport.toml'), 'host = "0.0.0.0"\n')
  const { code, stderr } = await sallyport(['hub'], { cwd: folder })
  expect(code).toBe(2)
  expect(stderr).toMatch(/Setting host: .*behind_proxy/)
  await rm(folder, { recursive: true })
})

/** A hub that nobody is to be asked about. */
const inClear = { environment: { SALLYPORT_ROOT_IN_CLEAR: 'true' } }

test('a first start with nobody to ask makes no root in clear by itself, and says what to do', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'sallyport-cli-'))
  const { code, stderr } = await sallyport(['hub', '--data', folder])
  expect(code).toBe(2)
  expect(stderr).toMatch(/SALLYPORT_ROOT_PASSPHRASE.*root_in_clear = true/)
  expect(await readdir(folder)).toEqual([])
  await rm(folder, { recursive: true })
})

test('a port that is taken exits with 4: the system failed, not the person', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'sallyport-cli-'))
  const taken = createServer()
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
  const address = taken.address()
  const port = typeof address === 'object' ? String(address?.port) : ''
  try {
    const { code, stderr } = await sallyport(['hub', '--data', folder, '--port', port], inClear)
    expect(code).toBe(4)
    expect(stderr).toMatch(new RegExp(`Port ${port} is in use.*--port`))
  } finally {
    taken.close()
    await rm(folder, { recursive: true, force: true })
  }
})

test('data that another process has exit with 4 and name it', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'sallyport-cli-'))
  const lock = lockDirectory(folder)
  expect(lock.kind).toBe('locked')
  const { code, stderr } = await sallyport(['hub', '--data', folder], inClear)
  expect(code).toBe(4)
  expect(stderr).toMatch(new RegExp(`in use by process ${process.pid}\\. End it first.*--data`))
  if (lock.kind === 'locked') lock.release()
  await rm(folder, { recursive: true, force: true })
})

test('a database that does not answer exits with 4', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'sallyport-cli-'))
  const url = 'postgresql://nobody@localhost:1/none'
  const { code, stderr } = await sallyport(
    ['hub', '--data', folder, '--database-url', url],
    inClear,
  )
  expect(code).toBe(4)
  expect(stderr).toMatch(/does not answer.*database_url/)
  await rm(folder, { recursive: true, force: true })
})
