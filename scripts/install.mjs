// Installs what is missing, builds the console when its sources are newer. Plain Node: runs before
// anything is installed. `--test` also makes sure that there is a browser to test with.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
process.chdir(root)

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Sallyport needs Node 20.19 or newer; this is ${process.version}.`)
  process.exit(2)
}

installPackages()
buildConsole()
if (process.argv.includes('--test')) findBrowser()

/** `npm ci` when nothing is installed, or something else than the lock file says. */
function installPackages() {
  const wanted = createHash('sha256').update(readFileSync('package-lock.json')).digest('hex')
  const stamp = 'node_modules/.sallyport-installed'
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  console.error('· Installing packages (once)…')
  // Its GPU build would be downloaded from elsewhere; the CPU build is in the package.
  const environment = {
    ...process.env,
    ONNXRUNTIME_NODE_INSTALL: 'skip',
    npm_config_loglevel: 'error',
  }
  run(
    'npm',
    ['ci', '--no-audit', '--no-fund', ...(process.stderr.isTTY ? [] : ['--progress=false'])],
    environment,
  )
  mkdirSync('node_modules', { recursive: true })
  writeFileSync(stamp, wanted)
}

function buildConsole() {
  const built = newestIn('packages/console/dist', 'oldest')
  const sources = Math.max(
    ...['packages/console/src', 'packages/core/src', 'packages/proof/src'].map((folder) =>
      newestIn(folder, 'newest'),
    ),
    ...['packages/console/index.html', 'packages/console/vite.config.ts', 'package-lock.json'].map(
      (file) => statSync(file).mtimeMs,
    ),
  )
  if (built > sources) return
  console.error('· Building the console…')
  run(
    'npx',
    ['vite', 'build', 'packages/console', '--logLevel', 'warn', '--emptyOutDir'],
    process.env,
  )
}

/** Newest (or oldest) change below a folder, ms; 0 when it is not there. */
function newestIn(folder, which) {
  if (!existsSync(folder)) return 0
  const times = readdirSync(folder, { recursive: true }).map(
    (name) => statSync(path.join(folder, name)).mtimeMs,
  )
  return times.length === 0 ? 0 : which === 'newest' ? Math.max(...times) : Math.min(...times)
}

/** The browser tests are never left out silently: without a Chromium this says how to get one. */
function findBrowser() {
  const names = [
    'chromium',
    'chromium-browser',
    'google-chrome-stable',
    'google-chrome',
    'chrome',
    'microsoft-edge',
  ]
  const places = (process.env.PATH ?? '')
    .split(path.delimiter)
    .flatMap((folder) => names.map((name) => path.join(folder, name)))
  const candidates = [
    process.env.SALLYPORT_CHROMIUM,
    ...places,
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ]
  if (candidates.some((file) => file && isExecutable(file))) return
  console.error(`The browser tests need a Chromium, and none was found.
  Debian, Ubuntu:  sudo apt install chromium
  macOS:           brew install --cask chromium
  elsewhere:       npx playwright-core install --with-deps chromium, then set SALLYPORT_CHROMIUM to its path`)
  process.exit(1)
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function run(command, parameters, environment) {
  const { status, error } = spawnSync(command, parameters, {
    stdio: ['ignore', 2, 2],
    env: environment,
    shell: process.platform === 'win32',
  })
  if (status === 0) return
  console.error(
    `${command} ${parameters.join(' ')} failed${error ? `: ${error.message}` : ''}. Mend that and start again.`,
  )
  process.exit(4)
}
