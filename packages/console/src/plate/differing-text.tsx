import { differenceOf, type Piece } from '@sallyport/core/text-difference'
import type { ReactElement } from 'react'

import './differing-text.css'

/** A text with every character marked that is not as in `reference`; what it lacks leaves a gap. */
export function DifferingText(props: {
  readonly reference: string
  readonly text: string
}): ReactElement {
  const pieces = differenceOf(props.reference, props.text)
  return (
    <span className="sp-plate-text sp-differing">
      <span className="sp-unseen">{differenceWords(props.text, pieces)}</span>
      <span aria-hidden="true">
        {pieces.map((piece, place) => (
          // A plate's characters have no identity but their place.
          // oxlint-disable-next-line react/no-array-index-key
          <span key={place} data-piece={piece.kind} title={pieceTitle(piece)}>
            {piece.kind === 'missing' ? '·' : piece.character}
          </span>
        ))}
      </span>
    </span>
  )
}

function pieceTitle(piece: Piece): string | undefined {
  switch (piece.kind) {
    case 'same':
      return undefined
    case 'changed':
      return `${piece.character} instead of ${piece.reference}`
    case 'added':
      return `${piece.character} is added`
    case 'missing':
      return `${piece.reference} is missing`
  }
}

/** For screen readers: the letters apart, then what differs. */
export function differenceWords(text: string, pieces: readonly Piece[]): string {
  const differs = pieces.map(pieceTitle).filter((words) => words !== undefined)
  const spelled = Array.from(text).join(' ')
  return differs.length === 0 ? spelled : `${spelled}; ${differs.join(', ')}`
}
