import type { ReactElement } from 'react'

import { pointWithin } from '../contractors/curve-points.ts'
import { CurvePlot } from '../contractors/face-curve.tsx'
import { countWords, plural, shortHex } from '../format/figures.ts'
import { Instant } from '../shell/instant.tsx'
import type { CalibrationInService } from './api.ts'
import { curveShareWords, measuredWords, oneInWords, shareWords } from './words.ts'

/** One calibration in service: what it promises, what it was measured on, and who stands for it. */
export function InServiceCard(props: { readonly calibration: CalibrationInService }): ReactElement {
  const one = props.calibration
  const from = one.made_from
  return (
    <section className="sp-section sp-panel sp-calibration">
      <h2>{one.camera_class === 'any' ? 'Any camera' : `Cameras of class ${one.camera_class}`}</h2>
      <div className="sp-calibration-parts">
        <dl className="sp-facts">
          <dt>Made</dt>
          <dd>
            <Instant at={one.made} /> from {from.name}: {plural(from.people, 'person', 'people')},{' '}
            {plural(from.pictures, 'picture', 'pictures')}; {countWords(from.genuine)} comparisons
            of one person, {countWords(from.impostors)} of two
          </dd>
          <dt>Signature</dt>
          <dd>
            {one.signers.length > 0
              ? `holds: signed by ${one.signers.join(', ')}, checked when the hub started`
              : 'none that is trusted here'}
          </dd>
          <dt>Production</dt>
          <dd>{one.production === null ? 'would take it' : `refuses: ${one.production.detail}`}</dd>
          <dt>A match</dt>
          <dd>
            of strangers {oneInWords(one.false_match_rate)} in a comparison; of searches{' '}
            {oneInWords(one.false_positive_identification_rate)} may name a stranger, whatever the
            size, up to {plural(one.people_max, 'person', 'people')} who are expected
          </dd>
          <dt>No match</dt>
          <dd>said of {shareWords(one.false_non_match_rate)} of the pictures of one person</dd>
          <dt>No face found</dt>
          <dd>{measuredWords(one.failure_to_acquire)}</dd>
          <dt>Hash</dt>
          <dd>
            <code title={one.sha256}>{shortHex(one.sha256)}</code>
          </dd>
        </dl>
        <TradeOffPlot calibration={one} />
      </div>
      <Rates calibration={one} />
    </section>
  )
}

function TradeOffPlot({ calibration }: { readonly calibration: CalibrationInService }) {
  const points = calibration.trade_off.flatMap(({ false_match: match, false_non_match: miss }) => {
    if (match.kind !== 'share' || miss.kind !== 'share') return []
    return pointWithin(match, miss) ?? []
  })
  const { at_line: line } = calibration
  const chosen =
    line?.false_match.kind === 'share' && line.false_non_match.kind === 'share'
      ? pointWithin(line.false_match, line.false_non_match)
      : null
  if (points.length === 0)
    return <p className="sp-quiet">Too few were compared to draw how the errors trade off.</p>
  return (
    <CurvePlot
      lines={[
        { name: 'This calibration', of: 'service', points },
        { name: 'The chosen line', of: 'candidate', points: chosen === null ? [] : [chosen] },
      ]}
      description={`Curve of ${points.length} points; the tables below have the figures.`}
    />
  )
}

function Rates({ calibration }: { readonly calibration: CalibrationInService }): ReactElement {
  const { at_line: line, on_others: others, searches, false_match_rate: rate } = calibration
  return (
    <div className="sp-calibration-tables">
      <table className="sp-rate-table">
        <caption>One comparison, where {oneInWords(rate)} strangers may match</caption>
        <thead>
          <tr>
            <th scope="col">Measured on</th>
            <th scope="col">Strangers who match</th>
            <th scope="col">Missed</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">the people it was fitted on</th>
            <td>{line === null ? 'too few to say' : curveShareWords(line.false_match)}</td>
            <td>{line === null ? 'too few to say' : curveShareWords(line.false_non_match)}</td>
          </tr>
          <tr>
            <th scope="row">others</th>
            <td>{others === null ? 'nobody was kept apart' : measuredWords(others.false_match)}</td>
            <td>
              {others === null ? 'nobody was kept apart' : measuredWords(others.false_non_match)}
            </td>
          </tr>
        </tbody>
      </table>
      <table className="sp-rate-table">
        <caption>
          A search, of which {oneInWords(calibration.false_positive_identification_rate)} may name a
          stranger
        </caption>
        <thead>
          <tr>
            <th scope="col">Expected</th>
            <th scope="col">Left to a person, though expected</th>
          </tr>
        </thead>
        <tbody>
          {searches.map((one) => (
            <tr key={one.people}>
              <th scope="row">{plural(one.people, 'person', 'people')}</th>
              <td>
                {one.kind === 'too_few'
                  ? 'too few strangers to promise it: not compared'
                  : curveShareWords(one.false_non_match)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="sp-quiet">
        Intervals are of 95 %, as if no comparison had to do with another. Two who are nearly as
        alike are left to a person as well, which no table here counts. Figures of those it was
        fitted on lean to the kind side.
      </p>
    </div>
  )
}
