import { Button, FileInput, Select, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState, type ReactElement } from 'react'

import { request } from '../api/client.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { useAction } from '../shell/use-action.ts'
import { keys, type Release } from './api.ts'

/** Writes down the recipient's word. Of the document only its hash leaves this page. */
export function AttestForm(props: { readonly release: Release }): ReactElement {
  const client = useQueryClient()
  const [how, setHow] = useState<string | null>('destroyed')
  const [saidBy, setSaidBy] = useState('')
  const [statement, setStatement] = useState<File | null>(null)
  const { busy, error, run } = useAction()
  const attest = async (): Promise<void> => {
    if (statement === null) return
    const hash = await crypto.subtle.digest('SHA-256', await statement.arrayBuffer())
    const statement_sha256 = Array.from(new Uint8Array(hash), (byte) =>
      byte.toString(16).padStart(2, '0'),
    ).join('')
    const body = { how, said_by: saidBy, statement_sha256 }
    await request(`/v1/releases/${props.release.id}/attestations`, { method: 'POST', body })
    await client.invalidateQueries({ queryKey: keys.releases })
  }
  return (
    <details className="sp-release-attest">
      <summary>Its copies are returned or destroyed</summary>
      <form
        className="sp-releases-form"
        onSubmit={(event) => {
          event.preventDefault()
          run(attest)
        }}
      >
        <Select
          label="The recipient says that every copy is"
          data={[
            { value: 'destroyed', label: 'destroyed' },
            { value: 'returned', label: 'returned' },
          ]}
          value={how}
          onChange={setHow}
          allowDeselect={false}
        />
        <TextInput
          label="Who says so"
          maxLength={200}
          value={saidBy}
          onChange={({ currentTarget }) => setSaidBy(currentTarget.value)}
        />
        <FileInput
          label="What was signed"
          description="Its hash is kept here; keep the document itself with the case"
          value={statement}
          onChange={setStatement}
        />
        <Button type="submit" loading={busy} disabled={saidBy.trim() === '' || statement === null}>
          Write it down
        </Button>
      </form>
      {error !== null && <FailureNote doing="It was not written down" error={error} />}
    </details>
  )
}
