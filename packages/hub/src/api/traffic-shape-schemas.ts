/** What the route of traffic shapes gives. */

import { z } from '@hono/zod-openapi'

const shares = z.array(z.object({ value: z.string().max(40), percent: z.int().min(1).max(100) }))

export const trafficShape = z
  .object({ jurisdictions: shares, light: shares, widths: shares })
  .openapi('TrafficShape')
