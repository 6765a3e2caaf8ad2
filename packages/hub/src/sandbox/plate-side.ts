/** A candidate that reads plates, beside the reader in service. */

import type { Look } from '@sallyport/core/plate'
import { decodePicture } from '@sallyport/vision/picture'
import { openPlateReader, type PlateReader } from '@sallyport/vision/plate-reader'

import { lightIn } from './brightness.ts'
import type { BothReads, CandidateAnswer, PlateJob, Side } from './candidate-job.ts'
import type { RunCandidate } from './candidate-thread.ts'
import { readerCard } from './plate-card.ts'

export async function plateSide({ card, sha256 }: PlateJob, run: RunCandidate): Promise<Side> {
  const candidate = await openPlateReader({
    network: {
      card: readerCard(card, sha256),
      async run(image, count) {
        const outputs = await run(image, count)
        if (outputs === null) throw new NotRead()
        return spread(outputs, card.alphabet.length + 1)
      },
    },
  })
  const service = await openPlateReader()
  return {
    service: service.models.reader,
    tryOn: (picture) => readBoth(picture, candidate, service),
  }
}

/** The candidate failed on this picture. */
class NotRead extends Error {}

async function readBoth(
  bytes: Uint8Array,
  candidate: PlateReader,
  service: PlateReader,
): Promise<CandidateAnswer<BothReads>> {
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
    kind: 'tried',
    both: {
      read: tried?.text ?? '',
      // A card may have weights for what no look has.
      confidence: Number.isFinite(confidence) ? Math.min(1, Math.max(0, confidence)) : 0,
      service: seen?.text ?? '',
      light: lightIn(picture),
    },
  }
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
