import type { ReactElement } from 'react'

import { CheckIcon, CrossIcon } from '../shell/icons.tsx'
import type { Step } from './check-receipt.ts'

import './check-steps.css'

const stateWords = { passed: 'Passed', failed: 'Failed', not_reached: 'Not reached' } as const

/** What was checked, in order, with the values computed in this browser. */
export function CheckSteps(props: { readonly steps: readonly Step[] }): ReactElement {
  return (
    <ol className="sp-steps">
      {props.steps.map((step) => (
        <li key={step.name} data-state={step.state}>
          <span className="sp-steps-sign">
            {step.state === 'passed' && <CheckIcon size={16} />}
            {step.state === 'failed' && <CrossIcon size={16} />}
            <span className="sp-unseen">{stateWords[step.state]}: </span>
          </span>
          <div>
            <strong>{step.name}</strong>
            <p>{step.words}</p>
            {step.hex !== null && <code className="sp-mono">{step.hex}</code>}
          </div>
        </li>
      ))}
    </ol>
  )
}
