import type { ReactElement } from 'react'

import type { Capture, Opening } from '../api/types.ts'
import { captureName, codeWords, outcomeWords, purposeWords } from '../format/words.ts'
import { LogIndex } from '../log/log-index.tsx'
import { CrossIcon, EyeIcon } from '../shell/icons.tsx'
import { Instant } from '../shell/instant.tsx'

/** Who saw pictures of this crossing, and who asked in vain. */
export function OpeningsOfCrossing(props: {
  readonly openings: readonly Opening[]
  readonly captures: readonly Capture[]
}): ReactElement {
  const { openings, captures } = props
  // A candidate's photograph was taken elsewhere: it is opened beside the crossing, and stands here too.
  const nameOf = ({ capture, capture_class: name }: Opening): string =>
    captures.some(({ id }) => id === capture)
      ? `${captureName(name).toLowerCase()} picture`
      : 'photograph of a candidate'
  return (
    <section className="sp-section sp-panel">
      <h2>Openings</h2>
      {openings.length === 0 && (
        <p className="sp-quiet" style={{ margin: 0 }}>
          No opening of these pictures is on record.
        </p>
      )}
      <ol className="sp-openings">
        {openings.map((opening) => (
          <li key={opening.id} data-outcome={opening.outcome}>
            {opening.outcome === 'opened' ? <EyeIcon /> : <CrossIcon />}
            <div>
              <strong>{opening.account.name}</strong> {outcomeWords[opening.outcome]} the{' '}
              {nameOf(opening)} for{' '}
              {purposeWords[opening.purpose]?.name.toLowerCase() ?? opening.purpose}
              {opening.code !== null && <> ({codeWords(opening.code).toLowerCase()})</>}
              {opening.note !== null && <div>{opening.note}</div>}
              <div className="sp-quiet">
                <Instant at={opening.at} />, log entry <LogIndex index={opening.log_index} />
              </div>
            </div>
          </li>
        ))}
      </ol>
    </section>
  )
}
