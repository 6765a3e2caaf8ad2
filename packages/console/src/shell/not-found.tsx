import type { ReactElement } from 'react'
import { Link } from 'wouter'

import { useTitle } from './title.ts'

export function NotFound(): ReactElement {
  useTitle('Not found')
  return (
    <div className="sp-page-head">
      <h1>There is no page at this address</h1>
      <p>
        Go to <Link href="/">Live</Link> or search the <Link href="/crossings">Crossings</Link>.
      </p>
    </div>
  )
}
