/** On what ground faces are compared here, and what signs say: as it is now, not as a file once said. */

import { createRoute, z } from '@hono/zod-openapi'
import { basisKeepers, basisReaders } from '@sallyport/core/basis/basis'
import { signPeriods } from '@sallyport/core/basis/sign-periods'
import { type BasisRow, listBases } from '@sallyport/store/face-basis'
import { lanesWithDevices } from '@sallyport/store/lanes'
import { policyInForce } from '@sallyport/store/retention/policies'

import { ruleState } from '../faces/frequent-rules.ts'
import { answer } from '../problems.ts'
import { stateOf } from '../window/face-basis.ts'
import { type App, type HubParts, json, jsonBody, ofAgency, problems, signedIn } from './context.ts'
import { id } from './schemas.ts'
import * as schemas from './sign-schemas.ts'

export function addSignRoutes(app: App, parts: HubParts): void {
  addBases(app, parts)
  addSign(app, parts)
}

function addBases(app: App, parts: HubParts): void {
  const list = createRoute({
    method: 'get',
    path: '/v1/face-bases',
    summary: 'On what ground faces are compared at this site, and who recorded it',
    middleware: [signedIn(parts, basisReaders)] as const,
    responses: { 200: json(schemas.faceBases, 'The grounds, newest first'), ...problems },
  })
  app.openapi(list, async (context) =>
    context.json(
      {
        site: parts.basis.site,
        faces: hereView(parts),
        bases: (await listBases(parts.db)).map(basisView),
      },
      200,
    ),
  )

  const propose = createRoute({
    method: 'post',
    path: '/v1/face-bases',
    summary: 'Name a ground for comparing faces: it holds when another person has agreed',
    middleware: [signedIn(parts, basisKeepers)] as const,
    request: { body: jsonBody(schemas.basisAsk) },
    responses: { 201: json(schemas.faceBasis, 'It waits for a second person'), ...problems },
  })
  app.openapi(propose, async (context) => {
    const account = context.var.person.id
    const done = await parts.basis.propose({ ...context.req.valid('json'), account })
    if (done.kind === 'problem') return answer(context, done) as never
    return context.json(await viewOf(done.basis), 201)
  })

  for (const [act, path, summary] of [
    ['agreed', '/v1/face-bases/{basis}/agreement', 'Agree to a ground that another person named'],
    ['ended', '/v1/face-bases/{basis}/end', 'End a ground: faces are off here from now on'],
  ] as const) {
    const route = createRoute({
      method: 'post',
      path,
      summary,
      middleware: [signedIn(parts, basisKeepers)] as const,
      request: { params: z.object({ basis: id }) },
      responses: { 201: json(schemas.faceBasis, 'The ground as it is then'), ...problems },
    })
    app.openapi(route, async (context) => {
      const { basis } = context.req.valid('param')
      const done = await parts.basis.act({ basis, act, account: context.var.person.id })
      if (done.kind === 'problem') return answer(context, done) as never
      return context.json(await viewOf(basis), 201)
    })
  }

  async function viewOf(basis: string) {
    const row = (await listBases(parts.db)).find((one) => one.id === basis)
    if (row === undefined) throw new Error('a ground that was just recorded is there')
    return basisView(row)
  }
}

function basisView(row: BasisRow) {
  const of = (name: string) => {
    const act = row.acts.find((one) => one.act === name)
    if (act === undefined) return null
    const by = { id: act.account, name: act.account_name }
    return { at: act.at.toISOString(), by, log_index: act.log_index }
  }
  return {
    id: row.id,
    document: row.document,
    responsible: row.responsible,
    dated: row.dated,
    state: stateOf(row),
    proposed: of('proposed'),
    agreed: of('agreed'),
    ended: of('ended'),
  }
}

function hereView({ basis }: HubParts) {
  const here = basis.here()
  return { kind: here.kind, why: here.kind === 'on' ? here.ground : here.why }
}

function addSign(app: App, parts: HubParts): void {
  const route = createRoute({
    method: 'get',
    path: '/v1/signs',
    summary: 'What a sign at this port has to say now',
    middleware: [ofAgency(parts)] as const,
    responses: { 200: json(schemas.sign, 'The facts of a sign'), ...problems },
  })
  app.openapi(route, async (context) => {
    const now = parts.now()
    const [policy, bases, lanes, rules] = await Promise.all([
      policyInForce(parts.db),
      listBases(parts.db),
      lanesWithDevices(parts.db),
      parts.frequentRules.list(),
    ])
    const inForce = bases.find((row) => stateOf(row) === 'in_force')
    return context.json(
      {
        at: now.toISOString(),
        port: { name: parts.port.name, site: parts.basis.site },
        faces: hereView(parts),
        basis:
          inForce === undefined
            ? null
            : {
                document: inForce.document,
                responsible: inForce.responsible,
                dated: inForce.dated,
              },
        age_min: parts.signs.ageMin,
        watched_plates: parts.watch.index.size,
        frequent_rules: rules.filter((row) => ruleState(row, now) === 'in_force').length,
        retention: {
          policy: policy?.policy.name ?? null,
          classes: policy === null ? [] : [...signPeriods(policy.policy)],
        },
        contact: parts.signs.contact,
        lanes: lanes.map(({ lane }) => ({
          id: lane.id,
          name: lane.name,
          direction: lane.direction,
          kind: lane.kind,
        })),
      },
      200,
    )
  })
}
