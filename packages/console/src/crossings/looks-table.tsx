import type { ReactElement } from 'react'

import type { Look } from '../api/types.ts'
import { percentWords } from '../format/figures.ts'
import { DifferingText } from '../plate/differing-text.tsx'

/** Every look as it was made, never corrected: what the vote was taken over. */
export function LooksTable(props: {
  readonly title: string
  readonly looks: readonly Look[]
  /** What was voted of them. */
  readonly text: string | null
}): ReactElement {
  const { title, looks, text } = props
  return (
    <section className="sp-section sp-panel">
      <h2>{title}</h2>
      <table className="sp-looks">
        <thead>
          <tr>
            <th scope="col">Text</th>
            <th scope="col">Confidence</th>
            <th scope="col">From</th>
            <th scope="col">Frame</th>
            <th scope="col">After, ms</th>
            <th scope="col">Width, px</th>
          </tr>
        </thead>
        <tbody>
          {looks.map((look) => (
            <tr key={`${look.frame}-${look.at_ms}-${look.text}`} data-agrees={look.text === text}>
              <td className="sp-plate-text">
                {look.text === '' ? (
                  <span className="sp-plate-text-none">nothing</span>
                ) : (
                  <DifferingText reference={text ?? look.text} text={look.text} />
                )}
              </td>
              <td>{percentWords(look.confidence)}</td>
              <td className="sp-mono">{look.jurisdiction?.code.toUpperCase() ?? '–'}</td>
              <td>{look.frame}</td>
              <td>{Math.round(look.at_ms)}</td>
              <td>{Math.round(look.plate_width_px)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
