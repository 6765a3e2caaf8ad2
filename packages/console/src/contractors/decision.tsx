import type { ReactElement } from 'react'

import { viewWords, type PolicyDecision } from './api.ts'

import './decision.css'

/** What the policies say to an opening, and which of them say it, in plain words. */
export function Decision(props: {
  readonly decision: PolicyDecision
  /** Whom it is about: 'Ada Quint', or 'You'. */
  readonly who: string
}): ReactElement {
  const { decision, detail, reasons, view, grant, policy_set: set } = props.decision
  const allowed = decision === 'allow'
  return (
    <div
      className="sp-decision"
      data-allowed={allowed}
      role="status"
      aria-label="What the policies say"
    >
      <strong>
        {props.who} {allowed ? 'may open it now' : 'may not open it now'}
      </strong>
      {detail !== null && <p>{detail}</p>}
      {allowed && <p>Shown: {viewWords[view].toLowerCase()}.</p>}
      {reasons.length === 0 ? (
        <p>No policy speaks for it, and what none allows is refused.</p>
      ) : (
        <ul>
          {reasons.map(({ policy, effect, words }) => (
            <li key={policy}>
              <span className="sp-label">{effect === 'permit' ? 'Allowed' : 'Forbidden'}</span>{' '}
              {words} <span className="sp-mono sp-quiet">{policy}</span>
            </li>
          ))}
        </ul>
      )}
      <p className="sp-quiet">
        {grant === null ? (
          'Under no grant. '
        ) : (
          <>
            Under grant <span className="sp-mono">{grant}</span>.{' '}
          </>
        )}
        Policies in force: <span className="sp-mono">{set.slice(0, 16)}…</span> Nothing was opened
        or counted.
      </p>
    </div>
  )
}
