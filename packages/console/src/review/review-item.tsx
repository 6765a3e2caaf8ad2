import { Button } from '@mantine/core'
import { reasonSentence } from '@sallyport/core/reason'
import { useEffect, useRef, useState, type ReactElement } from 'react'
import { Link } from 'wouter'

import type { ReviewDetail } from '../api/review-types.ts'
import type { Capture } from '../api/types.ts'
import type { ReceiptHandle } from '../captures/receipt-panel.tsx'
import { usePicture, type PictureControl } from '../captures/use-picture.ts'
import { CrossingLooks } from '../crossings/crossing-looks.tsx'
import { reasonWords } from '../format/words.ts'
import type { Handlers } from '../keys/shortcuts.tsx'
import { useShortcuts } from '../keys/shortcuts.tsx'
import { PlatePanel } from '../plate/plate-panel.tsx'
import { FailureNote } from '../shell/failure-note.tsx'
import { Instant } from '../shell/instant.tsx'
import { notifyDone } from '../shell/notify.ts'
import { CandidateList, choicesOf } from './candidate-list.tsx'
import { CorrectionForm } from './correction-form.tsx'
import { ReviewPicture } from './review-picture.tsx'
import { limits } from './review-queries.ts'
import type { ReviewDesk } from './use-desk.ts'

/** One plate in front of a person: its pictures, what it may say, one key for each answer. */
export function ReviewItem(props: {
  readonly item: ReviewDetail
  readonly laneName: string
  readonly desk: ReviewDesk
  readonly auto: boolean
  readonly onAuto: () => void
}): ReactElement {
  const { item, desk } = props
  const [typing, setTyping] = useState(false)
  const heading = useRef<HTMLHeadingElement>(null)
  const pictures = usePictures(item, props.auto)
  const decided = item.verdict !== null
  const disabled = desk.busy || decided || !pictures.seen
  const say = (text: string | null, jurisdiction: string | null = null): void => {
    if (decided || desk.busy) return
    if (!pictures.hasBeenSeen()) {
      notifyDone('Open the picture first', 'A verdict is on a picture that you have seen: press o.')
      return
    }
    desk.decide({ text, jurisdiction, opening: pictures.opening })
  }
  const { best, others } = choicesOf(item)
  const choose = (place: number): void => {
    const other = others[place - 1]
    if (other !== undefined) say(other.text)
  }
  const handlers: Handlers = {
    confirm: () => best !== null && say(best.text),
    correct: () => setTyping(true),
    unreadable: () => say(null),
    next: desk.leave,
    open: pictures.openNext,
    close: pictures.close,
    verify: pictures.verify,
    auto: props.onAuto,
    ...Object.fromEntries(
      [1, 2, 3, 4, 5, 6, 7, 8, 9].map((place) => [`choose-${place}`, () => choose(place)]),
    ),
  }
  useShortcuts(handlers)
  useEffect(() => {
    // The keys are the page's: a button of the plate before must not keep them.
    heading.current?.focus({ preventScroll: true })
  }, [])
  return (
    <section className="sp-review-item" aria-label="Plate under review">
      <header className="sp-review-head">
        <h2 ref={heading} tabIndex={-1}>
          {props.laneName}, <Instant at={item.captured_at} />
        </h2>
        <span className="sp-quiet">{reasonSentence(item.reason) ?? reasonWords(item.plate)}</span>
        <Link className="sp-link sp-page-action" href={`/crossings/${item.id}`}>
          The crossing
        </Link>
      </header>
      <div className="sp-review-grid">
        <div className="sp-review-pictures">{pictures.frames}</div>
        <div className="sp-review-say">
          <div className="sp-panel sp-review-plate">
            <PlatePanel plate={item.plate} verdict={item.verdict} />
          </div>
          {decided && (
            <div className="sp-review-decided" role="status">
              <strong>{item.verdict?.by.name} has decided on this plate.</strong>
              <Button size="compact-sm" onClick={desk.leave} rightSection={<kbd>j</kbd>}>
                Next
              </Button>
            </div>
          )}
          {desk.error !== null && <FailureNote doing="Not recorded" error={desk.error} />}
          <CandidateList item={item} disabled={disabled} onChoose={(text) => say(text)} />
          {typing ? (
            <CorrectionForm
              item={item}
              disabled={disabled}
              onSay={say}
              onClose={() => {
                setTyping(false)
                heading.current?.focus({ preventScroll: true })
              }}
            />
          ) : (
            <Answers
              disabled={disabled}
              onCorrect={() => setTyping(true)}
              onUnreadable={() => say(null)}
              onLeave={desk.leave}
            />
          )}
          {!pictures.seen && !decided && (
            <p className="sp-quiet sp-review-first">
              Open the picture before you decide: <kbd>o</kbd>
            </p>
          )}
        </div>
      </div>
      <CrossingLooks crossing={item} />
    </section>
  )
}

