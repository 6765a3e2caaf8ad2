/** Retention as the API gives it. */

import { holdState } from '@sallyport/core/retention-hold'
import { type PackId, packIds } from '@sallyport/core/retention-packs'
import type { Destruction } from '@sallyport/store/keystore/keystore'
import { type ActRow, asHold, type HoldRow } from '@sallyport/store/retention/holds'
import type { PolicyRow } from '@sallyport/store/retention/policies'
import type { ShreddingRow } from '@sallyport/store/retention/shreddings'

import type { Countdown } from './countdown.ts'
import type { Plan } from './plan.ts'

export function policyView(row: PolicyRow) {
  return {
    id: row.id,
    // A pack that was taken out since is told by its policy.
    pack: packIds.find((one): one is PackId => one === row.pack) ?? null,
    policy: ruled(row.policy),
    sha256: row.sha256.toString('hex'),
    made_at: row.made_at.toISOString(),
    made_by: { id: row.made_by, name: row.made_by_name },
    log_index: row.log_index,
  }
}

export function planView({ at, due, days }: Plan, policy: PolicyRow['policy'], zone: string) {
  return {
    at: at.toISOString(),
    zone,
    policy: ruled(policy),
    due: due.map((one) => ({ ...one, oldest: one.oldest.toISOString() })),
    due_now: due.reduce((sum, { bodies, held }) => sum + bodies - held, 0),
    days: [...days],
  }
}

export function countdownView(crossing: string, { from, heldUntil, bodies }: Countdown) {
  return {
    crossing,
    from: from.toISOString(),
    held_until: heldUntil?.toISOString() ?? null,
    bodies: bodies.map(({ capture, class: name, due, shredding }) => ({
      capture,
      class: name,
      due_at: due?.at.toISOString() ?? null,
      rule: due?.rule ?? null,
      shredding:
        shredding === null
          ? null
          : {
              id: shredding.id,
              requested_at: shredding.requested_at.toISOString(),
              effective_at: shredding.effective_at?.toISOString() ?? null,
              log_index: shredding.log_index,
              effective_log_index: shredding.effective_log_index,
            },
    })),
  }
}

/** A policy with lists that a schema may take. */
function ruled({ name, rules }: PolicyRow['policy']) {
  return {
    name,
    rules: {
      scene: [...rules.scene],
      plate: [...rules.plate],
      face: [...rules.face],
      reads: [...rules.reads],
    },
  }
}

export function shreddingView(row: ShreddingRow, pending: readonly Destruction[]) {
  const waiting = pending.find(({ keks }) => keks.includes(row.kek))
  return {
    id: row.id,
    class: row.class,
    day: row.day,
    bodies: row.bodies,
    bytes: row.bytes,
    policy: row.policy,
    requested_at: row.requested_at.toISOString(),
    log_index: row.log_index,
    keys_destroyed_at: row.keys_destroyed_at?.toISOString() ?? null,
    rows_erased_at: row.rows_erased_at?.toISOString() ?? null,
    effective_at: row.effective_at?.toISOString() ?? null,
    effective_log_index: row.effective_log_index,
    stopped_at: row.stopped_at?.toISOString() ?? null,
    state:
      row.stopped_log_index !== null
        ? ('stopped' as const)
        : row.effective_log_index === null
          ? ('requested' as const)
          : ('effective' as const),
    outstanding: (waiting?.outstanding ?? []).map(({ holder, until }) => ({
      holder,
      until: until?.toISOString() ?? null,
    })),
  }
}

export function holdView(row: HoldRow, now: Date) {
  return {
    id: row.id,
    scope: {
      kind: row.scope,
      crossing: row.crossing,
      plate: row.plate,
      lane: row.lane,
      from_day: row.from_day,
      to_day: row.to_day,
    },
    reason: row.reason,
    expires_at: row.expires_at.toISOString(),
    state: holdState(asHold(row), now),
    requested: actView(row.acts.requested),
    approved: actView(row.acts.approved),
    lifted: actView(row.acts.lifted),
    lifted_reason: row.acts.lifted?.note ?? null,
  }
}

function actView(act: ActRow | undefined) {
  return act === undefined
    ? null
    : {
        at: act.at.toISOString(),
        by: { id: act.account, name: act.account_name },
        log_index: act.log_index,
      }
}
