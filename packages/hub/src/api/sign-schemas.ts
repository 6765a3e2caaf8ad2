/** What the routes of the ground for comparing faces and of the signs take and give. */

import { z } from '@hono/zod-openapi'
import { siteTypes } from '@sallyport/core/basis/basis'
import { directions, laneKinds } from '@sallyport/core/crossing'

import { id, line, name } from './schemas.ts'

const instant = z.iso.datetime()
const day = z.iso.date()

export const basisAsk = z
  .object({
    document: line(200).openapi({ description: 'Statute, order or assessment that allows it' }),
    responsible: line(120).openapi({ description: 'Who answers for it' }),
    dated: day.openapi({ description: 'Of the document' }),
  })
  .openapi('FaceBasisRequest')

const act = z
  .object({ at: instant, by: z.object({ id, name: z.string() }), log_index: z.int().nullable() })
  .nullable()

export const faceBasis = z
  .object({
    id,
    document: z.string(),
    responsible: z.string(),
    dated: day,
    state: z.enum(['proposed', 'in_force', 'ended']),
    proposed: act,
    agreed: act,
    ended: act,
  })
  .openapi('FaceBasis')

export const facesHere = z
  .object({
    kind: z.enum(['on', 'off']),
    /** Why: `border` or `basis` where they are on. */
    why: z.enum(['border', 'basis', 'off_at_hub', 'no_basis']),
  })
  .openapi('FacesHere')

export const faceBases = z
  .object({ site: z.enum(siteTypes), faces: facesHere, bases: z.array(faceBasis) })
  .openapi('FaceBases')

const period = z.object({ hours: z.int().optional(), days: z.int().optional() }).nullable()

/** Everything that a sign says, as it is at this moment. */
export const sign = z
  .object({
    at: instant,
    port: z.object({ name: z.string(), site: z.enum(siteTypes) }),
    faces: facesHere,
    /** The ground in force, where one is needed. */
    basis: z.object({ document: z.string(), responsible: z.string(), dated: day }).nullable(),
    age_min: z.int().min(0),
    /** Plates are looked for: how many entries are in force. */
    watched_plates: z.int().min(0),
    /** Rules by which people who cross often are expected: how many are in force. */
    frequent_rules: z.int().min(0),
    retention: z.object({
      /** Null where no policy was chosen: nothing is shredded then. */
      policy: z.string().nullable(),
      classes: z.array(
        z.object({
          class: z.enum(['scene', 'plate', 'face', 'reads']),
          usual: period,
          longest: period,
        }),
      ),
    }),
    contact: z.string().nullable(),
    lanes: z.array(
      z.object({
        id: name,
        name: z.string(),
        direction: z.enum(directions),
        kind: z.enum(laneKinds),
      }),
    ),
  })
  .openapi('Sign')
