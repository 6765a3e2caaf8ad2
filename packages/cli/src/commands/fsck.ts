/** `sallyport fsck` */

import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'

import { loadHubKeys } from '@sallyport/hub/keys'
import { lockDirectory } from '@sallyport/proof/node/directory-lock'
import { formatVkey, parseVkey } from '@sallyport/proof/note'
import { fsck as check } from '@sallyport/store/fsck'
import { folderTiles } from '@sallyport/store/log/folder-tiles'
import { openDatabase } from '@sallyport/store/postgres/database'
import { startEmbeddedServer } from '@sallyport/store/postgres/embedded'
import { vaultReader } from '@sallyport/store/vault/segments'

import { CommandFailure, exitCodes } from '../exit.ts'
import { readHubSettings } from '../settings.ts'
import { jsonLine, progressLine, step } from '../terminal.ts'

type Options = {
  readonly data?: string
  readonly databaseUrl?: string
  readonly settings?: string
  readonly json?: boolean
}

/** Checks a data directory whose hub is stopped; exit code 1 when something does not hold. */
export async function fsck({ json = false, settings: file, ...options }: Options): Promise<void> {
  const settings = await readHubSettings(options, file)
  const data = path.resolve(settings.data)
  if ((await stat(path.join(data, 'keys')).catch(() => null)) === null) {
    throw new CommandFailure(
      `${data} is no data directory of a hub. Name it with --data.`,
      exitCodes.wrongUse,
    )
  }
  const lock = lockDirectory(data)
  if (lock.kind === 'refused')
    throw new CommandFailure(`${lock.detail} Stop it, then run fsck again.`)
  try {
    const server =
      settings.databaseUrl === undefined
        ? await startEmbeddedServer({ directory: path.join(data, 'db'), progress: step })
        : null
    const db = openDatabase(server?.address ?? { kind: 'url', url: settings.databaseUrl ?? '' })
    const vault = vaultReader(path.join(data, 'vault'))
    const progress = progressLine()
    try {
      const keys = await loadHubKeys(path.join(data, 'keys'), false)
      const report = await check({
        db,
        vault,
        log: folderTiles(path.join(data, 'log')),
        // The key is the hub's own, the name the one this log was begun under.
        vkey: formatVkey(await originOf(data, settings.logOrigin), keys.log.publicKey),
        progress: (text) => progress.show(text),
      })
      progress.end()
      print(report, json)
    } finally {
      progress.end()
      await db.destroy()
      await server?.stop()
    }
  } finally {
    lock.release()
  }
}

async function originOf(data: string, configured: string): Promise<string> {
  const vkey = await readFile(path.join(data, 'log', 'vkey'), 'utf8').catch(() => '')
  return parseVkey(vkey.trim())?.name ?? configured
}

function print({ findings, counts }: Awaited<ReturnType<typeof check>>, json: boolean): void {
  for (const finding of findings) {
    if (json) jsonLine(finding)
    else console.log(`${finding.code} ${finding.subject}: ${finding.detail}`)
  }
  if (findings.length > 0) process.exitCode = exitCodes.no
  if (json) return jsonLine({ sound: findings.length === 0, ...snakeCase(counts) })
  const { crossings, captures, openings, logEntries, vaultRecords, orphanBodies, unsettled } =
    counts
  console.log(
    `${crossings} crossings, ${captures} sealed bodies, ${openings} openings, ${logEntries} log entries, ${vaultRecords} vault records`,
  )
  if (orphanBodies > 0)
    console.log(
      `${orphanBodies} sealed bodies belong to no row: left by a crash before its row, harmless`,
    )
  if (unsettled > 0)
    console.log(
      `${unsettled} crossings wait for their log entry: the next start of the hub settles them`,
    )
  console.log(
    findings.length === 0
      ? 'All of it agrees.'
      : `${findings.length} finding(s): see docs/operating.md, "When fsck finds something".`,
  )
}

function snakeCase(counts: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(counts).map(([key, value]) => [
      key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value,
    ]),
  )
}
