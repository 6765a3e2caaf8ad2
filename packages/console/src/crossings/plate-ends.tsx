import type { PlatePair } from '@sallyport/core/plate-pair'
import type { ReactElement } from 'react'

import type { Plate, PlateEnds } from '../api/types.ts'
import { percentWords } from '../format/figures.ts'
import { DifferingText } from '../plate/differing-text.tsx'

const pairWords: Readonly<Record<PlatePair, string>> = {
  equal: 'Front and rear plate say the same.',
  confusable: 'Front and rear plate differ by characters that look alike.',
  different: 'Front and rear plate differ: a trailer, or a plate that was swapped or cloned.',
  one_missing: 'Only one end of the vehicle showed a plate that could be read.',
}

/** What the cameras at both ends of a vehicle read, one above the other, so that a difference shows. */
export function PlateEndsPanel(props: { readonly ends: PlateEnds }): ReactElement {
  const { pair, front, rear } = props.ends
  return (
    <section className="sp-section sp-panel" data-pair={pair}>
      <h2>Front and rear</h2>
      <p>{pairWords[pair]}</p>
      <table className="sp-looks">
        <thead>
          <tr>
            <th scope="col">End</th>
            <th scope="col">Text</th>
            <th scope="col">Confidence</th>
            <th scope="col">From</th>
          </tr>
        </thead>
        <tbody>
          <End name="Front" plate={front} other={rear} />
          <End name="Rear" plate={rear} other={front} />
        </tbody>
      </table>
    </section>
  )
}

function End(props: {
  readonly name: string
  readonly plate: Plate
  readonly other: Plate
}): ReactElement {
  const { name, plate, other } = props
  return (
    <tr>
      <th scope="row">{name}</th>
      <td className="sp-plate-text">
        {plate.text === null ? (
          <span className="sp-plate-text-none">nothing</span>
        ) : (
          <DifferingText reference={other.text ?? plate.text} text={plate.text} />
        )}
      </td>
      <td>{plate.confidence === null ? '–' : percentWords(plate.confidence)}</td>
      <td className="sp-mono">{plate.jurisdiction?.code.toUpperCase() ?? '–'}</td>
    </tr>
  )
}
