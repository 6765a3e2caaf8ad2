import type { ReactElement } from 'react'

type Row = { readonly name: string; readonly readable: number; readonly sealed: number }

const count = (value: number) => value.toLocaleString('en-US')

/** Bars of all that passed: what of it somebody outside can read, and what they have sealed. */
export function LeftChart({
  total,
  rows,
}: {
  readonly total: number
  readonly rows: readonly Row[]
}): ReactElement {
  return (
    <div className="sp-replay-chart">
      {rows.map(({ name, readable, sealed }) => (
        <figure key={name}>
          <figcaption>
            <strong>{name}</strong> {count(readable)} of {count(total)} pictures can be read outside
            {sealed === 0 ? '' : `; ${count(sealed)} were heard sealed, and open for nobody there`}.
          </figcaption>
          <div className="sp-replay-bar" aria-hidden="true">
            <span data-part="readable" style={{ inlineSize: share(readable, total) }} />
            {sealed > 0 && <span data-part="sealed" style={{ inlineSize: '100%' }} />}
          </div>
        </figure>
      ))}
      <p className="sp-replay-key" aria-hidden="true">
        <span data-part="readable" /> can be read <span data-part="sealed" /> sealed
      </p>
    </div>
  )
}

/** At least a line: few are not none. */
function share(part: number, total: number): string {
  return part === 0 || total === 0 ? '0' : `max(3px, ${(100 * part) / total}%)`
}
