/** What a month's traffic was like, for drawings of it: shares in percents, rare values together. */

import { createRoute, z } from '@hono/zod-openapi'
import { type Counted, drawnGroup, sharesOf } from '@sallyport/core/cohort-shape'
import { evaluators } from '@sallyport/core/evaluation'
import { parseLabelMonth } from '@sallyport/core/evaluation-candidate'
import { openZone } from '@sallyport/core/stays/zone'
import { trafficCounts } from '@sallyport/store/traffic-shape'

import { limits } from '../limits.ts'
import { type App, type HubParts, json, problems, refuse, signedIn } from './context.ts'
import { trafficShape } from './traffic-shape-schemas.ts'

export function addTrafficShapeRoutes(app: App, parts: HubParts): void {
  const route = createRoute({
    method: 'get',
    path: '/v1/traffic-shapes/{month}',
    summary: 'Shares of jurisdictions, light and sizes in a month that is over, for drawn pictures',
    middleware: [signedIn(parts)] as const,
    request: { params: z.object({ month: z.string().max(10) }) },
    responses: {
      200: json(trafficShape, 'The shares; empty where too few crossings'),
      ...problems,
    },
  })
  app.openapi(route, async (context) => {
    const { person } = context.var
    if (
      person.party === 'agency' &&
      !person.roles.some((role) => evaluators.some((one) => one === role))
    )
      return refuse(context, 'role_missing', `This needs one of: ${evaluators.join(', ')}.`)
    const { month } = context.req.valid('param')
    const span = parseLabelMonth(`verdicts:${month}`, openZone(parts.port.zone))
    if (span === null)
      return refuse(context, 'malformed_request', `'${month}' is no month. Write 2026-10.`)
    if (parts.now() < span.to)
      return refuse(context, 'set_not_over', `${month} still grows. Choose one that is over.`)
    const { zone } = parts.port
    const counts = await trafficCounts(parts.db, { ...span, zone }, limits.shapeCrossingsMax)
    return context.json(
      {
        jurisdictions: [...sharesOf(summed(counts.jurisdictions, drawnGroup))],
        light: [...sharesOf(summed(counts.hours, (hour) => lightAt(Number(hour))))],
        widths: [...sharesOf(counts.widths)],
      },
      200,
    )
  })
}

/** Counts under new names; what has none is left out. */
function summed(
  counts: readonly Counted[],
  nameOf: (value: string) => string | null,
): readonly Counted[] {
  const sums = new Map<string, number>()
  for (const { value, count } of counts) {
    const name = nameOf(value)
    if (name !== null) sums.set(name, (sums.get(name) ?? 0) + count)
  }
  return Array.from(sums, ([value, count]) => ({ value, count }))
}

/** A rough division of the day: the season moves the hours of dusk. */
function lightAt(hour: number): string {
  if (hour < 6 || hour >= 20) return 'dark'
  return hour < 8 || hour >= 18 ? 'dim' : 'bright'
}
