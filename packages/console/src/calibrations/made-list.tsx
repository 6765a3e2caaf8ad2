import { Badge } from '@mantine/core'
import type { ReactElement } from 'react'

import { countWords, plural } from '../format/figures.ts'
import { laneKindWords } from '../format/words.ts'
import { Instant } from '../shell/instant.tsx'
import type { MadeCalibration, MeasuredClass } from './api.ts'
import { oneInWords, saidRateWords } from './words.ts'

/** Measurements of confirmed crossings, newest first, each with its groups. */
export function MadeList(props: {
  readonly made: readonly MadeCalibration[]
  /** Hashes of the calibrations in service. */
  readonly inService: readonly string[]
}): ReactElement {
  return (
    <section className="sp-section sp-panel">
      <h2>Measured on what the hub holds</h2>
      {props.made.length === 0 && (
        <p>
          Nothing yet, so nothing is known by group either. Once people have confirmed enough
          crossings, <code>sallyport calibrate --vault --purpose audit</code> says how the one in
          service does, and <code>--purpose evaluation</code> makes another.
        </p>
      )}
      {props.made.map((one) => (
        <article key={one.id} className="sp-calibration-made">
          <h3>
            {one.purpose === 'audit' ? 'A look at the one in service' : 'A new calibration'},{' '}
            <Instant at={one.at} />
          </h3>
          <p className="sp-quiet">
            By {one.by.name}, on {plural(one.captures, 'picture', 'pictures')} of{' '}
            {plural(one.people, 'person', 'people')}
            {one.report_log_index === null ? '' : `; log entry ${one.report_log_index}`}
            {one.vkey === null ? '' : `; signed by the hub as ${one.vkey.split('+')[0] ?? ''}`}.
          </p>
          {one.classes === null && <p>It was begun and did not end: start it again.</p>}
          {one.classes?.map((each) => (
            <div key={each.camera_class}>
              {each.kind === 'measured' ? (
                <Measured
                  of={each}
                  inService={each.sha256 !== null && props.inService.includes(each.sha256)}
                />
              ) : (
                <p>
                  {laneKindWords[each.camera_class]}:{' '}
                  {each.kind === 'no_calibration'
                    ? 'no calibration that could be looked at.'
                    : `too few to say: ${countWords(each.counts.genuine)} of ${countWords(each.needed.genuine)} confirmed pictures, ${countWords(each.counts.impostors)} of ${countWords(each.needed.impostors)} comparisons of strangers. Nothing was opened.`}
                </p>
              )}
            </div>
          ))}
        </article>
      ))}
    </section>
  )
}

function Measured(props: {
  readonly of: MeasuredClass
  readonly inService: boolean
}): ReactElement {
  const { of, inService } = props
  const rows = [{ ...of, group: 'everybody' }, ...of.groups]
  return (
    <table className="sp-rate-table sp-calibration-groups">
      <caption>
        {laneKindWords[of.camera_class]}, at the line that promises {oneInWords(of.promised)}{' '}
        {inService && (
          <Badge size="sm" variant="light" color="teal">
            in service
          </Badge>
        )}
      </caption>
      <thead>
        <tr>
          <th scope="col">Of</th>
          <th scope="col">Strangers who match</th>
          <th scope="col">Confirmed people missed</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ group, false_match: match, false_non_match: miss }) => (
          <tr key={group}>
            <th scope="row">{group}</th>
            <td>{saidRateWords(match)}</td>
            <td>{saidRateWords(miss)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
