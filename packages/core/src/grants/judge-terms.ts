/** Whether the terms of a grant can be signed: contradictions, strangers, and what would widen. */

import { type GrantTerms, grantLimits, type PartyKind, type View } from './grant.ts'

export type TermsProblemCode =
  | 'contradiction'
  | 'unknown_party'
  | 'party_is_agency'
  | 'party_is_partner'
  | 'unknown_port'
  | 'unknown_lane'
  | 'over_limit'
  | 'already_over'
  | 'widens'

export type TermsProblem = {
  readonly code: TermsProblemCode
  /** The key of the document that it is about. */
  readonly field: keyof GrantTerms
  readonly detail: string
}

/** What the hub knows when terms are judged. */
export type KnownPlaces = {
  readonly parties: ReadonlyMap<string, PartyKind>
  /** Lanes by port. */
  readonly lanes: ReadonlyMap<string, ReadonlySet<string>>
}

/** Every reason why these terms cannot be signed at `now`; none: they can. */
export function judgeTerms(
  terms: GrantTerms,
  known: KnownPlaces,
  now: Date,
): readonly TermsProblem[] {
  return [...contradictions(terms, now), ...strangers(terms, known), ...overLimits(terms)]
}

function* contradictions(terms: GrantTerms, now: Date): Generator<TermsProblem> {
  const { from, until, hours } = terms
  if (until <= from) {
    yield problem('contradiction', 'until', 'It ends before it begins. Exchange from and until.')
  } else if (until <= now) {
    yield problem('already_over', 'until', 'It is over before anybody signs it.')
  }
  if (hours !== null && hours.from >= hours.to) {
    yield problem(
      'contradiction',
      'hours',
      'Its hours end before they begin. Hours over midnight need two grants.',
    )
  }
  if (hours !== null && hours.days.length === 0)
    yield problem('contradiction', 'hours', 'It names hours but no day.')
  if (terms.ports.length === 0) yield problem('contradiction', 'ports', 'It names no port.')
  if (terms.lanes !== 'all' && terms.lanes.length === 0)
    yield problem('contradiction', 'lanes', 'It names no lane. Write "all" for every lane.')
  if (terms.views.length === 0) yield problem('contradiction', 'views', 'It shows nothing.')
  if (terms.basis.trim() === '')
    yield problem('contradiction', 'basis', 'Name the contract or work order it rests on.')
}

function* strangers(terms: GrantTerms, known: KnownPlaces): Generator<TermsProblem> {
  const kind = known.parties.get(terms.party)
  if (kind === undefined) {
    yield problem('unknown_party', 'party', `There is no party "${terms.party}". Add it first.`)
  } else if (kind === 'agency') {
    yield problem(
      'party_is_agency',
      'party',
      'The agency’s own people act by their roles; grants are for contractors.',
    )
  } else if (kind === 'partner') {
    yield problem(
      'party_is_partner',
      'party',
      'A partner takes releases; grants are for contractors.',
    )
  }
  const ports = terms.ports.filter((port) => !known.lanes.has(port))
  for (const port of ports) yield problem('unknown_port', 'ports', `There is no port "${port}".`)
  if (terms.lanes === 'all') return
  const lanes = new Set(terms.ports.flatMap((port) => [...(known.lanes.get(port) ?? [])]))
  for (const lane of terms.lanes.filter((name) => !lanes.has(name)))
    yield problem('unknown_lane', 'lanes', `None of its ports has a lane "${lane}".`)
}

function* overLimits(terms: GrantTerms): Generator<TermsProblem> {
  const days = (terms.until.getTime() - terms.from.getTime()) / 86_400_000
  if (days > grantLimits.daysMax)
    yield problem('over_limit', 'until', `A grant lasts at most ${grantLimits.daysMax} days.`)
  const numbers = [
    ['picturesPerDay', grantLimits.picturesPerDayMax],
    ['bytesPerDay', grantLimits.bytesPerDayMax],
    ['incidentHours', grantLimits.incidentHoursMax],
  ] as const
  for (const [field, max] of numbers) {
    const value = terms[field]
    if (!Number.isInteger(value) || value < 1 || value > max)
      yield problem('over_limit', field, `It is a whole number from 1 to ${max}.`)
  }
  if (terms.ports.length > grantLimits.portsMax)
    yield problem('over_limit', 'ports', `At most ${grantLimits.portsMax} ports.`)
  if (terms.lanes !== 'all' && terms.lanes.length > grantLimits.lanesMax)
    yield problem('over_limit', 'lanes', `At most ${grantLimits.lanesMax} lanes; or write "all".`)
}

/**
 * What `next` would allow that `before` does not. A new version of a grant may narrow it; whatever
 * widens is a grant of its own, with its own number and its own two signatures.
 */
export function widenings(before: GrantTerms, next: GrantTerms): readonly TermsProblem[] {
  const found: TermsProblem[] = []
  const widens = (field: keyof GrantTerms, detail: string) =>
    found.push(problem('widens', field, detail))
  if (next.party !== before.party) widens('party', `It was for ${before.party}.`)
  if (next.purpose !== before.purpose) widens('purpose', `Its purpose was ${before.purpose}.`)
  for (const port of missing(next.ports, before.ports))
    widens('ports', `It did not cover port ${port}.`)
  if (before.lanes !== 'all') {
    if (next.lanes === 'all') widens('lanes', 'It did not cover every lane.')
    else
      for (const lane of missing(next.lanes, before.lanes))
        widens('lanes', `It did not cover lane ${lane}.`)
  }
  for (const view of missing<View>(next.views, before.views))
    widens('views', `It did not show ${view}.`)
  if (before.hours !== null && !within(next.hours, before.hours))
    widens('hours', 'Its hours were shorter.')
  if (next.picturesPerDay > before.picturesPerDay)
    widens('picturesPerDay', `It was ${before.picturesPerDay} pictures a day.`)
  if (next.bytesPerDay > before.bytesPerDay)
    widens('bytesPerDay', `It was ${before.bytesPerDay} bytes a day.`)
  if (next.from < before.from) widens('from', `It began ${before.from.toISOString()}.`)
  if (next.until > before.until) widens('until', `It ended ${before.until.toISOString()}.`)
  if (next.incidentHours > before.incidentHours)
    widens('incidentHours', `Its incident clause was ${before.incidentHours} hours.`)
  return found
}

function within(next: GrantTerms['hours'], before: NonNullable<GrantTerms['hours']>): boolean {
  if (next === null) return false
  return (
    next.from >= before.from && next.to <= before.to && missing(next.days, before.days).length === 0
  )
}

function missing<T>(next: readonly T[], before: readonly T[]): readonly T[] {
  return next.filter((one) => !before.includes(one))
}

function problem(code: TermsProblemCode, field: keyof GrantTerms, detail: string): TermsProblem {
  return { code, field, detail }
}
