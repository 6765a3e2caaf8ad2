/** `sallyport doctor`: what this machine has, what is missing, what to do about it. */

import { execFile } from 'node:child_process'
import { access, constants, mkdir, statfs } from 'node:fs/promises'
import { createServer } from 'node:net'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { roots } from '@sallyport/store/keystore/file-holder'

import { findChromium } from '../chromium.ts'
import { exitCodes } from '../exit.ts'
import { jsonLine } from '../terminal.ts'

const run = promisify(execFile)

type Health = 'ok' | 'note' | 'trouble'
type Finding = { readonly check: string; readonly health: Health; readonly detail: string }

/** Prints one line a check; exit code 1 when one of them would stop a hub or lane. */
export async function doctor({
  data,
  json = false,
}: {
  readonly data: string
  readonly json?: boolean
}): Promise<void> {
  const checks = [
    nodeVersion,
    embeddedDatabase,
    models,
    consoleBuild,
    () => dataDirectory(data),
    () => rootOfKeystore(data),
    hubPort,
    ffmpeg,
    chromium,
  ]
  const findings: Finding[] = []
  for (const check of checks) findings.push(await check())
  for (const finding of findings) {
    if (json) jsonLine(finding)
    else
      console.log(
        `${{ ok: '✓', note: '·', trouble: '✗' }[finding.health]} ${finding.check}: ${finding.detail}`,
      )
  }
  if (findings.some(({ health }) => health === 'trouble')) process.exitCode = exitCodes.no
}

async function nodeVersion(): Promise<Finding> {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const recent = major > 20 || (major === 20 && minor >= 19)
  return {
    check: 'Node',
    health: recent ? 'ok' : 'trouble',
    detail: recent ? process.version : `${process.version}; 20.19 or newer is needed`,
  }
}

async function embeddedDatabase(): Promise<Finding> {
  const check = 'Embedded PostgreSQL'
  try {
    const { serverBinaries } = await import('@sallyport/store/postgres/binaries')
    const folder = await serverBinaries(null)
    const { stdout } = await run(path.join(folder, 'bin', 'postgres'), ['--version'])
    return { check, health: 'ok', detail: stdout.trim() }
  } catch (error) {
    return {
      check,
      health: 'note',
      detail: `${error instanceof Error ? error.message : String(error)}`,
    }
  }
}

async function models(): Promise<Finding> {
  const check = 'Plate reader'
  try {
    const { openPlateReader } = await import('@sallyport/vision/plate-reader')
    const reader = await openPlateReader()
    await reader.close()
    return { check, health: 'ok', detail: `${reader.models.detector}, ${reader.models.reader}` }
  } catch (error) {
    return {
      check,
      health: 'trouble',
      detail: error instanceof Error ? error.message : String(error),
    }
  }
}

async function consoleBuild(): Promise<Finding> {
  const file = fileURLToPath(new URL('../../../console/dist/index.html', import.meta.url))
  const built = await access(file).then(
    () => true,
    () => false,
  )
  return {
    check: 'Console',
    health: built ? 'ok' : 'trouble',
    detail: built ? 'built' : 'not built: run npm run build',
  }
}

async function dataDirectory(data: string): Promise<Finding> {
  const check = 'Data directory'
  const place = path.resolve(data)
  try {
    await mkdir(place, { recursive: true })
    await access(place, constants.W_OK)
    const { bavail, bsize } = await statfs(place)
    const freeGb = (bavail * bsize) / 1e9
    const detail = `${place}, ${freeGb.toFixed(1)} GB free`
    return freeGb < 2
      ? { check, health: 'trouble', detail: `${detail}: too little for a day of pictures` }
      : { check, health: 'ok', detail }
  } catch (error) {
    return {
      check,
      health: 'trouble',
      detail: `${place} cannot be written: ${error instanceof Error ? error.message : String(error)}`,
    }
  }
}

/** A root in clear is a choice, and should be one that somebody made. */
async function rootOfKeystore(data: string): Promise<Finding> {
  const check = 'Root of the keystore'
  const folder = path.join(path.resolve(data), 'keys', 'keystore')
  const found = await roots(folder).catch(() => [])
  if (found.length === 0)
    return { check, health: 'ok', detail: 'none here: a hub makes one, or another holder has it' }
  return found.some(({ sealed }) => !sealed)
    ? {
        check,
        health: 'note',
        detail:
          'in clear: whoever has this disk opens every picture. Seal it with sallyport keys rotate --passphrase, or mount keys/ from elsewhere',
      }
    : { check, health: 'ok', detail: 'sealed with a passphrase' }
}

async function hubPort(): Promise<Finding> {
  const free = await new Promise<boolean>((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(8080, '127.0.0.1', () => server.close(() => resolve(true)))
  })
  return {
    check: 'Port 8080',
    health: free ? 'ok' : 'note',
    detail: free ? 'free' : 'in use: a running hub, or choose another with --port',
  }
}

async function ffmpeg(): Promise<Finding> {
  const check = 'ffmpeg'
  try {
    const { stdout } = await run('ffmpeg', ['-version'])
    return { check, health: 'ok', detail: stdout.split('\n')[0] ?? '' }
  } catch {
    return {
      check,
      health: 'note',
      detail:
        'not installed: needed for video files and RTSP cameras only (Debian: apt install ffmpeg)',
    }
  }
}

async function chromium(): Promise<Finding> {
  const found = await findChromium()
  return {
    check: 'Chromium',
    health: found === null ? 'note' : 'ok',
    detail: found ?? 'not installed: needed for the tests only (Debian: apt install chromium)',
  }
}
