import { Button, FileButton } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState, type ReactElement } from 'react'

import { request } from '../api/client.ts'
import { plural } from '../format/figures.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { Instant } from '../shell/instant.tsx'
import { notifyDone } from '../shell/notify.ts'
import { useAction } from '../shell/use-action.ts'
import { base64Of, galleryKeys, limits, sendPhotos } from './api.ts'
import type { Gallery, PhotoResult } from './types.ts'

const states = { to_come: 'To come', in_force: 'In force', ended: 'Ended' } as const

export function GalleryCard(props: {
  readonly gallery: Gallery
  readonly changes: boolean
}): ReactElement {
  const { gallery } = props
  const where = gallery.lanes.length === 0 ? 'every lane' : `lane ${gallery.lanes.join(', ')}`
  const way =
    gallery.direction === null ? '' : gallery.direction === 'in' ? ', inbound' : ', outbound'
  return (
    <article className="sp-gallery" data-state={gallery.state}>
      <h3>
        {gallery.name} <span className="sp-gallery-state">{states[gallery.state]}</span>
      </h3>
      <p>
        {gallery.kind === 'flight' && 'Flight at its gates: '}
        {gallery.kind === 'frequent' && 'Made by a rule, for those who cross often: '}
        {where}
        {way}, from <Instant at={gallery.opens_at} /> to <Instant at={gallery.expires_at} />.
      </p>
      {gallery.state === 'ended' ? (
        <p className="sp-quiet">Its templates and photographs are gone.</p>
      ) : (
        <p>
          <span className="sp-figure">{gallery.described}</span> of{' '}
          {plural(gallery.people, 'person', 'people')} can be found by a photograph;{' '}
          <span className="sp-figure">{gallery.searchable}</span> are searched now.
        </p>
      )}
      {props.changes && gallery.state !== 'ended' && <Changes gallery={gallery} />}
    </article>
  )
}

function Changes(props: { readonly gallery: Gallery }): ReactElement {
  const { gallery } = props
  const client = useQueryClient()
  const { busy, error, run } = useAction()
  const [answers, setAnswers] = useState<readonly PhotoResult[]>([])
  const refresh = () => client.invalidateQueries({ queryKey: galleryKeys.all })
  const send = async (files: readonly File[]): Promise<void> => {
    const told: PhotoResult[] = []
    setAnswers([])
    for (const batch of batchesOf(files)) {
      const photos = await Promise.all(
        batch.map(async (file) => ({ name: file.name, picture: await base64Of(file) })),
      )
      told.push(...(await sendPhotos(gallery.id, photos)).photos)
      setAnswers([...told])
    }
    await refresh()
  }
  const end = async (): Promise<void> => {
    await request(`/v1/galleries/${gallery.id}/end`, { method: 'POST', body: {} })
    await refresh()
    notifyDone('Ended', `${gallery.name} is over; its templates are gone.`)
  }
  // A rule's gallery is made of photographs that lists have.
  const takesPhotos = gallery.kind !== 'frequent'
  const refused = answers.filter(({ result }) => result !== 'described')
  return (
    <div className="sp-gallery-changes">
      {takesPhotos && (
        <FileButton
          multiple
          accept="image/jpeg,image/png,image/webp"
          onChange={(files) => run(() => send(files))}
        >
          {(button) => (
            <Button {...button} variant="default" loading={busy}>
              Add photographs…
            </Button>
          )}
        </FileButton>
      )}
      <Button variant="default" disabled={busy} onClick={() => run(end)}>
        End now
      </Button>
      {takesPhotos && (
        <span className="sp-quiet">Files are named after the document number: L898902C3.jpg</span>
      )}
      {error !== null && <FailureNote doing="The gallery was not changed" error={error} />}
      {answers.length > 0 && (
        <div className="sp-gallery-answers" role="status">
          <p>
            {plural(answers.length - refused.length, 'photograph was', 'photographs were')} taken
            {refused.length > 0 && `, ${refused.length} not:`}
          </p>
          {refused.length > 0 && (
            <ol aria-label="Photographs that were not taken">
              {refused.map(({ name, detail }) => (
                <li key={name}>
                  <span className="sp-mono">{name}</span> {detail}
                </li>
              ))}
            </ol>
          )}
        </div>
      )}
    </div>
  )
}

/** As many files at a time as one request takes. */
function batchesOf(files: readonly File[]): readonly (readonly File[])[] {
  const batches: File[][] = []
  let bytes = 0
  for (const file of files) {
    const last = batches.at(-1)
    if (
      last === undefined ||
      last.length === limits.photosAtOnce ||
      bytes + file.size > limits.photosBytes
    ) {
      batches.push([file])
      bytes = file.size
    } else {
      last.push(file)
      bytes += file.size
    }
  }
  return batches
}
