import { Button } from '@mantine/core'
import type { Purpose } from '@sallyport/core/opening'
import { useImperativeHandle, useRef, useState, type ReactElement, type Ref } from 'react'

import type { Capture } from '../api/types.ts'
import { bytesWords, shortHex } from '../format/figures.ts'
import { captureName, purposeWords } from '../format/words.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { SealIcon } from '../shell/icons.tsx'
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
  readonly ref?: Ref<FrameHandle>
}): ReactElement {
  const { capture, purposes, ref } = props
  const { state, open, close } = usePicture()
  const [asking, setAsking] = useState(false)
  const receipt = useRef<ReceiptHandle>(null)
  const name = captureName(capture.class)
  useImperativeHandle(ref, () => ({
    ask: () => setAsking(true),
    verify: () => receipt.current?.verify(),
    close,
    isClosed: () => state.kind !== 'open',
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
          <img
            className="sp-frame-picture"
            src={state.url}
            alt={`${name} picture, opened for ${purposeWords[state.receipt.purpose].name.toLowerCase()}`}
          />
          <ReceiptPanel ref={receipt} receipt={state.receipt} />
        </>
      ) : (
        <div className="sp-frame-closed sp-hatched">
          <SealIcon size={46} />
          <span className="sp-frame-sealed">Sealed at the lane</span>
          <span
            className="sp-mono sp-quiet"
            title={`SHA-256 of the sealed picture: ${capture.sha256}`}
          >
            {shortHex(capture.sha256)}
          </span>
          <Button
            size="sm"
            disabled={purposes.length === 0}
            loading={state.kind === 'asking'}
            onClick={() => setAsking(true)}
          >
            Open…
          </Button>
          {purposes.length === 0 && (
            <span className="sp-quiet">None of your roles may open a picture.</span>
          )}
        </div>
      )}
      {state.kind === 'refused' && (
        <div className="sp-frame-refused">
          <FailureNote doing="Not opened" error={state.error} />
        </div>
      )}
      <PurposeForm
        opened={asking}
        subject={`${name.toLowerCase()} picture`}
        purposes={purposes}
        onClose={() => setAsking(false)}
        onChoose={(purpose, note) => {
          setAsking(false)
          void open(capture, purpose, note)
        }}
      />
    </article>
  )
}
