/**
 * The thread in which a candidate and the reader in service read the same pictures: pixels are decoded in
 * its memory, and crops of plates alone go on to the process of the candidate.
 */

import { parentPort, workerData } from 'node:worker_threads'

import { type Light, lightOf } from '@sallyport/core/evaluation-candidate'
import type { Look } from '@sallyport/core/plate'
import { decodePicture, type Picture } from '@sallyport/vision/picture'
import { openPlateReader, type PlateReader } from '@sallyport/vision/plate-reader'

import { limits } from '../limits.ts'
import { type PlateCard, promisedBy, readerCard } from './plate-card.ts'
import {
  type Sandbox,
  type SandboxOptions,
  type SandboxRefusal,
  type Standing,
  startSandbox,
} from './sandbox.ts'

export type CandidateJob = {
  readonly model: Uint8Array
  readonly sha256: string
  readonly card: PlateCard
  readonly options: SandboxOptions
}

/** What both make of one picture; '' where nothing was read. */
export type BothReads = {
  readonly read: string
  readonly confidence: number
  readonly service: string
  readonly light: Light
}

export type CandidateAnswer =
  | { readonly kind: 'ready'; readonly standing: Standing; readonly service: string }
  | SandboxRefusal
  | { readonly kind: 'read'; readonly both: BothReads }
  /** The picture cannot be decoded. */
  | { readonly kind: 'undecodable' }

async function serve(
  port: NonNullable<typeof parentPort>,
  { model, sha256, card, options }: CandidateJob,
): Promise<void> {
  const promised = { input: card.input, outputs: promisedBy(card) }
  let sandbox = await startSandbox(model, promised, options)
  if (sandbox.kind === 'refused') return port.postMessage(sandbox satisfies CandidateAnswer)
  const { standing } = sandbox
  let restarts = 0

  /** The process; a new one after the last was killed, or null when that happened too often. */
  async function running(): Promise<Sandbox | null> {
    if (sandbox.kind === 'running' && !sandbox.ended) return sandbox
    if (restarts >= limits.candidateRestartsMax) return null
    restarts += 1
    sandbox = await startSandbox(model, promised, options)
    return sandbox.kind === 'running' ? sandbox : null
  }

  const candidate = await openPlateReader({
    network: {
      card: readerCard(card, sha256),
      async run(image, count) {
        const outputs = await (await running())?.run(image, count)
        if (outputs === undefined || outputs === null) throw new NotRead()
        return spread(outputs, card.alphabet.length + 1)
      },
    },
  })
  const service = await openPlateReader()

  port.on('message', (task: Uint8Array | 'close') => {
    if (task === 'close') {
      const ended = sandbox.kind === 'running' ? sandbox.close() : Promise.resolve()
      void ended.then(() => port.close())
      return
    }
    void readBoth(task, candidate, service).then((answer) => port.postMessage(answer))
  })
  port.postMessage({
    kind: 'ready',
    standing,
    service: service.models.reader,
  } satisfies CandidateAnswer)
}

/** The candidate failed on this picture. */
class NotRead extends Error {}

async function readBoth(
  bytes: Uint8Array,
  candidate: PlateReader,
  service: PlateReader,
): Promise<CandidateAnswer> {
  const decoded = await decodePicture(bytes)
  if (decoded.kind === 'refused') return { kind: 'undecodable' }
  const { picture } = decoded
  const [seen] = await service.look(picture, { origin: false })
  const [tried] = await candidate
    .look(picture, { origin: false })
    .catch((error: unknown): readonly Look[] => {
      if (error instanceof NotRead) return []
      throw error
    })
  const confidence = tried?.confidence ?? 0
  return {
    kind: 'read',
    both: {
      read: tried?.text ?? '',
      // A card may have weights for what no look has.
      confidence: Number.isFinite(confidence) ? Math.min(1, Math.max(0, confidence)) : 0,
      service: seen?.text ?? '',
      light: lightOf(brightnessOf(picture)),
    },
  }
}

function brightnessOf({ data }: Picture): number {
  let sum = 0
  for (const byte of data) sum += byte
  return sum / Math.max(1, data.length)
}

/** Rows of any numbers as log-probabilities, which add up to 1: decoding expects no others. */
function spread(
  outputs: Readonly<Record<string, Float32Array>>,
  classes: number,
): Readonly<Record<string, Float32Array>> {
  for (const name of ['characters', 'slots']) {
    const data = outputs[name]
    if (data === undefined) continue
    for (let row = 0; row < data.length; row += classes)
      normalise(data.subarray(row, row + classes))
  }
  const { legibility } = outputs
  legibility?.forEach((value, at) => {
    legibility[at] = Number.isFinite(value) ? value : 0
  })
  return outputs
}

const leastLog = -1e4

function normalise(row: Float32Array): void {
  let highest = leastLog
  row.forEach((value, at) => {
    // Not a number, and infinities, say nothing.
    row[at] = Number.isFinite(value) ? Math.max(leastLog, value) : leastLog
    highest = Math.max(highest, row[at] ?? leastLog)
  })
  const sum = row.reduce((total, value) => total + Math.exp(value - highest), 0)
  row.forEach((value, at) => {
    row[at] = value - highest - Math.log(sum)
  })
}

if (parentPort !== null) {
  const port = parentPort
  void serve(port, workerData.job as CandidateJob)
}
