import { useImperativeHandle, useRef, useState, type ReactElement, type Ref } from 'react'

import type { Crossing } from '../api/types.ts'
import { isOnFoot } from '../format/words.ts'
import { CorrectDialog } from '../window/correct-dialog.tsx'
import { FacesPanel, type FacesHandle } from '../window/faces-panel.tsx'
import { ReferDialog } from '../window/refer-dialog.tsx'
import { useVerdicts } from '../window/use-verdicts.ts'
import { VerdictBar } from '../window/verdict-bar.tsx'
import type { WindowControl } from './use-window.ts'
import { WatchLine } from './watch-line.tsx'

export type AtWindowHandle = {
  readonly admit: () => void
  readonly refer: () => void
  readonly optOut: () => void
  readonly correct: () => void
  readonly undo: () => void
  readonly openFaces: () => void
  readonly closeFaces: () => void
}

/** What the officer of a lane decides about its newest crossing. */
export function AtWindow(props: {
  readonly crossing: Crossing
  readonly window: WindowControl
  readonly ref?: Ref<AtWindowHandle>
}): ReactElement {
  const { crossing, window, ref } = props
  const verdicts = useVerdicts(crossing)
  const faces = useRef<FacesHandle>(null)
  /** The crossing that a dialog is about: another that comes meanwhile does not take its place. */
  const [asked, setAsked] = useState<{
    readonly kind: 'refer' | 'correct'
    readonly of: string
  } | null>(null)
  const ask = (kind: 'refer' | 'correct') => setAsked({ kind, of: crossing.id })
  const close = (): void => setAsked(null)
  useImperativeHandle(ref, () => ({
    admit: verdicts.admit,
    refer: () => ask('refer'),
    optOut: verdicts.optOut,
    correct: () => {
      if (!isOnFoot(crossing.plate)) ask('correct')
    },
    undo: verdicts.undo,
    openFaces: () => faces.current?.open(),
    closeFaces: () => faces.current?.close(),
  }))
  const current = asked?.of === crossing.id ? asked.kind : null
  const { state } = window
  return (
    <>
      <VerdictBar
        verdicts={verdicts}
        onRefer={() => ask('refer')}
        onCorrect={isOnFoot(crossing.plate) ? null : () => ask('correct')}
      />
      <WatchLine crossing={crossing.id} />
      <FacesPanel key={crossing.id} ref={faces} crossing={crossing} purpose="inspection" />
      {current === 'refer' && (
        <ReferDialog
          plate={crossing.plate.text ?? 'this crossing'}
          onClose={close}
          onRefer={(reason, note) => {
            close()
            verdicts.refer(reason, note)
          }}
        />
      )}
      {current === 'correct' && (
        <CorrectDialog
          crossing={crossing}
          opening={
            state.kind === 'open' && window.of?.id === crossing.id ? state.receipt.opening : null
          }
          onClose={close}
        />
      )}
    </>
  )
}
