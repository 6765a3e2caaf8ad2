import { Button } from '@mantine/core'
import type { ReactElement } from 'react'

import type { Crossing } from '../api/types.ts'
import { countWords } from '../format/figures.ts'
import { captureName, unreadableTitle } from '../format/words.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { SealIcon } from '../shell/icons.tsx'
import { pictureForWindow } from './lane-state.ts'
import type { WindowControl } from './use-window.ts'

/** The picture at one's own lane, opened for inspection with one key. */
export function WindowPicture(props: {
  readonly crossing: Crossing
  readonly window: WindowControl
}): ReactElement | null {
  const { crossing, window } = props
  const { state } = window
  if (state.kind === 'open') {
    return (
      <Opened
        of={window.of ?? crossing}
        newest={crossing}
        url={state.url}
        logIndex={state.receipt.logIndex}
        window={window}
      />
    )
  }
  const capture = pictureForWindow(crossing)
  if (capture === null) return null
  const name = captureName(capture.class).toLowerCase()
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

function Opened(props: {
  readonly of: Crossing
  readonly newest: Crossing
  readonly url: string
  readonly logIndex: number
  readonly window: WindowControl
}): ReactElement {
  const { of, newest, window } = props
  const isEarlier = of.id !== newest.id
  const capture = pictureForWindow(of)
  const name = capture === null ? 'The' : captureName(capture.class)
  const whose = isEarlier ? 'an earlier' : 'the newest'
  return (
    <figure className="sp-window" data-open="true" data-earlier={isEarlier}>
      {isEarlier && (
        <p className="sp-window-earlier" role="status">
          <span>
            Not the newest: this is <strong>{of.plate.text ?? unreadableTitle(of.plate)}</strong>
          </span>
          <Button
            size="compact-sm"
            onClick={window.open}
            disabled={pictureForWindow(newest) === null}
            rightSection={<kbd>o</kbd>}
          >
            Open the newest
          </Button>
        </p>
      )}
      <img src={props.url} alt={`${name} picture of ${whose} crossing`} />
      <figcaption>
        <span>
          Opened for inspection. Log entry{' '}
          <strong className="sp-figure">{countWords(props.logIndex)}</strong>
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
