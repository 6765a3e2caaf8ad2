import { Button } from '@mantine/core'
import type { ReactElement } from 'react'

import { explainFailure } from '../api/advice.ts'
import { ApiFailure } from '../api/client.ts'
import { WarnIcon } from './icons.tsx'

import './failure-note.css'

/** What failed, in the hub's words, and what to do next. Announced to screen readers. */
export function FailureNote(props: {
  readonly error: unknown
  /** What was being done: 'The lanes could not be read'. */
  readonly doing: string
  readonly onRetry?: () => void
}): ReactElement {
  const { what, next, code } = explainFailure(props.error)
  const logIndex = props.error instanceof ApiFailure ? props.error.logIndex : null
  return (
    <div className="sp-failure" role="alert">
      <WarnIcon />
      <div>
        <strong>{props.doing}.</strong> {what}
        {logIndex !== null && <> The refusal was logged as entry {logIndex}.</>}
        <div className="sp-failure-next">
          {next} <span className="sp-mono sp-failure-code">{code}</span>
        </div>
      </div>
      {props.onRetry !== undefined && (
        <Button size="xs" variant="default" onClick={props.onRetry}>
          Try again
        </Button>
      )}
    </div>
  )
}
