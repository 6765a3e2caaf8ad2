/** A PKCS#11 token of SoftHSM in a folder of its own: software, and otherwise as an HSM. For tests. */

import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'

import { needTool } from '../../../../test/support/tools.ts'
import type { HolderServer } from './holder-servers.ts'

export const tokenPin = '1234'

const label = 'sallyport'
const modules = [
  '/usr/lib/softhsm/libsofthsm2.so',
  '/usr/lib64/softhsm/libsofthsm2.so',
  '/opt/homebrew/lib/softhsm/libsofthsm2.so',
]
const softhsm = modules.find((file) => fs.existsSync(file))

export const hasToken =
  softhsm !== undefined &&
  needTool('softhsm2-util', 'softhsm2') !== null &&
  needTool('pkcs11-tool', 'opensc') !== null

export async function startToken(): Promise<HolderServer> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sallyport-token-'))
  const tokens = path.join(folder, 'tokens')
  const settings = path.join(folder, 'softhsm2.conf')
  fs.mkdirSync(tokens)
  fs.writeFileSync(settings, `directories.tokendir = ${tokens}\nobjectstore.backend = file\n`)
  const environment = { PATH: process.env['PATH'] ?? '', SOFTHSM2_CONF: settings }
  const run = (tool: string, args: readonly string[]) =>
    execFileSync(tool, args, { env: { ...environment, PIN: tokenPin }, stdio: 'pipe' }).toString()
  const pins = ['--pin', tokenPin, '--so-pin', '4321']
  run('softhsm2-util', ['--init-token', '--free', '--label', label, ...pins])
  const module = softhsm ?? ''
  const login = ['--module', module, '--token-label', label, '--login', '--pin', 'env:PIN']
  return {
    url: `${module}?token=${label}`,
    environment,
    usable: () =>
      run('pkcs11-tool', [...login, '--list-objects', '--type', 'secrkey']).match(/ID:/g)?.length ??
      0,
    passTime: () => undefined,
    stop() {
      fs.rmSync(folder, { recursive: true, force: true })
      return Promise.resolve()
    },
  }
}
