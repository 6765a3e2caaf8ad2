/** The log for everybody, receipts for those signed in, and live events. */

import { createRoute, z } from '@hono/zod-openapi'
import type { Role } from '@sallyport/core/opening'
import { hitReaders } from '@sallyport/core/watch-decisions'
import { parseTilePath } from '@sallyport/proof/tiles'
import { streamSSE } from 'hono/streaming'

import type { EventName } from '../events.ts'
import { limits } from '../limits.ts'
import { answer, problem } from '../problems.ts'
import {
  type App,
  crossingReaders,
  type HubParts,
  json,
  ofAgency,
  openingReaders,
  personOf,
  problems,
  refuse,
  signedIn,
} from './context.ts'
import { leakReaders } from './leak-routes.ts'
import { grantKeepers } from './party-routes.ts'
import * as schemas from './schemas.ts'

export function addLogRoutes(app: App, parts: HubParts): void {
  const route = createRoute({
    method: 'get',
    path: '/v1/log/receipts/{index}',
    summary: 'An entry of the log with its proof (C2SP tlog-proof)',
    middleware: [signedIn(parts)] as const,
    request: { params: z.object({ index: z.coerce.number().int().min(0) }) },
    responses: { 200: json(schemas.receipt, 'Entry and proof'), ...problems },
  })
  app.openapi(route, async (context) => {
    const found = await parts.journal.receipt(context.req.valid('param').index)
    if (found === null) return refuse(context, 'not_found', 'The log has no entry with this index.')
    return context.json(
      {
        index: found.index,
        entry: Buffer.from(found.entry).toString('base64'),
        receipt: found.receipt,
      },
      200,
    )
  })

  app.get('/log/vkey', (context) => context.text(`${parts.journal.vkey}\n`))

  // C2SP tlog-tiles: anyone may read the log; it holds no personal data.
  app.get('/log/*', async (context, next) => {
    // The pattern takes "/log" as well, and that is a page of the console.
    if (context.req.path === '/log') return next()
    const wanted = context.req.path.slice('/log/'.length)
    const isCheckpoint = wanted === 'checkpoint'
    // The grammar of tile paths is the whole of what may be asked for: no path escapes it.
    if (!isCheckpoint && parseTilePath(wanted) === null)
      return answer(context, problem('not_found', 'The log has no such file.'))
    // Only what a signed checkpoint covers: a file beyond it may still change.
    const bytes = await parts.journal.tiles.read(wanted)
    if (bytes === null) return answer(context, problem('not_found', 'The log has no such file.'))
    context.header(
      'content-type',
      isCheckpoint ? 'text/plain; charset=utf-8' : 'application/octet-stream',
    )
    context.header(
      'cache-control',
      isCheckpoint ? 'no-cache' : 'public, max-age=31536000, immutable',
    )
    context.header('access-control-allow-origin', '*')
    return context.body(new Uint8Array(bytes))
  })
  addEvents(app, parts)
}

/** Whoever may not list crossings or openings does not hear of them either. */
function mayHear(name: EventName, roles: readonly Role[]): boolean {
  switch (name) {
    case 'crossing':
    case 'crossing.matched':
    case 'review':
    case 'window':
      return roles.some((role) => (crossingReaders as readonly Role[]).includes(role))
    case 'opening':
      return roles.some((role) => (openingReaders as readonly Role[]).includes(role))
    case 'watch_hit':
    case 'traveller_hit':
      return roles.some((role) => hitReaders.includes(role))
    case 'seconding':
      return roles.some((role) => (grantKeepers as readonly Role[]).includes(role))
    case 'leaks':
      return roles.some((role) => leakReaders.includes(role))
    case 'device':
    case 'device_event':
    case 'alarm':
      return true
  }
}

function addEvents(app: App, parts: HubParts): void {
  const { events } = parts
  // A stream is no JSON answer: the route is written by hand and only described here.
  app.openAPIRegistry.registerPath({
    method: 'get',
    path: '/v1/events',
    summary:
      'Live events (SSE): crossing, crossing.matched, device, device_event, alarm, opening, leaks, watch_hit, traveller_hit, review, window, seconding, hello, reset',
    request: { headers: z.object({ 'last-event-id': z.string().optional() }) },
    responses: {
      200: {
        description: 'Events until the connection ends; `last-event-id` resumes',
        content: { 'text/event-stream': { schema: z.string() } },
      },
      ...problems,
    },
  })
  app.get('/v1/events', ofAgency(parts), (context) => {
    let { roles } = context.var.person
    const lastId = Number(context.req.header('last-event-id') ?? Number.NaN)
    return streamSSE(context, async (stream) => {
      const send = (name: string, data: string, id: number) =>
        stream.writeSSE({ event: name, data, id: String(id) })
      const queue: { name: string; data: string; id: number }[] = []
      let wake: () => void = () => undefined
      let isKnown = true
      const askedAgain = () => {
        isKnown = false
        wake()
      }
      const unsubscribe = events.subscribe((event) => {
        if (!mayHear(event.name, roles)) return
        queue.push(event)
        // A console that does not read is cut off; it reconnects and catches up.
        if (queue.length > limits.eventsKept) stream.abort()
        wake()
      }, askedAgain)
      if (unsubscribe === null) {
        await send('reset', '{}', events.lastId)
        return
      }
      const end = () => wake()
      events.ended.addEventListener('abort', end, { once: true })
      stream.onAbort(() => {
        unsubscribe()
        wake()
      })
      try {
        const missed = Number.isSafeInteger(lastId) ? events.since(lastId) : []
        // What comes while these are sent waits in the queue: no id may promise that it was sent.
        const upTo = events.lastId
        if (missed === null) await send('reset', '{}', upTo)
        else
          for (const event of missed)
            if (mayHear(event.name, roles)) await send(event.name, event.data, event.id)
        await send('hello', JSON.stringify({ at: parts.now().toISOString() }), upTo)
        let knownAt = performance.now()
        while (!stream.aborted && !stream.closed && !events.ended.aborted) {
          // A session that ended, or an account that lost a role, hears no more.
          if (!isKnown || performance.now() - knownAt >= limits.eventPingSeconds * 1000) {
            isKnown = true
            const person = await personOf(context, parts)
            if (person === null) break
            roles = person.roles
            knownAt = performance.now()
            // Whoever else lost their access meanwhile is looked for again.
            continue
          }
          const event = queue.shift()
          if (event !== undefined) {
            await send(event.name, event.data, event.id)
            continue
          }
          const timer = setTimeout(() => wake(), limits.eventPingSeconds * 1000)
          await new Promise<void>((resolve) => (wake = resolve))
          clearTimeout(timer)
          if (queue.length === 0 && !stream.aborted) await stream.write(': ping\n\n')
        }
      } finally {
        unsubscribe()
        events.ended.removeEventListener('abort', end)
      }
    })
  })
}
