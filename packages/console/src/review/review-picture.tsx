import { Button } from '@mantine/core'
import { fromBase64 } from '@sallyport/proof/bytes'
import { bindCapture } from '@sallyport/proof/manifest-binding'
import { useMemo, type ReactElement, type Ref } from 'react'

import type { ReviewDetail } from '../api/review-types.ts'
import type { Capture } from '../api/types.ts'
import { ReceiptPanel, type ReceiptHandle } from '../captures/receipt-panel.tsx'
import type { PictureState } from '../captures/use-picture.ts'
import { shortHex } from '../format/figures.ts'
import { captureName } from '../format/words.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { CheckIcon, CrossIcon, SealIcon } from '../shell/icons.tsx'

/**
 * One picture of the plate that is decided on. Beside it stands the hash of its sealed body, compared
 * here with the manifest that the lane signed: this is the picture that was read, and no other.
 */
export function ReviewPicture(props: {
  readonly item: ReviewDetail
  readonly capture: Capture
  readonly state: PictureState
  readonly onOpen: () => void
  /** Drawn on the key that opens it next. */
  readonly isNext: boolean
  readonly receipt: Ref<ReceiptHandle>
}): ReactElement {
  const { item, capture, state, isNext, onOpen, receipt } = props
  const name = captureName(capture.class)
  return (
    <article
      className="sp-frame sp-panel sp-review-picture"
      data-class={capture.class}
      data-open={state.kind === 'open'}
    >
      <header className="sp-review-picture-head">
        <h3>{name}</h3>
        <Binding item={item} capture={capture} />
      </header>
      {state.kind === 'open' ? (
        <>
          <img
            className="sp-frame-picture"
            src={state.url}
            alt={`${name} picture, opened for review`}
          />
          <ReceiptPanel ref={receipt} receipt={state.receipt} />
        </>
      ) : (
        <div className="sp-frame-closed sp-hatched">
          <SealIcon size={30} />
          <Button
            size="sm"
            variant={isNext ? 'filled' : 'default'}
            loading={state.kind === 'asking'}
            onClick={onOpen}
            {...(isNext ? { rightSection: <kbd>o</kbd> } : {})}
          >
            Open the {name.toLowerCase()} picture
          </Button>
          <span className="sp-quiet">Logged before it is shown, for review</span>
        </div>
      )}
      {state.kind === 'refused' && (
        <div className="sp-frame-refused">
          <FailureNote doing="Not opened" error={state.error} />
        </div>
      )}
    </article>
  )
}

function Binding(props: { readonly item: ReviewDetail; readonly capture: Capture }): ReactElement {
  const { item, capture } = props
  const bound = useMemo(() => {
    const manifest = fromBase64(item.manifest) ?? new Uint8Array()
    const { id: crossing, manifest_sha256: manifestSha256 } = item
    return bindCapture(manifest, { crossing, manifestSha256, capture })
  }, [item, capture])
  const hash = (
    <span className="sp-mono" data-sha256={capture.sha256} title={capture.sha256}>
      {shortHex(capture.sha256)}
    </span>
  )
  if (bound.kind === 'bound') {
    return (
      <span
        className="sp-review-bound"
        title="SHA-256 of the sealed picture; compared here with the manifest that the lane signed"
      >
        <CheckIcon size={14} /> sealed {hash}, as the lane signed it
      </span>
    )
  }
  return (
    <span className="sp-review-bound" data-kind="refused" role="alert">
      <CrossIcon size={14} /> sealed {hash}: {bound.detail}
    </span>
  )
}
