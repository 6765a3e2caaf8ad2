/**
 * Stays follow the crossings. A job of its own takes what the log has, in the log's order, and computes
 * the stays of every key that changed; intake does not wait for it. Each step is a transaction that may
 * be repeated, so a crash anywhere costs nothing but time.
 */

import { createHash } from 'node:crypto'

import type { StayRule } from '@sallyport/core/stays/rules'
import { openZone } from '@sallyport/core/stays/zone'
import type { Db } from '@sallyport/store/postgres/database'
import {
  countDueKeys,
  holdStays,
  markEveryKey,
  markKeys,
  moveStayCursor,
  noteStayRules,
  replaceStays,
  stayCursor,
  takeDueKeys,
} from '@sallyport/store/stays/computed'
import {
  crossingsAfter,
  followedById,
  passedByVerdicts,
  putPassages,
} from '@sallyport/store/stays/passages'
import { unfollowedDecisions } from '@sallyport/store/stays/travellers'

import type { Journal } from '../journal.ts'
import { reportWords } from '../report-words.ts'
import { computeKeys, passageOfCrossing, type StayRules, stayRows } from './compute.ts'
import { stayLimits } from './limits.ts'
import { createStatements, type Statements } from './statements.ts'
import { followTravellers } from './travellers.ts'

export type Stays = StayRules & {
  readonly statements: Pick<Statements, 'state' | 'withdraw'>
  /** Crossings arrived. */
  poke(): void
  /** What people say of a crossing changed: of its plate, or at the window of who it was. */
  reconsider(crossing: string): void
  /** Everything is computed again, beginning now; answers with how many keys wait. */
  recompute(): Promise<number>
  /** How many keys wait. */
  waiting(): Promise<number>
  /** Resolves when everything that arrived before is computed. Rejects when it could not be. */
  settled(): Promise<void>
  /** Takes up what a failure left, or what somebody else marked. */
  upkeep(): Promise<void>
  /** Finishes what a crash left, and notes rules that changed in the log. Call before serving. */
  start(): Promise<void>
  drain(): Promise<void>
}

export type StaysContext = {
  readonly db: Db
  readonly journal: Journal
  readonly now: () => Date
  readonly report: (message: string) => void
  readonly zone: string
  readonly rules: readonly StayRule[]
}

export function createStays({ db, journal, now, report, ...settings }: StaysContext): Stays {
  const staying: StayRules = { zone: openZone(settings.zone), rules: settings.rules }
  const reconsidered = new Set<string>()
  let running: Promise<void> | null = null
  let again = false
  let stopped = false
  let gathering: NodeJS.Timeout | null = null

  /** One run at a time; whoever asks meanwhile gets the one after. */
  function run(): Promise<void> {
    if (stopped) return Promise.resolve()
    if (running !== null) {
      again = true
      return running
    }
    running = rounds().finally(() => (running = null))
    return running
  }

  async function rounds(): Promise<void> {
    do {
      again = false
      while (!stopped && (await takeReconsidered())) again = true
      while (!stopped && (await followOn())) again = true
      while (!stopped && (await computeOn())) again = true
    } while (again && !stopped)
  }

  /** The next crossings in the log; false when there are none. */
  async function followOn(): Promise<boolean> {
    return db.transaction().execute(async (transaction) => {
      await holdStays(transaction)
      const { logIndex } = await stayCursor(transaction)
      const { crossings, until } = await crossingsAfter(transaction, logIndex, stayLimits.followMax)
      if (until === logIndex) return false
      await markKeys(
        transaction,
        await putPassages(transaction, crossings.map(passageOfCrossing)),
        now(),
      )
      await moveStayCursor(transaction, until)
      return true
    })
  }

  /** What people said while nobody followed it: a crash fell between. */
  async function takeUpDecisions(): Promise<void> {
    for (const id of await passedByVerdicts(db, stayLimits.followMax)) reconsidered.add(id)
    const since = new Date(now().getTime() - stayLimits.decisionsMs)
    for (const id of await unfollowedDecisions(db, since, stayLimits.followMax))
      reconsidered.add(id)
  }

  async function takeReconsidered(): Promise<boolean> {
    const ids = [...reconsidered].slice(0, stayLimits.followMax)
    if (ids.length === 0) return false
    // Before they are read: who is named again meanwhile is taken again.
    for (const id of ids) reconsidered.delete(id)
    try {
      await take(ids)
    } catch (error) {
      for (const id of ids) reconsidered.add(id)
      throw error
    }
    return true
  }

  /** Takes these crossings as they are now, out of their turn. */
  async function take(ids: readonly string[]): Promise<void> {
    await db.transaction().execute(async (transaction) => {
      await holdStays(transaction)
      const crossings = await followedById(transaction, ids)
      const keys = [
        ...(await putPassages(transaction, crossings.map(passageOfCrossing))),
        ...(await followTravellers(transaction, ids)),
      ]
      await markKeys(transaction, [...new Set(keys)], now())
    })
  }

  /** Stays of keys that wait; false when none does. */
  async function computeOn(): Promise<boolean> {
    return db.transaction().execute(async (transaction) => {
      await holdStays(transaction)
      const keys = await takeDueKeys(transaction, stayLimits.keysAtOnce)
      if (keys.length === 0) return false
      const computed = await computeKeys(transaction, keys)
      await replaceStays(
        transaction,
        keys,
        computed.flatMap((one) => stayRows(one, staying)),
      )
      return true
    })
  }

  /** A run for every batch of crossings would take as much of the database as they do. */
  function startSoon(): void {
    if (stopped) return
    gathering ??= setTimeout(() => {
      gathering = null
      start()
    }, stayLimits.gatherMs)
  }

  function start(): void {
    run().catch((error: unknown) => report(`stays: ${reportWords(error)}`))
  }

  const statements = createStatements({
    db,
    journal,
    now,
    report,
    zone: staying.zone,
    stated: start,
  })

  return {
    ...staying,
    statements: {
      async state(ask) {
        // A person may be quicker than the job.
        await take(ask.claim.kind === 'paired' ? [ask.passage, ask.claim.exit] : [ask.passage])
        return statements.state(ask)
      },
      withdraw: (ask) => statements.withdraw(ask),
    },
    poke: startSoon,
    reconsider(crossing) {
      reconsidered.add(crossing)
      start()
    },
    async recompute() {
      const waiting = await markEveryKey(db, now())
      start()
      return waiting
    },
    waiting: () => countDueKeys(db),
    async settled() {
      // A run under way may have looked before what is asked about came.
      await running?.catch(() => undefined)
      await run()
    },
    async upkeep() {
      await statements.recover()
      await takeUpDecisions()
      start()
    },
    async start() {
      await statements.recover()
      await noteRules(db, journal, now, settings.rules)
      await takeUpDecisions()
      start()
    },
    async drain() {
      stopped = true
      if (gathering !== null) clearTimeout(gathering)
      await running?.catch(() => undefined)
    },
  }
}

/** Rules that changed are in the log before a stay is computed by them. */
async function noteRules(
  db: Db,
  journal: Journal,
  now: () => Date,
  rules: readonly StayRule[],
): Promise<void> {
  const sha256 = createHash('sha256').update(JSON.stringify(rules)).digest()
  const before = (await stayCursor(db)).rulesSha256
  if (before?.equals(sha256) === true || (before === null && rules.length === 0)) return
  const at = now()
  await journal.append({
    v: 1,
    at: at.toISOString(),
    kind: 'stay_rules',
    sha256: sha256.toString('hex'),
  })
  await noteStayRules(db, sha256, at)
}
