/**
 * Pictures from the console's own page (a webcam, a file): handed on in memory to a lane beside this hub,
 * which seals them like any camera's. The hub keeps nothing of them.
 */

import { createRoute, z } from '@hono/zod-openapi'
import { fromBase64 } from '@sallyport/proof/bytes'

import { limits } from '../limits.ts'
import {
  type App,
  crossingReaders,
  type HubParts,
  json,
  jsonBody,
  problems,
  refuse,
  signedIn,
} from './context.ts'
import { id, name } from './schemas.ts'

/** Whether a request carries a picture: it may be larger than others. */
export function isPicturePath(path: string): boolean {
  return /^\/v1\/lanes\/[^/]+\/pictures$/.test(path)
}

const picture = z
  .object({
    picture: z
      .string()
      .min(1)
      .max(limits.readerRequestBytesMax)
      .openapi({ description: 'JPEG, PNG, WebP, TIFF or AVIF, base64' }),
  })
  .openapi('PushedPicture')

const taken = z.object({ crossing: id, sequence: z.int().min(1) }).openapi('TakenPicture')

const laneAnswer = z.object({
  crossing: id.optional(),
  sequence: z.int().optional(),
  detail: z.string().max(500).optional(),
})

export function addPictureRoutes(app: App, parts: HubParts): void {
  const push = createRoute({
    method: 'post',
    path: '/v1/lanes/{lane}/pictures',
    summary: 'Put one picture before a lane that takes them from the page; it is one pass',
    middleware: [signedIn(parts, crossingReaders)] as const,
    request: { params: z.object({ lane: name }), body: jsonBody(picture) },
    responses: { 201: json(taken, 'Sealed at the lane; its crossing follows'), ...problems },
  })
  app.openapi(push, async (context) => {
    const { lane } = context.req.valid('param')
    const { pictureLane } = parts
    if (pictureLane == null || pictureLane.lane !== lane)
      return refuse(
        context,
        'lane_takes_no_pictures',
        'Only a lane that was started for it takes pictures from a page. Use the demo, or a push source.',
      )
    const bytes = fromBase64(context.req.valid('json').picture)
    if (bytes === null || bytes.length > limits.readerPictureBytesMax)
      return refuse(context, 'picture_not_taken', 'It is no picture in base64, or a too large one.')
    const answer = await fetch(`http://127.0.0.1:${pictureLane.port}/v1/pictures`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${pictureLane.token}`,
        'content-type': 'application/octet-stream',
      },
      body: new Uint8Array(bytes),
      signal: AbortSignal.timeout(limits.pushedPictureMsMax),
    }).catch(() => null)
    if (answer === null)
      return refuse(context, 'lane_unreachable', 'The lane did not answer in time. Try again.')
    const said = laneAnswer.safeParse(await answer.json().catch(() => null)).data
    if (answer.status === 201 && said?.crossing !== undefined && said.sequence !== undefined)
      return context.json({ crossing: said.crossing, sequence: said.sequence }, 201)
    const detail = said?.detail ?? `The lane answered ${answer.status}.`
    if (answer.status === 422) return refuse(context, 'picture_not_taken', detail)
    if (answer.status === 429) return refuse(context, 'busy', detail)
    return refuse(context, 'lane_unreachable', detail)
  })
}
