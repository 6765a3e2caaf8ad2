/** `sallyport replay 2019`: the incident of 2019 once as it was, once as built. */

import { mkdir, mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises'
import * as os from 'node:os'
import path from 'node:path'

import type { ReplayResult } from '@sallyport/hub/api/replay-schemas'

import { CommandFailure, exitCodes } from '../exit.ts'
import { limits } from '../replay/limits.ts'
import { settingsText } from '../replay/port.ts'
import { replay2019 } from '../replay/story.ts'
import { jsonLine, note, progressLine, step } from '../terminal.ts'

type Options = { readonly scale: number; readonly keep?: string; readonly json?: boolean }

export async function replay(story: string, { scale, keep, json }: Options): Promise<void> {
  if (story !== '2019')
    throw new CommandFailure('There is one story to replay: 2019.', exitCodes.wrongUse)
  if (scale < 1 || scale > limits.scaleMax)
    throw new CommandFailure(`--scale is 1 to ${limits.scaleMax}.`, exitCodes.wrongUse)
  const directory = await emptyDirectory(keep)
  const stopping = new AbortController()
  const stop = () => stopping.abort(new CommandFailure('Stopped.'))
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  const line = progressLine()
  const began = Date.now()
  try {
    const result = await replay2019({
      scale,
      directory,
      step: (text) => {
        line.end()
        step(`${text} (${Math.round((Date.now() - began) / 1000)} s)`)
      },
      progress: (text) => line.show(text),
      report: (message) => {
        line.end()
        note(`hub: ${message}`)
      },
      signal: stopping.signal,
    })
    line.end()
    if (json === true) jsonLine(summaryOf(result))
    else console.log(pageOf(result))
    if (keep !== undefined) {
      const settings = path.join(keep, 'sallyport.toml')
      await writeFile(settings, settingsText(path.resolve(keep, 'data')))
      note(`Kept in ${keep}. Look at it: sallyport hub --settings ${settings}`)
    }
  } finally {
    line.end()
    process.off('SIGINT', stop)
    process.off('SIGTERM', stop)
    if (keep === undefined) await remove(directory)
  }
}

/** With the database, which lies elsewhere where its own user may not enter the directory. */
async function remove(directory: string): Promise<void> {
  const database = await realpath(path.join(directory, 'data', 'db')).catch(() => null)
  await rm(directory, { recursive: true, force: true })
  if (database !== null) await rm(database, { recursive: true, force: true })
}

/** An own directory, or an empty one that is named. The database's own user must be able to enter it. */
async function emptyDirectory(keep: string | undefined): Promise<string> {
  if (keep === undefined) return mkdtemp(path.join(os.tmpdir(), 'sallyport-replay-'))
  await mkdir(keep, { recursive: true })
  if ((await readdir(keep)).length > 0)
    throw new CommandFailure(`${keep} is not empty. Name a new directory.`, exitCodes.wrongUse)
  return keep
}

/** The line that `--json` ends with. */
function summaryOf({
  passed,
  legacy,
  sealed,
  alarms,
  scope,
  contain,
  leaks,
  ...rest
}: ReplayResult) {
  return {
    pictures: passed.pictures,
    people: passed.people,
    ports: passed.ports,
    days: passed.days,
    readable_legacy: legacy.readable,
    readable_sealed: sealed.readable,
    alarms: alarms.reduce((sum, { raised }) => sum + raised, 0),
    scope_ms: scope.ms,
    found_planted: leaks.planted,
    found: leaks.found,
    attributed: leaks.attributed,
    opened_by_thieves: sealed.opened_by_thieves,
    false_findings: leaks.false_findings,
    people_low: passed.people_by_records.low,
    people_high: passed.people_by_records.high,
    contain_ms: contain.ms,
    contained: contain.confirmed,
    scale: rest.scale,
    wall_ms: rest.wall_ms,
    load: rest.load,
  }
}

/** One page: what was drawn how, and the comparison. */
function pageOf({
  comparison,
  drawn,
  sentences,
  leaks,
  wall_ms: wallMs,
  load,
}: ReplayResult): string {
  const answers = comparison.map(
    ({ question, reported, legacy, sallyport }) =>
      `${question}\n  2019, reported  ${reported}\n  legacy model    ${legacy}\n  Sallyport       ${sallyport}`,
  )
  return [
    'The incident of 2019, replayed',
    '',
    answers.join('\n\n'),
    '',
    'May be said in public:',
    ...[...sentences, ...leaks.statement].map((one) => `  ${one}`),
    '',
    ...drawn.map((one) => `- ${one}`),
    `- It took ${Math.round(wallMs / 1000)} s at a load of ${load}.`,
  ].join('\n')
}
