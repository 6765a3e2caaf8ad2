import type { ReactElement, ReactNode } from 'react'

import type { Plate, Verdict } from '../api/types.ts'
import { percentWords } from '../format/figures.ts'
import { reasonWords, unreadableTitle } from '../format/words.ts'
import { EyeIcon, WarnIcon } from '../shell/icons.tsx'
import { PlateCells } from './plate-cells.tsx'
import { VerdictLine } from './verdict-text.tsx'
import { agreementWords, isJurisdictionGuess, jurisdictionWords } from './words.ts'

import './plate-panel.css'

/**
 * A plate to be taken in at a glance: what became of it, its cells, and what else is known. The
 * verdict stands at the same height whatever it is, so that neighbouring lanes compare.
 */
export function PlatePanel(props: {
  readonly plate: Plate
  /** What a person says, below what the machine read. */
  readonly verdict?: Verdict | null
  /** Beside the verdict: how long ago. */
  readonly since?: ReactNode
  /** At the end of the facts: the time. */
  readonly when?: ReactNode
}): ReactElement {
  const { plate } = props
  const jurisdiction = jurisdictionWords(plate)
  return (
    <div className="sp-plate-panel">
      <div className="sp-verdict-row" data-kind={plate.kind}>
        {plate.kind === 'read' && (
          <span>
            Read
            {plate.confidence !== null && (
              <strong className="sp-figure"> {percentWords(plate.confidence)}</strong>
            )}
          </span>
        )}
        {plate.kind === 'unsure' && (
          <>
            <WarnIcon size={22} />
            <strong>Unsure: read by eye</strong>
          </>
        )}
        {plate.kind === 'unreadable' && (
          <>
            <EyeIcon size={22} />
            <strong>{unreadableTitle(plate)}: read by eye</strong>
          </>
        )}
        <strong className="sp-verdict-since">{props.since}</strong>
      </div>
      <PlateCells plate={plate} />
      <div className="sp-plate-facts">
        {jurisdiction !== null && (
          <span
            className="sp-jurisdiction"
            data-guess={isJurisdictionGuess(plate)}
            title="Jurisdiction of the plate"
          >
            {isJurisdictionGuess(plate) ? `perhaps ${jurisdiction}` : jurisdiction}
          </span>
        )}
        <span className="sp-plate-words">{factWords(plate)}</span>
        <span className="sp-plate-when">{props.when}</span>
      </div>
      {props.verdict != null && <VerdictLine verdict={props.verdict} plate={plate} />}
    </div>
  )
}

function factWords(plate: Plate): string {
  const reason = reasonWords(plate)
  switch (plate.kind) {
    case 'read':
      return sentence(agreementWords(plate))
    case 'unsure': {
      const guess =
        plate.confidence === null ? '' : `Best guess ${percentWords(plate.confidence)}. `
      return `${guess}${reason ?? ''} ${sentence(agreementWords(plate))}`
    }
    case 'unreadable':
      return reason ?? ''
  }
}

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`
}
