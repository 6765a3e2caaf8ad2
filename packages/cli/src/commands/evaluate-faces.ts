/** What is told of a face model that was evaluated inside, as lines. */

import type { candidateEvaluation } from '@sallyport/hub/api/candidate-schemas'
import type { z } from 'zod'

import { note } from '../terminal.ts'

type Evaluation = z.output<typeof candidateEvaluation>
type Report = NonNullable<Evaluation['face_report']>
type Figures = Report['candidate']
type Share = Figures['curve'][number]['false_match']

export function printFaces({ name, on, service }: Evaluation, report: Report): void {
  const { candidate, service: inService, plus_minus: within } = report
  console.log(`${name} on ${on}: about ${report.pictures} pictures (± ${within.acquisition})`)
  for (const [at, mine] of candidate.rates.entries()) {
    const theirs = inService.rates[at]
    console.log(
      `${percent(mine.rate)} of strangers may match: ${answer(mine)}; in service ${theirs === undefined ? '–' : answer(theirs)}`,
    )
  }
  console.log(
    `not described: ${candidate.not_acquired}, in service ${inService.not_acquired} (± ${within.acquisition} each)`,
  )
  const { against, at_rate: rate } = report
  if (against !== null && rate !== null)
    console.log(
      `at ${percent(rate)}: both match ${against.both}, only the candidate ${against.only_candidate}, only ${service} ${against.only_service}, neither ${against.neither} (each ± ${within.against})`,
    )
  for (const [title, cohorts, bound] of [
    ['light', report.by_light, within.light],
    ['camera', report.by_camera, within.camera],
    ['document of', report.by_issuer, within.issuer],
  ] as const)
    for (const { cohort, matched, not_matched: not } of cohorts)
      console.log(
        `${title} ${cohort}: ${matched} of ${matched + not} people match (± ${bound} each)`,
      )
  for (const { distance, false_match: match, false_non_match: miss } of candidate.curve)
    console.log(
      `up to distance ${distance.toFixed(3)}: strangers ${words(match)}, one person missed ${words(miss)}`,
    )
  if (rate === null)
    note(
      'There are too few people for any of these rates: ask for higher ones (--at), or choose a fuller month.',
    )
}

function answer(one: Figures['rates'][number]): string {
  return one.kind === 'too_few_people'
    ? 'too few people to say'
    : `${words(one.point.false_non_match)} of one person missed, up to distance ${one.point.distance.toFixed(3)}`
}

function words({ share, within }: Share): string {
  return `${percent(share)} ± ${percent(within)}`
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`
}
