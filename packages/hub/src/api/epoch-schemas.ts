/** What the API says of epochs that wait for their end, and of the hub's clock. */

import { z } from '@hono/zod-openapi'

import * as schemas from './schemas.ts'

export const day = z.iso.date()

const openEpoch = z
  .object({
    day,
    recipient: z.string(),
    /** `waits`: bundles of the day may still come. */
    state: z.enum(['in_use', 'waits']),
    /** Another key was announced in its place: it opens what was sealed before. */
    rotated_out: z.boolean(),
    waiting_for: z.array(
      z.object({
        device: schemas.id,
        lane: schemas.name,
        /** Whether the device has said that the day is over. */
        closed: z.boolean(),
        /** Sequences up to the last it named that never arrived. */
        missing: z.int(),
      }),
    ),
    /** People; two make it so. */
    declared_lost_by: z.int(),
  })
  .openapi('OpenEpoch')

export const openEpochs = z.object({ epochs: z.array(openEpoch) }).openapi('OpenEpochs')

export const restLost = z
  .object({
    day,
    declared_lost_by: z.int(),
    /** Whether the key of the day was destroyed. */
    destroyed: z.boolean(),
  })
  .openapi('RestLost')

export const clockView = z
  .object({
    now: z.iso.datetime(),
    /** Null while the clock is believed. */
    doubt: z
      .object({
        kind: z.enum(['jumped', 'started_ahead']),
        trusted_at: z.iso.datetime(),
        said: z.iso.datetime(),
      })
      .nullable(),
  })
  .openapi('HubClock')
