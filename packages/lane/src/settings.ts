/** What a lane can be told. Everything else it learned at its enrolment. */

import { z } from 'zod'

import { limits } from './limits.ts'
import { parseSource } from './sources/open.ts'

/** `drawn:SEED`, `folder:DIR`, ... as `sources/open.ts` has them. */
const sourceShape = z.string().transform((text, context) => {
  const spec = parseSource(text)
  if (spec !== null) return spec
  context.addIssue({
    code: 'custom',
    message: 'is drawn:SEED, folder:DIR, push:PORT, mjpeg:URL, file:VIDEO, rtsp:URL or frigate:URL',
  })
  return z.NEVER
})

export const laneSettingsShape = z.strictObject({
  /** The lane's own directory: device, key, epochs, spool. */
  directory: z.string().min(1),
  /** `drawn:SEED`, `folder:DIR`, `push:PORT`, `mjpeg:URL`, `file:VIDEO`, `rtsp:URL`, `frigate:URL`. */
  source: sourceShape,
  /** A second camera that sees vehicles from behind; what it reads joins the crossing of the first one. */
  rear_source: sourceShape.optional(),
  /** How long one camera's view waits for the other's, milliseconds; it is not shown before. */
  rear_wait_ms: z.int().min(0).max(10_000).default(1_500),
  /** Another address of the same hub than the one enrolled with; its key stays pinned. */
  hub: z.url({ protocol: /^https?$/ }).optional(),
  /** Wait between photographs of a folder, or between vehicles of a drawn camera. */
  every_ms: z.int().min(0).max(86_400_000).optional(),
  /** A folder begins again after its last photograph. */
  repeat: z.boolean().default(false),
  /** Secret of a push source; without one it is made and kept in the directory as `push.token`. */
  push_token: z.string().min(16).max(200).optional(),
  /** Finds and describes faces; they leave the lane sealed, and it compares them with nobody. */
  faces: z.boolean().default(false),
  /** Port of 127.0.0.1 for the lane's own page, shown while the hub is out of reach. */
  window: z.int().min(0).max(65_535).optional(),
  /** File that reads 1 when the enclosure is open; `FILE=0` when it reads 0 then. */
  enclosure: z
    .string()
    .regex(/^\/[^=]{1,500}(?:=[A-Za-z0-9]{1,20})?$/, 'is a file by its whole path, or FILE=VALUE')
    .transform((text) => {
      const [file = '', open = '1'] = text.split('=')
      return { file, open }
    })
    .optional(),
  frames_per_second: z.number().min(0.2).max(30).default(5),
  spool_bytes_max: z.int().min(1_000_000).default(limits.spoolBytesMax),
  spool_bundles_max: z.int().min(10).default(limits.spoolBundlesMax),
})

export type LaneSettings = z.infer<typeof laneSettingsShape>
/** As a person writes them, before defaults. */
export type LaneSettingsInput = z.input<typeof laneSettingsShape>

/** Settings with defaults, or one sentence per mistake. */
export function parseLaneSettings(
  input: unknown,
):
  | { readonly kind: 'settings'; readonly settings: LaneSettings }
  | { readonly kind: 'refused'; readonly problems: readonly string[] } {
  const parsed = laneSettingsShape.safeParse(input)
  if (parsed.success) return { kind: 'settings', settings: parsed.data }
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  return { kind: 'refused', problems }
}
