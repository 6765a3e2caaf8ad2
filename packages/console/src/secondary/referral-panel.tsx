import { useQuery } from '@tanstack/react-query'
import { useRef, type ReactElement } from 'react'
import { Link } from 'wouter'

import { lanesQuery } from '../api/queries.ts'
import type { Crossing } from '../api/types.ts'
import type { Referral, WindowView } from '../api/window-types.ts'
import { CaptureFrame, type FrameHandle } from '../captures/capture-frame.tsx'
import { useShortcuts } from '../keys/shortcuts.tsx'
import { PlatePanel } from '../plate/plate-panel.tsx'
import { CheckIcon } from '../shell/icons.tsx'
import { Instant } from '../shell/instant.tsx'
import { useSession } from '../shell/session-context.ts'
import { FacesPanel } from '../window/faces-panel.tsx'
import { StepList } from '../window/step-list.tsx'
import { windowQuery } from '../window/window-queries.ts'
import { reasonNames, sayerWords } from '../window/words.ts'
import { CloseForm } from './close-form.tsx'
import { LookForm } from './look-form.tsx'

/** One referral: why, the pictures, what one sees oneself, and only then what was found. */
export function ReferralPanel(props: { readonly referral: Referral }): ReactElement {
  const { crossing } = props.referral
  const { account } = useSession()
  const lanes = useQuery(lanesQuery)
  const fresh = useQuery({ ...windowQuery(crossing.id), initialData: props.referral.window })
  const window = fresh.data
  const own = ownLook(window, account.id)
  const lane = lanes.data?.find(({ id }) => id === crossing.lane)?.name ?? crossing.lane
  return (
    <section className="sp-referral" aria-label="Referral">
      <div className="sp-panel sp-section">
        <h2>{reasonOf(window)}</h2>
        <dl className="sp-facts">
          <dt>Referred by</dt>
          <dd>
            {window.referral === null ? 'Nobody' : sayerWords(window.referral)},{' '}
            {window.referral !== null && <Instant at={window.referral.at} />}
          </dd>
          <dt>Crossed</dt>
          <dd>
            <Link className="sp-link" href={`/crossings/${crossing.id}`}>
              {lane}, <Instant at={crossing.captured_at} />
            </Link>
          </dd>
          {window.referral?.note != null && (
            <>
              <dt>Note</dt>
              <dd>{window.referral.note}</dd>
            </>
          )}
        </dl>
        {window.opted_out !== null && (
          <p className="sp-referral-out">
            <CheckIcon size={14} /> The traveller opted out: no face is held or compared. Compare
            the document and the person yourself.
          </p>
        )}
        {crossing.plate.text !== null && (
          <p className="sp-referral-links">
            <Link className="sp-link" href={`/stays/history/${crossing.plate.text}`}>
              History of {crossing.plate.text}
            </Link>
            <Link className="sp-link" href={`/secondary/explanation/${crossing.id}`}>
              Explanation to print
            </Link>
          </p>
        )}
      </div>
      <section className="sp-section sp-panel" aria-label="Plate">
        <PlatePanel plate={crossing.plate} verdict={crossing.verdict} />
      </section>
      <SidePictures crossing={crossing} />
      <FacesPanel crossing={crossing} purpose="secondary" />
      {window.standing === 'referred' && own === null && <LookForm window={window} />}
      {window.standing === 'referred' && own !== null && <CloseForm window={window} />}
      <StepList window={window} />
    </section>
  )
}

function ownLook(window: WindowView, account: string) {
  const since = window.referral?.place ?? 0
  return (
    window.steps.find(
      (step) => step.kind === 'looked' && step.by?.id === account && step.place > since,
    ) ?? null
  )
}

function reasonOf({ referral }: WindowView): string {
  const code = referral?.code ?? null
  return code !== null && code in reasonNames
    ? reasonNames[code as keyof typeof reasonNames]
    : 'Referred'
}

/** The pictures beside each other, each closed until it is opened for secondary. */
function SidePictures(props: { readonly crossing: Crossing }): ReactElement {
  const { purposes } = useSession()
  const frames = useRef(new Map<string, FrameHandle>())
  const captures = props.crossing.captures
  useShortcuts({
    open: () => {
      const closed = captures.find((one) => frames.current.get(one.id)?.isClosed() === true)
      if (closed !== undefined && purposes.length > 0) frames.current.get(closed.id)?.ask()
    },
    close: () => frames.current.forEach((frame) => frame.close()),
  })
  return (
    <section aria-label="Pictures">
      <h3 className="sp-section-title">Pictures of this crossing</h3>
      {captures.length === 0 && <p className="sp-quiet">No picture was taken.</p>}
      <div className="sp-frames">
        {captures.map((capture) => (
          <CaptureFrame
            key={capture.id}
            ref={(frame) => {
              if (frame === null) frames.current.delete(capture.id)
              else frames.current.set(capture.id, frame)
            }}
            capture={capture}
            purposes={purposes.filter((purpose) => purpose === 'secondary')}
          />
        ))}
      </div>
    </section>
  )
}
