import { Button } from '@mantine/core'
import { windowLimits } from '@sallyport/core/window/window'
import type { ReactElement } from 'react'

import type { WindowView } from '../api/window-types.ts'
import { LogIndex } from '../log/log-index.tsx'
import { useNow } from '../shell/clock.ts'
import { CheckIcon } from '../shell/icons.tsx'
import { Instant } from '../shell/instant.tsx'
import type { Undoable, Verdicts } from './use-verdicts.ts'
import { sayerWords, stepWords } from './words.ts'

import './window.css'

/** The keys of the window: equal in weight, so that no answer is the easy one. */
export function VerdictBar(props: {
  readonly verdicts: Verdicts
  readonly onRefer: () => void
  /** Null where there is no plate to correct. */
  readonly onCorrect: (() => void) | null
}): ReactElement | null {
  const { verdicts } = props
  const { view, busy, undoable } = verdicts
  if (view === undefined) return null
  const decided = view.standing === 'closed'
  return (
    <div className="sp-verdicts" role="group" aria-label="Verdict at the window">
      <div className="sp-verdict-keys">
        <Button
          variant="default"
          disabled={busy || decided || view.standing === 'admitted'}
          onClick={verdicts.admit}
          rightSection={<kbd>p</kbd>}
        >
          Admit
        </Button>
        <Button
          variant="default"
          disabled={busy || decided || view.standing === 'referred'}
          onClick={props.onRefer}
          rightSection={<kbd>f</kbd>}
        >
          Refer…
        </Button>
        <Button
          variant="default"
          disabled={busy || view.opted_out !== null}
          onClick={verdicts.optOut}
          rightSection={<kbd>t</kbd>}
        >
          Opt out
        </Button>
        {props.onCorrect !== null && (
          <Button
            variant="default"
            disabled={busy}
            onClick={props.onCorrect}
            rightSection={<kbd>e</kbd>}
          >
            Correct plate
          </Button>
        )}
      </div>
      <Standing view={view} />
      {undoable !== null && (
        <UndoStrip
          undoable={undoable}
          isNewest={undoable.crossing.id === view.crossing}
          onUndo={verdicts.undo}
        />
      )}
    </div>
  )
}

function Standing(props: { readonly view: WindowView }): ReactElement {
  const { by, opted_out: optedOut, standing } = props.view
  return (
    <p className="sp-verdict-standing" data-standing={standing} role="status">
      {by === null ? (
        <span>Waits for your decision.</span>
      ) : (
        <span>
          <strong>{stepWords(by)}</strong> by {sayerWords(by)}, <Instant at={by.at} clock />. Log
          entry <LogIndex index={by.log_index} />
        </span>
      )}
      {optedOut !== null && (
        <span>
          <CheckIcon size={14} /> Opted out: no face is held. Check the document by eye.
        </span>
      )}
    </p>
  )
}

/** Ten seconds that can be seen to run. */
function UndoStrip(props: {
  readonly undoable: Undoable
  readonly isNewest: boolean
  readonly onUndo: () => void
}): ReactElement | null {
  const { undoable } = props
  const now = useNow()
  const left = Math.ceil((undoable.until - now.getTime()) / 1000)
  if (left <= 0) return null
  const plate = undoable.crossing.plate.text ?? 'the crossing before'
  return (
    <div className="sp-undo">
      <span>
        {undoable.words}
        {props.isNewest ? '' : ` (${plate})`}
      </span>
      <Button
        size="compact-sm"
        variant="default"
        onClick={props.onUndo}
        rightSection={<kbd>u</kbd>}
        aria-label={`Undo: ${undoable.words}`}
      >
        Undo{' '}
        <span className="sp-figure sp-undo-left">{Math.min(left, windowLimits.undoSeconds)} s</span>
      </Button>
      <progress
        max={windowLimits.undoSeconds}
        value={Math.min(left, windowLimits.undoSeconds)}
        aria-hidden="true"
      />
    </div>
  )
}
