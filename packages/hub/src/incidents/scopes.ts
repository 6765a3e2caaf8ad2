/** Scopes: what a suspicion reached, counted, written to the log, and only then told. */

import { randomBytes } from 'node:crypto'

import type { ScopePart, ScopeQuestion, SuspicionFacts } from '@sallyport/core/scope/question'
import { partsOf } from '@sallyport/core/scope/question'
import { changesBetween } from '@sallyport/core/scope/revision'
import { type ScopeDocument, scopeResult, storedQuestion } from '@sallyport/core/scope/scope'
import { commit } from '@sallyport/proof/entry'
import type { ScopeStatedEntry } from '@sallyport/proof/incident-entry'
import { countScopeRows } from '@sallyport/store/incidents/count-scope'
import { suspicionFacts } from '@sallyport/store/incidents/facts'
import type { PartsWindow } from '@sallyport/store/incidents/parts-sql'
import {
  dropScope,
  insertScope,
  noteScopeLogged,
  type ScopeRow,
  unloggedScopes,
} from '@sallyport/store/incidents/scopes'
import { settleVehicles } from '@sallyport/store/incidents/vehicles'
import type { Db } from '@sallyport/store/postgres/database'

import { newId } from '../ids.ts'
import type { Journal } from '../journal.ts'
import { type Problem, problem } from '../problems.ts'
import { incidentLimits } from './limits.ts'
import { type FaceContext, findPeople } from './scope-faces.ts'

export type ScopeContext = {
  readonly db: Db
  readonly journal: Journal
  readonly port: { readonly id: string; readonly zone: string }
  readonly now: () => Date
}

type ScopeAsk = {
  readonly question: ScopeQuestion
  /** Whether templates are opened to tell people apart. */
  readonly byFace: boolean
  readonly why: string
  readonly account: string
  readonly incident: string | null
  /** The scope that this is a later version of. */
  readonly before: ScopeRow | null
}

type StatedScope = {
  readonly kind: 'stated'
  readonly document: ScopeDocument
  readonly logIndex: number
  /** How long counting took. */
  readonly countedMs: number
}

const dayMs = 86_400_000

/** Counts, writes row and log entry, and answers. */
export async function stateScope(
  ask: ScopeAsk,
  context: ScopeContext & FaceContext,
): Promise<StatedScope | Problem> {
  const { db, journal, port, now } = context
  const began = performance.now()
  const parts = await scopeParts(ask.question, context)
  if ('kind' in parts) return parts
  await settleVehicles(db)
  const window = windowOf(ask.question, port)
  const counted = await countScopeRows(db, parts, window)
  const scope = newId()
  const bySalt = randomBytes(16)
  const { account } = ask
  const people = ask.byFace
    ? await findPeople({ scope, parts, window, account, bySalt, counts: counted }, context)
    : null
  if (people?.kind === 'problem') return people
  const counts = people?.counts ?? counted
  const countedMs = performance.now() - began
  const old = ask.before === null ? null : documentOf(ask.before)
  const at = now()
  const document: ScopeDocument = {
    v: 1,
    scope,
    version: (old?.version ?? 0) + 1,
    revises: old?.scope ?? null,
    incident: ask.incident,
    at: at.toISOString(),
    why: ask.why,
    zone: port.zone,
    question: storedQuestion(ask.question),
    result: scopeResult(counts, {
      changes: old === null ? [] : changesBetween(old.result, counts),
      logSize: journal.size(),
    }),
    ...(people === null ? {} : { faces: people.faces }),
  }
  const row = {
    id: document.scope,
    incident: document.incident,
    revises: document.revises,
    version: document.version,
    document: JSON.stringify(document),
    document_salt: randomBytes(16),
    at,
    account,
    by_salt: bySalt,
    log_from: journal.size(),
    log_index: null,
  }
  const told = people === null ? null : { rows: people.rows, log_index: people.faces.entry }
  if (!(await insertScope(db, row, told)))
    return problem('scope_revised', 'Somebody revised this scope meanwhile. Revise the newest.')
  const logIndex = await journal.append(scopeEntry(row))
  await noteScopeLogged(db, row.id, logIndex)
  return { kind: 'stated', document, logIndex, countedMs }
}

/** Which sets of pictures a question means, by what the records say now. */
export async function scopeParts(
  question: ScopeQuestion,
  { db, port }: Pick<ScopeContext, 'db' | 'port'>,
): Promise<readonly ScopePart[] | Problem> {
  const { from, to, suspicions } = question
  if (from >= to || to.getTime() - from.getTime() > incidentLimits.windowDaysMax * dayMs)
    return problem(
      'scope_window',
      `The window begins before it ends and takes at most ${incidentLimits.windowDaysMax} days.`,
    )
  const parts: ScopePart[] = []
  for (const suspicion of suspicions) {
    const facts: SuspicionFacts | null = await suspicionFacts(db, suspicion, {
      from,
      to,
      port: port.id,
    })
    if (facts === null)
      return problem('not_found', `The records know no such ${suspicion.kind}. Look at its id.`)
    parts.push(...partsOf(suspicion, facts, from))
  }
  return parts
}

export function windowOf(
  { from, to }: ScopeQuestion,
  port: { readonly id: string; readonly zone: string },
): PartsWindow {
  return { from, to, port: port.id, zone: port.zone }
}

/** The document of a row: written by this hub, to the byte. */
export function documentOf(row: Pick<ScopeRow, 'document'>): ScopeDocument {
  return JSON.parse(row.document) as ScopeDocument
}

/** What a crash left between row and log: the log decides. Call before serving. */
export async function recoverScopes({ db, journal }: ScopeContext): Promise<void> {
  const rows = await unloggedScopes(db)
  if (rows.length > 0) await journal.settle()
  for (const row of rows) {
    const logIndex = await journal.find(
      (entry) => entry.kind === 'scope_stated' && entry.scope === row.id,
      row.log_from,
    )
    if (logIndex === null) await dropScope(db, row.id)
    else await noteScopeLogged(db, row.id, logIndex)
  }
}

type Stated = Pick<
  ScopeRow,
  'id' | 'at' | 'version' | 'document' | 'document_salt' | 'by_salt' | 'account'
> & { readonly incident: string | null; readonly revises: string | null }

function scopeEntry(row: Stated): ScopeStatedEntry {
  return {
    v: 1,
    at: row.at.toISOString(),
    kind: 'scope_stated',
    scope: row.id,
    version: row.version,
    document: commit(row.document_salt, row.document),
    by: commit(row.by_salt, row.account),
    ...(row.incident === null ? {} : { incident: row.incident }),
    ...(row.revises === null ? {} : { revises: row.revises }),
  }
}
