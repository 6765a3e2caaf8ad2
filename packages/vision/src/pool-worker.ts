/** One thread of `PlateReaderPool`: opens a reader, then answers one task after the other. */

import { parentPort, workerData } from 'node:worker_threads'

import type { Corners, Look } from '@sallyport/core/plate'

import type { PlateOrigin } from './origin.ts'
import type { Picture } from './picture.ts'
import { openPlateReader, type PlateReader, type PlateReaderOptions } from './plate-reader.ts'

export type PoolTask =
  | { readonly kind: 'look'; readonly picture: Picture; readonly origin: boolean }
  | { readonly kind: 'origin'; readonly picture: Picture; readonly corners: Corners }

export type PoolAnswer =
  | { readonly kind: 'ready'; readonly models: PlateReader['models'] }
  | { readonly kind: 'looks'; readonly looks: readonly Look[] }
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
  return task.kind === 'look'
    ? { kind: 'looks', looks: await reader.look(task.picture, { origin: task.origin }) }
    : { kind: 'origin', origin: await reader.origin(task.picture, task.corners) }
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
