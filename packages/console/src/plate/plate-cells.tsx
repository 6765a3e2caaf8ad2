import type { CSSProperties, ReactElement } from 'react'

import type { Character, Plate } from '../api/types.ts'
import { percentWords } from '../format/figures.ts'
import { characterWords, isWeak, plateSpeech, shownAlternatives, strength } from './confidence.ts'

import './plate-cells.css'

/**
 * A plate as large cells, one a character: how sure each is stands beneath it as one to five marks,
 * weak ones are framed and their alternatives written out. Hover or focus shows every number.
 */
export function PlateCells(props: { readonly plate: Plate }): ReactElement {
  const { plate } = props
  if (plate.kind === 'unreadable' || plate.text === null) {
    return (
      <div className="sp-plate-box">
        <div className="sp-plate" style={{ '--cells': 7 } as CSSProperties} aria-hidden="true">
          {[1, 2, 3, 4, 5, 6, 7].map((place) => (
            <span key={place} className="sp-cell" data-empty="true">
              <span className="sp-cell-character" />
            </span>
          ))}
        </div>
      </div>
    )
  }
  const characters = charactersOf(plate)
  return (
    <div className="sp-plate-box">
      <div
        className="sp-plate"
        role="img"
        // One stop for the keyboard: the numbers of all characters appear together.
        tabIndex={0}
        aria-label={plateSpeech(plate)}
        data-kind={plate.kind}
        style={{ '--cells': Math.max(characters.length, 5) } as CSSProperties}
      >
        {characters.map((character, place) => (
          // A plate's characters have no identity but their place.
          <Cell key={place} character={character} />
        ))}
      </div>
    </div>
  )
}

function Cell(props: { readonly character: Character }): ReactElement {
  const { character } = props
  const height = strength(character.confidence)
  return (
    <span className="sp-cell" data-weak={isWeak(character)} title={characterWords(character)}>
      <span className="sp-cell-character">{character.character}</span>
      <span className="sp-cell-marks" data-strength={height}>
        {[1, 2, 3, 4, 5].map((mark) => (
          <i key={mark} data-on={mark <= height} />
        ))}
      </span>
      <span className="sp-cell-number">{percentWords(character.confidence)}</span>
      {shownAlternatives(character).map((other) => (
        <span key={other.character} className="sp-cell-other">
          <b>{other.character}</b> {percentWords(other.confidence)}
        </span>
      ))}
    </span>
  )
}

/** The characters, or the bare text with the plate's own confidence when the hub kept none. */
function charactersOf(plate: Plate): readonly Character[] {
  if (plate.characters.length > 0) return plate.characters
  return Array.from(plate.text ?? '').map((character) => ({
    character,
    confidence: plate.confidence ?? 0,
    alternatives: [],
  }))
}
