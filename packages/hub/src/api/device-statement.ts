/** What a device says about itself in a few bytes, signed in the header `sallyport-signature`. */

import { z } from '@hono/zod-openapi'
import { limits as proofLimits } from '@sallyport/proof/limits'
import { type DeviceRow, deviceById } from '@sallyport/store/lanes'
import type { Context } from 'hono'

import { limits } from '../limits.ts'
import { type Problem, problem } from '../problems.ts'
import type { HubParts } from './context.ts'
import { id } from './schemas.ts'

/** The `request` of a route that takes one. */
export const statementRequest = {
  params: z.object({ device: id }),
  headers: z.object({ 'sallyport-signature': z.string().regex(/^[0-9a-f]{128}$/) }),
} as const

export type DeviceStatement = {
  readonly kind: 'statement'
  readonly device: DeviceRow
  readonly bytes: Buffer
  /** Not verified yet: over what it is made, the statement's own format says. */
  readonly signature: Buffer
}

/** The bytes with their device, if it is enrolled and not revoked. `what` names them in a refusal. */
export async function deviceStatement(
  context: Context,
  asked: { readonly device: string; readonly signature: string },
  what: 'heartbeat' | 'statement' | 'page',
  { db }: HubParts,
): Promise<DeviceStatement | Problem> {
  const bytes = Buffer.from(await context.req.arrayBuffer())
  const most = what === 'page' ? proofLimits.deviceAttestationMax : limits.heartbeatBytesMax
  if (bytes.length > most) return problem('request_too_large', `A ${what} is short.`)
  const device = await deviceById(db, asked.device)
  if (device === null) return problem('unknown_device', 'This device is not enrolled here.')
  if (device.revoked_at !== null) return problem('device_revoked', 'This device is revoked.')
  return { kind: 'statement', device, bytes, signature: Buffer.from(asked.signature, 'hex') }
}
