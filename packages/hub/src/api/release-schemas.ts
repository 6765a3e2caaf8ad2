/** Shapes of releases: what is asked, and where each stands. */

import { z } from '@hono/zod-openapi'
import {
  attestedHow,
  releaseLimits,
  releasePurposes,
  releaseStates,
} from '@sallyport/core/releases/release'

import { slug } from './grant-schemas.ts'
import { id } from './schemas.ts'

const instant = z.iso.datetime()
const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const line = (most: number) => z.string().trim().min(1).max(most)

export const recipient = z
  .object({
    id,
    party: z.object({ id: slug, name: z.string(), contact: z.string() }),
    name: z.string(),
    key: z.string().openapi({ description: 'age X25519 recipient' }),
    added_at: instant,
    revoked_at: instant.nullable(),
  })
  .openapi('ReleaseRecipient')

export const newRecipient = z
  .object({
    party: slug.openapi({ description: 'A partner; made when nobody knows it yet' }),
    name: line(120),
    contact: line(200),
    key: z.string().trim().min(1).max(200),
  })
  .openapi('NewReleaseRecipient')

export const releaseAsk = z
  .object({
    recipient: id,
    purpose: z.enum(releasePurposes),
    basis: line(200).openapi({ description: 'Order or case; kept here, committed to in the log' }),
    expires_at: instant.openapi({ description: 'Copies are returned or destroyed by then' }),
    captures: z.array(id).min(1).max(releaseLimits.capturesMax),
    canaries: z.int().min(0).max(releaseLimits.canariesMax).optional().openapi({
      description: 'Drawn records planted among the pictures; without it one in ten, at least one',
    }),
  })
  .openapi('ReleaseRequest')

export const release = z
  .object({
    id,
    state: z.enum(releaseStates),
    copies: z.enum(['none', 'out', 'due_soon', 'overdue', 'accounted_for']),
    recipient,
    purpose: z.enum(releasePurposes),
    basis: z.string(),
    pictures: z.int(),
    canaries: z.int(),
    requested_at: instant,
    made_at: instant.nullable(),
    expires_at: instant,
    returned_at: instant.nullable(),
    manifest_sha256: sha256.nullable(),
    log_index: z.int(),
    made_log_index: z.int().nullable(),
    code: z.string().nullable().openapi({ description: 'Why it failed' }),
    decisions: z.array(
      z.object({
        at: instant,
        by: z.object({ id, name: z.string(), unit: z.string() }),
        says: z.enum(['requested', 'approved', 'declined', 'making']),
        policies: z.array(z.string()),
        log_index: z.int(),
      }),
    ),
    attestations: z.array(
      z.object({
        at: instant,
        how: z.enum(attestedHow),
        said_by: z.string(),
        statement_sha256: sha256,
        log_index: z.int(),
      }),
    ),
  })
  .openapi('Release')

export const attestation = z
  .object({
    how: z.enum(attestedHow),
    said_by: line(200).openapi({ description: 'Who of the recipient says so' }),
    statement_sha256: sha256.openapi({ description: 'Of the document that was signed there' }),
  })
  .openapi('ReleaseAttestation')

const many = { max: 200 } as const
export const foundOutside = z
  .object({
    sha256: z.array(sha256).max(many.max).default([]),
    pdq: z.array(sha256).max(many.max).default([]).openapi({ description: 'PDQ hashes, hex' }),
    plates: z.array(line(20)).max(many.max).default([]),
  })
  .openapi('FoundOutside')

export const canaryMatches = z
  .object({
    matches: z.array(z.object({ release: id, canary: id, by: z.enum(['bytes', 'hash', 'plate']) })),
  })
  .openapi('CanaryMatches')
