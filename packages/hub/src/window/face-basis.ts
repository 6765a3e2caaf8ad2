/** On what ground faces are compared here: one person names it, another agrees, and the log has both first. */

import { randomBytes } from 'node:crypto'

import {
  basisState,
  decideBasisAct,
  type FacesHere,
  facesHere,
  type SiteType,
} from '@sallyport/core/basis/basis'
import { commit } from '@sallyport/proof/entry'
import { committedBasis } from '@sallyport/proof/window-entry'
import {
  type BasisRow,
  dropBasisAct,
  insertBasis,
  insertBasisAct,
  listBases,
  noteBasisActLogged,
  unloggedBasisActs,
} from '@sallyport/store/face-basis'
import type { Db } from '@sallyport/store/postgres/database'

import { newId } from '../ids.ts'
import type { Journal } from '../journal.ts'
import { type Problem, problem } from '../problems.ts'
import { reportWords } from '../report-words.ts'
import { createTurn } from '../turns.ts'

export type FaceBasis = {
  readonly site: SiteType
  /** Whether faces are compared here at this moment; kept in memory, so that intake may ask. */
  here(): FacesHere
  propose(ask: {
    readonly account: string
    readonly document: string
    readonly responsible: string
    readonly dated: string
  }): Promise<{ readonly kind: 'done'; readonly basis: string } | Problem>
  act(ask: {
    readonly basis: string
    readonly account: string
    readonly act: 'agreed' | 'ended'
  }): Promise<{ readonly kind: 'done'; readonly basis: string } | Problem>
  /** Settles what a failure left between row and log, and reads what is in force. Call before serving. */
  recover(): Promise<void>
}

export function createFaceBasis(context: {
  readonly db: Db
  readonly journal: Journal
  readonly now: () => Date
  readonly report: (message: string) => void
  readonly site: SiteType
  /** The hub's setting lets faces be compared at all. */
  readonly switchedOn: boolean
}): FaceBasis {
  const { db, journal, now, report, site, switchedOn } = context
  let inForce = false
  /** One at a time: what is in force is read after each. */
  const inTurn = createTurn()

  async function refresh(): Promise<void> {
    inForce = (await listBases(db)).some((row) => stateOf(row) === 'in_force')
  }

  async function log(
    row: Pick<BasisRow, 'document' | 'responsible' | 'dated' | 'terms_salt' | 'id'>,
    act: 'proposed' | 'agreed' | 'ended',
    by: { readonly account: string; readonly at: Date; readonly salt: Buffer },
  ): Promise<{ readonly kind: 'done'; readonly basis: string } | Problem> {
    try {
      const index = await journal.append({
        v: 1,
        at: by.at.toISOString(),
        kind: 'face_basis',
        basis: row.id,
        says: act,
        terms: commit(row.terms_salt, committedBasis(row)),
        by: commit(by.salt, by.account),
      })
      await noteBasisActLogged(db, { basis: row.id, act }, index)
    } catch (error) {
      report(`face basis: the log did not take the entry: ${reportWords(error)}`)
      return problem('log_unavailable', 'The log cannot be written, so nothing was recorded.')
    }
    await refresh()
    return { kind: 'done', basis: row.id }
  }

  /** The log decides over what a failure left. */
  async function settle(): Promise<void> {
    const rows = await unloggedBasisActs(db)
    if (rows.length > 0) await journal.settle()
    for (const { basis, act, log_from: from } of rows) {
      const index = await journal.find(
        (entry) => entry.kind === 'face_basis' && entry.basis === basis && entry.says === act,
        from,
      )
      if (index === null) await dropBasisAct(db, { basis, act })
      else await noteBasisActLogged(db, { basis, act }, index)
    }
  }

  return {
    site,
    here: () => facesHere(site, inForce, switchedOn),
    propose: ({ account, ...terms }) =>
      inTurn(async () => {
        await settle()
        const row = { id: newId(), ...terms, terms_salt: randomBytes(16) }
        const by = { account, at: now(), salt: randomBytes(16) }
        await insertBasis(db, row, { ...by, log_from: journal.size(), log_index: null })
        return log(row, 'proposed', by)
      }),
    act: ({ basis, account, act }) =>
      inTurn(async () => {
        await settle()
        const row = (await listBases(db)).find(({ id }) => id === basis)
        if (row === undefined) return problem('not_found', 'There is no such ground.')
        const decision = decideBasisAct(actsOf(row), act, account)
        if (decision.kind === 'refuse') return problem(decision.code, decision.detail)
        const by = { account, at: now(), salt: randomBytes(16) }
        const step = { ...by, basis, act, log_from: journal.size(), log_index: null }
        if (!(await insertBasisAct(db, step)))
          return problem('basis_over', 'Somebody else did so at this moment. Look again.')
        return log(row, act, by)
      }),
    recover: () =>
      inTurn(async () => {
        await settle()
        await refresh()
      }),
  }
}

export function stateOf(row: BasisRow) {
  return basisState(actsOf(row))
}

function actsOf({ acts }: BasisRow) {
  const of = (name: string) => acts.find(({ act }) => act === name) ?? null
  const proposed = of('proposed')
  if (proposed === null) throw new Error('a ground that is listed was named')
  return { proposed, agreed: of('agreed'), ended: of('ended') }
}
