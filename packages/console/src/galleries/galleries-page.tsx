import { Skeleton } from '@mantine/core'
import { galleryMakers } from '@sallyport/core/faces/gallery-terms'
import { useQuery } from '@tanstack/react-query'
import type { ReactElement } from 'react'

import { countWords, plural } from '../format/figures.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { useHolds } from '../shell/session-context.ts'
import { useTitle } from '../shell/title.ts'
import { galleriesQuery, listsQuery } from './api.ts'
import { FrequentPanel } from './frequent-panel.tsx'
import { GalleryCard } from './gallery-card.tsx'
import { ImportList } from './import-list.tsx'
import { ListRow } from './list-row.tsx'
import type { Matching } from './types.ts'

import './galleries.css'

/** Who is expected: passenger lists, and the galleries made of them. */
export function GalleriesPage(): ReactElement {
  useTitle('Galleries')
  const galleries = useQuery(galleriesQuery)
  const lists = useQuery(listsQuery)
  const makes = useHolds(...galleryMakers)
  const failed = galleries.isError ? galleries : lists.isError ? lists : null
  return (
    <>
      <div className="sp-page-head">
        <h1>Galleries</h1>
        <p>Who is expected where and when. A gallery ends with its event, and its faces with it.</p>
      </div>
      {failed !== null && (
        <FailureNote
          doing="The galleries could not be read"
          error={failed.error}
          onRetry={() => void failed.refetch()}
        />
      )}
      {galleries.data !== undefined && <ComparedWith matching={galleries.data.matching} />}
      {galleries.isPending && <Skeleton height={160} aria-label="Reading the galleries" />}
      <div className="sp-galleries">
        <section className="sp-section sp-panel">
          <h2>Galleries</h2>
          {galleries.data?.galleries.length === 0 && (
            <p className="sp-quiet">Nobody is expected anywhere: no face is looked for.</p>
          )}
          {galleries.data?.galleries.map((one) => (
            <GalleryCard key={one.id} gallery={one} changes={makes} />
          ))}
        </section>
        {galleries.data !== undefined && (
          <FrequentPanel facesOn={galleries.data.matching !== null} />
        )}
        <section className="sp-section sp-panel">
          <h2>Passenger lists</h2>
          {lists.data?.lists.length === 0 && <p className="sp-quiet">No list is in force.</p>}
          {lists.data?.lists.map((one) => (
            <ListRow
              key={one.id}
              list={one}
              makes={makes && galleries.data !== undefined && galleries.data.matching !== null}
            />
          ))}
          {makes && <ImportList />}
        </section>
      </div>
    </>
  )
}

/** What an answer about a face is worth here; an evaluation model says so before anything else. */
function ComparedWith(props: { readonly matching: Matching | null }): ReactElement {
  const { matching } = props
  if (matching === null)
    return (
      <p className="sp-gallery-model" role="note">
        Faces are off at this hub: lists can be read, and nobody is compared with them.
      </p>
    )
  const { model, profile, calibrations } = matching
  return (
    <div
      className={model.evaluation ? 'sp-gallery-model sp-hatched' : 'sp-gallery-model'}
      role="note"
    >
      <strong>{model.label}.</strong>
      {model.evaluation && ' For trying out: do not act on its answers.'} Profile {profile}. Whether
      a living person stands there is not checked.
      <ul>
        {calibrations.map((one) => (
          <li key={one.sha256}>
            Cameras of class {one.camera_class}: fitted on {one.made_from},{' '}
            {one.signed ? 'signed' : 'not signed'}; at most{' '}
            {plural(one.people_max, 'person', 'people')} at once, of whom one search in{' '}
            {countWords(Math.round(1 / one.false_positive_identification_rate))} may name a
            stranger.
          </li>
        ))}
      </ul>
    </div>
  )
}
