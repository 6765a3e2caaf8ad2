import type { ReactElement } from 'react'

import type { Candidate, ReviewDetail } from '../api/review-types.ts'
import { plural } from '../format/figures.ts'
import { DifferingText } from '../plate/differing-text.tsx'

/** The readings that one key chooses: the machine's own by Enter, the others by their number. */
export function CandidateList(props: {
  readonly item: ReviewDetail
  readonly disabled: boolean
  readonly onChoose: (text: string) => void
}): ReactElement | null {
  const { item } = props
  const { best, others } = choicesOf(item)
  if (best === null && others.length === 0) return null
  const reference = best?.text ?? others[0]?.text ?? ''
  return (
    <ol className="sp-choices" aria-label="Readings to choose from">
      {best !== null && (
        <Choice
          {...props}
          choice={best}
          reference={reference}
          hint="Enter"
          words={looksWords(best, item)}
        />
      )}
      {others.map((choice, at) => (
        <Choice
          key={choice.text}
          {...props}
          choice={choice}
          reference={reference}
          hint={String(at + 1)}
          words={looksWords(choice, item)}
        />
      ))}
    </ol>
  )
}

/** The machine's own reading, if it has one, and what else the plate may say. */
export function choicesOf({ plate, candidates }: ReviewDetail): {
  readonly best: Candidate | null
  readonly others: readonly Candidate[]
} {
  const [first, ...rest] = candidates
  if (first === undefined || first.text !== plate.text) return { best: null, others: candidates }
  return { best: first, others: rest }
}

/** '2 of 5 looks', or that no look's first thought was this. */
function looksWords({ looks }: Candidate, item: ReviewDetail): string {
  const readable = item.looks.filter(({ text }) => text !== '').length
  return looks === 0 ? 'no look as such' : `${looks} of ${plural(readable, 'look', 'looks')}`
}

function Choice(props: {
  readonly choice: Candidate
  readonly reference: string
  readonly hint: string
  readonly words: string
  readonly disabled: boolean
  readonly onChoose: (text: string) => void
}): ReactElement {
  const { choice } = props
  return (
    <li>
      <button
        type="button"
        className="sp-choice"
        disabled={props.disabled}
        onClick={() => props.onChoose(choice.text)}
      >
        <kbd>{props.hint}</kbd>
        <DifferingText reference={props.reference} text={choice.text} />
        <span className="sp-choice-looks sp-quiet">{props.words}</span>
      </button>
    </li>
  )
}
