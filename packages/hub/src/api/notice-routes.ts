/** Notices of incidents, sentences for the public, and answers to travellers. */

import { createRoute, z } from '@hono/zod-openapi'
import { incidentRoles } from '@sallyport/core/incident/room'
import { publicSentences } from '@sallyport/core/notices/statements'
import { parsePlateText } from '@sallyport/core/plate'
import { scopeAskers } from '@sallyport/core/scope/question'

import { enterRoom } from '../incidents/incidents.ts'
import {
  noticeBoard,
  noticeDraft,
  noticeFile,
  noticePage,
  recordSending,
} from '../incidents/notices.ts'
import { documentOf } from '../incidents/scopes.ts'
import { answerSubject } from '../incidents/subjects.ts'
import { answer, problem } from '../problems.ts'
import { type App, type HubParts, json, jsonBody, problems, refuse, signedIn } from './context.ts'
import * as schemas from './notice-schemas.ts'
import { id } from './schemas.ts'
import { scopeFor } from './scope-routes.ts'

const noRoom = 'There is no such incident.'
const senders = ['responder', 'privacy', 'auditor'] as const

export function addNoticeRoutes(app: App, parts: HubParts): void {
  const board = createRoute({
    method: 'get',
    path: '/v1/incidents/{incident}/notices',
    summary: 'Who is owed a notice by when, and what went out',
    middleware: [signedIn(parts, incidentRoles)] as const,
    request: { params: z.object({ incident: id }) },
    responses: { 200: json(schemas.noticeBoard, 'The earliest deadline first'), ...problems },
  })
  app.openapi(board, async (context) => {
    const { incident } = context.req.valid('param')
    const entered = await enterRoom(incident, context.var.person, parts)
    return entered === null
      ? refuse(context, 'not_found', noRoom)
      : context.json(await noticeBoard(entered.incident, parts), 200)
  })

  const sending = createRoute({
    method: 'post',
    path: '/v1/incidents/{incident}/notices/{rule}/sendings',
    summary: 'A notice went out as it reads now',
    middleware: [signedIn(parts, senders)] as const,
    request: {
      params: z.object({ incident: id, rule: schemas.rule }),
      body: jsonBody(schemas.sendingAsk),
    },
    responses: {
      201: json(schemas.recordedSending, 'It stands in the log'),
      ...problems,
    },
  })
  app.openapi(sending, async (context) => {
    const { incident, rule } = context.req.valid('param')
    const { person } = context.var
    const entered = await enterRoom(incident, person, parts)
    if (entered === null) return refuse(context, 'not_found', noRoom)
    const { language, sent_to: sentTo, proof } = context.req.valid('json')
    const ask = { rule, language, sentTo, proof: Buffer.from(proof, 'base64'), account: person.id }
    const done = await recordSending(entered.incident, ask, parts)
    if (done.kind === 'problem') return answer(context, done) as never
    return context.json(
      { version: done.version, log_index: done.logIndex, pdf_sha256: done.pdfSha256 },
      201,
    )
  })
  addPage(app, parts)
  addFile(app, parts)
  addSentences(app, parts)
  addSubjects(app, parts)
}

/** A page is no JSON answer: the route is written by hand and only described here. */
function addPage(app: App, parts: HubParts): void {
  app.openAPIRegistry.registerPath({
    method: 'get',
    path: '/v1/incidents/{incident}/notices/{rule}/page',
    summary: 'A notice as a page to print, from the newest scope',
    request: {
      params: z.object({ incident: id, rule: schemas.rule }),
      query: z.object({ language: schemas.language.optional() }),
    },
    responses: {
      200: { description: 'The page', content: { 'text/html': { schema: z.string() } } },
      ...problems,
    },
  })
  app.get(
    '/v1/incidents/:incident/notices/:rule/page',
    signedIn(parts, incidentRoles),
    async (context) => {
      const wanted = z
        .object({ incident: id, rule: schemas.rule, language: schemas.language.default('en') })
        .safeParse({ ...context.req.param(), language: context.req.query('language') })
      const entered = wanted.success
        ? await enterRoom(wanted.data.incident, context.var.person, parts)
        : null
      const text =
        entered === null || !wanted.success
          ? null
          : await noticeDraft(entered.incident, wanted.data, parts)
      if (text === null) return answer(context, problem('not_found', 'There is no such notice.'))
      context.header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
      return context.html(noticePage(text))
    },
  )
}

/** Bytes are no JSON answer: the route is written by hand and only described here. */
function addFile(app: App, parts: HubParts): void {
  app.openAPIRegistry.registerPath({
    method: 'get',
    path: '/v1/incidents/{incident}/notices/{rule}/pdf',
    summary: 'A notice as a PDF: from the newest scope, or one of the versions that went out',
    request: {
      params: z.object({ incident: id, rule: schemas.rule }),
      query: schemas.fileQuery,
    },
    responses: {
      200: {
        description: 'The same bytes whenever the text is the same',
        content: { 'application/pdf': { schema: z.string().openapi({ format: 'binary' }) } },
      },
      ...problems,
    },
  })
  app.get(
    '/v1/incidents/:incident/notices/:rule/pdf',
    signedIn(parts, incidentRoles),
    async (context) => {
      const wanted = schemas.fileQuery
        .extend({ incident: id, rule: schemas.rule })
        .safeParse({ ...context.req.query(), ...context.req.param() })
      const entered = wanted.success
        ? await enterRoom(wanted.data.incident, context.var.person, parts)
        : null
      if (!wanted.success || entered === null)
        return answer(context, problem('not_found', 'There is no such notice.'))
      const { rule, language, version } = wanted.data
      const file = await noticeFile(entered.incident, { rule, language, version }, parts)
      if (file.kind === 'problem') return answer(context, file)
      context.header('content-type', 'application/pdf')
      context.header('content-disposition', `inline; filename="${rule}-${language}.pdf"`)
      return context.body(Uint8Array.from(file.bytes))
    },
  )
}

function addSentences(app: App, parts: HubParts): void {
  const route = createRoute({
    method: 'get',
    path: '/v1/scopes/{scope}/sentences',
    summary: 'What can be said of a scope in public, each sentence with the figures behind it',
    middleware: [signedIn(parts, scopeAskers)] as const,
    request: { params: z.object({ scope: id }) },
    responses: { 200: json(schemas.sentences, 'Sentences that stay true'), ...problems },
  })
  app.openapi(route, async (context) => {
    const row = await scopeFor(context.req.valid('param').scope, context.var.person, parts)
    if (row === null) return refuse(context, 'not_found', 'There is no such scope.')
    const sentences = publicSentences(documentOf(row)).map(({ text, from }) => ({
      text,
      from: { ...from, figures: [...from.figures] },
    }))
    return context.json({ sentences }, 200)
  })
}

function addSubjects(app: App, parts: HubParts): void {
  const route = createRoute({
    method: 'post',
    path: '/v1/subject-requests',
    summary: 'What is held of a plate and who saw it; nobody else is named',
    middleware: [signedIn(parts, ['privacy'])] as const,
    request: { body: jsonBody(schemas.subjectAsk) },
    responses: {
      201: json(schemas.subjectAnswer, 'The answer; it stands in the log'),
      ...problems,
    },
  })
  app.openapi(route, async (context) => {
    const { plate: typed, reference } = context.req.valid('json')
    const plate = parsePlateText(typed)
    if (plate === null) return refuse(context, 'malformed_request', 'That is no plate.')
    const ask = { plate, reference, account: context.var.person.id }
    return context.json(await answerSubject(ask, parts), 201)
  })
}
