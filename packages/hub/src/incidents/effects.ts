/** What the part that has to obey a step of containment answers when it is asked. */

import { isContained, liveSessions, type StepRow } from '@sallyport/store/incidents/containment'

import type { ContainmentContext } from './containment.ts'
import { isKeyAct, keyEffectOf } from './key-steps.ts'

export type Effect = {
  readonly component: 'policy' | 'sign_in' | 'intake' | 'retention' | 'keys' | 'lanes'
  /** What it answers when it is asked now. */
  readonly confirmed: boolean
  readonly detail: string
  /** Where keys were replaced: the days of those before that are here, and who has to do with them. */
  readonly earlier?: {
    readonly days: string[]
    readonly waiting_for: {
      readonly device: string
      readonly lane: string
      /** Whether it seals to the new keys. */
      readonly holds: boolean
      /** What it sealed before and has not delivered; null where it has not said. */
      readonly missing: number | null
    }[]
  }
}

/** Asks the part that has to obey whether it does. */
export async function effectOf(
  { id, act, target }: Pick<StepRow, 'id' | 'act' | 'target'>,
  context: ContainmentContext,
): Promise<Effect> {
  const { db, origins, policy, now } = context
  if (isKeyAct(act)) return keyEffectOf({ id, act, target }, context)
  switch (act) {
    case 'grants_suspended': {
      const open = (await policy.grants(now())).filter(
        ({ terms, status }) => terms.party === target && status.kind === 'signed',
      )
      return effect('policy', open.length === 0, `${open.length} grants of it allow anything.`)
    }
    case 'account_disabled': {
      const live = await liveSessions(db, target, now())
      return effect('sign_in', live === 0, `${live} sessions of it work.`)
    }
    case 'device_quarantined': {
      const origin = await origins.of(target)
      const out = origin?.device.quarantined_at !== null
      return effect('intake', out, out ? 'Its bundles wait at the lane.' : 'Its bundles are taken.')
    }
    case 'retention_frozen': {
      const frozen = await isContained(db, 'retention_frozen', target)
      return effect(
        'retention',
        frozen,
        frozen ? 'Nothing is shredded.' : 'What is due is shredded.',
      )
    }
  }
}

function effect(component: Effect['component'], confirmed: boolean, detail: string): Effect {
  return { component, confirmed, detail }
}
