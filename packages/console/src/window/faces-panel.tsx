import { Button } from '@mantine/core'
import type { Purpose } from '@sallyport/core/opening'
import { useQuery } from '@tanstack/react-query'
import { useImperativeHandle, type ReactElement, type Ref } from 'react'

import type { Crossing } from '../api/types.ts'
import { usePicture } from '../captures/use-picture.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { FacePicture } from './face-picture.tsx'
import { type CrossingFaces, type FaceCandidate, facesQuery } from './face-queries.ts'
import { candidatesIn, candidateWords, faceWords, galleryWords } from './face-words.ts'

import './faces.css'

export type FacesHandle = { readonly open: () => void; readonly close: () => void }

/** The faces of a crossing beside the photographs of those whom they may be: words first, pictures when opened. */
export function FacesPanel(props: {
  readonly crossing: Crossing
  readonly purpose: Purpose
  readonly ref?: Ref<FacesHandle>
}): ReactElement | null {
  const { crossing, purpose } = props
  const faces = useQuery(facesQuery(crossing.id))
  if (faces.isError) return <FailureNote doing="Faces could not be read" error={faces.error} />
  const [first] = faces.data?.faces ?? []
  if (faces.data === undefined || first === undefined) return null
  return (
    <section className="sp-faces" aria-label="Faces">
      {faces.data.faces.map((face, at) => (
        <Face
          key={face.id}
          face={face}
          crossing={crossing}
          purpose={purpose}
          {...(at === 0 && props.ref !== undefined ? { ref: props.ref } : {})}
        />
      ))}
      <p className="sp-quiet sp-faces-note">
        {first.evaluation && 'Evaluation model: for trying out, not to act on. '}
        Whether a living person stands there is not checked.
      </p>
    </section>
  )
}

function Face(props: {
  readonly face: CrossingFaces['faces'][number]
  readonly crossing: Crossing
  readonly purpose: Purpose
  readonly ref?: Ref<FacesHandle>
}): ReactElement {
  const { face, crossing, purpose, ref } = props
  const live = usePicture()
  const capture = crossing.captures.find(({ id }) => id === face.capture_id)
  const candidates = candidatesIn(face.outcome)
  const [candidate] = candidates
  const photo = usePicture(
    `/v1/crossings/${encodeURIComponent(crossing.id)}/candidates/${encodeURIComponent(candidate?.entry_id ?? '')}/openings`,
  )
  const hasPhoto = candidate?.has_photo === true
  const open = (): void => {
    if (capture !== undefined) void live.open(capture, purpose)
    if (hasPhoto && capture !== undefined)
      void photo.open({ ...capture, id: candidate.entry_id }, purpose)
  }
  const close = (): void => {
    live.close()
    photo.close()
  }
  useImperativeHandle(ref, () => ({ open, close }))
  const isOpen = live.state.kind === 'open' || photo.state.kind === 'open'
  return (
    <div className="sp-face" data-kind={face.outcome.kind}>
      <p className="sp-face-words">
        <strong>{faceWords(face.outcome)}</strong>
      </p>
      {face.outcome.kind === 'match' && candidate !== undefined && (
        <p className="sp-quiet">{galleryWords(candidate)}</p>
      )}
      {face.outcome.kind === 'too_close' && (
        <ul className="sp-face-candidates">
          {candidates.map((one) => (
            <li key={one.entry_id}>
              {candidateWords(one)}
              {one.gallery !== null && <span className="sp-quiet"> ({one.gallery.name})</span>}
              {one.looked_for !== null && (
                <strong>
                  , looked for: {one.looked_for.reason} ({one.looked_for.issuer})
                </strong>
              )}
            </li>
          ))}
        </ul>
      )}
      <div className="sp-face-pictures">
        <FacePicture state={live.state} words="At the lane" />
        {hasPhoto && <FacePicture state={photo.state} words={documentWords(candidate)} />}
      </div>
      {capture !== undefined && (
        <Button
          size="xs"
          variant="default"
          loading={live.state.kind === 'asking'}
          onClick={isOpen ? close : open}
          rightSection={ref === undefined ? null : <kbd>{isOpen ? 'x' : 'i'}</kbd>}
        >
          {isOpen ? 'Close' : hasPhoto ? 'Open both (logged)' : 'Open the face (logged)'}
        </Button>
      )}
    </div>
  )
}

function documentWords(candidate: FaceCandidate): string {
  if (candidate.mark_of_watch) return 'Who is looked for'
  return `On the document of ${candidate.name ?? 'a candidate'}`
}
