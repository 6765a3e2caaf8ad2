import { Button } from '@mantine/core'
import type { InfiniteQueryObserverResult } from '@tanstack/react-query'
import type { ReactElement } from 'react'

type Pages = Pick<
  InfiniteQueryObserverResult,
  'hasNextPage' | 'isFetchingNextPage' | 'fetchNextPage'
>

/** The end of a list that is read page by page; nothing when all of it is shown. */
export function OlderButton(props: {
  readonly list: Pages
  /** What the button says; `Older` alone where the list's own title says of what. */
  readonly label?: string
}): ReactElement | null {
  const { list } = props
  if (!list.hasNextPage) return null
  return (
    <div className="sp-list-end">
      <Button
        variant="default"
        loading={list.isFetchingNextPage}
        onClick={() => void list.fetchNextPage()}
      >
        {props.label ?? 'Older'}
      </Button>
    </div>
  )
}
