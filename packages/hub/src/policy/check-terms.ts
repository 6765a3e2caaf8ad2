/** What terms would mean before anybody signs them: problems, sentences, policy, the past month. */

import { grantPolicyText } from '@sallyport/core/grants/cedar-text'
import { type GrantTerms, weekdays } from '@sallyport/core/grants/grant'
import { describeTerms } from '@sallyport/core/grants/grant-words'
import { judgeTerms } from '@sallyport/core/grants/judge-terms'
import { listParties } from '@sallyport/store/grants/parties'
import { openingsOfParty, picturesInScope } from '@sallyport/store/grants/simulate'
import type { Db } from '@sallyport/store/postgres/database'

import { limits } from '../limits.ts'
import { keyOf, knownPlaces } from './grants.ts'

type Context = {
  readonly db: Db
  readonly port: { readonly id: string; readonly zone: string }
  readonly now: () => Date
}

/** Judges terms as a proposal would, and says what the days before would have given under them. */
export async function checkTerms(terms: GrantTerms, context: Context) {
  const { db, port, now } = context
  const at = now()
  const days = limits.grantSimulationDays
  const since = new Date(at.getTime() - days * 86_400_000)
  const lanes = terms.lanes === 'all' ? null : terms.lanes
  const scope = { since, lanes, port: port.id, zone: port.zone, hours: hoursOf(terms) }
  const party = (await listParties(db)).find(({ id }) => id === terms.party)
  const openings = await openingsOfParty(db, terms.party, scope)
  return {
    problems: judgeTerms(terms, await knownPlaces(context), at).map(({ code, field, detail }) => ({
      code,
      field: keyOf(field),
      detail,
    })),
    sentences: [...describeTerms(terms, party?.name ?? terms.party)],
    policy: grantPolicyText({ id: 'proposed', version: 1, terms }),
    simulation: {
      days,
      pictures_in_scope: terms.ports.includes(port.id)
        ? await picturesInScope(db, { ...scope, classes: classesOf(terms) })
        : 0,
      openings_by_party: openings.asked,
      of_those_in_lanes: openings.inLanes,
    },
  }
}

function classesOf({ views }: GrantTerms): readonly string[] {
  return [
    ...new Set(views.flatMap((view) => (view === 'plate_crop' ? ['plate', 'scene'] : [view]))),
  ]
}

function hoursOf({ hours }: GrantTerms) {
  if (hours === null) return null
  return {
    days: hours.days.map((day) => weekdays.indexOf(day) + 1),
    from: hours.from,
    to: hours.to,
  }
}
