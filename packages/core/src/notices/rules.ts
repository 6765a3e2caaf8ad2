/**
 * Who is told of an incident by when, as data (docs/incidents.md). To be confirmed by the agency's counsel:
 * an agency edits this table, not the code around it.
 */

import type { ScopeResult } from '../scope/scope.ts'

export const noticeLanguages = ['en', 'es', 'fr'] as const
export type NoticeLanguage = (typeof noticeLanguages)[number]

/** What a deadline counts from. */
type Clock = 'known' | 'suspected'

export type NoticeRule = {
  readonly id: string
  readonly to: string
  readonly clock: Clock
  readonly hours: number
  readonly law: string
  readonly languages: readonly NoticeLanguage[]
  /** What has to be so for the duty to arise. */
  readonly when: 'always' | 'anybody_exposed' | 'major_incident'
  /** Individuals get a letter with headings of its own. */
  readonly letter: 'report' | 'individual'
}

const day = 24
const report = { languages: ['en'], letter: 'report' } as const

export const noticeRules: readonly NoticeRule[] = [
  {
    id: 'cisa_1_hour',
    to: 'Cybersecurity and Infrastructure Security Agency',
    clock: 'known',
    hours: 1,
    law: 'Federal incident notification guidelines under FISMA',
    when: 'always',
    ...report,
  },
  {
    id: 'contractor_hsar',
    to: 'Contracting officer, component privacy officer and SOC, from the contractor',
    clock: 'suspected',
    hours: 8,
    law: 'HSAR 3052.204-72; one hour where personal data are concerned',
    when: 'always',
    ...report,
  },
  {
    id: 'inspector_general',
    to: 'Inspector General and Office of Professional Responsibility',
    clock: 'known',
    hours: day,
    law: 'DHS Privacy Incident Handling Guidance',
    when: 'always',
    ...report,
  },
  {
    id: 'law_enforcement',
    to: 'Law enforcement with jurisdiction',
    clock: 'known',
    hours: day,
    law: 'DHS Privacy Incident Handling Guidance',
    when: 'always',
    ...report,
  },
  {
    id: 'congress_7_days',
    to: 'Committees of Congress named by FISMA',
    clock: 'known',
    hours: 7 * day,
    law: '44 U.S.C. 3554(b)(7); OMB M-17-05: 100,000 people are a major incident',
    when: 'major_incident',
    ...report,
  },
  {
    id: 'congress_30_days',
    to: 'Committees of Congress named by FISMA',
    clock: 'known',
    hours: 30 * day,
    law: '44 U.S.C. 3553 note',
    when: 'anybody_exposed',
    ...report,
  },
  {
    id: 'gdpr_authority',
    to: 'Supervisory authority',
    clock: 'known',
    hours: 72,
    law: 'GDPR art. 33(1)',
    when: 'anybody_exposed',
    ...report,
  },
  {
    id: 'states',
    to: 'Attorneys general of the states concerned',
    clock: 'known',
    hours: 30 * day,
    law: 'Breach laws of the states, such as Cal. Civ. Code 1798.29',
    when: 'anybody_exposed',
    ...report,
  },
  {
    id: 'individuals',
    to: 'Each person whose picture or plate was exposed in clear',
    clock: 'known',
    hours: 30 * day,
    law: 'FISMA breach guidance; GDPR art. 34; headings of Cal. Civ. Code 1798.29(d)',
    languages: noticeLanguages,
    when: 'anybody_exposed',
    letter: 'individual',
  },
]

export type NoticeDue = {
  readonly rule: NoticeRule
  readonly dueAt: Date
  /** `perhaps`: the numbers do not decide yet whether the duty is there. */
  readonly owed: 'yes' | 'perhaps' | 'no'
  readonly reason: string
}

type Clocks = { readonly knownAt: Date; readonly suspectedAt: Date }

/** Every rule with its deadline, the earliest first. Without a scope nothing is known not to be owed. */
export function noticesDue(clocks: Clocks, result: ScopeResult | null): readonly NoticeDue[] {
  return noticeRules
    .map((rule) => {
      const from = rule.clock === 'known' ? clocks.knownAt : clocks.suspectedAt
      return {
        rule,
        dueAt: new Date(from.getTime() + rule.hours * 3_600_000),
        ...owedBy(rule, result),
      }
    })
    .toSorted((a, b) => a.dueAt.getTime() - b.dueAt.getTime())
}

function owedBy(
  { when }: NoticeRule,
  result: ScopeResult | null,
): Pick<NoticeDue, 'owed' | 'reason'> {
  if (when === 'always') return { owed: 'yes', reason: 'Owed for every incident.' }
  if (result === null) return { owed: 'perhaps', reason: 'No scope was stated yet.' }
  const line = result.lines.find((one) =>
    when === 'anybody_exposed' ? one.line === 'anybody' : one.line === 'us_major_incident',
  )
  const side = line?.side ?? 'undecided'
  const widest = line?.side_with_reachable ?? 'undecided'
  const least = line?.people ?? 0
  const people = least === 1 ? 'one person' : `${least} people`
  if (side === 'reached') return { owed: 'yes', reason: `At least ${people} exposed.` }
  if (side === 'undecided')
    return { owed: 'perhaps', reason: `The line of ${people} lies within the interval.` }
  if (widest === 'not_reached')
    return { owed: 'no', reason: `Not even ${people}, also with what was reachable.` }
  const reason = `The line of ${people} is reached only with what nobody is known to have read.`
  return { owed: 'perhaps', reason }
}
