import { Button, FileButton, NativeSelect, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState, type ReactElement } from 'react'

import { ApiFailure } from '../api/client.ts'
import { bytesWords, plural } from '../format/figures.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { notifyDone } from '../shell/notify.ts'
import { useAction } from '../shell/use-action.ts'
import { base64Of, bringList, galleryKeys, limits, type ListFile } from './api.ts'
import type { ListImport } from './types.ts'

const transports = ['flight', 'sailing', 'train', 'road', 'other'] as const

type Chosen = { readonly name: string; readonly file: ListFile; readonly check: ListImport }

/** A list from a carrier: checked first, line by line, then taken whole or not at all. */
export function ImportList(): ReactElement {
  const client = useQueryClient()
  const { busy, error, run } = useAction()
  const [reference, setReference] = useState('')
  const [transport, setTransport] = useState<string>('flight')
  const [arrives, setArrives] = useState('')
  const [chosen, setChosen] = useState<Chosen | null>(null)
  const check = async (picked: File): Promise<void> => {
    setChosen(null)
    if (picked.size > limits.listBytes)
      throw new Error(
        `${picked.name} has ${bytesWords(picked.size)}; at most ${bytesWords(limits.listBytes)} are taken.`,
      )
    const isTable = picked.name.toLowerCase().endsWith('.csv')
    const head = { reference, transport, ...(arrives === '' ? {} : { arrivesAt: arrives }) }
    const file: ListFile = {
      format: isTable ? 'csv' : 'paxlst',
      file: await base64Of(picked),
      ...(isTable && reference !== '' ? { head } : {}),
    }
    setChosen({ name: picked.name, file, check: await bringList(file) })
  }
  const bring = async (): Promise<void> => {
    if (chosen === null) return
    const done = await bringList(chosen.file, chosen.check.travellers)
    await client.invalidateQueries({ queryKey: galleryKeys.lists })
    notifyDone('Imported', `${plural(done.travellers, 'traveller is', 'travellers are')} expected.`)
    setChosen(null)
  }
  return (
    <div className="sp-gallery-import">
      <h3>Import a list</h3>
      <p className="sp-quiet">
        UN/EDIFACT PAXLST, or a .csv table; a table does not say what it is of, so say it here.
      </p>
      <div className="sp-gallery-form">
        <TextInput
          label="Flight or voyage of a table"
          maxLength={35}
          value={reference}
          onChange={(event) => setReference(event.currentTarget.value)}
        />
        <NativeSelect
          label="By"
          data={[...transports]}
          value={transport}
          onChange={(event) => setTransport(event.currentTarget.value)}
        />
        <TextInput
          type="datetime-local"
          label="Arrives, by the clocks there"
          value={arrives}
          onChange={(event) => setArrives(event.currentTarget.value)}
        />
        <FileButton
          accept=".csv,.edi,.txt,.paxlst,text/plain,text/csv"
          onChange={(file) => {
            if (file !== null) run(() => check(file))
          }}
        >
          {(button) => (
            <Button {...button} variant="default" loading={busy && chosen === null}>
              Choose a file…
            </Button>
          )}
        </FileButton>
      </div>
      {error !== null && <Refused error={error} />}
      {chosen !== null && error === null && (
        <div role="status">
          <p>
            <strong>{chosen.name}</strong>:{' '}
            {plural(chosen.check.travellers, 'traveller', 'travellers')} in{' '}
            {plural(chosen.check.lists.length, 'list', 'lists')} (
            {chosen.check.lists.map((list) => list.reference).join(', ')}).
          </p>
          <Places label="Odd, and taken all the same" places={chosen.check.warnings} />
          <Button loading={busy} onClick={() => run(bring)}>
            Expect {plural(chosen.check.travellers, 'traveller', 'travellers')}
          </Button>
        </div>
      )}
    </div>
  )
}

function Refused(props: { readonly error: unknown }): ReactElement {
  const { error } = props
  return (
    <>
      <FailureNote doing="Nothing was imported" error={error} />
      <Places label="What is wrong" places={error instanceof ApiFailure ? error.lines : []} />
    </>
  )
}

function Places(props: {
  readonly label: string
  readonly places: readonly { readonly line: number; readonly detail: string }[]
}): ReactElement | null {
  if (props.places.length === 0) return null
  return (
    <ol className="sp-gallery-lines" aria-label={props.label}>
      {props.places.map(({ line, detail }) => (
        <li key={`${line} ${detail}`}>
          <span className="sp-figure">Line {line}</span> {detail}
        </li>
      ))}
    </ol>
  )
}
