/**
 * Closed months as files beside the rows, and scopes counted over them by a second engine. A month is
 * put aside once it is over, its hashes stand in the log, and it is put aside again only when the log
 * says that its rows may have changed: a row that was changed otherwise makes the two engines differ.
 */

import { randomBytes } from 'node:crypto'
import { mkdir, readdir, rm } from 'node:fs/promises'
import path from 'node:path'

import { type Difference, firstDifference } from '@sallyport/core/scope/agreement'
import type { GradedCounts } from '@sallyport/core/scope/counts'
import type { ScopePart } from '@sallyport/core/scope/question'
import { questionOf } from '@sallyport/core/scope/scope'
import { commit } from '@sallyport/proof/entry'
import { peopleOf } from '@sallyport/proof/scope-people'
import { countScopeRows } from '@sallyport/store/incidents/count-scope'
import { countMonths } from '@sallyport/store/incidents/months/count'
import { type Engine, loadEngine, openEngine } from '@sallyport/store/incidents/months/engine'
import { exportSpan } from '@sallyport/store/incidents/months/export'
import { changedFile, hashOfFiles } from '@sallyport/store/incidents/months/files'
import {
  closedMonths,
  dropMonth,
  exportedMonths,
  insertMonth,
  isOutdated,
  type MonthRow,
  noteMonthLogged,
  spanOfMonth,
} from '@sallyport/store/incidents/months/months'
import type { PartsWindow } from '@sallyport/store/incidents/parts-sql'
import { scopePeopleText } from '@sallyport/store/incidents/scope-people'
import type { ScopeRow } from '@sallyport/store/incidents/scopes'
import { settleVehicles } from '@sallyport/store/incidents/vehicles'

import { newId } from '../ids.ts'
import { type Problem, problem } from '../problems.ts'
import { reportWords } from '../report-words.ts'
import { createTurn } from '../turns.ts'
import { incidentLimits } from './limits.ts'
import { countAgain, peopleIn } from './scope-faces.ts'
import { documentOf, type ScopeContext, scopeParts, windowOf } from './scopes.ts'

type Recounted = {
  readonly kind: 'recounted'
  /** Between the two engines now; null: they agree. */
  readonly difference: Difference | null
  /** Between what was stated and what is counted now: plates were judged or records shredded since. */
  readonly moved: Difference | null
  /** The months that were read from files which the log has, as their first days. */
  readonly months: readonly string[]
  readonly logIndex: number
  /** How long the second engine counted. */
  readonly countedMs: number
}

export type Months = {
  /** Puts aside what is over and what is outdated, in the background. */
  upkeep(): void
  /** Removes at once the files whose rows the log allows to differ: what was shredded is not kept in them. */
  forgetOutdated(): Promise<void>
  /** Counts a scope by both engines now. */
  recount(scope: ScopeRow, account: string): Promise<Recounted | Problem>
  stop(): Promise<void>
}

type Context = ScopeContext & { readonly report: (message: string) => void }

