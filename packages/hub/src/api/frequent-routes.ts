/** Rules by which those who cross often come together in a gallery: proposed, agreed to, ended. */

import { createRoute, z } from '@hono/zod-openapi'
import { frequentKeepers } from '@sallyport/core/faces/frequent-rule'
import { galleryReaders } from '@sallyport/core/faces/gallery-terms'
import { openFrequentGalleries } from '@sallyport/store/faces/frequent-crossers'
import type { FrequentRuleRow } from '@sallyport/store/faces/frequent-rules'

import { ruleState } from '../faces/frequent-rules.ts'
import { answer } from '../problems.ts'
import { type App, type HubParts, json, jsonBody, problems, signedIn } from './context.ts'
import * as schemas from './frequent-schemas.ts'
import { id } from './schemas.ts'

export function addFrequentRoutes(app: App, parts: HubParts): void {
  const list = createRoute({
    method: 'get',
    path: '/v1/frequent-rules',
    summary: 'Rules for galleries of those who cross often, and what is open by them now',
    middleware: [signedIn(parts, galleryReaders)] as const,
    responses: { 200: json(schemas.frequentRules, 'The rules, newest first'), ...problems },
  })
  app.openapi(list, async (context) =>
    context.json({ zone: parts.port.zone, rules: [...(await views())] }, 200),
  )

  const propose = createRoute({
    method: 'post',
    path: '/v1/frequent-rules',
    summary: 'Propose a rule: it holds when somebody of another unit has agreed',
    middleware: [signedIn(parts, frequentKeepers)] as const,
    request: { body: jsonBody(schemas.frequentRuleAsk) },
    responses: { 201: json(schemas.frequentRule, 'It waits for a second person'), ...problems },
  })
  app.openapi(propose, async (context) => {
    const asked = context.req.valid('json')
    const done = await parts.frequentRules.propose({
      weekdays: asked.weekdays,
      fromHour: asked.from_hour,
      toHour: asked.to_hour,
      daysBack: asked.days_back,
      crossings: asked.crossings,
      people: asked.people,
      reason: asked.reason,
      expiresAt: new Date(asked.expires_at),
      account: context.var.person.id,
    })
    if (done.kind === 'problem') return answer(context, done) as never
    return context.json(await viewOf(done.rule), 201)
  })

  for (const [act, path, summary] of [
    ['agreed', '/v1/frequent-rules/{rule}/agreement', 'Agree to a rule of another unit'],
    ['ended', '/v1/frequent-rules/{rule}/end', 'End a rule: its gallery is over at once'],
  ] as const) {
    const route = createRoute({
      method: 'post',
      path,
      summary,
      middleware: [signedIn(parts, frequentKeepers)] as const,
      request: { params: z.object({ rule: id }) },
      responses: { 201: json(schemas.frequentRule, 'The rule as it is then'), ...problems },
    })
    app.openapi(route, async (context) => {
      const { rule } = context.req.valid('param')
      const done = await parts.frequentRules.act({ rule, act, account: context.var.person.id })
      if (done.kind === 'problem') return answer(context, done) as never
      return context.json(await viewOf(rule), 201)
    })
  }

  async function views() {
    const [rules, open] = [await parts.frequentRules.list(), await openFrequentGalleries(parts.db)]
    return rules.map((row) => {
      const gallery = open.find(({ rule }) => rule === row.id)
      return ruleView(
        row,
        parts.now(),
        gallery === undefined
          ? null
          : {
              id: gallery.id,
              opens_at: gallery.opens_at.toISOString(),
              expires_at: gallery.expires_at.toISOString(),
              searchable: parts.galleries.searchable(gallery.id),
            },
      )
    })
  }

  async function viewOf(rule: string) {
    const view = (await views()).find((one) => one.id === rule)
    if (view === undefined) throw new Error('a rule that was just recorded is there')
    return view
  }
}

function ruleView<Gallery>(row: FrequentRuleRow, now: Date, gallery: Gallery) {
  const of = (name: string) => {
    const act = row.acts.find((one) => one.act === name)
    if (act === undefined) return null
    const by = { id: act.account, name: act.account_name, unit: act.account_unit }
    return { at: act.at.toISOString(), by, log_index: act.log_index }
  }
  const { id: rule, weekdays, from_hour, to_hour, days_back, crossings, people, reason } = row
  return {
    id: rule,
    ...{ weekdays, from_hour, to_hour, days_back, crossings, people, reason },
    expires_at: row.expires_at.toISOString(),
    state: ruleState(row, now),
    proposed: of('proposed'),
    agreed: of('agreed'),
    ended: of('ended'),
    gallery,
  }
}
