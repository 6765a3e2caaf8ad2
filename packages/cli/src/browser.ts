/** Shows an address in the person's browser, where there is one. Never fails. */

import { spawn } from 'node:child_process'

export async function openInBrowser(
  url: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<void> {
  const { platform } = process
  const hasScreen =
    platform !== 'linux' || (environment['DISPLAY'] ?? environment['WAYLAND_DISPLAY']) !== undefined
  if (!hasScreen || environment['CI'] !== undefined) return
  const [program, ...parameters] =
    platform === 'darwin'
      ? ['open', url]
      : platform === 'win32'
        ? ['cmd', '/c', 'start', '', url]
        : ['xdg-open', url]
  const child = spawn(program ?? 'xdg-open', parameters, { stdio: 'ignore', detached: true })
  child.on('error', () => undefined)
  child.unref()
}