/** The months of a hub, in a folder of its own that nothing else is kept in. */
export function createMonths(folder: string, context: Context): Months {
  const { db, journal, now } = context
  /** One engine at a time: each takes memory and both cores. */
  const inTurn = createTurn()
  let isWaiting = false
  let isStopping = false

  async function withEngine<T>(work: (engine: Engine) => Promise<T>): Promise<T | null> {
    const duckdb = await loadEngine()
    if (duckdb === null) return null
    const spill = path.join(folder, 'spill')
    await rm(spill, { recursive: true, force: true })
    await mkdir(spill, { recursive: true, mode: 0o700 })
    const engine = await openEngine(duckdb, folder, spill)
    try {
      return await work(engine)
    } finally {
      engine.close()
      await rm(spill, { recursive: true, force: true })
    }
  }

  const folderOf = (id: string) => path.join(folder, id)

  async function drop(row: MonthRow): Promise<void> {
    await rm(folderOf(row.id), { recursive: true, force: true })
    await dropMonth(db, row.id)
  }

  /** What a crash left between files, row and log, and rows of a restored database; then files that no row has. */
  async function tidy(): Promise<void> {
    const there = await readdir(folder).catch((): readonly string[] => [])
    for (const row of await exportedMonths(db))
      if (row.log_index === null || !there.includes(row.id)) await drop(row)
    const kept = new Set((await exportedMonths(db)).map(({ id }) => id))
    for (const name of there)
      if (!kept.has(name)) await rm(path.join(folder, name), { recursive: true, force: true })
  }

  async function forgetOutdated(): Promise<void> {
    for (const row of await exportedMonths(db)) if (await isOutdated(db, row)) await drop(row)
  }

  /** Exports what is missing. Call in turn. */
  async function bringUp(engine: Engine): Promise<void> {
    await tidy()
    await forgetOutdated()
    const there = new Set((await exportedMonths(db)).map(({ month }) => month))
    for (const month of await closedMonths(db, now())) {
      if (isStopping) return
      if (!there.has(month)) await exportMonth(month, engine)
    }
  }

  /** Files, row, and the entry that makes them count. */
  async function exportMonth(month: string, engine: Engine): Promise<void> {
    const id = newId()
    const logSize = journal.size()
    const files = await exportSpan(db, spanOfMonth(month), folderOf(id), engine)
    const at = now()
    await insertMonth(db, {
      month,
      id,
      at,
      log_size: logSize,
      files: JSON.stringify(files),
      log_from: journal.size(),
      log_index: null,
    })
    const logIndex = await journal.append({
      v: 1,
      at: at.toISOString(),
      kind: 'scope_month_exported',
      export: id,
      month,
      files: hashOfFiles(files),
    })
    await noteMonthLogged(db, id, logIndex)
  }

  /** Both counts over the same rows: when those of PostgreSQL moved meanwhile, again. */
  async function countBoth(
    parts: readonly ScopePart[],
    window: PartsWindow,
    engine: Engine,
    people: string | null,
  ) {
    const countFirst = async () => {
      const counts = await countScopeRows(db, parts, window)
      return people === null ? counts : countAgain(counts, people, { db, parts, window })
    }
    const known = people === null ? null : peopleOf(peopleIn(people))
    await settleVehicles(db)
    let first = await countFirst()
    for (let attempt = 1; ; attempt++) {
      const rows = await exportedMonths(db)
      const changed = await firstChanged(rows)
      const rest = folderOf(newId())
      const last = rows.at(-1)
      const from = last === undefined ? new Date(0) : spanOfMonth(last.month).until
      await exportSpan(db, { from, until: new Date(now().getTime() + 1) }, rest, engine)
      const began = performance.now()
      const folders = [...rows.map(({ id }) => folderOf(id)), rest]
      const second =
        changed === null ? await countMonths(engine, folders, parts, window, known) : null
      const countedMs = performance.now() - began
      await rm(rest, { recursive: true, force: true })
      const again = await countFirst()
      const moved = firstDifference(first, again) !== null
      first = again
      if (moved && attempt < incidentLimits.recountsMax) continue
      const difference = changed ?? (second === null ? null : firstDifference(again, second))
      return { first: again, difference, countedMs, months: rows.map(({ month }) => month) }
    }
  }

  async function firstChanged(rows: readonly MonthRow[]): Promise<Difference | null> {
    for (const { month, id, files } of rows) {
      const name = await changedFile(folderOf(id), files)
      if (name !== null)
        return { figure: `files.${month}.${name}`, first: 'as the log has it', second: 'changed' }
    }
    return null
  }

  async function recount(scope: ScopeRow, account: string): Promise<Recounted | Problem> {
    const document = documentOf(scope)
    const question = questionOf(document.question)
    const parts = await scopeParts(question, context)
    if ('kind' in parts) return parts
    const people = await scopePeopleText(db, scope.id)
    const done = await withEngine(async (engine) => {
      await bringUp(engine)
      return countBoth(parts, windowOf(question, context.port), engine, people)
    })
    if (done === null)
      return problem(
        'no_second_engine',
        'DuckDB is not installed here: install the optional package @duckdb/node-api, or take the bundle of the scope and verify that.',
      )
    const { first, difference, countedMs, months } = done
    const logIndex = await journal.append({
      v: 1,
      at: now().toISOString(),
      kind: 'scope_recounted',
      scope: scope.id,
      outcome: difference === null ? 'agrees' : 'differs',
      by: commit(randomBytes(16), account),
    })
    const stated: GradedCounts = document.result
    return {
      kind: 'recounted',
      difference,
      moved: firstDifference(stated, first),
      months,
      logIndex,
      countedMs,
    }
  }

  return {
    upkeep() {
      if (isWaiting) return
      isWaiting = true
      void inTurn(async () => {
        await forgetOutdated()
        const there = new Set((await exportedMonths(db)).map(({ month }) => month))
        const missing = (await closedMonths(db, now())).some((month) => !there.has(month))
        if (missing) await withEngine(bringUp)
      })
        .catch((error: unknown) => context.report(`months of scopes: ${reportWords(error)}`))
        .finally(() => (isWaiting = false))
    },
    forgetOutdated: () => inTurn(forgetOutdated),
    recount: (scope, account) => inTurn(() => recount(scope, account)),
    async stop() {
      isStopping = true
      await inTurn(async () => undefined)
    },
  }
}
