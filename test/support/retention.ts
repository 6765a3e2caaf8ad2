/** Policies, plans and holds through the API, and a hub's clock that a test moves. */

import type { Policy, Rule } from '@sallyport/core/retention'
import { sql } from 'kysely'

import type { Person, TestHub } from './hub.ts'
import { post } from './watch.ts'

export const hourMs = 3_600_000

/** A policy that keeps each class for so many hours. */
export function hours(kept: Partial<Record<keyof Policy['rules'], number>>): Policy {
  const rule = (value = 10_000 / 2): readonly Rule[] => [
    { when: 'always', keep: { hours: value }, source: 'a test' },
  ]
  return {
    name: 'A test',
    rules: {
      scene: rule(kept.scene),
      plate: rule(kept.plate),
      face: rule(kept.face),
      reads: rule(kept.reads),
    },
  }
}

export async function choose(person: Person, policy: Policy | string): Promise<void> {
  const answer = await person.request(
    '/v1/retention/policies',
    post({ policy, accepts_due: 1_000_000 }),
  )
  if (answer.status !== 201) throw new Error(`not chosen: ${await answer.text()}`)
}

export type PlanAnswer = {
  readonly due: readonly { class: string; bodies: number; held: number; crossings: number }[]
  readonly due_now: number
  readonly days: readonly { day: string; class: string; bodies: number; held: number }[]
}

export async function planned(person: Person, ask: Record<string, unknown> = {}) {
  const answer = await person.request('/v1/retention/plans', post(ask))
  if (answer.status !== 200) throw new Error(`no plan: ${await answer.text()}`)
  return (await answer.json()) as PlanAnswer
}

/** Asks for a hold and answers the hub's answer. */
export function askHold(person: Person, scope: Record<string, unknown>, expires: Date) {
  return person.request(
    '/v1/holds',
    post({ scope, reason: 'Case 12', expires_at: expires.toISOString() }),
  )
}

/** A hold in force: asked for by one person, approved by another. */
export async function heldBy(
  asker: Person,
  approver: Person,
  scope: Record<string, unknown>,
  expires: Date,
): Promise<string> {
  const asked = await askHold(asker, scope, expires)
  if (asked.status !== 201) throw new Error(`not asked: ${await asked.text()}`)
  const { id } = (await asked.json()) as { id: string }
  const approved = await approver.request(`/v1/holds/${id}/approval`, { method: 'POST' })
  if (approved.status !== 200) throw new Error(`not approved: ${await approved.text()}`)
  return id
}

/** Opens a picture for an audit: `opened`, or the status and code of the problem. */
export async function tryOpening(
  auditor: Person,
  capture: string,
  note = 'a test',
): Promise<string> {
  const answer = await auditor.request(
    `/v1/captures/${capture}/openings`,
    post({ purpose: 'audit', note }),
  )
  const said = (await answer.json()) as { code?: string }
  return answer.status === 201 ? 'opened' : `${answer.status} ${said.code ?? ''}`
}

/** The tables that hold a text in some row: what a dump of the database would tell. */
export async function tablesWith({ hub }: TestHub, wanted: string): Promise<readonly string[]> {
  const { db } = hub.parts
  // Partitions are looked through under the name of their table.
  const tables = await sql<{ name: string }>`
    select relname as name from pg_class
    where relkind in ('r', 'p') and not relispartition and relnamespace = 'public'::regnamespace
    order by 1`.execute(db)
  const found: string[] = []
  for (const { name } of tables.rows) {
    const { rows } = await sql`
      select 1 from ${sql.table(name)} as t where position(${wanted} in t::text) > 0 limit 1`.execute(
      db,
    )
    if (rows.length > 0) found.push(name)
  }
  return found
}
