/** What lanes talk to: enrolment, epochs, bundles, heartbeats. */

import { createHash } from 'node:crypto'

import { createRoute, z } from '@hono/zod-openapi'
import { clockLimits } from '@sallyport/core/clock'
import { longKept } from '@sallyport/core/long-kept'
import { verify } from '@sallyport/proof/node/ed25519'
import { noteAnnouncement } from '@sallyport/store/epoch-rotations'
import { enrolDevice, lanesWithDevices, noteHeartbeat } from '@sallyport/store/lanes'
import { policyInForce } from '@sallyport/store/retention/policies'
import type { Context } from 'hono'

import { hashOfCode } from '../enrolment.ts'
import { newId } from '../ids.ts'
import { checkBundle } from '../intake/check.ts'
import type { Acknowledgement } from '../intake/intake.ts'
import { limits } from '../limits.ts'
import { answer, type Problem, problem } from '../problems.ts'
import { laneView } from '../views.ts'
import { bodyOf } from './body.ts'
import { type App, type HubParts, json, jsonBody, problems, refuse } from './context.ts'
import { deviceStatement, statementRequest } from './device-statement.ts'
import * as schemas from './schemas.ts'

export function addDeviceRoutes(app: App, parts: HubParts): void {
  addEnrolment(app, parts)
  addBundles(app, parts)
  addHeartbeat(app, parts)
  app.openapi(
    createRoute({
      method: 'get',
      path: '/v1/ports/{port}/epochs',
      summary: 'Epoch recipients of a port, signed by the agency',
      request: {
        params: z.object({ port: schemas.name }),
        /** 2 has hybrid recipients as well; 3 says when all of them were replaced at once. */
        query: z.object({ version: z.coerce.number().int().min(1).max(99).default(1) }),
      },
      responses: {
        200: json(z.object({ document: z.string(), signature: z.string() }), 'The signed document'),
        ...problems,
      },
    }),
    async (context) => {
      if (context.req.valid('param').port !== parts.port.id)
        return refuse(context, 'not_found', 'This hub has no such port.')
      // Issued in days to come, an announcement would keep lanes from every right one until then.
      if (parts.clock.doubt() !== null)
        return refuse(context, 'clock_doubted', 'The clock of the hub is not believed.')
      const { version } = context.req.valid('query')
      const hybridClasses = longKept((await policyInForce(parts.db))?.policy ?? null)
      const { document, signature } = await parts.epochs.announcement(
        parts.now(),
        version === 1 ? { version } : { version: version === 2 ? 2 : 3, hybridClasses },
      )
      return context.json(
        {
          document: Buffer.from(document).toString('base64'),
          signature: Buffer.from(signature).toString('hex'),
        },
        200,
      )
    },
  )
}

function addEnrolment(app: App, parts: HubParts): void {
  const route = createRoute({
    method: 'post',
    path: '/v1/devices/enrol',
    summary: 'Enrol a device with a one-time code',
    request: { body: jsonBody(schemas.enrolment) },
    responses: { 201: json(schemas.enrolled, 'The device is enrolled'), ...problems },
  })
  app.openapi(route, async (context) => {
    const { code, public_key } = context.req.valid('json')
    const codeHash = hashOfCode(code)
    const publicKey = Buffer.from(public_key, 'hex')
    const enrolled =
      codeHash === null
        ? null
        : await enrolDevice(parts.db, codeHash, { id: newId(), publicKey }, parts.now(), (device) =>
            logEnrolment(device, publicKey, parts),
          )
    if (enrolled === null) {
      return refuse(
        context,
        'code_not_valid',
        'The code is unknown, used up or expired. Ask the integrator for a new one.',
      )
    }
    const { lane, port } = enrolled
    return context.json(
      {
        device: enrolled.device,
        lane: { id: lane.id, name: lane.name, direction: lane.direction, kind: lane.kind },
        port: { id: port.id, zone: port.zone },
        agency_key: Buffer.from(parts.keys.agency.publicKey).toString('hex'),
        log_vkey: parts.journal.vkey,
      },
      201,
    )
  })
}

async function logEnrolment(device: string, publicKey: Buffer, parts: HubParts): Promise<void> {
  await parts.journal.append({
    v: 1,
    at: parts.now().toISOString(),
    kind: 'device_enrolled',
    device,
    public_key_sha256: createHash('sha256').update(publicKey).digest('hex'),
  })
}

function addBundles(app: App, parts: HubParts): void {
  const route = createRoute({
    method: 'post',
    path: '/v1/bundles',
    summary: 'Deliver one sealed crossing (specs/manifest.md)',
    request: {
      body: {
        required: true,
        content: {
          'application/octet-stream': { schema: z.string().openapi({ format: 'binary' }) },
        },
      },
    },
    responses: {
      200: json(schemas.acknowledgement, 'It was here already'),
      201: json(schemas.acknowledgement, 'It is stored durably and stands in the log'),
      ...problems,
    },
  })
  let receiving = 0
  app.openapi(route, async (context) => {
    if (!context.req.header('content-type')?.startsWith('application/octet-stream')) {
      return refuse(
        context,
        'unsupported_media_type',
        'A bundle is sent as application/octet-stream.',
      )
    }
    // Who sends is known only when the body is here: until then all senders share one allowance.
    const declared = Number(context.req.header('content-length') ?? 0)
    if (receiving + declared > limits.receivingBytesMax) {
      const busy = problem(
        'busy',
        'Too many crossings arrive at once. Send this one again shortly.',
      )
      return answer(context, busy, limits.retryAfterSeconds) as never
    }
    receiving += declared
    const arrived = parts.intake.arrivals.begin()
    try {
      const bytes = await bodyOf(context, declared).finally(() => (receiving -= declared))
      const checked = await checkBundle(bytes, parts)
      if (checked.kind === 'problem') return answer(context, checked) as never
      if (checked.kind === 'duplicate') return acknowledge(context, checked) as never
      const stored = parts.intake.submit(checked)
      arrived()
      return acknowledge(context, await stored) as never
    } finally {
      arrived()
    }
  })
}

