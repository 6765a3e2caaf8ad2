/** Two walls around a stranger's model: a network namespace of its own, and Node's permission model. */

import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

import { limits } from '../limits.ts'

/** Which walls are put up; both unless a test leaves one out. */
export type Walls = { readonly namespace: boolean; readonly permissions: boolean }

const script = fileURLToPath(new URL('./model-child.mjs', import.meta.url))
const namespaces = ['--net', '--map-root-user', '--ipc', '--uts'] as const
let namespaceWorks: boolean | null = null

/**
 * The command that runs a model behind these walls. It may use so much processor time, and writes no
 * file; where the system gives no namespace that wall is left out, which the process then says itself.
 */
export function walledCommand({ namespace, permissions }: Walls): readonly string[] {
  const require = createRequire(import.meta.url)
  const runtime = path.dirname(require.resolve('onnxruntime-web'))
  const common = createRequire(require.resolve('onnxruntime-web')).resolve('onnxruntime-common')
  // Without a bound a model that never ends would outlive a hub that is killed.
  const bounds = `ulimit -t ${limits.candidateCpuSecondsMax}; ulimit -c 0; ulimit -f 0; exec "$@"`
  return [
    '/bin/sh',
    '-c',
    bounds,
    'sh',
    ...(namespace && hasNamespaces() ? ['unshare', ...namespaces] : []),
    process.execPath,
    ...(permissions
      ? [
          permissionFlag(),
          `--allow-fs-read=${script}`,
          `--allow-fs-read=${runtime}${path.sep}`,
          `--allow-fs-read=${packageFolder(common)}${path.sep}`,
        ]
      : []),
    '--no-warnings',
    '--max-old-space-size=256',
    script,
    runtime,
  ]
}

/** Whether this system lets the hub's user make a network namespace. Asked once. */
function hasNamespaces(): boolean {
  namespaceWorks ??=
    process.platform === 'linux' &&
    spawnSync('unshare', [...namespaces, 'true'], { stdio: 'ignore', timeout: 10_000 }).status === 0
  return namespaceWorks
}

function permissionFlag(): string {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const settled = major > 23 || (major === 23 && minor >= 5) || (major === 22 && minor >= 13)
  return settled ? '--permission' : '--experimental-permission'
}

/** `…/node_modules/name` of a file within. */
function packageFolder(file: string): string {
  return file.slice(
    0,
    file.indexOf(path.sep, file.lastIndexOf('node_modules') + 'node_modules/'.length),
  )
}
