/** The queue of plates that wait for a person, and the verdicts on them. */

import { createRoute, z } from '@hono/zod-openapi'
import { lanesToReview, reviewers, reviewLimits, statementOf } from '@sallyport/core/review'
import { shiftOf } from '@sallyport/store/accounts'
import { crossingById, type CrossingWithCaptures } from '@sallyport/store/crossings'
import { crossingWithBodies } from '@sallyport/store/intake'
import { listOpenings } from '@sallyport/store/openings'
import {
  claim,
  claimsOn,
  countWaiting,
  listWaiting,
  release,
  reviewReasonOf,
} from '@sallyport/store/reviews'
import { verdictsOf } from '@sallyport/store/verdicts'

import { decodeCursor, encodeCursor } from '../cursor.ts'
import { limits } from '../limits.ts'
import { answer } from '../problems.ts'
import { claimView, reviewDetailView, reviewEventView, reviewItemView } from '../review-views.ts'
import { crossingView } from '../views.ts'
import { type App, type HubParts, json, jsonBody, problems, refuse, signedIn } from './context.ts'
import * as shapes from './review-schemas.ts'
import * as schemas from './schemas.ts'

const ofCrossing = { params: z.object({ crossing: schemas.id }) }

export function addReviewRoutes(app: App, parts: HubParts): void {
  addQueue(app, parts)
  addItem(app, parts)
  addClaims(app, parts)
  addVerdicts(app, parts)
}

function addQueue(app: App, parts: HubParts): void {
  const route = createRoute({
    method: 'get',
    path: '/v1/reviews',
    summary: 'Plates that wait for a person, newest first, of the lanes that one reviews now',
    middleware: [signedIn(parts, reviewers)] as const,
    request: {
      query: z.object({
        lane: schemas.name.optional(),
        reason: shapes.reasonLabel.optional(),
        cursor: z.string().max(200).optional(),
        limit: z.coerce.number().int().min(1).max(limits.pageMax).default(limits.pageDefault),
      }),
    },
    responses: {
      200: json(shapes.reviewQueue, 'A page, and counts of all that waits'),
      ...problems,
    },
  })
  app.openapi(route, async (context) => {
    const { lane, reason, cursor, limit } = context.req.valid('query')
    const after = cursor === undefined ? null : decodeCursor(cursor)
    if (cursor !== undefined && after === null)
      return refuse(context, 'malformed_request', 'The cursor is not one of ours.')
    const now = parts.now()
    const own = lanesToReview(await shiftOf(parts.db, context.var.person.id), now)
    const lanes = lane === undefined ? own : own === null || own.includes(lane) ? [lane] : []
    const found = await listWaiting(
      parts.db,
      { lanes, reason },
      limit + 1,
      after === null ? null : { receivedAt: after.at, id: after.id },
    )
    const page = found.slice(0, limit)
    const claims = await claimsOn(
      parts.db,
      page.map(({ crossing }) => crossing.id),
      now,
    )
    const last = found.length > limit ? page.at(-1) : undefined
    return context.json(
      {
        items: page.map((one) => reviewItemView(one, claims.get(one.crossing.id))),
        next: last === undefined ? null : encodeCursor(last.crossing.received_at, last.crossing.id),
        lanes: own === null ? null : [...own],
        counts: [...(await countWaiting(parts.db, own))],
      },
      200,
    )
  })
}

function addItem(app: App, parts: HubParts): void {
  const route = createRoute({
    method: 'get',
    path: '/v1/reviews/{crossing}',
    summary: 'One plate with all that is known of it: looks, what to choose from, verdicts',
    middleware: [signedIn(parts, reviewers)] as const,
    request: ofCrossing,
    responses: { 200: json(shapes.reviewDetail, 'The item'), ...problems },
  })
  app.openapi(route, async (context) => {
    const { crossing } = context.req.valid('param')
    const { person } = context.var
    const [found, signed] = await Promise.all([
      inReview(crossing, parts),
      crossingWithBodies(parts.db, crossing),
    ])
    if (found === null || signed === null)
      return refuse(context, 'not_found', 'There is no such plate in the review.')
    const [openings, verdicts, claims] = await Promise.all([
      listOpenings(parts.db, { crossing, limit: limits.pageMax }),
      verdictsOf(parts.db, crossing),
      claimsOn(parts.db, [crossing], parts.now()),
    ])
    return context.json(
      reviewDetailView(found, {
        openings: openings.filter(
          ({ account }) => account === person.id || person.roles.includes('supervisor'),
        ),
        verdicts,
        claim: claims.get(crossing),
        manifest: signed.crossing.manifest,
      }),
      200,
    )
  })
}

