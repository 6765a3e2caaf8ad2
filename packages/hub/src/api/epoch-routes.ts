/** Epochs that end: the word of a device that a day is over, and people who give up the rest of one. */

import { createHash } from 'node:crypto'

import { createRoute, z } from '@hono/zod-openapi'
import { verifyDayClosed } from '@sallyport/proof/day-closed'
import { verify } from '@sallyport/proof/node/ed25519'
import { dayClosedOf, noteDayClosed } from '@sallyport/store/epoch-ends'

import { answer } from '../problems.ts'
import { type App, type HubParts, json, jsonBody, problems, refuse, signedIn } from './context.ts'
import { deviceStatement, statementRequest } from './device-statement.ts'
import { clockView, day, openEpochs, restLost } from './epoch-schemas.ts'

export function addEpochRoutes(app: App, parts: HubParts): void {
  addDayClosed(app, parts)
  addClock(app, parts)
  app.openapi(
    createRoute({
      method: 'get',
      path: '/v1/epochs',
      summary: 'Epochs whose key is here, and what each waits for before it is destroyed',
      middleware: [signedIn(parts, ['supervisor', 'integrator', 'privacy', 'auditor'])] as const,
      responses: { 200: json(openEpochs, 'Epochs'), ...problems },
    }),
    async (context) => {
      const today = parts.now().toISOString().slice(0, 10)
      const epochs = (await parts.ends.open()).map(
        ({ day: of, recipient, rotatedOut, end, declaredLostBy }) => ({
          day: of,
          recipient,
          state: of >= today ? ('in_use' as const) : ('waits' as const),
          rotated_out: rotatedOut,
          waiting_for:
            end.kind === 'keep'
              ? end.waitingFor.map(({ device, lane, closed }) => ({
                  device,
                  lane,
                  closed: closed !== null,
                  missing: closed?.missing ?? 0,
                }))
              : [],
          declared_lost_by: declaredLostBy,
        }),
      )
      return context.json({ epochs }, 200)
    },
  )
  app.openapi(
    createRoute({
      method: 'post',
      path: '/v1/epochs/{day}/lost',
      summary: 'Declare that what has not come of a day is lost; two people make it so',
      middleware: [signedIn(parts, ['supervisor', 'privacy'])] as const,
      request: { params: z.object({ day }) },
      responses: {
        200: json(restLost, 'It is declared'),
        ...problems,
      },
    }),
    async (context) => {
      const { day: of } = context.req.valid('param')
      const declared = await parts.ends.declareLost(of, context.get('person').id)
      if (declared.kind === 'problem') return answer(context, declared) as never
      const destroyed = !(await parts.epochs.kept()).some((one) => one.day === of)
      return context.json({ day: of, declared_lost_by: declared.by, destroyed }, 200)
    },
  )
}

function addClock(app: App, parts: HubParts): void {
  const shown = () => {
    const doubt = parts.clock.doubt()
    return {
      now: parts.now().toISOString(),
      doubt:
        doubt === null
          ? null
          : {
              kind: doubt.kind,
              trusted_at: doubt.trustedAt.toISOString(),
              said: doubt.said.toISOString(),
            },
    }
  }
  app.openapi(
    createRoute({
      method: 'get',
      path: '/v1/clock',
      summary: 'What the hub takes the time to be, and whether it believes it',
      middleware: [signedIn(parts, ['supervisor', 'integrator', 'privacy', 'auditor'])] as const,
      responses: { 200: json(clockView, 'The clock'), ...problems },
    }),
    (context) => context.json(shown(), 200),
  )
  app.openapi(
    createRoute({
      method: 'post',
      path: '/v1/clock/confirmations',
      summary: 'Say what time it is, so that the hub believes its clock again',
      middleware: [signedIn(parts, ['supervisor', 'privacy'])] as const,
      request: {
        /** From another clock than the hub's; within five minutes it agrees. */
        body: jsonBody(z.object({ time: z.iso.datetime({ offset: true }) })),
      },
      responses: { 200: json(clockView, 'The clock is believed'), ...problems },
    }),
    async (context) => {
      const { time } = context.req.valid('json')
      const confirmed = await parts.clock.confirm(new Date(time), context.get('person').id)
      if (confirmed.kind === 'problem') return answer(context, confirmed) as never
      return context.json(shown(), 200)
    },
  )
}

function addDayClosed(app: App, parts: HubParts): void {
  const route = createRoute({
    method: 'post',
    path: '/v1/devices/{device}/closed-days',
    summary: 'A device says that days are over for it (specs/seal.md); signed like a heartbeat',
    request: statementRequest,
    responses: { 204: { description: 'Noted' }, ...problems },
  })
  app.openapi(route, async (context) => {
    const { device: id } = context.req.valid('param')
    const asked = { device: id, signature: context.req.valid('header')['sallyport-signature'] }
    const said = await deviceStatement(context, asked, 'statement', parts)
    if (said.kind === 'problem') return answer(context, said) as never
    const { device, bytes, signature } = said
    const verified = verifyDayClosed(device.public_key, bytes, signature, verify)
    if (verified.kind === 'refused')
      return verified.code === 'bad_signature'
        ? refuse(context, 'bad_signature', 'The statement was not signed by the enrolled key.')
        : refuse(context, 'malformed_request', verified.detail)
    const { statement } = verified
    if (statement.device !== id || statement.port !== parts.port.id)
      return refuse(context, 'malformed_request', 'The statement is of another device or port.')
    const before = await dayClosedOf(parts.db, id)
    // Sent again because the answer was lost, or late.
    if (before !== null && before.through >= statement.through) return context.body(null, 204)
    const receivedAt = parts.now()
    const logIndex = await parts.journal.append({
      v: 1,
      at: receivedAt.toISOString(),
      kind: 'day_closed',
      device: id,
      through: statement.through,
      last_sequence: statement.last_sequence,
      statement_sha256: createHash('sha256').update(bytes).digest('hex'),
    })
    await noteDayClosed(parts.db, {
      device: id,
      through: statement.through,
      last_sequence: statement.last_sequence,
      statement: bytes,
      signature,
      received_at: receivedAt,
      log_index: logIndex,
    })
    return context.body(null, 204)
  })
}
