/** Grants: read, checked before they are signed, proposed, signed, narrowed, revoked. */

import { createRoute, z } from '@hono/zod-openapi'
import { termsOf } from '@sallyport/core/grants/grant-document'
import { policyReasons } from '@sallyport/core/grants/policy-words'
import { listAccounts } from '@sallyport/store/accounts'
import { captureById } from '@sallyport/store/crossings'
import { affiliationOf, listParties } from '@sallyport/store/grants/parties'

import { reviewStateOf } from '../openings.ts'
import { checkTerms } from '../policy/check-terms.ts'
import { policyTexts } from '../policy/engine.ts'
import { grantViews } from '../policy/grant-views.ts'
import { proposeGrant, revokeGrant, signGrant } from '../policy/grants.ts'
import { grantDocument } from '../policy/stored-terms.ts'
import { answer } from '../problems.ts'
import { type App, type HubParts, json, jsonBody, problems, refuse, signedIn } from './context.ts'
import * as schemas from './grant-schemas.ts'
import { grantKeepers, grantReaders } from './party-routes.ts'
import { id } from './schemas.ts'

export function addGrantRoutes(app: App, parts: HubParts): void {
  addExplaining(app, parts)
  addReading(app, parts)
  addProposing(app, parts)
  addDeciding(app, parts)
}

function addReading(app: App, parts: HubParts): void {
  const list = createRoute({
    method: 'get',
    path: '/v1/grants',
    summary: 'Grants in all their versions; a contractor’s people read those of their party',
    middleware: [signedIn(parts)] as const,
    responses: { 200: json(z.object({ grants: z.array(schemas.grant) }), 'Grants'), ...problems },
  })
  app.openapi(list, async (context) => {
    const { person } = context.var
    const who = await affiliationOf(parts.db, person.id)
    const agency = who?.kind === 'agency'
    if (agency && !person.roles.some((role) => grantReaders.some((reader) => reader === role)))
      return refuse(
        context,
        'role_missing',
        `This needs one of the roles: ${grantReaders.join(', ')}.`,
      )
    const grants = await grantViews(parts, agency ? null : (who?.party ?? ''))
    return context.json({ grants }, 200)
  })

  const texts = createRoute({
    method: 'get',
    path: '/v1/policy',
    summary: 'The agency’s own policies, their schema and the hash of the whole set in force',
    middleware: [signedIn(parts)] as const,
    responses: {
      200: json(
        z.object({ schema: z.string(), agency: z.string(), policy_set: z.string() }),
        'Cedar texts',
      ),
      ...problems,
    },
  })
  app.openapi(texts, async (context) => {
    const engine = parts.policy.engine(await parts.policy.grants(parts.now()))
    return context.json({ ...policyTexts, policy_set: engine.policySet }, 200)
  })
}

function addProposing(app: App, parts: HubParts): void {
  const check = createRoute({
    method: 'post',
    path: '/v1/grants/checks',
    summary: 'What a grant would mean: problems, plain sentences, its policy, the past month',
    middleware: [signedIn(parts, grantReaders)] as const,
    request: { body: jsonBody(grantDocument) },
    responses: { 200: json(schemas.grantCheck, 'Nothing is stored'), ...problems },
  })
  app.openapi(check, async (context) =>
    context.json(await checkTerms(termsOf(context.req.valid('json')), parts), 200),
  )

  const proposed = z.object({ grant: id, version: z.int() })
  const propose = createRoute({
    method: 'post',
    path: '/v1/grants',
    summary: 'Propose a grant; somebody of another unit signs it',
    middleware: [signedIn(parts, grantKeepers)] as const,
    request: { body: jsonBody(grantDocument) },
    responses: { 201: json(proposed, 'It waits for its second signature'), ...problems },
  })
  app.openapi(propose, async (context) => {
    const terms = termsOf(context.req.valid('json'))
    const result = await proposeGrant(terms, null, context.var.person.id, parts)
    return result.kind === 'problem'
      ? (answer(context, result) as never)
      : context.json({ grant: result.grant, version: result.version }, 201)
  })

  const amend = createRoute({
    method: 'post',
    path: '/v1/grants/{grant}/versions',
    summary: 'Propose a narrower version of a grant',
    middleware: [signedIn(parts, grantKeepers)] as const,
    request: { params: z.object({ grant: id }), body: jsonBody(grantDocument) },
    responses: { 201: json(proposed, 'It waits for its second signature'), ...problems },
  })
  app.openapi(amend, async (context) => {
    const terms = termsOf(context.req.valid('json'))
    const { grant } = context.req.valid('param')
    const result = await proposeGrant(terms, grant, context.var.person.id, parts)
    return result.kind === 'problem'
      ? (answer(context, result) as never)
      : context.json({ grant: result.grant, version: result.version }, 201)
  })
}

