import type { ReactElement } from 'react'

import type { PictureState } from '../captures/use-picture.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { SealIcon } from '../shell/icons.tsx'

import './faces.css'

/** A picture of a face, or the place where it will be: `words` say whose or where it is. */
export function FacePicture(props: {
  readonly state: PictureState
  readonly words: string
}): ReactElement {
  const { state, words } = props
  return (
    <figure>
      {state.kind === 'open' ? (
        <img src={state.url} alt={`Face: ${words.toLowerCase()}`} />
      ) : (
        <div className="sp-face-closed sp-hatched">
          <SealIcon size={28} />
        </div>
      )}
      <figcaption>{words}</figcaption>
      {state.kind === 'refused' && <FailureNote doing="Not opened" error={state.error} />}
    </figure>
  )
}
