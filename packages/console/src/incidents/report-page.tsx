import { Button, Textarea, TextInput } from '@mantine/core'
import { useState, type ReactElement } from 'react'

import { request } from '../api/client.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { MarkIcon } from '../shell/icons.tsx'
import { useTitle } from '../shell/title.ts'
import { useAction } from '../shell/use-action.ts'

import '../session/sign-in.css'
import './incidents.css'

/** For anybody who suspects something: no account, straight to the agency. */
export function ReportPage(): ReactElement {
  useTitle('Report a suspicion')
  const [organisation, setOrganisation] = useState('')
  const [contact, setContact] = useState('')
  const [suspected, setSuspected] = useState('')
  const [what, setWhat] = useState('')
  const [receipt, setReceipt] = useState<string | null>(null)
  const { busy, error, run } = useAction()
  const send = async (): Promise<void> => {
    const answer = await request<{ receipt: string }>('/v1/reports', {
      method: 'POST',
      body: { organisation, contact, suspected_at: new Date(suspected).toISOString(), what },
    })
    setReceipt(answer.receipt)
  }
  return (
    <main className="sp-report">
      <div className="sp-panel sp-section">
        <div className="sp-sign-in-brand">
          <MarkIcon size={30} />
          <span>Sallyport</span>
        </div>
        {receipt === null ? (
          <form
            className="sp-incident-form"
            onSubmit={(event) => {
              event.preventDefault()
              run(send)
            }}
          >
            <h1>Report a suspicion</h1>
            <p>
              This goes to the agency itself, not to whoever you work for. You need no account. Say
              what you know now; more can follow.
            </p>
            <TextInput
              label="Your organisation"
              maxLength={200}
              value={organisation}
              onChange={(event) => setOrganisation(event.currentTarget.value)}
            />
            <TextInput
              label="How the agency reaches you"
              maxLength={200}
              value={contact}
              onChange={(event) => setContact(event.currentTarget.value)}
            />
            <TextInput
              type="datetime-local"
              label="When anybody first suspected it"
              description="By this computer’s clock"
              value={suspected}
              onChange={(event) => setSuspected(event.currentTarget.value)}
            />
            <Textarea
              label="What happened, as far as you know"
              autosize
              minRows={4}
              maxLength={8000}
              value={what}
              onChange={(event) => setWhat(event.currentTarget.value)}
            />
            <Button
              type="submit"
              loading={busy}
              disabled={[organisation, contact, suspected, what].some((one) => one.trim() === '')}
            >
              Report it
            </Button>
            {error !== null && <FailureNote doing="It was not reported" error={error} />}
          </form>
        ) : (
          <div role="status">
            <h1>Your report has arrived</h1>
            <p>Keep this number. It is the only thing that you have of it:</p>
            <p className="sp-report-receipt sp-mono">{receipt}</p>
          </div>
        )}
      </div>
    </main>
  )
}
