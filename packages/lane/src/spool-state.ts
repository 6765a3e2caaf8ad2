/** What the spool remembers when it is empty: the end of the chain, and drops not signed for yet. */

import type { BodyClass } from '@sallyport/core/crossing'
import { fromUtf8, utf8 } from '@sallyport/proof/bytes'
import { type GapReason, gapReasons } from '@sallyport/proof/manifest'
import { z } from 'zod'

import { parseJson } from './device.ts'
import type { DurableFiles } from './durable-files.ts'
import { reasonOf } from './events.ts'

/** Pictures and reads that were dropped and not yet signed for. */
export type PendingGap = {
  readonly reason: GapReason
  readonly dropped: Readonly<Partial<Record<BodyClass, number>>>
  readonly from: string
  readonly to: string
}

/** At most one for each reason, oldest first. */
export type PendingGaps = readonly PendingGap[]

const count = z.int().min(1).optional()
const gapShape = z.strictObject({
  reason: z.enum(gapReasons),
  dropped: z.strictObject({ scene: count, plate: count, face: count, reads: count }),
  from: z.iso.datetime({ precision: 3 }),
  to: z.iso.datetime({ precision: 3 }),
})
const chain = {
  sequence: z.int().min(0),
  previous: z.string().regex(/^[0-9a-f]{64}$/),
}
/** Version 1 knew of one gap, that of a full spool. A lane that is brought up to date has it. */
const firstShape = z
  .strictObject({
    version: z.literal(1),
    ...chain,
    gap: gapShape.omit({ reason: true }).nullable(),
  })
  .transform(({ gap, ...rest }) => ({
    ...rest,
    version: 2 as const,
    gaps: gap === null ? [] : [{ reason: 'spool_full' as const, ...gap }],
  }))
const stateShape = z.union([
  z.strictObject({
    version: z.literal(2),
    ...chain,
    gaps: z.array(gapShape).max(gapReasons.length),
  }),
  firstShape,
])
export type SpoolState = {
  readonly version: 2
  readonly sequence: number
  readonly previous: string
  readonly gaps: PendingGaps
}

/** The gaps with one more drop counted. */
export function withDrop(
  gaps: PendingGaps,
  reason: GapReason,
  { classes, at }: { readonly classes: readonly BodyClass[]; readonly at: Date },
): PendingGaps {
  const gap = gaps.find((one) => one.reason === reason)
  const dropped = { ...gap?.dropped }
  for (const one of classes) dropped[one] = (dropped[one] ?? 0) + 1
  const instant = at.toISOString()
  const grown = {
    reason,
    dropped,
    from: gap === undefined || instant < gap.from ? instant : gap.from,
    to: gap === undefined || instant > gap.to ? instant : gap.to,
  }
  return gap === undefined ? [...gaps, grown] : gaps.map((one) => (one === gap ? grown : one))
}

/** The gaps without that of `reason`, which was signed for. */
export function withoutGap(gaps: PendingGaps, reason: GapReason | undefined): PendingGaps {
  return gaps.filter((one) => one.reason !== reason)
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
