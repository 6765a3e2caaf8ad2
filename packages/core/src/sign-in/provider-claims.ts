/**
 * What a provider's word about a person is worth here: never more than the rules say that the operator
 * wrote down. The claims were checked before (signature, issuer, audience, time); this maps them.
 */

import type { Role } from '../opening.ts'

/** Whoever has `value` in `claim` (a text, or one of a list) is given the rest. */
export type ClaimRule = {
  readonly claim: string
  readonly value: string
  /** None where the party is a contractor: what its people may do stands in grants. */
  readonly roles: readonly Role[]
  /** `agency`, or the id of a contractor. */
  readonly party: string
  readonly unit: string
}

export type ClaimedPerson = {
  readonly kind: 'person'
  readonly name: string
  readonly roles: readonly Role[]
  readonly party: string
  readonly unit: string
}

export type ClaimsRefused = {
  readonly kind: 'refused'
  /** `no_rule`: nobody said that this person works here; `two_places`: rules name two parties or two units. */
  readonly code: 'no_rule' | 'two_places'
}

const nameLengthMax = 80

/**
 * The person of verified claims. All rules that apply count together, and give their roles. Where they name two
 * parties or two units nobody is signed in: whoever stands in two units could sign as two.
 */
export function personOfClaims(
  claims: Readonly<Record<string, unknown>>,
  rules: readonly ClaimRule[],
): ClaimedPerson | ClaimsRefused {
  const applying = rules.filter(({ claim, value }) => holds(claims, claim, value))
  const [first] = applying
  if (first === undefined) return { kind: 'refused', code: 'no_rule' }
  const units = new Set(applying.map(({ unit }) => unit).filter((unit) => unit !== ''))
  if (applying.some(({ party }) => party !== first.party) || units.size > 1)
    return { kind: 'refused', code: 'two_places' }
  return {
    kind: 'person',
    name: nameOf(claims),
    roles: first.party === 'agency' ? [...new Set(applying.flatMap(({ roles }) => roles))] : [],
    party: first.party,
    unit: [...units][0] ?? '',
  }
}

/** Only what the claims hold themselves: a claim named `constructor` is nobody's. */
function holds(claims: Readonly<Record<string, unknown>>, claim: string, value: string): boolean {
  const found = Object.hasOwn(claims, claim) ? claims[claim] : undefined
  return Array.isArray(found) ? found.some((one) => one === value) : found === value
}

/** As people are shown: one line. */
function nameOf(claims: Readonly<Record<string, unknown>>): string {
  for (const claim of ['name', 'preferred_username', 'sub']) {
    const found = claims[claim]
    if (typeof found !== 'string') continue
    const line = found.replaceAll(/[\p{C}\s]+/gu, ' ').trim()
    if (line !== '') return Array.from(line).slice(0, nameLengthMax).join('').trim()
  }
  return 'Without a name'
}
