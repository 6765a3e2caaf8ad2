import { useQuery } from '@tanstack/react-query'
import type { ReactElement } from 'react'
import { Link } from 'wouter'

import type { Lane } from '../api/types.ts'
import { LogIndex } from '../log/log-index.tsx'
import { FailureNote } from '../shell/failure-note.tsx'
import { WarnIcon } from '../shell/icons.tsx'
import { Instant } from '../shell/instant.tsx'
import { type Attestation, attestationsQuery } from './attestation-api.ts'

/** Hand-over pages that lanes signed, newest first; each leads to the page to print. */
export function AttestationsPanel(props: { readonly lanes: readonly Lane[] }): ReactElement {
  const attestations = useQuery(attestationsQuery)
  return (
    <section className="sp-device-events">
      <h2 className="sp-section-title">Hand-overs</h2>
      {attestations.isError && (
        <FailureNote
          doing="The hand-over pages could not be read"
          error={attestations.error}
          onRetry={() => void attestations.refetch()}
        />
      )}
      {attestations.data?.length === 0 && (
        <p className="sp-quiet">
          None yet. Before a computer goes into other hands, run{' '}
          <code>npx sallyport device attest</code> on it: what it holds stands here, as it signed
          it.
        </p>
      )}
      {attestations.data !== undefined && attestations.data.length > 0 && (
        <div className="sp-list sp-panel">
          <table>
            <thead>
              <tr>
                <th scope="col">Time</th>
                <th scope="col">Lane</th>
                <th scope="col">Found</th>
                <th scope="col">Log entry</th>
              </tr>
            </thead>
            <tbody>
              {attestations.data.map((one) => (
                <tr key={one.id}>
                  <td className="sp-list-time" title="By the clock of the lane">
                    <Link className="sp-link" href={`/devices/hand-over/${one.id}`}>
                      <Instant at={one.made_at} />
                    </Link>
                  </td>
                  <td data-name="Lane">
                    {props.lanes.find(({ id }) => id === one.lane)?.name ?? one.lane}
                  </td>
                  <td data-name="Found">
                    <Found attestation={one} />
                  </td>
                  <td data-name="Log entry">
                    <LogIndex index={one.log_index} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}

function Found(props: { readonly attestation: Attestation }): ReactElement {
  const { findings } = props.attestation
  const bad = findings.filter(({ weight }) => weight === 'bad')
  if (bad.length === 0)
    return <span className="sp-quiet">Nothing that stands in the way of a hand-over</span>
  return (
    <span className="sp-sign" data-weight="bad">
      <WarnIcon size={14} />
      {bad.map(({ detail }) => detail).join(' ')}
    </span>
  )
}
