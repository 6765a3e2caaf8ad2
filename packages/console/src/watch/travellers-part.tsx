import { watchReaders } from '@sallyport/core/watch-decisions'
import type { ReactElement } from 'react'

import { useHolds } from '../shell/session-context.ts'
import { TravellerEntries } from './traveller-entries.tsx'
import { TravellerHits } from './traveller-hits.tsx'
import { TravellerJudged } from './traveller-judged.tsx'

import './travellers.css'

/** Travellers who are looked for: who may be one, the list itself, and what two people said. */
export function TravellersPart(): ReactElement {
  const readsList = useHolds(...watchReaders)
  return (
    <div className="sp-travellers">
      <TravellerHits />
      {readsList && <TravellerEntries />}
      <TravellerJudged />
    </div>
  )
}
