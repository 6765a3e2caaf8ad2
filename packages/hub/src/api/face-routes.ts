/** Faces of crossings, and what was said of them. */

import { createRoute, z } from '@hono/zod-openapi'
import type { FaceOutcome } from '@sallyport/core/faces/outcome'
import { outcomeWithheld, windowState } from '@sallyport/core/window/window'
import { crossingById } from '@sallyport/store/crossings'
import { facesOf } from '@sallyport/store/faces/faces'
import { asStep, windowSteps } from '@sallyport/store/window/steps'

import { faceViews } from '../faces/views.ts'
import {
  type App,
  crossingReaders,
  type HubParts,
  json,
  problems,
  refuse,
  signedIn,
} from './context.ts'
import * as schemas from './face-schemas.ts'
import { id } from './schemas.ts'

/** Faces that were searched among many: of these the outcome is withheld before the asker has looked. */
const compared: ReadonlySet<FaceOutcome['kind']> = new Set(['match', 'too_close', 'no_match'])

export function addFaceRoutes(app: App, parts: HubParts): void {
  const faces = createRoute({
    method: 'get',
    path: '/v1/crossings/{crossing}/faces',
    summary: 'Faces of a crossing, and whether they are somebody who is expected',
    middleware: [signedIn(parts, crossingReaders)] as const,
    request: { params: z.object({ crossing: id }) },
    responses: {
      200: json(schemas.crossingFaces, 'The faces; none where none was seen'),
      ...problems,
    },
  })
  app.openapi(faces, async (context) => {
    const { crossing } = context.req.valid('param')
    if ((await crossingById(parts.db, crossing)) === null)
      return refuse(context, 'not_found', 'There is no such crossing.')
    const rows = await facesOf(parts.db, crossing)
    const window = windowState((await windowSteps(parts.db, [crossing])).map(asStep))
    const withheld = outcomeWithheld(window, context.var.person.id)
    return context.json(
      {
        crossing_id: crossing,
        faces: await faceViews(
          rows,
          parts.db,
          (face) => withheld && compared.has(face.outcome.kind),
        ),
        presentation_attack: 'not_checked' as const,
      },
      200,
    )
  })
}
