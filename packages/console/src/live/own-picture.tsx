import { Button } from '@mantine/core'
import { toBase64 } from '@sallyport/proof/bytes'
import { useEffect, useRef, useState, type ReactElement } from 'react'

import { request } from '../api/client.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { notifyDone } from '../shell/notify.ts'
import { useSession } from '../shell/session-context.ts'
import { useAction } from '../shell/use-action.ts'

import './own-picture.css'

const limits = {
  bytesMax: 12 * 1024 * 1024,
  /** The lane reads the picture before it answers. */
  answerMs: 40_000,
  jpegQuality: 0.92,
} as const

/** One's own picture before the demo's lane: a file, dropped or chosen, or the webcam. */
export function OwnPicture(props: { readonly lane: string }): ReactElement {
  const { synthetic } = useSession()
  const { busy, error, run } = useAction()
  const [over, setOver] = useState(false)
  const [camera, setCamera] = useState<MediaStream | null>(null)
  const chooser = useRef<HTMLInputElement>(null)
  useEffect(() => () => stopCamera(camera), [camera])

  const push = (picture: Blob): void =>
    run(async () => {
      if (picture.size > limits.bytesMax) throw new Error('At most 12 MB are taken.')
      const bytes = new Uint8Array(await picture.arrayBuffer())
      await request(`/v1/lanes/${encodeURIComponent(props.lane)}/pictures`, {
        method: 'POST',
        body: { picture: toBase64(bytes) },
        timeoutMs: limits.answerMs,
      })
      notifyDone('Sealed at the lane', 'Its crossing appears above like any other.')
    })
  const startCamera = (): void =>
    run(async () => {
      setCamera(await navigator.mediaDevices.getUserMedia({ video: true }))
    })

  return (
    <section className="sp-own sp-panel" aria-label="Your own picture">
      <div
        className="sp-own-drop sp-hatched"
        data-over={over}
        onDragOver={(event) => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault()
          setOver(false)
          const [file] = event.dataTransfer.files
          if (file !== undefined && !busy) push(file)
        }}
      >
        <p>
          <strong>Try it with a picture of yours.</strong> It goes through a lane like any camera’s:
          sealed before anything is written, read in memory.
          {synthetic && ' A face in it is compared with drawn people only.'}
        </p>
        <div className="sp-own-keys">
          <input
            ref={chooser}
            className="sp-unseen"
            type="file"
            accept="image/jpeg,image/png,image/webp,image/avif,image/tiff"
            aria-label="Picture file"
            tabIndex={-1}
            onChange={(event) => {
              const file = event.currentTarget.files?.[0]
              event.currentTarget.value = ''
              if (file !== undefined) push(file)
            }}
          />
          <Button variant="default" loading={busy} onClick={() => chooser.current?.click()}>
            Drop a photo here, or choose one…
          </Button>
          {camera === null ? (
            <Button variant="default" disabled={busy} onClick={startCamera}>
              Use my webcam
            </Button>
          ) : (
            <Button variant="default" onClick={() => setCamera(null)}>
              Stop the webcam
            </Button>
          )}
        </div>
      </div>
      {camera !== null && <Webcam stream={camera} busy={busy} onPicture={push} />}
      {error !== null && <FailureNote doing="The lane did not take it" error={error} />}
    </section>
  )
}

function Webcam(props: {
  readonly stream: MediaStream
  readonly busy: boolean
  readonly onPicture: (picture: Blob) => void
}): ReactElement {
  const { stream, onPicture } = props
  const video = useRef<HTMLVideoElement>(null)
  useEffect(() => {
    const { current } = video
    if (current !== null) current.srcObject = stream
  }, [stream])
  const take = (): void => {
    const { current } = video
    if (current === null || current.videoWidth === 0) return
    const canvas = document.createElement('canvas')
    canvas.width = current.videoWidth
    canvas.height = current.videoHeight
    canvas.getContext('2d')?.drawImage(current, 0, 0)
    canvas.toBlob(
      (blob) => {
        if (blob !== null) onPicture(blob)
      },
      'image/jpeg',
      limits.jpegQuality,
    )
  }
  return (
    <div className="sp-own-webcam">
      <video
        ref={video}
        autoPlay
        playsInline
        muted
        aria-label="Your webcam, seen by this page only"
      />
      <Button loading={props.busy} onClick={take}>
        Put this before the lane
      </Button>
    </div>
  )
}

function stopCamera(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) track.stop()
}
