/** Parties, grants and second persons as the API has them (specs/policy.md). */

import { z } from '@hono/zod-openapi'
import { grantPurposes, partyKinds, views } from '@sallyport/core/grants/grant'
import { purposes } from '@sallyport/core/opening'
import { supervisedActs } from '@sallyport/proof/grant-entry'

import { grantDocument } from '../policy/stored-terms.ts'
import { id } from './schemas.ts'

const instant = z.iso.datetime()
export const slug = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/)
  .openapi({ example: 'north-optics' })
const line = (max: number) => z.string().trim().min(1).max(max)
const person = z.object({ id, name: z.string() }).nullable()

export const party = z
  .object({
    id: slug,
    name: z.string(),
    kind: z.enum(partyKinds),
    parent: slug.nullable(),
    contact: z.string(),
    added_at: instant,
    people: z.int(),
  })
  .openapi('Party')

export const newParty = z
  .object({
    id: slug,
    name: line(120),
    kind: z.enum(['prime', 'subcontractor']),
    parent: slug,
    contact: line(200),
  })
  .openapi('NewParty')

export const equipment = z
  .object({
    id,
    party: slug,
    name: z.string(),
    place: z.string(),
    added_at: instant,
    assessed_at: instant.nullable(),
    due_at: instant,
    overdue: z.boolean(),
  })
  .openapi('Equipment')

export const newEquipment = z
  .object({ party: slug, name: line(120), place: line(120), due_at: instant })
  .openapi('NewEquipment')

const grantStatus = z.enum(['proposed', 'signed', 'suspended', 'revoked', 'not_begun', 'over'])

export const grant = z
  .object({
    id,
    version: z.int().min(1),
    party: z.object({ id: slug, name: z.string() }),
    status: grantStatus,
    /** Why it is suspended or revoked. */
    reason: z.string().nullable(),
    document: grantDocument,
    sentences: z.array(z.string()).openapi({ description: 'The terms in plain language' }),
    policy: z.string().openapi({ description: 'The Cedar policy that was signed' }),
    policy_sha256: z.string(),
    proposed_at: instant,
    proposed_by: person,
    signed_at: instant.nullable(),
    signed_by: person,
    log_index: z.int().nullable(),
    today: z.object({ pictures: z.int(), bytes: z.int() }),
  })
  .openapi('Grant')

const termsProblem = z.object({ code: z.string(), field: z.string(), detail: z.string() })

export const grantCheck = z
  .object({
    /** None: it can be proposed. */
    problems: z.array(termsProblem),
    sentences: z.array(z.string()),
    policy: z.string(),
    /** What the past days of this port's openings and crossings say of it. */
    simulation: z.object({
      days: z.int(),
      pictures_in_scope: z.int(),
      openings_by_party: z.int(),
      of_those_in_lanes: z.int(),
    }),
  })
  .openapi('GrantCheck')

export const seconding = z
  .object({
    id,
    grant: id,
    capture: id,
    purpose: z.enum(grantPurposes),
    reason: z.string(),
    asked_at: instant,
    asked_by: z.object({ id, name: z.string(), party: slug }).nullable(),
    state: z.enum(['waiting', 'agreed', 'declined', 'used']),
    /** Under supervision: an opening that waits, for two minutes at most. */
    live: z.boolean(),
    /** What is to be shown of it; null where the original is asked for beforehand. */
    view: z.string().nullable(),
    answer_reason: z.string().nullable(),
  })
  .openapi('Seconding')

export const supervisedAct = z
  .object({
    id,
    act: z.enum(supervisedActs),
    /** Method, address and query. */
    request: z.string(),
    asked_at: instant,
    asked_by: z.object({ id, name: z.string(), party: slug }),
    state: z.enum(['waiting', 'agreed', 'declined', 'used', 'over']),
    answer_reason: z.string().nullable(),
    log_index: z.int().min(0).nullable(),
  })
  .openapi('SupervisedAct')

export const explanation = z
  .object({
    decision: z.enum(['allow', 'refuse']),
    code: z.string().nullable(),
    detail: z.string().nullable(),
    view: z.enum(views),
    grant: id.nullable(),
    /** Ids of the policies that decided; none where nothing allows it. */
    policies: z.array(z.string()),
    /** What each of them means. */
    reasons: z.array(
      z.object({ policy: z.string(), effect: z.enum(['permit', 'forbid']), words: z.string() }),
    ),
    policy_set: z.string(),
  })
  .openapi('PolicyDecision')

export const policyPerson = z
  .object({ id, name: z.string(), party: z.object({ id: slug, name: z.string() }) })
  .openapi('PolicyPerson')

export const decisionAsk = z
  .object({
    capture: id,
    purpose: z.enum([...purposes, ...grantPurposes]),
    account: id.optional().openapi({ description: 'Somebody else, for those who keep grants' }),
    view: z.enum(['plate_crop', 'original']).optional(),
    grant: id.optional(),
  })
  .openapi('PolicyQuestion')
