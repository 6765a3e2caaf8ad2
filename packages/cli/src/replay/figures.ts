/** The figures of a replay, each from what was counted or answered while it ran. */

import type { noticeBoard } from '@sallyport/hub/api/notice-schemas'
import type { ReplayResult } from '@sallyport/hub/api/replay-schemas'
import type { statedScope } from '@sallyport/hub/api/scope-schemas'
import type { StoredFigures } from '@sallyport/store/stored-figures'
import type { z } from 'zod'

import type { containAll, searchFiles } from './aftermath.ts'
import type { LegacyTotals } from './legacy.ts'
import type { Loot } from './loot.ts'
import type { Traffic } from './plan.ts'
import type { SixWeeks } from './six-weeks.ts'

export type Measured = {
  readonly traffic: Traffic
  readonly weeks: SixWeeks
  readonly loot: Loot
  readonly vault: { readonly bytes: number; readonly clear: number }
  readonly legacy: LegacyTotals
  readonly alarms: ReplayResult['alarms']
  readonly scope: z.output<typeof statedScope>
  readonly scopeMs: number
  readonly contain: Awaited<ReturnType<typeof containAll>>
  readonly board: z.output<typeof noticeBoard>
  readonly search: Awaited<ReturnType<typeof searchFiles>>
  readonly stored: StoredFigures
  readonly logEntries: number
}

export type Figures = Pick<
  ReplayResult,
  'passed' | 'legacy' | 'sealed' | 'alarms' | 'scope' | 'contain' | 'notices' | 'leaks'
>

export function figuresOf(measured: Measured): Figures {
  const { traffic, weeks, loot, vault, legacy, scope, contain, board, search } = measured
  const { total, grades, lines } = scope.result
  const thieves = weeks.tapped.opened + weeks.tapped.clear + loot.opened + vault.clear
  // What the technician was shown lies in clear on the drive, and is found there like anything else.
  const readable = thieves + loot.clear
  return {
    passed: {
      pictures: measured.stored.pictures,
      crossings: measured.stored.crossings,
      templates: measured.stored.templates,
      people: peopleOf(traffic),
      ports: total.ports.length,
      days: total.days.count,
      plates: { low: total.plates.low, high: total.plates.high },
      people_by_records: { low: total.people.low, high: total.people.high },
    },
    legacy: {
      recorded: legacy.recorded,
      left: legacy.recorded,
      readable: legacy.readable,
      bytes: legacy.bytes,
      // Its parts have nothing that could raise one.
      alarms: 0,
    },
    sealed: {
      tapped: weeks.tapped.pictures,
      on_drive: loot.sealed,
      vault_bytes: vault.bytes,
      opened_by_thieves: readable - weeks.saved.length,
      shown: weeks.saved.length,
      readable,
      refused: weeks.refused,
      log_entries: measured.logEntries,
    },
    alarms: measured.alarms,
    scope: {
      id: scope.scope,
      ms: Math.round(measured.scopeMs),
      counted_ms: Math.round(scope.counted_ms),
      grades: Object.fromEntries(
        Object.entries(grades).map(([grade, { pictures, people }]) => [
          grade,
          { pictures, people: { low: people.low, high: people.high } },
        ]),
      ),
      lines: lines.map(({ line, people, side }) => ({ line, people, side })),
    },
    contain: { ...contain, ms: Math.round(contain.ms) },
    notices: {
      unreachable: board.unreachable,
      rules: board.notices.map(({ rule, to, due_at, owed }) => ({ rule, to, due_at, owed })),
    },
    leaks: leaksOf(search),
  }
}

function leaksOf({ findings, ms, ended }: Measured['search']): Figures['leaks'] {
  const attributed = findings.filter((one) => one.attributed)
  const errors = attributed.flatMap(({ errorProbability }) => errorProbability ?? [])
  return {
    ms: Math.round(ms),
    planted: findings.filter(({ planted }) => planted).length,
    foreign: findings.filter(({ planted }) => !planted).length,
    found: findings.filter(({ found }) => found).length,
    attributed: attributed.length,
    false_findings: findings.filter(({ planted, verdict }) => !planted && verdict === 'ours')
      .length,
    error_probability: errors.length === 0 ? null : Math.max(...errors),
    files: findings.map(({ name, planted, change, verdict, attributed: named }) => ({
      name,
      planted,
      change,
      verdict,
      attributed: named,
    })),
    statement: ended.statement,
  }
}

/** Different people of whom a picture was drawn, or who drove. */
function peopleOf({ crossings }: Traffic): number {
  const seen = new Set<number>()
  for (const { picture } of crossings) {
    if (picture.kind === 'full') seen.add(picture.driver)
    else for (const one of picture.people) seen.add(one)
  }
  return seen.size
}
