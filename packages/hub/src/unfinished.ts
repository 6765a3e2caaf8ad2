/**
 * Openings and alarms that a failure or a crash left between row and log entry. Run at the start,
 * before anything is served and before crossings are settled: nobody else appends then.
 */

import { commit, type LogEntry } from '@sallyport/proof/entry'
import { noteAlarmLogged } from '@sallyport/store/alarms'
import type { Db } from '@sallyport/store/postgres/database'
import {
  firstLogIndexFor,
  noteOpeningSettled,
  unloggedAlarms,
  type UnloggedOpening,
  unloggedOpenings,
} from '@sallyport/store/unlogged'

import { alarmEntry } from './alarms.ts'
import type { Journal } from './journal.ts'
import { reportWords } from './report-words.ts'

type Parts = {
  readonly db: Db
  readonly journal: Journal
  readonly report: (message: string) => void
}

const pageRows = 500

/** Gives each its log entry. A log that cannot be written is reported: the next start tries again. */
export async function finishUnfinished(parts: Parts): Promise<void> {
  try {
    await finishOpenings(parts)
    await finishAlarms(parts)
  } catch (error) {
    parts.report(`openings and alarms of before wait for their log entry: ${reportWords(error)}`)
  }
}

/**
 * No picture of these was shown: unsealing waits for the row's log index. So the row says `failed`, or
 * `refused` as it did; the log says that it was asked for, once.
 */
async function finishOpenings({ db, journal }: Parts): Promise<void> {
  for (;;) {
    const rows = await unloggedOpenings(db, pageRows)
    const [oldest] = rows
    if (oldest === undefined) return
    const logged = await idsInLog(journal, await firstLogIndexFor(db, oldest.at))
    for (const row of rows) {
      const settled = settledAs(row)
      const entry = {
        v: 1,
        at: row.at.toISOString(),
        kind: 'opening_refused',
        opening: row.id,
        capture: row.capture,
        class: row.capture_class,
        code: settled.code,
        purpose: row.purpose,
        by: commit(row.commitment_salt, row.account),
      } as const
      const logIndex = logged.get(row.id) ?? (await journal.append(entry))
      await noteOpeningSettled(db, row.id, { ...settled, log_index: logIndex })
    }
  }
}

/** How an opening ended that nobody saw end. Pure. */
export function settledAs({ outcome, code }: Pick<UnloggedOpening, 'outcome' | 'code'>): {
  readonly outcome: 'refused' | 'failed'
  readonly code: string
} {
  return {
    outcome: outcome === 'refused' ? 'refused' : 'failed',
    code: code ?? 'interrupted',
  }
}

async function finishAlarms({ db, journal }: Parts): Promise<void> {
  for (;;) {
    const rows = await unloggedAlarms(db, pageRows)
    const [oldest] = rows
    if (oldest === undefined) return
    const logged = await idsInLog(journal, await firstLogIndexFor(db, oldest.at))
    for (const row of rows) {
      await noteAlarmLogged(
        db,
        row.id,
        logged.get(row.id) ?? (await journal.append(alarmEntry(row))),
      )
    }
  }
}

/** Index of each opening's and alarm's entry from `from` on. */
async function idsInLog(journal: Journal, from: number): Promise<ReadonlyMap<string, number>> {
  await journal.settle()
  const found = new Map<string, number>()
  for await (const { index, entry } of journal.entries(from)) {
    const id = idOf(entry)
    if (id !== null) found.set(id, index)
  }
  return found
}

function idOf(entry: LogEntry): string | null {
  if (entry.kind === 'opening' || entry.kind === 'opening_refused') return entry.opening
  return entry.kind === 'alarm' ? entry.alarm : null
}
