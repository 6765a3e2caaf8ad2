import { Button } from '@mantine/core'
import { stayCorrectors } from '@sallyport/core/stays/statement'
import { useState, type ReactElement } from 'react'
import { Link } from 'wouter'

import type { StayCandidate, StayDetail } from '../api/stay-types.ts'
import { plural } from '../format/figures.ts'
import { Instant } from '../shell/instant.tsx'
import { useHolds } from '../shell/session-context.ts'
import { StatementDialog } from './statement-dialog.tsx'
import { nearnessWords } from './words.ts'

type Unknown = NonNullable<StayDetail['explanation']>['unknown']

function unknownVehicles({ count, direction }: Unknown): string {
  const went = direction === 'in' ? 'entered' : 'left'
  return count === 0
    ? `Every plate that ${went} in the time in question is known.`
    : `${plural(count, 'vehicle', 'vehicles')} ${went} in the time in question whose plate nobody has read surely.`
}

/** Of who is seen by no camera for faces nothing is known at all. */
function unknownPeople({ count, direction }: Unknown): string {
  const went = direction === 'in' ? 'entered' : 'left'
  return count === 0
    ? `Everybody whose face was seen as they ${went} in the time in question was confirmed by a person.`
    : `${plural(count, 'person', 'people')} ${went} in the time in question whose face was seen and whom nobody has confirmed.`
}

/** Why a side may be missing, and what may be it. Nothing is paired but by a person. */
export function MissingSide(props: { readonly stay: StayDetail }): ReactElement | null {
  const { explanation, candidates } = props.stay
  const corrects = useHolds(...stayCorrectors)
  const [pairing, setPairing] = useState<StayCandidate | null>(null)
  if (explanation === null) return null
  const { unknown, records_since: since } = explanation
  const traveller = props.stay.subject === 'traveller'
  const other = unknown.direction === 'in' ? 'entry' : 'exit'
  return (
    <div className="sp-panel sp-stay-side">
      <h2>The other side</h2>
      <p>
        {since !== null && (
          <>
            Records begin <Instant at={since} />.{' '}
          </>
        )}
        {(traveller ? unknownPeople : unknownVehicles)(unknown)}
      </p>
      {candidates.length === 0 ? (
        <p className="sp-quiet">
          {traveller
            ? `No ${other} under this document lacks its other side. One under another document pairs with nothing by itself.`
            : `No ${other} with a plate like it lacks its other side.`}
        </p>
      ) : (
        <ul>
          {candidates.map((one) => (
            <li key={one.passage.id}>
              <Link className="sp-link" href={`/crossings/${one.passage.crossing}`}>
                <span className="sp-plate-text">{one.passage.text}</span>
              </Link>
              <span className="sp-quiet">
                {nearnessWords(one)}
                {one.passage.known ? '' : ', not read surely'}, <Instant at={one.passage.at} />
              </span>
              {corrects && (
                <Button size="compact-sm" variant="default" onClick={() => setPairing(one)}>
                  They belong together…
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      {pairing !== null && (
        <StatementDialog stay={props.stay} pairing={pairing} onClose={() => setPairing(null)} />
      )}
    </div>
  )
}
