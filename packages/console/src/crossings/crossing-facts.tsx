import type { ReactElement, ReactNode } from 'react'

import type { CrossingDetail } from '../api/types.ts'
import { countWords, shortHex } from '../format/figures.ts'
import { clockWords, sourceWords } from '../format/words.ts'
import { LogIndex } from '../log/log-index.tsx'
import { Instant } from '../shell/instant.tsx'

/** Where the record comes from and what holds it in place. */
export function CrossingFacts(props: {
  readonly crossing: CrossingDetail
  readonly laneName: string
}): ReactElement {
  const { crossing } = props
  return (
    <section className="sp-section sp-panel">
      <h2>Record</h2>
      <dl className="sp-facts">
        <Fact name="Lane">{props.laneName}</Fact>
        <Fact name="Captured">
          <Instant at={crossing.captured_at} />
        </Fact>
        <Fact name="Received">
          <Instant at={crossing.received_at} />
        </Fact>
        <Fact name="Clock">{clockWords[crossing.clock]}</Fact>
        <Fact name="Source">{sourceWords[crossing.source]}</Fact>
        {crossing.lane_ms !== null && (
          <Fact name="At the lane">
            {(crossing.lane_ms / 1000).toFixed(2)} s from trigger to seal
          </Fact>
        )}
        {crossing.models !== null && (
          <Fact name="Models">
            {crossing.models.detector}, {crossing.models.reader}
          </Fact>
        )}
        <Fact name="Number">
          {countWords(crossing.sequence)} of device <Hex hex={crossing.device} />
        </Fact>
        <Fact name="Sealed to">the key of {crossing.epoch_day}</Fact>
        <Fact name="Manifest">
          <Hex hex={crossing.manifest_sha256} />
        </Fact>
        <Fact name="Log entry">
          <LogIndex index={crossing.log_index} />
        </Fact>
        <Fact name="Crossing">
          <Hex hex={crossing.id} />
        </Fact>
      </dl>
    </section>
  )
}

function Fact(props: { readonly name: string; readonly children: ReactNode }): ReactElement {
  return (
    <>
      <dt>{props.name}</dt>
      <dd>{props.children}</dd>
    </>
  )
}

function Hex(props: { readonly hex: string }): ReactElement {
  return (
    <span className="sp-mono" title={props.hex}>
      {shortHex(props.hex)}
    </span>
  )
}
