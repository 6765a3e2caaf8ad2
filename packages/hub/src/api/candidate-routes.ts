/** Contractors' models, evaluated inside: the model comes to the pictures, counts come out. */

import { createRoute, z } from '@hono/zod-openapi'
import { evaluators } from '@sallyport/core/evaluation'
import { candidateLimits } from '@sallyport/core/evaluation-candidate'
import { faceReportLimits } from '@sallyport/core/evaluation-faces'
import {
  candidateById,
  type CandidateRow,
  listCandidates,
} from '@sallyport/store/candidate-evaluations'
import { parseFaceCard } from '@sallyport/vision/face/face-card'

import type { CandidateEvaluationAsk } from '../candidates/evaluations.ts'
import { limits } from '../limits.ts'
import { answer } from '../problems.ts'
import type { faceReport } from './candidate-face-schemas.ts'
import * as shapes from './candidate-schemas.ts'
import {
  type App,
  type HubParts,
  json,
  jsonBody,
  problems,
  refuse,
  type SignedIn,
  signedIn,
} from './context.ts'
import { id } from './schemas.ts'

export const candidatePath = '/v1/candidate-evaluations'

export function addCandidateRoutes(app: App, parts: HubParts): void {
  const start = createRoute({
    method: 'post',
    path: candidatePath,
    summary:
      'Have a model of plates or faces see pictures with verdicts, in a sandbox inside the hub',
    middleware: [signedIn(parts)] as const,
    request: { body: jsonBody(shapes.candidateAsk) },
    responses: { 202: json(shapes.candidateEvaluation, 'It has begun'), ...problems },
  })
  app.openapi(start, async (context) => {
    const { on, owner, model } = context.req.valid('json')
    const { person } = context.var
    const started = await parts.candidates.start({
      account: person,
      owner: owner ?? person.party,
      set: on,
      of: subjectOf(context.req.valid('json')),
      model: Buffer.from(model, 'base64'),
    })
    if (started.kind === 'problem') return answer(context, started) as never
    const row = await candidateById(parts.db, started.id)
    if (row === null) throw new Error('an evaluation that began is there')
    return context.json(candidateView(row), 202)
  })

  const list = createRoute({
    method: 'get',
    path: candidatePath,
    summary: 'Evaluations of models, newest first: one’s own, or for evaluators of the agency all',
    middleware: [signedIn(parts)] as const,
    responses: { 200: json(shapes.candidateEvaluations, 'The newest'), ...problems },
  })
  app.openapi(list, async (context) => {
    const { person } = context.var
    if (!maySee(person, person.party))
      return refuse(context, 'role_missing', `This needs one of: ${evaluators.join(', ')}.`)
    const owner = person.party === 'agency' ? null : person.party
    const rows = await listCandidates(parts.db, owner, limits.pageDefault)
    const budget = { per_owner: candidateLimits.perOwner, per_set: candidateLimits.perSet }
    // Under supervision each report is read by itself, with somebody who approves it.
    const unread = context.var.supervised ? { report: null, face_report: null } : {}
    const evaluations = rows.map((row) => ({ ...candidateView(row), ...unread }))
    return context.json({ evaluations, budget }, 200)
  })

  const one = createRoute({
    method: 'get',
    path: `${candidatePath}/{evaluation}`,
    summary: 'One evaluation of a model: when its report comes, then the report',
    middleware: [signedIn(parts)] as const,
    request: { params: z.object({ evaluation: id }) },
    responses: { 200: json(shapes.candidateEvaluation, 'The evaluation'), ...problems },
  })
  app.openapi(one, async (context) => {
    const row = await candidateById(parts.db, context.req.valid('param').evaluation)
    if (row === null || !maySee(context.var.person, row.owner))
      return refuse(context, 'not_found', 'There is no such evaluation.')
    return context.json(candidateView(row), 200)
  })
}

/** A card of a face model names its format; that of a plate reader has none. */
function subjectOf({
  card,
  rates,
  cuts,
}: Pick<
  z.infer<typeof shapes.candidateAsk>,
  'card' | 'rates' | 'cuts'
>): CandidateEvaluationAsk['of'] {
  if (!('format' in card)) return { subject: 'plates', card }
  const parsed = parseFaceCard(JSON.stringify(card))
  if (parsed.kind === 'refused') throw new Error('a card that the schema took is one')
  return {
    subject: 'faces',
    card: parsed.card,
    questions: {
      rates: rates ?? faceReportLimits.rates,
      cuts: cuts ?? faceReportLimits.cuts,
    },
  }
}

/** Contractors see their own; of the agency those who evaluate see all. */
function maySee({ party, roles }: SignedIn, owner: string): boolean {
  if (party !== 'agency') return party === owner
  return roles.some((role) => evaluators.some((one) => one === role))
}

function candidateView(row: CandidateRow): z.infer<typeof shapes.candidateEvaluation> {
  const { report } = row
  return {
    id: row.id,
    at: row.at.toISOString(),
    by: { id: row.account, name: row.account_name },
    owner: row.owner,
    on: row.label_set,
    subject: row.subject,
    name: row.name,
    model_sha256: row.model_sha256.toString('hex'),
    model_bytes: row.model_bytes,
    service: row.service,
    sandbox: row.standing,
    state: row.state,
    due_at: row.due_at.toISOString(),
    report:
      report !== null && 'silent' in report
        ? (structuredClone(report) as z.infer<typeof shapes.candidateReport>)
        : null,
    face_report:
      report !== null && 'candidate' in report
        ? (structuredClone(report) as z.infer<typeof faceReport>)
        : null,
    log_index: row.log_index,
    report_log_index: row.report_log_index,
  }
}
