/**
 * Guard rails as data: where faces may be compared, on what ground, and of whom not. At a border the law
 * of the border is the ground; anywhere else two named people record one first.
 */

import type { Role } from '../opening.ts'

export const siteTypes = ['border', 'ferry', 'toll', 'campus', 'other'] as const
export type SiteType = (typeof siteTypes)[number]

/** Who records a ground. The privacy officer may, and answers for it; nobody does alone. */
export const basisKeepers: readonly Role[] = ['supervisor', 'privacy']
export const basisReaders: readonly Role[] = ['supervisor', 'privacy', 'auditor', 'officer']

export type BasisState = 'proposed' | 'in_force' | 'ended'

export type BasisActs = {
  readonly proposed: { readonly account: string }
  readonly agreed: { readonly account: string } | null
  readonly ended: { readonly account: string } | null
}

export function basisState({ agreed, ended }: BasisActs): BasisState {
  if (ended !== null) return 'ended'
  return agreed === null ? 'proposed' : 'in_force'
}

export type FacesHere =
  | { readonly kind: 'on'; readonly ground: 'border' | 'basis' }
  | { readonly kind: 'off'; readonly why: 'off_at_hub' | 'no_basis' }

/** Whether faces are compared at this port now. */
export function facesHere(site: SiteType, basisInForce: boolean, switchedOn: boolean): FacesHere {
  if (!switchedOn) return { kind: 'off', why: 'off_at_hub' }
  if (site === 'border') return { kind: 'on', ground: 'border' }
  return basisInForce ? { kind: 'on', ground: 'basis' } : { kind: 'off', why: 'no_basis' }
}

export type BasisDecision =
  | { readonly kind: 'allow' }
  | {
      readonly kind: 'refuse'
      readonly code: 'basis_own_proposal' | 'basis_over'
      readonly detail: string
    }

/** Whether this person may agree to a ground, or end it. Ending needs one person, agreeing another. */
export function decideBasisAct(
  acts: BasisActs,
  act: 'agreed' | 'ended',
  account: string,
): BasisDecision {
  const state = basisState(acts)
  if (state === 'ended' || (act === 'agreed' && state !== 'proposed'))
    return { kind: 'refuse', code: 'basis_over', detail: 'It was agreed to or ended already.' }
  if (act === 'agreed' && acts.proposed.account === account)
    return {
      kind: 'refuse',
      code: 'basis_own_proposal',
      detail: 'You named this ground. Another person has to agree to it.',
    }
  return { kind: 'allow' }
}

/**
 * Whether somebody is old enough for their face to be compared on `day` (both ISO 8601 days). Of whom no
 * birthday is known nobody can say that they are a child.
 */
export function oldEnough(born: string | null, day: string, ageMin: number): boolean {
  if (born === null || ageMin <= 0) return true
  const [year = '', month = '', date = ''] = born.split('-')
  const comes = `${String(Number(year) + ageMin).padStart(4, '0')}-${month}-${date}`
  // Who was born on 29 February comes of age on 1 March where there is none.
  return comes <= day
}
