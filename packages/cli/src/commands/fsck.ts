/** `sallyport fsck` */

import type { FsckReport } from '@sallyport/store/fsck-report'

import { exitCodes } from '../exit.ts'
import { checkData, dataOfHub, withDatabase, withLock } from '../hub-data.ts'
import { readHubSettings } from '../settings.ts'
import { jsonLine, progressLine } from '../terminal.ts'

type Options = {
  readonly data?: string
  readonly databaseUrl?: string
  readonly settings?: string
  readonly json?: boolean
}

/** Checks a data directory whose hub is stopped; exit code 1 when something does not hold. */
export async function fsck({ json = false, settings: file, ...options }: Options): Promise<void> {
  const settings = await readHubSettings(options, file)
  const data = await dataOfHub(settings)
  const progress = progressLine()
  try {
    const report = await withLock(data, 'Stop it, then run fsck again.', () =>
      withDatabase(settings, data, (db) =>
        checkData(settings, data, db, (text) => progress.show(text)),
      ),
    )
    progress.end()
    printFsck(report, json)
  } finally {
    progress.end()
  }
}

/** What was found and what was looked at; sets the exit code. */
export function printFsck({ findings, counts }: FsckReport, json: boolean): void {
  for (const finding of findings) {
    if (json) jsonLine(finding)
    else console.log(`${finding.code} ${finding.subject}: ${finding.detail}`)
  }
  if (findings.length > 0) process.exitCode = exitCodes.no
  if (json) return jsonLine({ sound: findings.length === 0, ...snakeCase(counts) })
  const { crossings, captures, openings, logEntries, vaultRecords, orphanBodies, unsettled } =
    counts
  const { receipts, keptCheckpoints, lostInRestore, shreddings, shredded, holds } = counts
  console.log(
    `${crossings} crossings, ${captures} sealed bodies, ${openings} openings, ${logEntries} log entries, ${vaultRecords} vault records`,
  )
  console.log(
    `Computed: every hash of the log, ${receipts} receipts, ${keptCheckpoints} kept checkpoints, every body and signature`,
  )
  if (shreddings > 0 || holds > 0)
    console.log(
      `${shreddings} shreddings of ${shredded} bodies, whose rows hold nothing of them any more; ${holds} legal holds`,
    )
  if (lostInRestore > 0)
    console.log(`${lostInRestore} logged events lost their rows before a declared restore`)
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
