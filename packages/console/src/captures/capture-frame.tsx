import { Button } from '@mantine/core'
import type { Purpose } from '@sallyport/core/opening'
import { useImperativeHandle, useRef, useState, type ReactElement, type Ref } from 'react'

import type { Capture } from '../api/types.ts'
import { Why } from '../contractors/why.tsx'
import { bytesWords, shortHex } from '../format/figures.ts'
import { captureName, purposeWords } from '../format/words.ts'
import { LogIndex } from '../log/log-index.tsx'
import type { ShreddingOfPicture } from '../retention/types.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { SealIcon } from '../shell/icons.tsx'
import { Instant } from '../shell/instant.tsx'
import { PurposeForm } from './purpose-form.tsx'
import { ReceiptPanel, type ReceiptHandle } from './receipt-panel.tsx'
import { usePicture } from './use-picture.ts'

import './captures.css'

export type FrameHandle = {
  readonly ask: () => void
  readonly verify: () => void
  readonly close: () => void
  readonly isClosed: () => boolean
}

/** One capture: a closed frame until a purpose is given and logged, then the picture and its receipt. */
export function CaptureFrame(props: {
  readonly capture: Capture
  readonly purposes: readonly Purpose[]
  /** When it is shredded there is nothing to open any more. */
  readonly shredding?: ShreddingOfPicture | null
  readonly ref?: Ref<FrameHandle>
}): ReactElement {
  const { capture, purposes, shredding = null, ref } = props
  const { state, open, close } = usePicture()
  const [asking, setAsking] = useState(false)
  const receipt = useRef<ReceiptHandle>(null)
  const name = `${captureName(capture.class)}${capture.rear ? ', rear' : ''}`
  useImperativeHandle(ref, () => ({
    ask: () => setAsking(true),
    verify: () => receipt.current?.verify(),
    close,
    isClosed: () => state.kind !== 'open' && shredding === null,
  }))
  return (
    <article className="sp-frame sp-panel" data-open={state.kind === 'open'}>
      <header className="sp-frame-head">
        <h3>{name}</h3>
        <span className="sp-label sp-figure">{bytesWords(capture.bytes)}</span>
        {state.kind === 'open' && (
          <Button size="compact-sm" variant="default" onClick={close}>
            Close picture
          </Button>
        )}
      </header>
      {state.kind === 'open' ? (
        <>
          <Opened name={name} url={state.url} purpose={state.receipt.purpose} />
          <ReceiptPanel ref={receipt} receipt={state.receipt} />
        </>
      ) : shredding !== null ? (
        <Shredded shredding={shredding} sha256={capture.sha256} />
      ) : (
        <Closed
          capture={capture}
          mayOpen={purposes.length > 0}
          busy={state.kind === 'asking'}
          onOpen={() => setAsking(true)}
        />
      )}
      {state.kind === 'refused' && (
        <div className="sp-frame-refused">
          <FailureNote doing="Not opened" error={state.error} />
          <Why question={{ capture: capture.id, purpose: state.purpose }} error={state.error} />
        </div>
      )}
      {asking && (
        <PurposeForm
          subject={`${name.toLowerCase()} picture`}
          purposes={purposes}
          onClose={() => setAsking(false)}
          onChoose={(purpose, note) => {
            setAsking(false)
            void open(capture, purpose, note)
          }}
        />
      )}
    </article>
  )
}

function Opened(props: {
  readonly name: string
  readonly url: string
  readonly purpose: Purpose
}): ReactElement {
  const purpose = purposeWords[props.purpose].name.toLowerCase()
  const alt = `${props.name} picture, opened for ${purpose}`
  return <img className="sp-frame-picture" src={props.url} alt={alt} />
}

function Shredded(props: {
  readonly shredding: ShreddingOfPicture
  readonly sha256: string
}): ReactElement {
  const { shredding, sha256 } = props
  const effective = shredding.effective_at !== null
  return (
    <div className="sp-frame-closed sp-hatched">
      <SealIcon size={46} />
      <span className="sp-frame-sealed">
        {effective ? 'Shredded ' : 'Being shredded since '}
        <Instant at={shredding.effective_at ?? shredding.requested_at} />
      </span>
      <span className="sp-mono sp-quiet" title={`SHA-256 of the sealed picture: ${sha256}`}>
        {shortHex(sha256)}
      </span>
      <span>
        Proof: log entry{' '}
        <LogIndex index={effective ? shredding.effective_log_index : shredding.log_index} />
      </span>
      <span className="sp-quiet">
        {effective ? 'Its key is gone everywhere.' : 'A holder of its key has yet to confirm.'}
      </span>
    </div>
  )
}

function Closed(props: {
  readonly capture: Capture
  readonly mayOpen: boolean
  readonly busy: boolean
  readonly onOpen: () => void
}): ReactElement {
  const { sha256 } = props.capture
  return (
    <div className="sp-frame-closed sp-hatched">
      <SealIcon size={46} />
      <span className="sp-frame-sealed">Sealed at the lane</span>
      <span className="sp-mono sp-quiet" title={`SHA-256 of the sealed picture: ${sha256}`}>
        {shortHex(sha256)}
      </span>
      <Button size="sm" disabled={!props.mayOpen} loading={props.busy} onClick={props.onOpen}>
        Open…
      </Button>
      {!props.mayOpen && <span className="sp-quiet">None of your roles may open a picture.</span>}
    </div>
  )
}
