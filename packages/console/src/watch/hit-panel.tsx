import { Button } from '@mantine/core'
import { hitJudges, type HitVerdict } from '@sallyport/core/watch-decisions'
import { useQuery } from '@tanstack/react-query'
import { useRef, useState, type ReactElement } from 'react'
import { Link } from 'wouter'

import { crossingQuery, lanesQuery } from '../api/queries.ts'
import type { WatchHit } from '../api/watch-types.ts'
import { CaptureFrame, type FrameHandle } from '../captures/capture-frame.tsx'
import { directionWords } from '../format/words.ts'
import { useShortcuts } from '../keys/shortcuts.tsx'
import { WarnIcon } from '../shell/icons.tsx'
import { Instant } from '../shell/instant.tsx'
import { notifyDone } from '../shell/notify.ts'
import { useHolds, useSession } from '../shell/session-context.ts'
import { JudgeDialog } from './judge-dialog.tsx'
import { PlatePair } from './plate-pair.tsx'
import { acceptsWords, basisWords, jurisdictionSentence, stateWords } from './words.ts'

const words = {
  confirmed: {
    title: 'It is this plate?',
    law: 'You say that you compared the picture and that it bears the plate that is looked for. What follows is decided by people under the law, not here.',
    done: 'Confirmed',
  },
  rejected: {
    title: 'It is another plate?',
    law: 'You say that this crossing is not the one that is looked for. The entry stays in force.',
    done: 'Rejected',
  },
} as const

/** One possible match with everything that speaks for and against it, and the two verdicts. */
export function HitPanel(props: { readonly hit: WatchHit }): ReactElement {
  const { hit } = props
  const { purposes } = useSession()
  const mayJudge = useHolds(...hitJudges)
  const looked = useLookedAt(hit)
  const [verdict, setVerdict] = useState<HitVerdict | null>(null)
  const frames = useRef(new Map<string, FrameHandle>())
  const captures = hit.crossing.captures
    .filter((capture) => capture.class !== 'face')
    .toSorted((a, b) => a.class.localeCompare(b.class))
  const inForce = hit.entry.state === 'in_force'
  const confirm = (): void => {
    if (!inForce) return
    if (looked) setVerdict('confirmed')
    else notifyDone('Open the picture first', 'Only who has looked at the plate confirms: press o.')
  }
  useShortcuts({
    open: () => {
      const closed = captures.find((one) => frames.current.get(one.id)?.isClosed() === true)
      if (closed !== undefined && purposes.length > 0) frames.current.get(closed.id)?.ask()
    },
    close: () => frames.current.forEach((frame) => frame.close()),
    verify: () => frames.current.forEach((frame) => frame.verify()),
    ...(mayJudge ? { 'hit-confirm': confirm, 'hit-reject': () => setVerdict('rejected') } : {}),
  })
  return (
    <section className="sp-hit" aria-label="Possible match">
      <div className="sp-panel sp-hit-head">
        <h2>
          <WarnIcon size={20} /> Possible match, not confirmed
        </h2>
        <PlatePair hit={hit} />
        <ul className="sp-hit-points">
          <li>
            {hit.entry.issuer}: {hit.entry.reason}
          </li>
          <li>{basisWords(hit)}</li>
          <li data-warn={hit.jurisdiction === 'disagrees'}>{jurisdictionSentence(hit)}</li>
        </ul>
        {mayJudge && (
          <Answers
            looked={looked}
            inForce={inForce}
            onConfirm={confirm}
            onReject={() => setVerdict('rejected')}
          />
        )}
      </div>
      <div className="sp-hit-pictures">
        {captures.length === 0 && <p className="sp-quiet">No picture was taken.</p>}
        {captures.map((capture) => (
          <CaptureFrame
            key={capture.id}
            ref={(frame) => {
              if (frame === null) frames.current.delete(capture.id)
              else frames.current.set(capture.id, frame)
            }}
            capture={capture}
            purposes={purposes}
          />
        ))}
      </div>
      <HitFacts hit={hit} />
      {verdict !== null && (
        <JudgeDialog
          path={`/v1/watch/hits/${encodeURIComponent(hit.id)}/judgement`}
          name={hit.entry.plate}
          words={words[verdict]}
          verdict={verdict}
          onClose={() => setVerdict(null)}
        />
      )}
    </section>
  )
}

/** Whether this person opened a picture of the crossing; the hub decides by the same openings. */
function useLookedAt(hit: WatchHit): boolean {
  const { account } = useSession()
  const crossing = useQuery(crossingQuery(hit.crossing.id))
  return (crossing.data?.openings ?? []).some(
    (opening) =>
      opening.account.id === account.id &&
      opening.outcome === 'opened' &&
      opening.capture_class !== 'face',
  )
}

function Answers(props: {
  readonly looked: boolean
  readonly inForce: boolean
  readonly onConfirm: () => void
  readonly onReject: () => void
}): ReactElement {
  const { looked, inForce } = props
  return (
    <div className="sp-hit-answers">
      <Button disabled={!looked || !inForce} onClick={props.onConfirm} rightSection={<kbd>y</kbd>}>
        It is this plate…
      </Button>
      <Button variant="default" onClick={props.onReject} rightSection={<kbd>d</kbd>}>
        It is another…
      </Button>
      {!inForce ? (
        <p className="sp-hit-hint">The entry is no longer in force: it cannot be confirmed.</p>
      ) : (
        !looked && (
          <p className="sp-hit-hint">
            Open the plate picture and compare it first: <kbd>o</kbd>
          </p>
        )
      )}
    </div>
  )
}

function HitFacts(props: { readonly hit: WatchHit }): ReactElement {
  const { entry, crossing } = props.hit
  const lanes = useQuery(lanesQuery)
  const lane = lanes.data?.find(({ id }) => id === crossing.lane)?.name ?? crossing.lane
  return (
    <div className="sp-panel sp-section">
      <h2>Why it is looked for</h2>
      <dl className="sp-facts">
        <dt>Reason</dt>
        <dd>{entry.reason}</dd>
        <dt>Issuer</dt>
        <dd>{entry.issuer}</dd>
        <dt>Entry</dt>
        <dd>
          {stateWords(entry.state)}, until <Instant at={entry.expires_at} />; accepts{' '}
          {acceptsWords(entry.accepts)}
        </dd>
        <dt>Made by</dt>
        <dd>
          {entry.made.by.name}, <Instant at={entry.made.at} />
        </dd>
        <dt>Crossing</dt>
        <dd>
          {lane}, {directionWords[crossing.direction].toLowerCase()},{' '}
          <Instant at={crossing.captured_at} />.{' '}
          <Link className="sp-link" href={`/crossings/${crossing.id}`}>
            All of it
          </Link>
        </dd>
      </dl>
    </div>
  )
}
