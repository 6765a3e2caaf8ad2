/**
 * Policies to begin with, each period with where it comes from. They are shaped like the rules they
 * are named after and are no legal advice: counsel confirms them before they are chosen.
 */

import type { Policy, Rule } from './retention.ts'

export type Pack = {
  readonly id: PackId
  readonly policy: Policy
  /** What a reader should know before choosing it. */
  readonly about: string
}

export const packIds = ['us-2018-tvs', 'eu-ees', 'campus-strict'] as const
export type PackId = (typeof packIds)[number]

const always = (keep: Rule['keep'], source: string): Rule => ({ when: 'always', keep, source })

const ours = 'Our proposal; no law was found that names a period'
const confirmedReason = 'what a person confirmed waits for the agency to take it over'

export const packs: readonly Pack[] = [
  {
    id: 'us-2018-tvs',
    about:
      'Faces as CBP announced for its Traveler Verification Service. Without a nationality on record a face is kept as a citizen’s.',
    policy: {
      name: 'US 2018, TVS-like',
      rules: {
        face: [
          {
            when: 'national',
            keep: { hours: 12 },
            source:
              'CBP biometrics privacy policy: photographs of US citizens are discarded within 12 hours (cbp.gov/travel/biometrics/privacy-policy)',
          },
          {
            when: 'foreign',
            keep: { days: 14 },
            source:
              'DHS/CBP/PIA-056: photographs of non-citizens stay up to 14 days in the service (omb.report/icr/202305-1651-001)',
          },
          always(
            { hours: 12 },
            'CBP biometrics privacy policy, the shorter period where nothing is known',
          ),
        ],
        scene: [
          { when: 'watch_confirmed', keep: { days: 365 }, source: `${ours}: ${confirmedReason}` },
          always(
            { days: 14 },
            `${ours}: a scene may show faces, so no longer than the service keeps them`,
          ),
        ],
        plate: [
          { when: 'watch_confirmed', keep: { days: 730 }, source: `${ours}: ${confirmedReason}` },
          always({ days: 60 }, `${ours}: as the California Highway Patrol, Vehicle Code 2413(b)`),
        ],
        reads: [
          always({ days: 730 }, `${ours}: two years; the record of crossings has its own schedule`),
        ],
      },
    },
  },
  {
    id: 'eu-ees',
    about:
      'Periods of the Entry/Exit System, counted from capture: what entered and left by Regulation (EU) 2017/2226 article 34. Plates are none of that system, so they are kept shortly. The system registers third-country nationals only, and no crossing has a nationality on record: faces of the Union’s own nationals would be kept as long, so choose it only where they pass by other lanes.',
    policy: {
      name: 'EU, EES-like',
      rules: {
        face: [
          {
            when: 'outbound',
            keep: { days: 1096 },
            source: 'Regulation (EU) 2017/2226 article 34(1): three years after the exit',
          },
          always(
            { days: 1826 },
            'Regulation (EU) 2017/2226 article 34(3): five years where no exit is recorded',
          ),
        ],
        scene: [
          { when: 'watch_confirmed', keep: { days: 90 }, source: `${ours}: ${confirmedReason}` },
          always({ days: 7 }, `${ours}: pictures that are no part of the system`),
        ],
        plate: [
          { when: 'watch_confirmed', keep: { days: 90 }, source: `${ours}: ${confirmedReason}` },
          always({ days: 7 }, `${ours}: pictures that are no part of the system`),
        ],
        reads: [
          { when: 'watch_confirmed', keep: { days: 90 }, source: `${ours}: ${confirmedReason}` },
          always({ days: 30 }, `${ours}: long enough to answer a complaint`),
        ],
      },
    },
  },
  {
    id: 'campus-strict',
    about: 'For ferries, terminals and campuses: pictures for a day, reads for a month, faces off.',
    policy: {
      name: 'Campus, strict',
      rules: {
        face: [always({ hours: 1 }, `${ours}: this policy expects no faces`)],
        scene: [
          {
            when: 'watch_confirmed',
            keep: { days: 30 },
            source: `${ours}: ${confirmedReason}`,
          },
          { when: 'unread', keep: { hours: 72 }, source: `${ours}: three days for a review` },
          always({ hours: 24 }, `${ours}: a day`),
        ],
        plate: [
          {
            when: 'watch_confirmed',
            keep: { days: 30 },
            source: `${ours}: ${confirmedReason}`,
          },
          { when: 'unread', keep: { hours: 72 }, source: `${ours}: three days for a review` },
          always({ hours: 24 }, `${ours}: a day`),
        ],
        reads: [always({ days: 30 }, `${ours}: a month of entries and exits`)],
      },
    },
  },
]
