import { Button } from '@mantine/core'
import { useState, type ReactElement } from 'react'

import { ApiFailure } from '../api/client.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { useAction } from '../shell/use-action.ts'
import { askPolicies, type PolicyDecision, type PolicyQuestion } from './api.ts'
import { Decision } from './decision.tsx'

/** Beside an opening that the policies refused: which of them did, for whoever asked. */
export function Why(props: {
  readonly question: PolicyQuestion
  readonly error: unknown
}): ReactElement | null {
  const [decision, setDecision] = useState<PolicyDecision | null>(null)
  const { busy, error, run } = useAction()
  // Other failures (the log, the seal, the network) are none of the policies'.
  if (!(props.error instanceof ApiFailure) || ![403, 429].includes(props.error.status)) return null
  if (decision !== null) return <Decision decision={decision} who="You" />
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        loading={busy}
        onClick={() => run(async () => setDecision(await askPolicies(props.question)))}
      >
        Why?
      </Button>
      {error !== null && <FailureNote doing="The policies could not be asked" error={error} />}
    </>
  )
}
