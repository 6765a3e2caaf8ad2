import type { ReactElement } from 'react'

import type { WatchPreview } from '../api/watch-types.ts'
import { countWords, plural } from '../format/figures.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { WarnIcon } from '../shell/icons.tsx'
import { MarkedPlate } from './plate-pair.tsx'

/** Every plate that an entry would accept, with what each would have hit lately. */
export function PreviewPanel(props: {
  readonly plate: string
  readonly preview: WatchPreview | undefined
  readonly error: unknown
  readonly waiting: boolean
}): ReactElement {
  const { plate, preview } = props
  return (
    <section className="sp-preview sp-panel" aria-label="Preview" aria-busy={props.waiting}>
      {props.error !== null && <FailureNote doing="No preview" error={props.error} />}
      {plate === '' && <p className="sp-quiet">Type a plate to see what would be accepted.</p>}
      {props.waiting && props.error === null && <p className="sp-quiet">Counting…</p>}
      {preview !== undefined && <Shown preview={preview} />}
    </section>
  )
}

function Shown(props: { readonly preview: WatchPreview }): ReactElement {
  const { preview } = props
  const others = preview.accepts - 1
  return (
    <>
      <h3 role="status">
        Accepts {plural(preview.accepts, 'plate', 'plates')};{' '}
        {plural(preview.crossings, 'crossing', 'crossings')} in 30 days
      </h3>
      <p className="sp-quiet">
        {others === 0
          ? 'Nothing else is mistaken for it.'
          : `${plural(others, 'other plate', 'other plates')} would raise a possible match. Counted as read; what looks list beside the read is compared too.`}
      </p>
      {preview.too_wide && (
        <p className="sp-preview-warn">
          <WarnIcon /> Too many to mean anything: choose fewer misreads.
        </p>
      )}
      {preview.alike_entries > 0 && (
        <p className="sp-preview-warn">
          <WarnIcon /> {plural(preview.alike_entries, 'entry is', 'entries are')} in force for
          plates that look like it.
        </p>
      )}
      <ol className="sp-preview-list">
        {preview.accepted.map(({ text, positions, crossings }) => (
          <li key={text} data-hit={crossings > 0}>
            <MarkedPlate text={text} positions={positions} />
            <span className="sp-figure">{crossings > 0 ? countWords(crossings) : '–'}</span>
          </li>
        ))}
      </ol>
    </>
  )
}
