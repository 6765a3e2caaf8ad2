import type { ReactElement } from 'react'
import { Link } from 'wouter'

import { countWords } from '../format/figures.ts'

/** The number of a log entry, leading to where it can be verified. */
export function LogIndex(props: { readonly index: number | null }): ReactElement {
  const { index } = props
  if (index === null) return <span className="sp-quiet">not logged yet</span>
  return (
    <Link className="sp-link sp-figure" href={`/log?entry=${index}`}>
      {countWords(index)}
    </Link>
  )
}
