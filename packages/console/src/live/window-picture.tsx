import { Button } from '@mantine/core'
import type { ReactElement } from 'react'

import type { Crossing } from '../api/types.ts'
import { countWords } from '../format/figures.ts'
import { captureName } from '../format/words.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { SealIcon } from '../shell/icons.tsx'
import { pictureForWindow } from './lane-state.ts'
import type { WindowControl } from './use-window.ts'

/** The newest picture at one's own lane, opened for inspection with one key. */
export function WindowPicture(props: {
  readonly crossing: Crossing
  readonly window: WindowControl
}): ReactElement | null {
  const { crossing, window } = props
  const { state } = window
  const capture = pictureForWindow(crossing)
  if (capture === null) return null
  const name = captureName(capture.class).toLowerCase()
  if (state.kind === 'open') {
    return (
      <figure className="sp-window" data-open="true">
        <img src={state.url} alt={`${captureName(capture.class)} picture of the newest crossing`} />
        <figcaption>
          <span>
            Opened for inspection. Log entry{' '}
            <strong className="sp-figure">{countWords(state.receipt.logIndex)}</strong>
          </span>
          <Button
            size="compact-sm"
            variant="default"
            onClick={window.close}
            rightSection={<kbd>x</kbd>}
          >
            Close
          </Button>
        </figcaption>
      </figure>
    )
  }
  return (
    <div className="sp-window sp-hatched">
      <SealIcon size={30} />
      <Button
        size="sm"
        loading={state.kind === 'asking'}
        onClick={window.open}
        rightSection={<kbd>o</kbd>}
      >
        Open the {name} picture
      </Button>
      <span className="sp-quiet">Logged before it is shown</span>
      {state.kind === 'refused' && <FailureNote doing="Not opened" error={state.error} />}
    </div>
  )
}
