/** Schemas of incidents, reports from outside and containment. */

import { z } from '@hono/zod-openapi'
import { containmentActs } from '@sallyport/proof/incident-entry'

import { incidentLimits } from '../incidents/limits.ts'
import { id } from './schemas.ts'
import { why } from './scope-schemas.ts'

const instant = z.iso.datetime()
const person = z.object({ id: z.string(), name: z.string() })
const words = (longest: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(longest)
    .regex(/^(?:[^\p{Cc}\p{Cs}]|\n)*$/u, 'holds characters that cannot be kept')
const accounts = z.array(id).max(incidentLimits.membersMax).default([])

export const reportAsk = z
  .object({
    organisation: words(incidentLimits.titleLengthMax),
    contact: words(incidentLimits.titleLengthMax),
    suspected_at: instant.openapi({ description: 'The first suspicion of anyone in the chain' }),
    what: words(incidentLimits.reportLengthMax),
  })
  .openapi('IncidentReport')

export const incidentAsk = z
  .object({
    title: words(incidentLimits.titleLengthMax),
    suspected_at: instant,
    known_at: instant.openapi({ description: 'When the agency itself knew' }),
    about: accounts.openapi({ description: 'Accounts that it is about: they are not told' }),
    members: accounts.openapi({ description: 'Who else needs to know' }),
  })
  .openapi('NewIncident')

export const noteAsk = z
  .object({
    text: words(incidentLimits.reportLengthMax),
    happened_at: instant.optional(),
    suspected_at: instant.optional().openapi({
      description: 'Somebody in the chain suspected it then: moves the clocks back, never forward',
    }),
  })
  .openapi('IncidentNote')
export const taskAsk = z.object({ what: why, due_at: instant.optional() }).openapi('IncidentTask')

const cut = z.object({
  act: z.enum(containmentActs),
  target: z.string().min(1).max(64).openapi({
    description: 'Party, account, device, port, UTC day or step that replaced keys, by the act',
  }),
})
export const containmentAsk = z
  .object({ cuts: z.array(cut).min(1).max(incidentLimits.cutsMax) })
  .openapi('Containment')

const component = z.enum(['policy', 'sign_in', 'intake', 'retention', 'keys', 'lanes'])
const earlierKeys = z
  .object({
    days: z.array(z.iso.date()).openapi({ description: 'Whose replaced keys are here still' }),
    waiting_for: z.array(
      z.object({
        device: id,
        lane: z.string(),
        holds: z
          .boolean()
          .openapi({ description: 'Whether it says that it seals to the new keys' }),
        missing: z.int().nullable().openapi({
          description: 'Sealed before and not delivered; null where it has not said',
        }),
      }),
    ),
  })
  .openapi('EarlierKeys')
export const step = z
  .object({
    id,
    ...cut.shape,
    at: instant,
    by: person,
    log_index: z.int().min(0),
    lifted_at: instant.nullable(),
    effect: z
      .object({
        component,
        confirmed: z.boolean(),
        detail: z.string(),
        earlier: earlierKeys.optional(),
      })
      .openapi({ description: 'What the part that has to obey answers now' }),
  })
  .openapi('ContainmentStep')

export const contained = z
  .object({
    steps: z.array(step),
    refused: z.array(z.object({ ...cut.shape, code: z.string(), detail: z.string() })),
  })
  .openapi('Contained')

export const incidentLine = z
  .object({
    id,
    title: z.string(),
    suspected_at: instant,
    known_at: instant,
    opened_at: instant,
    closed_at: instant.nullable(),
  })
  .openapi('IncidentLine')

const timelineKinds = ['opened', 'reported', 'noted', 'scope', 'cut', 'lifted', 'closed'] as const
export const incident = incidentLine
  .extend({
    about: z.array(person),
    members: z.array(person),
    reports: z.array(
      z.object({
        receipt: z.string(),
        at: instant,
        organisation: z.string(),
        contact: z.string(),
        suspected_at: instant,
        what: z.string(),
      }),
    ),
    tasks: z.array(
      z.object({
        id,
        what: z.string(),
        due_at: instant.nullable(),
        done_at: instant.nullable(),
      }),
    ),
    steps: z.array(step),
    timeline: z.array(
      z.object({
        at: instant,
        kind: z.enum(timelineKinds),
        text: z.string(),
        by: z.string().nullable(),
        log_index: z.int().min(0).nullable(),
      }),
    ),
  })
  .openapi('Incident')
