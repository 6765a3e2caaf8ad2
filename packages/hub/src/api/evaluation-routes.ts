/** Evaluations of the plate reader inside the vault: totals come out, no pictures. */

import { createRoute, z } from '@hono/zod-openapi'
import { decideEvaluation, evaluators } from '@sallyport/core/evaluation'
import { type EvaluationRow, evaluationById, listEvaluations } from '@sallyport/store/evaluations'

import { limits } from '../limits.ts'
import { answer } from '../problems.ts'
import { type App, type HubParts, json, jsonBody, problems, refuse, signedIn } from './context.ts'
import * as shapes from './review-schemas.ts'
import * as schemas from './schemas.ts'

export function addEvaluationRoutes(app: App, parts: HubParts): void {
  const start = createRoute({
    method: 'post',
    path: '/v1/evaluations',
    summary: 'Count how well the plate reader does on pictures with verdicts',
    middleware: [signedIn(parts, evaluators)] as const,
    request: { body: jsonBody(shapes.evaluationAsk) },
    responses: { 202: json(shapes.evaluation, 'It has begun'), ...problems },
  })
  app.openapi(start, async (context) => {
    const { lane, from, to, sample } = context.req.valid('json')
    const started = await parts.evaluations.start({
      account: context.var.person,
      filter: {
        lane,
        sample,
        from: from === undefined ? undefined : new Date(from),
        to: to === undefined ? undefined : new Date(to),
      },
    })
    if (started.kind === 'problem') return answer(context, started) as never
    const row = await evaluationById(parts.db, started.id)
    if (row === null) throw new Error('an evaluation that began is there')
    return context.json(evaluationView(row), 202)
  })

  const list = createRoute({
    method: 'get',
    path: '/v1/evaluations',
    summary: 'Evaluations, newest first',
    middleware: [signedIn(parts, evaluators)] as const,
    responses: {
      200: json(z.object({ evaluations: z.array(shapes.evaluation) }), 'The newest'),
      ...problems,
    },
  })
  app.openapi(list, async (context) => {
    const rows = await listEvaluations(parts.db, limits.pageDefault)
    return context.json({ evaluations: rows.map(evaluationView) }, 200)
  })

  const one = createRoute({
    method: 'get',
    path: '/v1/evaluations/{evaluation}',
    summary: 'One evaluation: progress, then totals; misread plates for those who may see plates',
    middleware: [signedIn(parts, evaluators)] as const,
    request: { params: z.object({ evaluation: schemas.id }) },
    responses: { 200: json(shapes.evaluationDetail, 'The evaluation'), ...problems },
  })
  app.openapi(one, async (context) => {
    const { evaluation } = context.req.valid('param')
    const row = await evaluationById(parts.db, evaluation)
    if (row === null) return refuse(context, 'not_found', 'There is no such evaluation.')
    const decision = decideEvaluation(context.var.person.roles, row.labels)
    const misread =
      decision.kind === 'allow' && decision.texts ? parts.evaluations.misreadOf(row.id) : null
    return context.json(
      { ...evaluationView(row), misread: misread === null ? null : [...misread] },
      200,
    )
  })
}

function evaluationView(row: EvaluationRow) {
  return {
    id: row.id,
    at: row.at.toISOString(),
    by: { id: row.account, name: row.account_name },
    state: row.state,
    labels: row.labels,
    pictures_done: row.pictures_done,
    pictures_failed: row.pictures_failed,
    models: row.models,
    totals:
      row.totals === null
        ? null
        : {
            ...row.totals,
            kept: [...row.totals.kept],
            confusions: [...row.totals.confusions],
          },
    label_set_sha256: row.sha256.toString('hex'),
    log_index: row.log_index,
  }
}
