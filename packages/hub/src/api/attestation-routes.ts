/** Hand-over pages: how a lane asks and brings one, and how people of the agency read and print them. */

import { createRoute, z } from '@hono/zod-openapi'
import type { DeviceAttestation } from '@sallyport/proof/device-attestation'
import {
  attestationById,
  type AttestationRow,
  devicesWithKeys,
  listAttestations,
} from '@sallyport/store/attestations'
import { deviceById } from '@sallyport/store/lanes'

import { createChallenges, findingsOf, takeAttestation } from '../attestations.ts'
import { limits } from '../limits.ts'
import { answer } from '../problems.ts'
import { createTurns } from '../turns.ts'
import { type App, type HubParts, json, ofAgency, problems, refuse } from './context.ts'
import { deviceStatement, statementRequest } from './device-statement.ts'
import { id, name } from './schemas.ts'

const finding = z.object({
  code: z.string(),
  weight: z.enum(['bad', 'notice']),
  detail: z.string(),
})

export const attestation = z
  .object({
    id,
    device: id,
    lane: name,
    /** By the lane's clock. */
    made_at: z.iso.datetime(),
    received_at: z.iso.datetime(),
    /** Whether the hub had asked for it. */
    was_asked: z.boolean(),
    statement_sha256: z.string(),
    log_index: z.int().min(0),
    findings: z.array(finding),
  })
  .openapi('Attestation')

const wholeAttestation = attestation
  .extend({
    /** The signed bytes, base64, and the device's signature, hex: what `device attest --verify` takes. */
    statement: z.string(),
    signature: z.string(),
    /** The same to read. */
    said: z.record(z.string(), z.unknown()),
  })
  .openapi('WholeAttestation')

/** A device's key; the log has its hash since it was enrolled. */
export const deviceKeys = z
  .object({
    device: id,
    lane: name,
    public_key: z.string().regex(/^[0-9a-f]{64}$/),
    enrolled_at: z.iso.datetime(),
    revoked_at: z.iso.datetime().nullable(),
  })
  .openapi('DeviceKey')

const acknowledged = z.object({ attestation: id, log_index: z.int().min(0) })

export function addAttestationRoutes(app: App, parts: HubParts): void {
  const challenges = createChallenges()
  const question = createRoute({
    method: 'post',
    path: '/v1/devices/{device}/attestation-challenges',
    summary: 'What a device has to name in a hand-over page, and the time here',
    request: { params: z.object({ device: id }) },
    responses: {
      200: json(z.object({ challenge: id, at: z.iso.datetime() }), 'For one page'),
      ...problems,
    },
  })
  app.openapi(question, async (context) => {
    const { device } = context.req.valid('param')
    const found = await deviceById(parts.db, device)
    if (found === null)
      return refuse(context, 'unknown_device', 'This device is not enrolled here.')
    const at = parts.now()
    return context.json({ challenge: challenges.ask(found.id, at), at: at.toISOString() }, 200)
  })

  const take = createRoute({
    method: 'post',
    path: '/v1/devices/{device}/attestations',
    summary: 'A hand-over page of a device (specs/manifest.md); signed in sallyport-signature',
    request: statementRequest,
    responses: {
      200: json(acknowledged, 'It was here already'),
      201: json(acknowledged, 'It stands in the log'),
      ...problems,
    },
  })
  const inTurn = createTurns()
  app.openapi(take, async (context) => {
    const { device: asked } = context.req.valid('param')
    const signature = context.req.valid('header')['sallyport-signature']
    const said = await deviceStatement(context, { device: asked, signature }, 'page', parts)
    if (said.kind === 'problem') return answer(context, said) as never
    const taken = await inTurn(said.device.id, () => takeAttestation(said, challenges, parts))
    if (taken.kind === 'problem') return answer(context, taken) as never
    const body = { attestation: taken.row.id, log_index: taken.row.log_index }
    return taken.isNew ? context.json(body, 201) : context.json(body, 200)
  })
  addReading(app, parts)
  addKeys(app, parts)
}

function addReading(app: App, parts: HubParts): void {
  const list = createRoute({
    method: 'get',
    path: '/v1/attestations',
    summary: 'Hand-over pages of devices, newest first',
    middleware: [ofAgency(parts)] as const,
    request: { query: z.object({ device: id.optional() }) },
    responses: {
      200: json(z.object({ attestations: z.array(attestation) }), 'The newest pages'),
      ...problems,
    },
  })
  app.openapi(list, async (context) => {
    const { device = null } = context.req.valid('query')
    const rows = await listAttestations(parts.db, { device, limit: limits.attestationsListed })
    const attestations = await Promise.all(
      rows.map(async (row) => view(row, (await findingsOf(row, parts)).findings)),
    )
    return context.json({ attestations }, 200)
  })

  const one = createRoute({
    method: 'get',
    path: '/v1/attestations/{attestation}',
    summary: 'One hand-over page, whole: to print, and to keep as a file',
    middleware: [ofAgency(parts)] as const,
    request: { params: z.object({ attestation: id }) },
    responses: { 200: json(wholeAttestation, 'The page'), ...problems },
  })
  app.openapi(one, async (context) => {
    const row = await attestationById(parts.db, context.req.valid('param').attestation)
    if (row === null) return refuse(context, 'not_found', 'There is no such page.')
    const { statement, findings } = await findingsOf(row, parts)
    return context.json(
      {
        ...view(row, findings),
        statement: row.statement.toString('base64'),
        signature: row.signature.toString('hex'),
        said: statement as DeviceAttestation & Record<string, unknown>,
      },
      200,
    )
  })
}

function addKeys(app: App, parts: HubParts): void {
  const route = createRoute({
    method: 'get',
    path: '/v1/device-keys',
    summary: 'The key of every device that was ever enrolled',
    middleware: [ofAgency(parts)] as const,
    responses: { 200: json(z.object({ keys: z.array(deviceKeys) }), 'The keys'), ...problems },
  })
  app.openapi(route, async (context) => {
    const keys = (await devicesWithKeys(parts.db)).map((row) => ({
      device: row.id,
      lane: row.lane,
      public_key: row.public_key.toString('hex'),
      enrolled_at: row.enrolled_at.toISOString(),
      revoked_at: row.revoked_at?.toISOString() ?? null,
    }))
    return context.json({ keys }, 200)
  })
}

function view(row: AttestationRow, findings: readonly z.infer<typeof finding>[]) {
  return {
    id: row.id,
    device: row.device,
    lane: row.lane,
    made_at: row.made_at.toISOString(),
    received_at: row.received_at.toISOString(),
    was_asked: row.was_asked,
    statement_sha256: row.statement_sha256.toString('hex'),
    log_index: row.log_index,
    findings: [...findings],
  }
}