function addClaims(app: App, parts: HubParts): void {
  const take = createRoute({
    method: 'put',
    path: '/v1/reviews/{crossing}/claim',
    summary: 'I am looking at it: for two minutes, or on from now',
    middleware: [signedIn(parts, reviewers)] as const,
    request: ofCrossing,
    responses: { 200: json(shapes.reviewClaim, 'The claim'), ...problems },
  })
  app.openapi(take, async (context) => {
    const { crossing } = context.req.valid('param')
    const { person } = context.var
    const now = parts.now()
    const found = await inReview(crossing, parts)
    if (found === null) return refuse(context, 'not_found', 'There is no such plate in the review.')
    const until = new Date(now.getTime() + reviewLimits.claimSeconds * 1000)
    const before = (await claimsOn(parts.db, [crossing], now)).get(crossing)
    const taken = await claim(parts.db, { crossing, account: person.id, until, now })
    const holder = (await claimsOn(parts.db, [crossing], now)).get(crossing)
    const view = claimView(holder)
    if (!taken || view === null) {
      const who = holder?.accountName ?? 'Somebody else'
      return refuse(context, 'claimed', `${who} is looking at this plate. Take the next one.`)
    }
    // Holding on is no news to anybody.
    if (before?.account !== person.id)
      parts.events.publish('review', reviewEventView(found, holder))
    return context.json(view, 200)
  })

  const leave = createRoute({
    method: 'delete',
    path: '/v1/reviews/{crossing}/claim',
    summary: 'I no longer look at it',
    middleware: [signedIn(parts, reviewers)] as const,
    request: ofCrossing,
    responses: { 204: { description: 'Released, if it was one’s own' }, ...problems },
  })
  app.openapi(leave, async (context) => {
    const { crossing } = context.req.valid('param')
    if (await release(parts.db, crossing, context.var.person.id)) {
      const found = await inReview(crossing, parts)
      if (found !== null) parts.events.publish('review', reviewEventView(found, undefined))
    }
    return context.body(null, 204)
  })
}

function addVerdicts(app: App, parts: HubParts): void {
  const give = createRoute({
    method: 'post',
    path: '/v1/reviews/{crossing}/verdicts',
    summary: 'Say what the plate bears; the log has it before it counts',
    middleware: [signedIn(parts, reviewers)] as const,
    request: { ...ofCrossing, body: jsonBody(shapes.verdictAsk) },
    responses: { 201: json(shapes.givenVerdict, 'It counts from now on'), ...problems },
  })
  app.openapi(give, async (context) => {
    const { crossing } = context.req.valid('param')
    const { text, ...ask } = context.req.valid('json')
    const found = await crossingById(parts.db, crossing)
    const given = await parts.reviews.give({
      ...ask,
      crossing,
      account: context.var.person,
      statement:
        text === null
          ? { kind: 'unreadable' }
          : statementOf(found?.crossing.plate_text ?? null, text),
    })
    if (given.kind === 'problem') return answer(context, given) as never
    return context.json(await givenView(crossing, given), 201)
  })

  const withdraw = createRoute({
    method: 'post',
    path: '/v1/reviews/{crossing}/verdicts/{verdict}/withdrawal',
    summary: 'Take the newest verdict back: the plate waits again',
    middleware: [signedIn(parts, reviewers)] as const,
    request: { params: z.object({ crossing: schemas.id, verdict: schemas.id }) },
    responses: { 201: json(shapes.givenVerdict, 'It waits again'), ...problems },
  })
  app.openapi(withdraw, async (context) => {
    const { crossing, verdict } = context.req.valid('param')
    const given = await parts.reviews.withdraw({ crossing, verdict, account: context.var.person })
    if (given.kind === 'problem') return answer(context, given) as never
    return context.json(await givenView(crossing, given), 201)
  })

  async function givenView(
    crossing: string,
    given: { readonly verdict: string; readonly logIndex: number },
  ) {
    const found = await crossingById(parts.db, crossing)
    if (found === null) throw new Error('a crossing with a verdict is there')
    return { verdict: given.verdict, log_index: given.logIndex, crossing: crossingView(found) }
  }
}

/** A crossing whose plate waits or has waited for a person. */
async function inReview(crossing: string, { db }: HubParts): Promise<CrossingWithCaptures | null> {
  const found = await crossingById(db, crossing)
  return found === null || reviewReasonOf(found.crossing) === null ? null : found
}
