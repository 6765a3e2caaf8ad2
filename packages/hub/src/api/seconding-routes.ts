/** Originals that contractors ask for, and what they may see of their own use. */

import { createRoute, z } from '@hono/zod-openapi'
import { grantPurposes } from '@sallyport/core/grants/grant'
import { affiliationOf } from '@sallyport/store/grants/parties'
import {
  secondingsOf,
  type WaitingSeconding,
  waitingSecondings,
} from '@sallyport/store/grants/secondings'

import { limits } from '../limits.ts'
import { answerSeconding, askForSecond } from '../policy/seconding.ts'
import { answer } from '../problems.ts'
import { createTurns } from '../turns.ts'
import { type App, type HubParts, json, jsonBody, problems, signedIn } from './context.ts'
import * as schemas from './grant-schemas.ts'
import { grantKeepers } from './party-routes.ts'
import { id, line } from './schemas.ts'

export function addSecondingRoutes(app: App, parts: HubParts): void {
  const ask = createRoute({
    method: 'post',
    path: '/v1/captures/{capture}/secondings',
    summary: 'A contractor asks for an original: a person of the agency has to agree',
    middleware: [signedIn(parts)] as const,
    request: {
      params: z.object({ capture: id }),
      body: jsonBody(
        z.object({
          grant: id,
          purpose: z.enum(grantPurposes),
          reason: z.string().trim().min(1).max(500),
        }),
      ),
    },
    responses: { 201: json(z.object({ id }), 'Somebody of the agency is asked'), ...problems },
  })
  app.openapi(ask, async (context) => {
    const { capture } = context.req.valid('param')
    const asked = { ...context.req.valid('json'), capture, account: context.var.person.id }
    const result = await askForSecond(asked, parts)
    return result.kind === 'problem'
      ? (answer(context, result) as never)
      : context.json({ id: result.seconding }, 201)
  })

  const list = createRoute({
    method: 'get',
    path: '/v1/secondings',
    summary: 'What waits for an answer; a contractor’s people see what they asked themselves',
    middleware: [signedIn(parts)] as const,
    responses: {
      200: json(z.object({ secondings: z.array(schemas.seconding) }), 'Asked for'),
      ...problems,
    },
  })
  app.openapi(list, async (context) => {
    const { person } = context.var
    const now = parts.now()
    const since = new Date(now.getTime() - limits.secondingMinutesMax * 60_000)
    const who = await affiliationOf(parts.db, person.id)
    const keeper = person.roles.some((role) => grantKeepers.some((one) => one === role))
    const rows =
      who?.kind === 'agency' && keeper
        ? await waitingSecondings(parts.db, since, limits.pageMax)
        : await secondingsOf(parts.db, person.id, since, limits.pageMax)
    const shown = rows.filter((row) => !isOver(row, now))
    return context.json({ secondings: shown.map(secondingView) }, 200)
  })

  const inTurn = createTurns()
  const say = createRoute({
    method: 'post',
    path: '/v1/secondings/{seconding}/answer',
    summary: 'Agree that one original is shown once, or decline',
    middleware: [signedIn(parts, grantKeepers)] as const,
    request: {
      params: z.object({ seconding: id }),
      body: jsonBody(z.object({ agreed: z.boolean(), reason: line(300).optional() })),
    },
    responses: { 204: { description: 'Answered' }, ...problems },
  })
  app.openapi(say, async (context) => {
    const { seconding } = context.req.valid('param')
    const { agreed, reason = null } = context.req.valid('json')
    const by = context.var.person.id
    const result = await inTurn(seconding, () =>
      answerSeconding(seconding, { agreed, reason }, by, parts),
    )
    if (result.kind === 'problem') return answer(context, result) as never
    parts.events.publish('seconding', { seconding })
    return context.body(null, 204)
  })
}

/** A live ask that nobody answered in its two minutes. */
function isOver(row: Pick<WaitingSeconding, 'live' | 'asked_at' | 'answered_at'>, now: Date) {
  const ageMs = now.getTime() - row.asked_at.getTime()
  return row.live && row.answered_at === null && ageMs > limits.liveApprovalMsMax
}

function secondingView(
  row: Partial<WaitingSeconding> & Omit<WaitingSeconding, 'asked_by_name' | 'party'>,
) {
  return {
    id: row.id,
    grant: row.access_grant,
    capture: row.capture,
    purpose: purposeOf(row.purpose),
    reason: row.reason,
    asked_at: row.asked_at.toISOString(),
    asked_by:
      row.asked_by_name === undefined || row.party === undefined
        ? null
        : { id: row.asked_by, name: row.asked_by_name, party: row.party },
    state: stateOf(row),
    live: row.live,
    view: row.view,
    answer_reason: row.answer_reason,
  }
}

function purposeOf(stored: string): (typeof grantPurposes)[number] {
  const purpose = grantPurposes.find((one) => one === stored)
  if (purpose === undefined) throw new Error('a stored purpose is one of ours')
  return purpose
}

function stateOf(row: Pick<WaitingSeconding, 'used_by' | 'agreed' | 'answered_at'>) {
  if (row.used_by !== null) return 'used' as const
  if (row.answered_at === null) return 'waiting' as const
  return row.agreed === true ? ('agreed' as const) : ('declined' as const)
}
