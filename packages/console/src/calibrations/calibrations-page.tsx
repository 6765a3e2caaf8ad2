import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactElement } from 'react'

import { laneKindWords } from '../format/words.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { useTitle } from '../shell/title.ts'
import { type CalibrationsInService, inServiceQuery, madeQuery } from './api.ts'
import { InServiceCard } from './in-service-card.tsx'
import { MadeList } from './made-list.tsx'

import '../contractors/models.css'
import './calibrations.css'

/** What answers about faces are worth here, and what earlier measurements said. */
export function CalibrationsPage(): ReactElement {
  useTitle('Calibrations')
  const service = useQuery(inServiceQuery)
  const made = useQuery(madeQuery)
  const failed = service.isError ? service : made.isError ? made : null
  const matching = service.data?.matching ?? null
  return (
    <>
      <div className="sp-page-head">
        <h1>Calibrations</h1>
        <p>How often faces are told apart wrongly, by class of camera.</p>
      </div>
      {failed !== null && (
        <FailureNote
          doing="The calibrations could not be read"
          error={failed.error}
          onRetry={() => void failed.refetch()}
        />
      )}
      {service.isPending && <Skeleton height={240} aria-label="Reading the calibrations" />}
      {service.data !== undefined &&
        (matching === null ? <FacesOff /> : <InService matching={matching} />)}
      {made.data !== undefined && (
        <MadeList
          made={made.data.calibrations}
          inService={matching?.calibrations.map(({ sha256 }) => sha256) ?? []}
        />
      )}
    </>
  )
}

function FacesOff(): ReactElement {
  return (
    <section className="sp-empty sp-panel">
      <h2>Faces are off at this hub</h2>
      <p>
        Nobody is compared with anybody, so no calibration is in service. The setting{' '}
        <code>faces</code> turns them on; docs/faces.md says what that takes.
      </p>
    </section>
  )
}

function InService({ matching }: { readonly matching: CalibrationsInService }): ReactElement {
  const { model, profile, lanes, calibrations } = matching
  return (
    <>
      <section className="sp-section sp-panel sp-calibrations-model">
        <h2>In service</h2>
        <p
          className={model.evaluation ? 'sp-calibrations-note sp-hatched' : 'sp-calibrations-note'}
        >
          <strong>{model.label}.</strong>
          {model.evaluation && ' For trying out: do not act on its answers.'} Profile {profile}.
        </p>
        <p className="sp-quiet sp-calibrations-id">{model.identity}</p>
        <table className="sp-rate-table">
          <caption className="sp-calibrations-caption">
            Which calibration stands behind which lanes
          </caption>
          <tbody>
            {lanes.map(({ kind, sha256 }) => {
              const one = calibrations.find((each) => each.sha256 === sha256)
              return (
                <tr key={kind}>
                  <th scope="row">{laneKindWords[kind]}</th>
                  <td>
                    {one === undefined
                      ? 'none: faces are not compared there'
                      : one.camera_class === 'any'
                        ? `the one for any camera, from ${one.made_from.name}`
                        : `that of class ${one.camera_class}, from ${one.made_from.name}`}
                  </td>
                </tr>
              )
            })}
          </tbody>
        </table>
        <p className="sp-quiet">
          Another goes into service by the settings: name its file in <code>face_calibrations</code>{' '}
          and who signs in <code>face_calibration_keys</code>, then start the hub again.{' '}
          <code>sallyport calibrate</code> makes one from a folder, or from what the hub holds with{' '}
          <code>--vault --purpose evaluation</code>.
        </p>
      </section>
      {calibrations.map((one) => (
        <InServiceCard key={one.sha256} calibration={one} />
      ))}
    </>
  )
}
