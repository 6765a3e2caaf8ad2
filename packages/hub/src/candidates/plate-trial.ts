/** A contractor's plate reader on the plates of a month that people decided on. */

import {
  candidateLimits,
  type LabelMonth,
  reportCandidate,
  type TriedPicture,
} from '@sallyport/core/evaluation-candidate'
import { listLabels } from '@sallyport/store/evaluations'

import type { PlateCard } from '../sandbox/plate-card.ts'
import type { Trial, TrialContext } from './trial.ts'

export async function plateTrial(
  card: PlateCard,
  set: LabelMonth,
  { db, open }: TrialContext,
): Promise<Trial> {
  const labels = await listLabels(db, { ...set, legible: true }, candidateLimits.picturesMax)
  return {
    subject: 'plates',
    name: card.name,
    labels: labels.length,
    captures: labels.map(({ capture }) => capture),
    async open({ model, sha256 }) {
      const candidate = await open.plates({ subject: 'plates', model, sha256, card, options: {} })
      if (candidate.kind === 'refused') return candidate
      const tried: TriedPicture[] = []
      return {
        ...candidate,
        async tryOn(place, picture) {
          const both = await candidate.tryOn(picture)
          const label = labels[place]
          if (both === null || label === undefined || label.text === null) return
          const { text, jurisdiction, lane } = label
          tried.push({
            ...both,
            label: text,
            jurisdiction: jurisdiction ?? 'unknown',
            camera: lane,
          })
        },
        report: (chance) => reportCandidate(tried, chance),
      }
    },
  }
}
