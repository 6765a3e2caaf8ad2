/** What an incident rests on, as one file that is verified offline. */

import { z } from '@hono/zod-openapi'
import { scopeAskers } from '@sallyport/core/scope/question'
import { stream } from 'hono/streaming'

import { enterRoom } from '../incidents/incidents.ts'
import { incidentPack } from '../incidents/write-pack.ts'
import { answer, problem } from '../problems.ts'
import { type App, type HubParts, problems, signedIn } from './context.ts'
import { id } from './schemas.ts'
import { party } from './scope-schemas.ts'

/** A stream of lines is no JSON answer: the route is written by hand and only described here. */
export function addIncidentPackRoutes(app: App, parts: HubParts): void {
  const asked = z.object({ incident: id, party: party.optional() })
  app.openAPIRegistry.registerPath({
    method: 'get',
    path: '/v1/incidents/{incident}/pack',
    summary: 'Evidence of an incident, with a party’s grants and equipment, signed (specs/pack.md)',
    request: { params: z.object({ incident: id }), query: z.object({ party: party.optional() }) },
    responses: {
      200: {
        description: 'Lines of JSON, the last of which is the signature',
        content: { 'application/x-ndjson': { schema: z.string() } },
      },
      ...problems,
    },
  })
  const address = '/v1/incidents/:incident/pack'
  app.get(address, signedIn(parts, scopeAskers), async (context) => {
    const wanted = asked.safeParse({ ...context.req.param(), party: context.req.query('party') })
    const entered = wanted.success
      ? await enterRoom(wanted.data.incident, context.var.person, parts)
      : null
    if (entered === null || !wanted.success)
      return answer(context, problem('not_found', 'There is no such incident, or no such party.'))
    const { incident } = entered
    const pack = await incidentPack(incident, wanted.data.party ?? null, parts)
    if (pack.kind === 'problem') return answer(context, pack)
    context.header('content-type', 'application/x-ndjson')
    context.header('content-disposition', `attachment; filename="incident-${incident.id}.jsonl"`)
    return stream(context, async (out) => {
      // A failure cuts the lines off; without its last one nobody takes it for a pack.
      for await (const line of pack.lines) await out.write(`${line}\n`)
    })
  })
}