function Answers(props: {
  readonly disabled: boolean
  readonly onCorrect: () => void
  readonly onUnreadable: () => void
  readonly onLeave: () => void
}): ReactElement {
  return (
    <div className="sp-review-answers">
      <Button variant="default" onClick={props.onCorrect} rightSection={<kbd>e</kbd>}>
        Type it
      </Button>
      <Button
        variant="default"
        disabled={props.disabled}
        onClick={props.onUnreadable}
        rightSection={<kbd>n</kbd>}
      >
        Not readable
      </Button>
      <Button variant="subtle" onClick={props.onLeave} rightSection={<kbd>j</kbd>}>
        Leave it
      </Button>
    </div>
  )
}

type Shown = { readonly capture: Capture; readonly picture: PictureControl }

/** The plate picture, then the scene; opened one after the other, each of them logged. */
function usePictures(item: ReviewDetail, auto: boolean) {
  const [plate, scene] = [usePicture(), usePicture()]
  const receipts = useRef(new Map<string, ReceiptHandle>())
  const shown: readonly Shown[] = (['plate', 'scene'] as const).flatMap((name) => {
    const capture = item.captures.find((one) => one.class === name)
    const picture = name === 'plate' ? plate : scene
    return capture === undefined ? [] : [{ capture, picture }]
  })
  const closed = shown.find(({ picture }) => picture.state.kind !== 'open')
  const openOf = ({ capture, picture }: Shown): void => void picture.open(capture, 'review')
  const opened = shown.flatMap(({ picture: { state } }) =>
    state.kind === 'open' ? [state.receipt.opening] : [],
  )
  const isOpen = opened.length > 0
  const seenAt = useRef<number | null>(null)
  useEffect(() => {
    seenAt.current = isOpen ? performance.now() : null
  }, [isOpen])
  const first = useRef(shown[0])
  useEffect(() => {
    const start = first.current
    if (auto && start?.picture.state.kind === 'closed' && document.visibilityState === 'visible')
      void start.picture.open(start.capture, 'review')
    // Only what comes next is opened by itself: not what was closed by hand.
  }, [auto])
  return {
    /** Whether there is nothing to see, or something is open. */
    seen: shown.length === 0 || isOpen,
    hasBeenSeen: (): boolean =>
      shown.length === 0 ||
      (seenAt.current !== null && performance.now() - seenAt.current >= limits.seenMsMin),
    opening: opened[0] ?? null,
    openNext: () => {
      if (closed !== undefined) openOf(closed)
    },
    close: () => shown.forEach(({ picture }) => picture.close()),
    verify: () => receipts.current.forEach((receipt) => receipt.verify()),
    frames:
      shown.length === 0 ? (
        <p className="sp-quiet">No picture was taken.</p>
      ) : (
        shown.map((one) => (
          <ReviewPicture
            key={one.capture.id}
            item={item}
            capture={one.capture}
            state={one.picture.state}
            onOpen={() => openOf(one)}
            isNext={one === closed}
            receipt={(handle) => {
              if (handle === null) receipts.current.delete(one.capture.id)
              else receipts.current.set(one.capture.id, handle)
            }}
          />
        ))
      ),
  }
}
