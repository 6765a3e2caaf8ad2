import { Button, Modal, TextInput } from '@mantine/core'
import { statementLimits } from '@sallyport/core/stays/statement'
import { useQueryClient } from '@tanstack/react-query'
import { useState, type ReactElement } from 'react'

import { request } from '../api/client.ts'
import type { StayStatement } from '../api/stay-types.ts'
import { LogIndex } from '../log/log-index.tsx'
import { FailureNote } from '../shell/failure-note.tsx'
import { Instant } from '../shell/instant.tsx'
import { notifyDone } from '../shell/notify.ts'
import { useAction } from '../shell/use-action.ts'
import { stayKeys } from './stay-queries.ts'
import { statementWords } from './words.ts'

/** Everything that was ever stated, in order; what holds now can be taken back. */
export function StatementList(props: {
  readonly statements: readonly StayStatement[]
  readonly correctable: boolean
}): ReactElement | null {
  const { statements, correctable } = props
  const [withdrawing, setWithdrawing] = useState<StayStatement | null>(null)
  if (statements.length === 0) return null
  const superseded = new Set(statements.map(({ supersedes }) => supersedes))
  return (
    <div className="sp-panel sp-stay-said">
      <h2>Stated by people</h2>
      <ul>
        {statements.map((one) => {
          const holds = !superseded.has(one.id) && one.kind !== 'withdrawn'
          return (
            <li key={one.id} data-holds={holds}>
              <strong>{statementWords(one)}</strong>
              {one.instant !== null && (
                <span>
                  <Instant at={one.instant} />
                </span>
              )}
              <span>{one.reason}</span>
              <span className="sp-quiet">
                {one.by.name}, <Instant at={one.at} /> <LogIndex index={one.log_index} />
              </span>
              {holds && correctable && (
                <Button size="compact-sm" variant="default" onClick={() => setWithdrawing(one)}>
                  Take back…
                </Button>
              )}
            </li>
          )
        })}
      </ul>
      {withdrawing !== null && (
        <TakeBack statement={withdrawing} onClose={() => setWithdrawing(null)} />
      )}
    </div>
  )
}

function TakeBack(props: {
  readonly statement: StayStatement
  readonly onClose: () => void
}): ReactElement {
  const { statement, onClose } = props
  const client = useQueryClient()
  const [reason, setReason] = useState('')
  const { busy, error, run } = useAction()
  const ready = reason.trim().length >= statementLimits.reasonLengthMin
  const takeBack = async (): Promise<void> => {
    await request(`/v1/stays/statements/${encodeURIComponent(statement.id)}/withdrawal`, {
      method: 'POST',
      body: { passage: statement.passage, class: statement.class, reason: reason.trim() },
    })
    await client.invalidateQueries({ queryKey: stayKeys.all })
    notifyDone('Taken back', 'It stays on record, and no longer counts.')
    onClose()
  }
  return (
    <Modal opened onClose={onClose} title="Take this back?" centered>
      <form
        className="sp-stay-form"
        onSubmit={(event) => {
          event.preventDefault()
          if (ready && !busy) run(takeBack)
        }}
      >
        <p>{statementWords(statement)}. What the cameras recorded counts again.</p>
        <TextInput
          label="Reason"
          data-autofocus
          maxLength={statementLimits.reasonLengthMax}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {error !== null && <FailureNote doing="Not taken back" error={error} />}
        <div className="sp-form-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={busy} disabled={!ready}>
            Take back
          </Button>
        </div>
      </form>
    </Modal>
  )
}
