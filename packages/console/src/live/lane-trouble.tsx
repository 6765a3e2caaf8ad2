import type { ReactElement } from 'react'

import { plural } from '../format/figures.ts'
import { WarnIcon } from '../shell/icons.tsx'
import { Instant } from '../shell/instant.tsx'
import type { LaneTrouble } from './lane-state.ts'

/** What is wrong with the lane's equipment, and what that means for what is shown. */
export function LaneTroubleNote(props: { readonly trouble: LaneTrouble }): ReactElement {
  const { trouble } = props
  return (
    <p className="sp-lane-trouble" data-kind={trouble.kind}>
      <WarnIcon size={16} />
      <span>{words(trouble)}</span>
    </p>
  )
}

function words(trouble: LaneTrouble): ReactElement {
  switch (trouble.kind) {
    case 'no_device':
      return <>No device is enrolled at this lane.</>
    case 'revoked':
      return <>This device is revoked. Nothing new is accepted from here.</>
    case 'camera_gone':
      return <>The camera gives no picture. What is shown is the last that crossed.</>
    case 'spooling':
      return (
        <>{plural(trouble.bundles, 'crossing waits', 'crossings wait')} at the lane to be sent.</>
      )
    case 'late':
      return <>A report is overdue; last heard {heard(trouble.since)}.</>
    case 'not_reporting':
      return (
        <>
          Silent; last heard {heard(trouble.since)}. This is not what is at the window. The lane may
          still be recording.
        </>
      )
  }
}

function heard(since: string | null): ReactElement {
  return since === null ? <>never</> : <Instant at={since} />
}
