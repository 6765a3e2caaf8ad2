import { useQuery } from '@tanstack/react-query'
import type { ReactElement } from 'react'

import { lanesQuery } from '../api/queries.ts'

/** A lane as people call it; its id until that is known. */
export function LaneName(props: { readonly id: string }): ReactElement {
  const lanes = useQuery(lanesQuery)
  return <>{lanes.data?.find(({ id }) => id === props.id)?.name ?? props.id}</>
}
