// Everything CI runs: format, lint, types, dead code, tests. Each step counts as one check; the
// tests count one by one, from the runner's own report.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

process.chdir(fileURLToPath(new URL('..', import.meta.url)))
const bin = path.resolve('node_modules/.bin')
const report = path.resolve('node_modules/.cache/test-report.json')
const environment = { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH ?? ''}` }

const total = { passed: 0, failed: 0, skipped: 0 }

/** @type {ReadonlyArray<readonly [string, string, readonly string[]]>} */
const steps = [
  ['format', 'oxfmt', ['--check', '.']],
  [
    'lint',
    'oxlint',
    ['--type-aware', '--deny-warnings', 'packages', 'test', 'bench', 'scripts', 'specs'],
  ],
  ['types', 'tsc', []],
  ['dead code', 'knip', []],
]
for (const [name, command, parameters] of steps) {
  process.stdout.write(`· ${name}\n`)
  const { status } = spawnSync(command, parameters, {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: environment,
  })
  total[status === 0 ? 'passed' : 'failed'] += 1
  if (status !== 0) process.stdout.write(`✗ ${name} failed\n`)
}

rmSync(report, { force: true })
process.stdout.write('· tests\n')
const { status } = spawnSync(
  'vitest',
  [
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...process.argv.slice(2),
  ],
  { stdio: ['ignore', 'inherit', 'inherit'], env: environment },
)
if (existsSync(report)) {
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, numFailedTestSuites } =
    JSON.parse(readFileSync(report, 'utf8'))
  total.passed += numPassedTests
  total.failed += numFailedTests
  total.skipped += numPendingTests + (numTodoTests ?? 0)
  // A file that could not even be loaded has no tests to count.
  if (numFailedTests === 0 && (numFailedTestSuites > 0 || status !== 0))
    total.failed += Math.max(1, numFailedTestSuites)
} else {
  total.failed += 1
}

process.stdout.write(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`)
process.exit(total.failed === 0 && status === 0 ? 0 : 1)
