/** The result of a replay of 2019 that lies in the data directory (docs/replay.md). */

import { readFile } from 'node:fs/promises'

import { createRoute } from '@hono/zod-openapi'

import { type App, type HubParts, json, problems, refuse, signedIn } from './context.ts'
import { replayResult } from './replay-schemas.ts'

const readers = ['responder', 'privacy', 'auditor'] as const

export function addReplayRoutes(app: App, parts: HubParts): void {
  const route = createRoute({
    method: 'get',
    path: '/v1/replay',
    summary: 'What a replay of the incident of 2019 came to, where this hub was made by one',
    middleware: [signedIn(parts, readers)] as const,
    responses: { 200: json(replayResult, 'The result'), ...problems },
  })
  app.openapi(route, async (context) => {
    const text = await readFile(parts.replayFile, 'utf8').catch(() => null)
    const parsed = text === null ? null : replayResult.safeParse(jsonOf(text))
    return parsed?.success === true
      ? context.json(parsed.data, 200)
      : refuse(
          context,
          'not_found',
          'This hub was not made by a replay. Run sallyport replay 2019 --keep DIR, and start a hub with DIR/sallyport.toml.',
        )
  })
}

/** Undefined when it is cut off or no JSON. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
