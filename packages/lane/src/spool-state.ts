/** What the spool remembers when it is empty: the end of the chain, and drops not signed for yet. */

import type { BodyClass } from '@sallyport/core/crossing'
import { fromUtf8, utf8 } from '@sallyport/proof/bytes'
import { z } from 'zod'

import { parseJson } from './device.ts'
import type { DurableFiles } from './durable-files.ts'
import { reasonOf } from './events.ts'

/** Pictures and reads that were dropped and not yet signed for. */
export type PendingGap = {
  readonly dropped: Readonly<Partial<Record<BodyClass, number>>>
  readonly from: string
  readonly to: string
}

const count = z.int().min(1).optional()
const stateShape = z.strictObject({
  version: z.literal(1),
  sequence: z.int().min(0),
  previous: z.string().regex(/^[0-9a-f]{64}$/),
  gap: z
    .strictObject({
      dropped: z.strictObject({ scene: count, plate: count, face: count, reads: count }),
      from: z.iso.datetime({ precision: 3 }),
      to: z.iso.datetime({ precision: 3 }),
    })
    .nullable(),
})
export type SpoolState = {
  readonly version: 1
  readonly sequence: number
  readonly previous: string
  readonly gap: PendingGap | null
}

/** The state in a file; a sentence when there is none that can be believed. */
export async function readState(file: string, files: DurableFiles): Promise<SpoolState | string> {
  // Without it a lane whose spool is empty would begin again at 1, and the hub would see a forger.
  const missing = `${file} is missing or unreadable; enrol this device again.`
  let text: string | null
  try {
    text = fromUtf8(await files.read(file))
  } catch (error) {
    return `${missing} (${reasonOf(error)})`
  }
  const parsed = stateShape.safeParse(parseJson(text ?? ''))
  return parsed.success ? (parsed.data as SpoolState) : missing
}

/** The state's bytes on disk. */
export function encodeState(state: SpoolState): Uint8Array {
  return utf8(`${JSON.stringify(state)}\n`)
}
