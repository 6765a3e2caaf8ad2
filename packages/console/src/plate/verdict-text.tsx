import type { ReactElement } from 'react'

import type { Plate, Verdict } from '../api/types.ts'
import { PersonIcon } from '../shell/icons.tsx'
import { Instant } from '../shell/instant.tsx'
import { DifferingText } from './differing-text.tsx'

import './differing-text.css'

const kindWords = {
  confirmed: 'confirmed',
  corrected: 'corrected',
  unreadable: 'not readable',
  withdrawn: 'taken back',
} as const satisfies Record<Verdict['kind'], string>

/** What a person says, in a line beside what the machine read. */
export function VerdictText(props: {
  readonly verdict: Verdict | null
  readonly plate: Plate
}): ReactElement | null {
  const { verdict, plate } = props
  if (verdict === null) return null
  return (
    <span className="sp-verdict-text" title={`${verdict.by.name}: ${kindWords[verdict.kind]}`}>
      <PersonIcon size={14} />
      <span className="sp-unseen">A person says: </span>
      {verdict.kind === 'corrected' && verdict.text !== null ? (
        <DifferingText reference={plate.text ?? ''} text={verdict.text} />
      ) : (
        kindWords[verdict.kind]
      )}
    </span>
  )
}

/** The same with who and when, below a plate that is looked at. */
export function VerdictLine(props: {
  readonly verdict: Verdict
  readonly plate: Plate
}): ReactElement {
  const { verdict, plate } = props
  return (
    <div className="sp-plate-verdict">
      <PersonIcon />
      {verdict.text !== null && <DifferingText reference={plate.text ?? ''} text={verdict.text} />}
      <span>
        {verdict.jurisdiction !== null && (
          <span className="sp-mono">{verdict.jurisdiction.toUpperCase()} </span>
        )}
        {kindWords[verdict.kind]} by {verdict.by.name}, <Instant at={verdict.at} />
        {verdict.log_index !== null && (
          <span className="sp-quiet"> · log entry {verdict.log_index}</span>
        )}
      </span>
    </div>
  )
}
