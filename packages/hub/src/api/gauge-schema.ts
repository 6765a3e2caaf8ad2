/** How a lane's camera sees plates, in its heartbeat and in the lists of lanes. */

import { z } from '@hono/zod-openapi'

const share = z.number().min(0).max(1)

/** `GaugeFigures` of `core/gauge`. */
export const gaugeFigures = z
  .object({
    frames_per_second: z.number().min(0).max(1000).nullable(),
    plate: z
      .object({
        seen_at: z.iso.datetime(),
        width_px: z.number().min(0).max(20_000),
        sharpness: z.number().min(0).max(10),
        tilt_deg: z.number().min(-180).max(180),
        contrast: share,
        clipped_light: share,
        clipped_dark: share,
        surely: z.boolean(),
      })
      .nullable(),
  })
  .openapi('GaugeFigures')
