import type { ReactElement } from 'react'

/** Shares under one title; each row is a `ShareBar`. */
export function Plot(props: {
  readonly title: string
  readonly children: ReactElement | readonly ReactElement[]
}): ReactElement {
  return (
    <table className="sp-share-table">
      <caption>{props.title}</caption>
      <tbody>{props.children}</tbody>
    </table>
  )
}
