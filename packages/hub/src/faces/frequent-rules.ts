/**
 * Rules for galleries of those who cross often: one person proposes, another of another unit agrees,
 * either ends it at once, and the log has each first.
 */

import { randomBytes } from 'node:crypto'

import {
  decideFrequentAct,
  frequentLimits,
  frequentRuleState,
  type FrequentTerms,
  frequentTermsFault,
} from '@sallyport/core/faces/frequent-rule'
import { commit } from '@sallyport/proof/entry'
import { committedFrequentRule } from '@sallyport/proof/face-entry'
import {
  dropFrequentRuleAct,
  type FrequentRuleAct,
  type FrequentRuleRow,
  insertFrequentRule,
  insertFrequentRuleAct,
  listFrequentRules,
  noteFrequentRuleActLogged,
  unloggedFrequentRuleActs,
} from '@sallyport/store/faces/frequent-rules'
import { affiliationOf } from '@sallyport/store/grants/parties'

import { newId } from '../ids.ts'
import { type Problem, problem } from '../problems.ts'
import { reportWords } from '../report-words.ts'
import { createTurn } from '../turns.ts'
import { facesOff } from './faces-off.ts'
import type { GalleriesContext } from './galleries.ts'

export type FrequentRules = {
  list(): Promise<readonly FrequentRuleRow[]>
  propose(
    ask: FrequentTerms & { readonly account: string; readonly reason: string },
  ): Promise<RuleDone | Problem>
  act(ask: {
    readonly rule: string
    readonly account: string
    readonly act: 'agreed' | 'ended'
  }): Promise<RuleDone | Problem>
  /** Settles what a failure left between row and log. Call before serving. */
  recover(): Promise<void>
}

type RuleDone = { readonly kind: 'done'; readonly rule: string }

export function createFrequentRules(
  context: Pick<GalleriesContext, 'db' | 'journal' | 'now' | 'report' | 'port' | 'faces'> & {
    /** A rule was ended and stands in the log. */
    readonly ended: () => Promise<void>
  },
): FrequentRules {
  const { db, journal, now, port, report } = context
  const inTurn = createTurn()

  async function log(
    row: Omit<FrequentRuleRow, 'acts'>,
    act: FrequentRuleAct['act'],
    by: { readonly account: string; readonly at: Date; readonly salt: Buffer },
  ): Promise<RuleDone | Problem> {
    try {
      const index = await journal.append({
        v: 1,
        at: by.at.toISOString(),
        kind: 'frequent_rule',
        rule: row.id,
        says: act,
        terms: commit(row.terms_salt, committedFrequentRule(row)),
        by: commit(by.salt, by.account),
      })
      await noteFrequentRuleActLogged(db, { rule: row.id, act }, index)
      return { kind: 'done', rule: row.id }
    } catch (error) {
      report(`frequent crossers: the log did not take the entry: ${reportWords(error)}`)
      return problem('log_unavailable', 'The log cannot be written, so nothing was recorded.')
    }
  }

  /** The log decides over what a failure left. */
  async function settle(): Promise<void> {
    const rows = await unloggedFrequentRuleActs(db)
    if (rows.length > 0) await journal.settle()
    for (const { rule, act, log_from: from } of rows) {
      const index = await journal.find(
        (entry) => entry.kind === 'frequent_rule' && entry.rule === rule && entry.says === act,
        from,
      )
      if (index === null) await dropFrequentRuleAct(db, { rule, act })
      else await noteFrequentRuleActLogged(db, { rule, act }, index)
    }
  }

  async function propose({
    account,
    reason,
    ...terms
  }: FrequentTerms & { readonly account: string; readonly reason: string }) {
    const here = context.faces.now()
    if (typeof here === 'string') return facesOff(here)
    const at = now()
    const fault = frequentTermsFault(terms, at)
    if (fault !== null) return problem('gallery_not_taken', fault)
    await settle()
    const open = (await listFrequentRules(db, port.id)).filter((row) =>
      ['proposed', 'in_force'].includes(ruleState(row, at)),
    )
    if (open.length >= frequentLimits.rulesMax)
      return problem(
        'gallery_not_taken',
        `At most ${frequentLimits.rulesMax} rules wait or hold at a port. End one first.`,
      )
    const row = {
      id: newId(),
      port: port.id,
      weekdays: terms.weekdays.toSorted((a, b) => a - b),
      from_hour: terms.fromHour,
      to_hour: terms.toHour,
      days_back: terms.daysBack,
      crossings: terms.crossings,
      people: terms.people,
      reason,
      expires_at: terms.expiresAt,
      terms_salt: randomBytes(16),
    }
    const by = { account, at, salt: randomBytes(16) }
    await insertFrequentRule(db, row, { ...by, log_from: journal.size(), log_index: null })
    return log(row, 'proposed', by)
  }

  async function act(ask: Parameters<FrequentRules['act']>[0]) {
    // Who withdraws a rule needs no ground for it.
    const here = context.faces.now()
    if (ask.act === 'agreed' && typeof here === 'string') return facesOff(here)
    await settle()
    const at = now()
    const row = (await listFrequentRules(db, port.id)).find(({ id }) => id === ask.rule)
    if (row === undefined) return problem('not_found', 'There is no such rule.')
    const own = await affiliationOf(db, ask.account)
    if (own === null) throw new Error('accounts belong to parties')
    const { proposed } = actsOf(row)
    const decision = decideFrequentAct(
      {
        state: ruleState(row, at),
        proposer: { account: proposed.account, unit: proposed.account_unit },
      },
      ask.act,
      { account: ask.account, unit: own.unit },
    )
    if (decision.kind === 'refuse') return problem(decision.code, decision.detail)
    const by = { account: ask.account, at, salt: randomBytes(16) }
    const step = { ...by, rule: row.id, act: ask.act, log_from: journal.size(), log_index: null }
    if (!(await insertFrequentRuleAct(db, step)))
      return problem('frequent_rule_over', 'Somebody else did so at this moment. Look again.')
    const done = await log(row, ask.act, by)
    if (done.kind === 'done' && ask.act === 'ended') await context.ended()
    return done
  }

  return {
    list: () => listFrequentRules(db, port.id),
    propose: (ask) => inTurn(() => propose(ask)),
    act: (ask) => inTurn(() => act(ask)),
    recover: () => inTurn(settle),
  }
}

export function ruleState(row: FrequentRuleRow, now: Date) {
  return frequentRuleState(actsOf(row), { expiresAt: row.expires_at }, now)
}

function actsOf({ acts }: FrequentRuleRow) {
  const of = (name: string) => acts.find(({ act }) => act === name) ?? null
  const proposed = of('proposed')
  if (proposed === null) throw new Error('a rule that is listed was proposed')
  return { proposed, agreed: of('agreed'), ended: of('ended') }
}