function acknowledge(context: Context, result: Acknowledgement | Problem): Response {
  if (result.kind === 'problem') return answer(context, result, limits.retryAfterSeconds)
  const body = {
    crossing: result.crossing,
    sequence: result.sequence,
    log_index: result.logIndex,
  }
  return context.json(body, result.kind === 'accepted' ? 201 : 200)
}

const heartbeatDomain = Buffer.from('sallyport/heartbeat/v1\n')

function addHeartbeat(app: App, parts: HubParts): void {
  const route = createRoute({
    method: 'post',
    path: '/v1/devices/{device}/heartbeat',
    summary: 'A device says that it lives; signed in the header sallyport-signature',
    request: statementRequest,
    responses: {
      200: json(
        schemas.heartbeatAnswer,
        'Noted; the device seals to recipients that were replaced',
      ),
      204: { description: 'Noted' },
      ...problems,
    },
  })
  app.openapi(route, async (context) => {
    const { device: id } = context.req.valid('param')
    const asked = { device: id, signature: context.req.valid('header')['sallyport-signature'] }
    const said = await deviceStatement(context, asked, 'heartbeat', parts)
    if (said.kind === 'problem') return answer(context, said) as never
    const { device, bytes, signature } = said
    if (!verify(device.public_key, Buffer.concat([heartbeatDomain, bytes]), signature)) {
      return refuse(context, 'bad_signature', 'The heartbeat was not signed by the enrolled key.')
    }
    const beat = parseHeartbeat(bytes)
    if (beat === null || beat.device !== id)
      return refuse(context, 'malformed_request', 'The heartbeat is not understood.')
    parts.clock.heard(new Date(beat.sent_at))
    const now = parts.now()
    const offsetMs = Math.round(now.getTime() - new Date(beat.sent_at).getTime())
    await noteHeartbeat(
      parts.db,
      id,
      {
        boot: beat.boot,
        clockOffsetMs: Math.max(-2_000_000_000, Math.min(2_000_000_000, offsetMs)),
        spool: beat.spool,
        camera: beat.camera,
        software: beat.software,
        gauge: beat.gauge,
      },
      now,
    )
    await raiseFor(beat, offsetMs, device.lane, parts)
    const [found] = await lanesWithDevices(parts.db, [device.lane])
    if (found !== undefined)
      parts.events.publish('device', laneView(found.lane, found.device, null, now))
    return (await isBehind(id, beat.epochs, parts))
      ? context.json({ renew: 'epochs' as const }, 200)
      : context.body(null, 204)
  })
}

/** Keeps what a device says that it seals to. Whether that was replaced; false where it does not say. */
async function isBehind(
  device: string,
  said: z.infer<typeof schemas.heartbeat>['epochs'],
  { db, epochs, clock, now }: HubParts,
): Promise<boolean> {
  if (said === null) return false
  const rotatedAt = said.rotated_at === null ? null : new Date(said.rotated_at)
  await noteAnnouncement(
    db,
    device,
    { ...said, issued_at: new Date(said.issued_at), rotated_at: rotatedAt },
    now(),
  )
  const newest = epochs.rotation()
  if (newest === null || clock.doubt() !== null) return false
  return rotatedAt === null || rotatedAt < newest.rotatedAt
}

async function raiseFor(
  beat: z.infer<typeof schemas.heartbeat>,
  offsetMs: number,
  lane: string,
  { alarms }: HubParts,
): Promise<void> {
  const origin = { device: beat.device, lane }
  const skewMs = Math.abs(offsetMs)
  const seconds = `${(offsetMs / 1000).toFixed(1)} s`
  if (skewMs > clockLimits.reviewMsMax)
    await alarms.raise('clock_review', origin, `The hub is ahead by ${seconds}.`)
  else if (skewMs > clockLimits.skewMsMax)
    await alarms.raise('clock_skew', origin, `The hub is ahead by ${seconds}.`)
  if (beat.camera === 'gone')
    await alarms.raise('camera_gone', origin, 'The lane has no picture from its camera.')
  for (const said of beat.alarms) {
    if (said.startsWith('camera_gone')) continue
    await alarms.raise(
      /^spool_(filling|full)/.test(said) ? 'spool_filling' : 'lane_alarm',
      origin,
      said,
    )
  }
}

function parseHeartbeat(bytes: Buffer): z.infer<typeof schemas.heartbeat> | null {
  try {
    const parsed = schemas.heartbeat.safeParse(JSON.parse(bytes.toString('utf8')))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}
