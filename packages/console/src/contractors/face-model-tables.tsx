import type { FaceModelFigures, FaceReport } from '@sallyport/core/evaluation-faces'
import type { ReactElement } from 'react'

import { FaceCurve } from './face-curve.tsx'
import { Plot } from './plot.tsx'
import { BesideBars, ShareBar } from './share-bar.tsx'

/** What is told of a face model: how many it misses where so many strangers match, beside the one in service. */
export function FaceModelTables(props: { readonly report: FaceReport }): ReactElement {
  const { report } = props
  const { candidate, service, against, at_rate: rate, plus_minus: within } = report
  const all =
    against === null
      ? 0
      : against.both + against.only_candidate + against.only_service + against.neither
  const perCohort = [
    ['By light', report.by_light, within.light],
    ['By camera', report.by_camera, within.camera],
    ['By issuer of the document', report.by_issuer, within.issuer],
  ] as const
  return (
    <div className="sp-shares">
      <FaceCurve candidate={candidate.curve} service={service.curve} />
      <table className="sp-rate-table">
        <caption>One person missed, where so many strangers match</caption>
        <thead>
          <tr>
            <th scope="col">Strangers</th>
            <th scope="col">This model</th>
            <th scope="col">In service</th>
          </tr>
        </thead>
        <tbody>
          {candidate.rates.map((answer, at) => (
            <tr key={answer.rate}>
              <th scope="row">{percent(answer.rate)}</th>
              <td>{words(answer)}</td>
              <td>{words(service.rates[at])}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {rate === null || against === null ? (
        <p>
          There are too few people for any of these rates to be told from noise, so no groups are
          shown.
        </p>
      ) : (
        <>
          <Plot title={`People matched with themselves, where ${percent(rate)} of strangers match`}>
            <BesideBars against={against} whole={all} within={within.against} />
          </Plot>
          {perCohort.map(([title, cohorts, bound]) => (
            <Plot key={title} title={title}>
              {cohorts.map(({ cohort, matched, not_matched: not }) => (
                <ShareBar
                  key={cohort}
                  label={cohort}
                  part={matched}
                  whole={matched + not}
                  within={bound}
                />
              ))}
            </Plot>
          ))}
        </>
      )}
      <p className="sp-quiet">
        Of about {report.pictures} pictures this model could not describe {candidate.not_acquired},
        the one in service {service.not_acquired}: each ± {within.acquisition}.
      </p>
    </div>
  )
}

function words(answer: FaceModelFigures['rates'][number] | undefined): string {
  if (answer?.kind !== 'stated') return 'too few people to say'
  const { share, within } = answer.point.false_non_match
  return `${percent(share)} (± ${percent(within)})`
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`
}
