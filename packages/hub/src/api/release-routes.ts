/** Releases: copies that leave, with two approvers, sealed to whoever gets them. */

import { createRoute, z } from '@hono/zod-openapi'
import { releaseApprovers, releaseRequesters } from '@sallyport/core/releases/decide-release'
import { listReleases, releaseById } from '@sallyport/store/releases/releases'

import { limits } from '../limits.ts'
import { answer } from '../problems.ts'
import { attestRelease } from '../releases/attest.ts'
import { matchCanaries } from '../releases/canaries.ts'
import { packageOf } from '../releases/package.ts'
import { addRecipient, revokeRecipient } from '../releases/recipients.ts'
import { answerRelease, requestRelease } from '../releases/request.ts'
import { recipientViews, releaseViews } from '../releases/views.ts'
import { type App, type HubParts, json, jsonBody, problems, refuse, signedIn } from './context.ts'
import * as schemas from './release-schemas.ts'
import { id } from './schemas.ts'

const readers = [...new Set([...releaseApprovers, ...releaseRequesters, 'responder'] as const)]
const one = z.object({ release: id })

export function addReleaseRoutes(app: App, parts: HubParts): void {
  addRecipients(app, parts)
  addReading(app, parts)
  addDeciding(app, parts)
  addCopies(app, parts)
}

function addRecipients(app: App, parts: HubParts): void {
  const list = createRoute({
    method: 'get',
    path: '/v1/recipients',
    summary: 'Keys of courts and other agencies, newest first',
    middleware: [signedIn(parts, readers)] as const,
    responses: {
      200: json(z.object({ recipients: z.array(schemas.recipient) }), 'Recipients'),
      ...problems,
    },
  })
  app.openapi(list, async (context) =>
    context.json({ recipients: await recipientViews(parts) }, 200),
  )

  const add = createRoute({
    method: 'post',
    path: '/v1/recipients',
    summary: 'Add a key to which copies may be sealed; its party is made when it is new',
    middleware: [signedIn(parts, releaseRequesters)] as const,
    request: { body: jsonBody(schemas.newRecipient) },
    responses: { 201: json(z.object({ id }), 'Added'), ...problems },
  })
  app.openapi(add, async (context) => {
    const asked = context.req.valid('json')
    const result = await addRecipient(asked, context.var.person.id, parts.releases.context)
    return result.kind === 'problem'
      ? (answer(context, result) as never)
      : context.json({ id: result.id }, 201)
  })

  const revoke = createRoute({
    method: 'post',
    path: '/v1/recipients/{recipient}/revocation',
    summary: 'End a key for good: nothing is sealed to it any more',
    middleware: [signedIn(parts, [...releaseRequesters, 'responder'])] as const,
    request: { params: z.object({ recipient: id }) },
    responses: { 204: { description: 'Revoked' }, ...problems },
  })
  app.openapi(revoke, async (context) => {
    const { recipient } = context.req.valid('param')
    const by = context.var.person.id
    const result = await revokeRecipient(recipient, by, parts.releases.context)
    if (result.kind === 'problem') return answer(context, result) as never
    return context.body(null, 204)
  })
}

function addReading(app: App, parts: HubParts): void {
  const list = createRoute({
    method: 'get',
    path: '/v1/releases',
    summary: 'Releases, newest request first',
    middleware: [signedIn(parts, readers)] as const,
    responses: {
      200: json(z.object({ releases: z.array(schemas.release) }), 'Releases'),
      ...problems,
    },
  })
  app.openapi(list, async (context) => {
    const rows = await listReleases(parts.db, limits.releasesListedMax)
    return context.json({ releases: await releaseViews(rows, parts.releases.context) }, 200)
  })

  const read = createRoute({
    method: 'get',
    path: '/v1/releases/{release}',
    summary: 'One release',
    middleware: [signedIn(parts, readers)] as const,
    request: { params: one },
    responses: { 200: json(schemas.release, 'The release'), ...problems },
  })
  app.openapi(read, async (context) => {
    const row = await releaseById(parts.db, context.req.valid('param').release)
    const [view] = row === null ? [] : await releaseViews([row], parts.releases.context)
    if (view === undefined) return refuse(context, 'not_found', 'There is no such release.')
    return context.json(view, 200)
  })
}

