/** Contractors' models, evaluated inside: the model comes to the pictures, counts come out. */

import { createRoute, z } from '@hono/zod-openapi'
import { evaluators } from '@sallyport/core/evaluation'
import { candidateLimits } from '@sallyport/core/evaluation-candidate'
import {
  candidateById,
  type CandidateRow,
  listCandidates,
} from '@sallyport/store/candidate-evaluations'

import { limits } from '../limits.ts'
import { answer } from '../problems.ts'
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
    summary: 'Have a model read pictures with verdicts, in a sandbox inside the hub',
    middleware: [signedIn(parts)] as const,
    request: { body: jsonBody(shapes.candidateAsk) },
    responses: { 202: json(shapes.candidateEvaluation, 'It has begun'), ...problems },
  })
  app.openapi(start, async (context) => {
    const { on, owner, card, model } = context.req.valid('json')
    const { person } = context.var
    const started = await parts.candidates.start({
      account: person,
      owner: owner ?? person.party,
      set: on,
      card,
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
    return context.json({ evaluations: rows.map(candidateView), budget }, 200)
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
    name: row.name,
    model_sha256: row.model_sha256.toString('hex'),
    model_bytes: row.model_bytes,
    service: row.service,
    sandbox: row.standing,
    state: row.state,
    due_at: row.due_at.toISOString(),
    report:
      report === null
        ? null
        : {
            ...report,
            calibration: [...report.calibration],
            by_jurisdiction: [...report.by_jurisdiction],
            by_light: [...report.by_light],
            by_camera: [...report.by_camera],
            confusions: [...report.confusions],
          },
    log_index: row.log_index,
    report_log_index: row.report_log_index,
  }
}
