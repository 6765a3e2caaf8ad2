import type { ReactElement } from 'react'

import type { CrossingDetail } from '../api/types.ts'
import { LooksTable } from './looks-table.tsx'
import { PlateEndsPanel } from './plate-ends.tsx'

/** All that cameras read of a vehicle: what both ends say, then every look at each. */
export function CrossingLooks(props: {
  readonly crossing: Pick<CrossingDetail, 'looks' | 'ends' | 'plate'>
}): ReactElement {
  const { looks, ends, plate } = props.crossing
  return (
    <>
      {ends !== null && <PlateEndsPanel ends={ends} />}
      {looks.length > 0 && (
        <LooksTable
          title="Looks, as they were read"
          looks={looks}
          text={ends === null ? plate.text : ends.front.text}
        />
      )}
      {ends !== null && ends.rear_looks.length > 0 && (
        <LooksTable
          title="Looks at the rear, as they were read"
          looks={ends.rear_looks}
          text={ends.rear.text}
        />
      )}
    </>
  )
}
