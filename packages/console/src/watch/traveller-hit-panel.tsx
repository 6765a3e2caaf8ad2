import { Button } from '@mantine/core'
import { hitJudges, type HitVerdict } from '@sallyport/core/watch-decisions'
import { useState, type ReactElement } from 'react'
import { Link } from 'wouter'

import type { TravellerHit } from '../api/traveller-types.ts'
import { usePicture } from '../captures/use-picture.ts'
import { directionWords } from '../format/words.ts'
import { useShortcuts } from '../keys/shortcuts.tsx'
import { WarnIcon } from '../shell/icons.tsx'
import { Instant } from '../shell/instant.tsx'
import { notifyDone } from '../shell/notify.ts'
import { useHolds, useSession } from '../shell/session-context.ts'
import { FacePicture } from '../window/face-picture.tsx'
import { JudgeDialog } from './judge-dialog.tsx'
import { LaneName } from './lane-name.tsx'
import { stateWords } from './words.ts'

const words = {
  confirmed: {
    title: 'It is the same person?',
    law: 'You say that you compared both pictures and that they show one person. Another person says what they see, without knowing what you said. What follows is decided by people under the law, not here.',
    done: 'Recorded',
  },
  rejected: {
    title: 'It is somebody else?',
    law: 'You say that this is not the person who is looked for. That ends this possible match; the entry stays in force.',
    done: 'Rejected',
  },
} as const

/** A face beside the photograph of somebody who is looked for, and what this person says of them. */
export function TravellerHitPanel(props: { readonly hit: TravellerHit }): ReactElement {
  const { hit } = props
  const { entry, crossing } = hit
  const mayJudge = useHolds(...hitJudges) && hit.own_verdict === null
  const pictures = useBothPictures(hit)
  const [verdict, setVerdict] = useState<HitVerdict | null>(null)
  const inForce = entry.state === 'in_force'
  const confirm = (): void => {
    if (!inForce) return
    if (pictures.looked) setVerdict('confirmed')
    else notifyDone('Open both pictures first', 'Only who has compared them confirms: press o.')
  }
  useShortcuts({
    open: pictures.open,
    close: pictures.close,
    ...(mayJudge ? { 'hit-confirm': confirm, 'hit-reject': () => setVerdict('rejected') } : {}),
  })
  return (
    <section className="sp-hit" aria-label="Possible match of a traveller">
      <div className="sp-panel sp-hit-head">
        <h2>
          <WarnIcon size={20} /> May be somebody who is looked for
        </h2>
        <ul className="sp-hit-points">
          <li>
            {entry.issuer}: {entry.reason}
          </li>
          <li>
            Two people have to see the same person, each by themselves. Until then nothing is known.
          </li>
        </ul>
        <div className="sp-face-pictures sp-traveller-pictures">
          <FacePicture state={pictures.live} words="At the lane" />
          {hit.has_photo ? (
            <FacePicture state={pictures.photo} words="Who is looked for" />
          ) : (
            <p className="sp-quiet">The entry is over; its photograph is gone.</p>
          )}
        </div>
        <div className="sp-hit-answers">
          <Button
            variant="default"
            onClick={pictures.isOpen ? pictures.close : pictures.open}
            rightSection={<kbd>{pictures.isOpen ? 'x' : 'o'}</kbd>}
          >
            {pictures.isOpen ? 'Close' : 'Open both (logged)'}
          </Button>
          {mayJudge && (
            <>
              <Button
                disabled={!pictures.looked || !inForce}
                onClick={confirm}
                rightSection={<kbd>y</kbd>}
              >
                The same person…
              </Button>
              <Button
                variant="default"
                onClick={() => setVerdict('rejected')}
                rightSection={<kbd>d</kbd>}
              >
                Somebody else…
              </Button>
            </>
          )}
          {hit.own_verdict !== null && (
            <p className="sp-hit-hint">
              You said what you see. Another person looks, and is not told what you said.
            </p>
          )}
          {!inForce && (
            <p className="sp-hit-hint">The entry is no longer in force: it cannot be confirmed.</p>
          )}
        </div>
      </div>
      <div className="sp-panel sp-section">
        <h2>Why they are looked for</h2>
        <dl className="sp-facts">
          <dt>Reason</dt>
          <dd>{entry.reason}</dd>
          <dt>Issuer</dt>
          <dd>{entry.issuer}</dd>
          <dt>Name</dt>
          <dd>{entry.name ?? 'Not known'}</dd>
          <dt>Entry</dt>
          <dd>
            {stateWords(entry.state)}, until <Instant at={entry.expires_at} />, made by{' '}
            {entry.made.by.name}
          </dd>
          <dt>Crossing</dt>
          <dd>
            <LaneName id={crossing.lane} />, {directionWords[crossing.direction].toLowerCase()},{' '}
            <Instant at={crossing.captured_at} />.{' '}
            <Link className="sp-link" href={`/crossings/${crossing.id}`}>
              All of it
            </Link>
          </dd>
        </dl>
      </div>
      {verdict !== null && (
        <JudgeDialog
          path={`/v1/watch/traveller-hits/${encodeURIComponent(hit.id)}/judgement`}
          name={entry.name ?? entry.reason}
          words={words[verdict]}
          verdict={verdict}
          onClose={() => setVerdict(null)}
        />
      )}
    </section>
  )
}

/** Both pictures, opened and closed together. */
function useBothPictures(hit: TravellerHit) {
  const { crossing, entry, capture_id: captureId } = hit
  const { purposes } = useSession()
  const live = usePicture()
  const photo = usePicture(
    `/v1/crossings/${encodeURIComponent(crossing.id)}/candidates/${encodeURIComponent(entry.id)}/openings`,
  )
  const capture = crossing.captures.find(({ id }) => id === captureId)
  const purpose = purposes.find((one) => one === 'inspection') ?? purposes[0]
  const open = (): void => {
    if (capture === undefined || purpose === undefined) return
    void live.open(capture, purpose)
    if (hit.has_photo) void photo.open({ ...capture, id: entry.id }, purpose)
  }
  const close = (): void => {
    live.close()
    photo.close()
  }
  return {
    live: live.state,
    photo: photo.state,
    isOpen: live.state.kind === 'open' || photo.state.kind === 'open',
    /** Both are before this person's eyes now; the hub decides by what was opened. */
    looked: live.state.kind === 'open' && photo.state.kind === 'open',
    open,
    close,
  }
}