function addDeciding(app: App, parts: HubParts): void {
  const ask = createRoute({
    method: 'post',
    path: '/v1/releases',
    summary: 'Ask for copies of pictures; two people of other units approve',
    middleware: [signedIn(parts)] as const,
    request: { body: jsonBody(schemas.releaseAsk) },
    responses: { 201: json(z.object({ id }), 'It waits for two approvals'), ...problems },
  })
  app.openapi(ask, async (context) => {
    const { expires_at: expires, canaries, ...asked } = context.req.valid('json')
    const result = await requestRelease(
      { ...asked, expiresAt: new Date(expires), canaries: canaries ?? null },
      context.var.person,
      parts.releases.context,
    )
    return result.kind === 'problem'
      ? (answer(context, result) as never)
      : context.json({ id: result.release }, 201)
  })

  const say = createRoute({
    method: 'post',
    path: '/v1/releases/{release}/answer',
    summary: 'Approve a release, or decline it; never one’s own, and each unit once',
    middleware: [signedIn(parts)] as const,
    request: { params: one, body: jsonBody(z.object({ approved: z.boolean() })) },
    responses: { 204: { description: 'Answered' }, ...problems },
  })
  app.openapi(say, async (context) => {
    const { release } = context.req.valid('param')
    const { approved } = context.req.valid('json')
    const { person } = context.var
    const result = await answerRelease(release, approved, person, parts.releases.context)
    if (result.kind === 'problem') return answer(context, result) as never
    return context.body(null, 204)
  })

  const make = createRoute({
    method: 'post',
    path: '/v1/releases/{release}/making',
    summary: 'Have an approved release made: each picture marked and sealed for its recipient',
    middleware: [signedIn(parts)] as const,
    request: { params: one },
    responses: {
      202: json(z.object({ id }), 'It is being made; ask for the release until it is'),
      ...problems,
    },
  })
  app.openapi(make, async (context) => {
    const { release } = context.req.valid('param')
    const result = await parts.releases.make(release, context.var.person)
    return result.kind === 'problem'
      ? (answer(context, result) as never)
      : context.json({ id: release }, 202)
  })
}

function addCopies(app: App, parts: HubParts): void {
  const fetched = createRoute({
    method: 'get',
    path: '/v1/releases/{release}/package',
    summary: 'The sealed files with signed manifest and receipt, as a ZIP for the recipient',
    middleware: [signedIn(parts, releaseRequesters)] as const,
    request: { params: one },
    responses: {
      200: { content: { 'application/zip': { schema: z.any() } }, description: 'The package' },
      ...problems,
    },
  })
  app.openapi(fetched, async (context) => {
    const { release } = context.req.valid('param')
    const result = await packageOf(release, parts.releases.context)
    if (result.kind === 'problem') return answer(context, result) as never
    context.header('content-type', 'application/zip')
    context.header('content-disposition', `attachment; filename="release-${release}.zip"`)
    return new Response(result.bytes as ReadableStream, context.res) as never
  })

  const attest = createRoute({
    method: 'post',
    path: '/v1/releases/{release}/attestations',
    summary: 'Write down that the recipient returned or destroyed every copy',
    middleware: [signedIn(parts, releaseRequesters)] as const,
    request: { params: one, body: jsonBody(schemas.attestation) },
    responses: { 204: { description: 'Written down' }, ...problems },
  })
  app.openapi(attest, async (context) => {
    const { release } = context.req.valid('param')
    const { how, said_by: saidBy, statement_sha256: statementSha256 } = context.req.valid('json')
    const by = context.var.person.id
    const said = { how, saidBy, statementSha256 }
    const result = await attestRelease(release, said, by, parts.releases.context)
    if (result.kind === 'problem') return answer(context, result) as never
    return context.body(null, 204)
  })

  const match = createRoute({
    method: 'post',
    path: '/v1/canaries/matches',
    summary: 'Whether something found outside is a planted record, and of which release',
    middleware: [signedIn(parts, ['responder', 'privacy'])] as const,
    request: { body: jsonBody(schemas.foundOutside) },
    responses: { 200: json(schemas.canaryMatches, 'Releases it came from'), ...problems },
  })
  app.openapi(match, async (context) => {
    const found = context.req.valid('json')
    return context.json({ matches: [...(await matchCanaries(found, parts.db))] }, 200)
  })
}
