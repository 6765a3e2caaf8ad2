import { Button } from '@mantine/core'
import { holdRequesters } from '@sallyport/core/retention-hold'
import { useQuery } from '@tanstack/react-query'
import { useState, type ReactElement } from 'react'

import { useNow } from '../shell/clock.ts'
import { Instant } from '../shell/instant.tsx'
import { useHolds } from '../shell/session-context.ts'
import { HoldDialog } from './hold-dialog.tsx'
import { countdownQuery } from './queries.ts'
import type { RetentionCountdown } from './types.ts'
import { className, keepWords, leftWords } from './words.ts'

import './retention.css'

/** How long the pictures of one crossing are kept, counting down. */
export function CountdownPanel(props: { readonly crossing: string }): ReactElement | null {
  const found = useQuery(countdownQuery(props.crossing))
  const asks = useHolds(...holdRequesters)
  const [asked, setAsked] = useState(false)
  if (found.data === undefined) return null
  const { bodies, held_until: heldUntil } = found.data
  const isKept = bodies.some(({ shredding }) => shredding === null)
  return (
    <section className="sp-section sp-panel">
      <h2>Kept until</h2>
      {heldUntil !== null && (
        <p className="sp-retention-held">
          Held: nothing of it is shredded before <Instant at={heldUntil} />.
        </p>
      )}
      <dl className="sp-facts">
        {bodies.map((body) => (
          <Body key={body.capture} body={body} />
        ))}
      </dl>
      {asks && isKept && (
        <div className="sp-hold-answers">
          <Button size="compact-sm" variant="default" onClick={() => setAsked(true)}>
            Ask for a hold…
          </Button>
        </div>
      )}
      {asked && <HoldDialog crossing={props.crossing} onClose={() => setAsked(false)} />}
    </section>
  )
}

function Body(props: { readonly body: RetentionCountdown['bodies'][number] }): ReactElement {
  const { body } = props
  const now = useNow()
  return (
    <>
      <dt>{className[body.class]}</dt>
      <dd>
        {body.shredding !== null ? (
          <>
            Shredded: asked for <Instant at={body.shredding.requested_at} />,{' '}
            {body.shredding.effective_at === null ? (
              'not effective yet'
            ) : (
              <>
                effective <Instant at={body.shredding.effective_at} />
              </>
            )}
          </>
        ) : body.due_at === null || body.rule === null ? (
          'No policy is chosen'
        ) : (
          <span title={body.rule.source}>
            <strong>{leftWords(body.due_at, now)}</strong>, <Instant at={body.due_at} />
            <span className="sp-quiet"> ({keepWords(body.rule.keep)})</span>
          </span>
        )}
      </dd>
    </>
  )
}
