import type { ReactElement } from 'react'

import type { Crossing } from '../api/types.ts'
import { WalkIcon } from '../shell/icons.tsx'
import { Instant, Since } from '../shell/instant.tsx'

import '../plate/plate-panel.css'
import './walker-panel.css'

/** People on foot, as large as a plate: how many faces were seen, and when. */
export function WalkerPanel(props: { readonly crossing: Crossing }): ReactElement {
  const { captured_at: at, captures } = props.crossing
  const faces = captures.filter((one) => one.class === 'face').length
  return (
    <div className="sp-plate-panel">
      <div className="sp-verdict-row">
        <span>On foot: check the document</span>
        <strong className="sp-verdict-since">
          <Since at={at} />
        </strong>
      </div>
      <div className="sp-walker">
        <WalkIcon size={44} />
        <strong>{faceCountWords(faces)}</strong>
      </div>
      <div className="sp-plate-facts">
        <span className="sp-plate-words">{faces === 0 ? 'Look yourself who passed.' : ''}</span>
        <span className="sp-plate-when">
          <Instant at={at} clock />
        </span>
      </div>
    </div>
  )
}

function faceCountWords(faces: number): string {
  if (faces === 0) return 'No face seen'
  return faces === 1 ? '1 face seen' : `${faces} faces seen`
}
