import type { ReactElement } from 'react'

import type { OnShift, WindowView } from '../api/window-types.ts'
import { LogIndex } from '../log/log-index.tsx'
import { Instant } from '../shell/instant.tsx'
import { errorNames, onShiftWords, sayerWords, statedWords, stepWords } from './words.ts'

import './window.css'

/** Everything that was said of a crossing at the window and in secondary, oldest first. */
export function StepList(props: { readonly window: WindowView }): ReactElement {
  const { steps, beside } = props.window
  return (
    <section className="sp-panel sp-section" aria-label="What was decided">
      <h2>What was decided</h2>
      {steps.length === 0 && <p className="sp-quiet">Nobody has decided anything yet.</p>}
      <ol className="sp-said">
        {steps.map((step, at) => (
          <li key={step.id} data-undone={steps[at + 1]?.kind === 'undone'}>
            <Instant at={step.at} clock />
            <div>
              <strong>{stepWords(step)}</strong>{' '}
              <span className="sp-quiet">by {sayerWords(step)}</span>
              {step.at_lane !== null && (
                <>
                  <p className="sp-quiet">
                    The hub was out of reach; it arrived{' '}
                    <Instant at={step.at_lane.arrived_at} clock />.
                  </p>
                  <Shift onShift={step.at_lane.on_shift} />
                </>
              )}
              {step.wrong.length > 0 && (
                <p>Wrong: {step.wrong.map((one) => errorNames[one].toLowerCase()).join(', ')}.</p>
              )}
              {step.note !== null && <p>{step.note}</p>}
            </div>
            <span className="sp-quiet">
              Log <LogIndex index={step.log_index} />
            </span>
          </li>
        ))}
      </ol>
      {beside.length > 0 && <Beside verdicts={beside} />}
    </section>
  )
}

/** Whom the hub had on shift; another than was stated is for a person to ask about, and proves nothing. */
function Shift({ onShift }: { readonly onShift: OnShift }): ReactElement {
  const differs = onShift !== null && !onShift.agrees
  return (
    <p className={differs ? 'sp-shift-differs' : 'sp-quiet'}>
      {onShiftWords(onShift)}
      {differs && ' That is not the name that was stated: ask who was there.'}
    </p>
  )
}

/** What a lane said without the hub after people had decided here. Nobody may overlook it. */
function Beside(props: { readonly verdicts: WindowView['beside'] }): ReactElement {
  return (
    <div className="sp-beside" role="note">
      <h3>Said at the lane meanwhile</h3>
      <p>
        It arrived after people had decided here and does not count. Read both; a supervisor can
        correct what stands.
      </p>
      <ol className="sp-said">
        {props.verdicts.map((verdict) => (
          <li key={verdict.id}>
            <Instant at={verdict.at} clock />
            <div>
              <strong>{stepWords(verdict)}</strong>{' '}
              <span className="sp-quiet">by {statedWords(verdict.name)}</span>
              <p className="sp-quiet">
                Arrived <Instant at={verdict.arrived_at} clock />.
              </p>
              <Shift onShift={verdict.on_shift} />
              {verdict.note !== null && <p>{verdict.note}</p>}
            </div>
            <span className="sp-quiet">
              Log <LogIndex index={verdict.log_index} />
            </span>
          </li>
        ))}
      </ol>
    </div>
  )
}
