import type { ReactElement } from 'react'

import type { WindowView } from '../api/window-types.ts'
import { LogIndex } from '../log/log-index.tsx'
import { Instant } from '../shell/instant.tsx'
import { errorNames, stepWords } from './words.ts'

import './window.css'

/** Everything that was said of a crossing at the window and in secondary, oldest first. */
export function StepList(props: { readonly window: WindowView }): ReactElement {
  const { steps } = props.window
  return (
    <section className="sp-panel sp-section" aria-label="What was decided">
      <h2>What was decided</h2>
      {steps.length === 0 && <p className="sp-quiet">Nobody has decided anything yet.</p>}
      <ol className="sp-said">
        {steps.map((step, at) => (
          <li key={step.id} data-undone={steps[at + 1]?.kind === 'undone'}>
            <Instant at={step.at} clock />
            <div>
              <strong>{stepWords(step)}</strong> <span className="sp-quiet">by {step.by.name}</span>
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
    </section>
  )
}
