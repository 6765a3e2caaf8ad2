/** One thread of `PlateReaderPool`: opens a reader, then answers one task after the other. */

import { parentPort, workerData } from 'node:worker_threads'

import type { Corners, Look } from '@sallyport/core/plate'

import type { PlateOrigin } from './origin.ts'
import { decodePicture, type Picture, type PictureRefusal } from './picture.ts'
import { openPlateReader, type PlateReader, type PlateReaderOptions } from './plate-reader.ts'

/** What a thread read in the bytes of a picture, or why they are no picture that is taken. */
export type PooledReading =
  | {
      readonly kind: 'read'
      /** Surest first, weak candidates included. */
      readonly looks: readonly Look[]
      readonly picture: { readonly width: number; readonly height: number }
      /** Decoding and reading, without the wait. */
      readonly ms: number
    }
  | { readonly kind: 'refused'; readonly code: PictureRefusal; readonly detail: string }

export type PoolTask =
  | { readonly kind: 'look'; readonly picture: Picture; readonly origin: boolean }
  | { readonly kind: 'read'; readonly bytes: Uint8Array }
  | { readonly kind: 'origin'; readonly picture: Picture; readonly corners: Corners }

export type PoolAnswer =
  | { readonly kind: 'ready'; readonly models: PlateReader['models'] }
  | { readonly kind: 'looks'; readonly looks: readonly Look[] }
  | PooledReading
  | { readonly kind: 'origin'; readonly origin: PlateOrigin | null }
  | { readonly kind: 'failed'; readonly detail: string }

async function serve(
  port: NonNullable<typeof parentPort>,
  options: PlateReaderOptions,
): Promise<void> {
  const reader = await openPlateReader({ ...options, threads: 1 })
  port.on('message', (task: PoolTask) => {
    void carryOut(reader, task)
      .catch((error: unknown): PoolAnswer => ({ kind: 'failed', detail: reasonOf(error) }))
      .then((answer) => port.postMessage(answer))
  })
  port.postMessage({ kind: 'ready', models: reader.models } satisfies PoolAnswer)
}

async function carryOut(reader: PlateReader, task: PoolTask): Promise<PoolAnswer> {
  switch (task.kind) {
    case 'look':
      return { kind: 'looks', looks: await reader.look(task.picture, { origin: task.origin }) }
    case 'origin':
      return { kind: 'origin', origin: await reader.origin(task.picture, task.corners) }
    case 'read':
      return readBytes(reader, task.bytes)
  }
}

async function readBytes(reader: PlateReader, bytes: Uint8Array): Promise<PooledReading> {
  const started = performance.now()
  const decoded = await decodePicture(bytes)
  if (decoded.kind === 'refused') return decoded
  const { width, height } = decoded.picture
  const looks = await reader.look(decoded.picture)
  const ms = Math.round((performance.now() - started) * 1000) / 1000
  return { kind: 'read', looks, picture: { width, height }, ms }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

if (parentPort !== null) {
  const port = parentPort
  serve(port, workerData as PlateReaderOptions).catch((error: unknown) => {
    port.postMessage({ kind: 'failed', detail: reasonOf(error) } satisfies PoolAnswer)
  })
}