function addDeciding(app: App, parts: HubParts): void {
  const sign = createRoute({
    method: 'post',
    path: '/v1/grants/{grant}/versions/{version}/signature',
    summary: 'The second signature, by somebody of another unit than the proposer',
    middleware: [signedIn(parts, grantKeepers)] as const,
    request: { params: z.object({ grant: id, version: z.coerce.number().int().min(1) }) },
    responses: { 204: { description: 'In force' }, ...problems },
  })
  app.openapi(sign, async (context) => {
    const { grant, version } = context.req.valid('param')
    const result = await signGrant(grant, version, context.var.person.id, parts)
    if (result.kind === 'problem') return answer(context, result) as never
    return context.body(null, 204)
  })

  const revoke = createRoute({
    method: 'post',
    path: '/v1/grants/{grant}/revocation',
    summary: 'End a grant for good, in every version; openings under way show nothing more',
    middleware: [signedIn(parts, [...grantKeepers, 'responder'])] as const,
    request: {
      params: z.object({ grant: id }),
      body: jsonBody(z.object({ reason: z.string().trim().min(1).max(500) })),
    },
    responses: { 204: { description: 'Revoked' }, ...problems },
  })
  app.openapi(revoke, async (context) => {
    const { grant } = context.req.valid('param')
    const { reason } = context.req.valid('json')
    const result = await revokeGrant(grant, reason, context.var.person.id, parts)
    if (result.kind === 'problem') return answer(context, result) as never
    return context.body(null, 204)
  })
}

function addExplaining(app: App, parts: HubParts): void {
  const people = createRoute({
    method: 'get',
    path: '/v1/policy/people',
    summary: 'Of whom those who keep grants can ask what the policies would say',
    middleware: [signedIn(parts, grantReaders)] as const,
    responses: {
      200: json(z.object({ people: z.array(schemas.policyPerson) }), 'The people'),
      ...problems,
    },
  })
  app.openapi(people, async (context) => {
    const names = new Map((await listParties(parts.db)).map(({ id: party, name }) => [party, name]))
    const accounts = await listAccounts(parts.db)
    return context.json(
      {
        people: accounts
          .filter(({ disabled_at }) => disabled_at === null)
          .map(({ id: account, name, party }) => ({
            id: account,
            name,
            party: { id: party, name: names.get(party) ?? party },
          })),
      },
      200,
    )
  })
  const explain = createRoute({
    method: 'post',
    path: '/v1/policy/decisions',
    summary: 'What the policies would say to an opening; nothing opens and nothing is taken',
    middleware: [signedIn(parts)] as const,
    request: { body: jsonBody(schemas.decisionAsk) },
    responses: { 200: json(schemas.explanation, 'The decision'), ...problems },
  })
  app.openapi(explain, async (context) => {
    const { capture: wanted, account, view, grant, purpose } = context.req.valid('json')
    const { person } = context.var
    const reader = person.roles.some((role) => grantReaders.some((one) => one === role))
    if (account !== undefined && account !== person.id && !reader)
      return refuse(context, 'role_missing', 'You may ask for yourself.')
    const asker =
      account === undefined || account === person.id
        ? person
        : (await listAccounts(parts.db)).find(({ id: each }) => each === account)
    const found = await captureById(parts.db, wanted)
    if (asker === undefined || found === null || found.capture.class === 'reads')
      return refuse(context, 'not_found', 'There is no such person or picture.')
    const answered = await parts.policy.explain(
      {
        ...found,
        account: { id: asker.id, roles: asker.roles },
        review: await reviewStateOf(parts.db, found.crossing),
        purpose,
        view: view ?? null,
        grant: grant ?? null,
        opening: '',
      },
      parts.now(),
    )
    const { decision, part } = answered
    return context.json(
      {
        decision: decision.kind,
        code: decision.kind === 'refuse' ? decision.code : null,
        detail: decision.kind === 'refuse' ? decision.detail : null,
        view: answered.view,
        grant: answered.grant?.id ?? null,
        policies: [...(part.policies ?? [])],
        reasons: [...policyReasons(part.policies ?? [], decision.kind)],
        policy_set: part.policy_set ?? '',
      },
      200,
    )
  })
}
