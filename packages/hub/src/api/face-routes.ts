/** Faces of crossings, and what was said of them. */

import { createRoute, z } from '@hono/zod-openapi'
import type { FaceOutcome } from '@sallyport/core/faces/outcome'
import { outcomeWithheld, windowState } from '@sallyport/core/window/window'
import { crossingById } from '@sallyport/store/crossings'
import { facesOf } from '@sallyport/store/faces/faces'
import { asStep, windowSteps } from '@sallyport/store/window/steps'

import { openPhotograph } from '../faces/open-photograph.ts'
import { faceViews } from '../faces/views.ts'
import { answer } from '../problems.ts'
import {
  type App,
  crossingReaders,
  type HubParts,
  json,
  jsonBody,
  ofAgency,
  problems,
  refuse,
  signedIn,
} from './context.ts'
import * as schemas from './face-schemas.ts'
import { openedPicture, openingAsk } from './opening-schemas.ts'
import { id } from './schemas.ts'

/** Faces that were searched among many: of these the outcome is withheld before the asker has looked. */
const compared: ReadonlySet<FaceOutcome['kind']> = new Set(['match', 'too_close', 'no_match'])

export function addFaceRoutes(app: App, parts: HubParts): void {
  addPhotographs(app, parts)
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

function addPhotographs(app: App, parts: HubParts): void {
  const open = createRoute({
    method: 'post',
    path: '/v1/crossings/{crossing}/candidates/{entry}/openings',
    summary: 'Open the document photograph of a candidate for a purpose; the log has it first',
    middleware: [ofAgency(parts)] as const,
    request: {
      params: z.object({ crossing: id, entry: id }),
      body: jsonBody(openingAsk.pick({ purpose: true, note: true })),
    },
    responses: { 201: json(openedPicture, 'The photograph with its receipt'), ...problems },
  })
  app.openapi(open, async (context) => {
    const { crossing, entry } = context.req.valid('param')
    const { purpose, note = '' } = context.req.valid('json')
    const { person } = context.var
    const window = windowState((await windowSteps(parts.db, [crossing])).map(asStep))
    if (outcomeWithheld(window, person.id))
      return refuse(context, 'not_found', 'Record first what you see yourself.')
    const opened = await openPhotograph(
      { crossing, entry, account: person, purpose, note: note === '' ? null : note },
      parts,
    )
    if (opened.kind === 'problem') return answer(context, opened) as never
    const { opening, receipt, picture } = opened
    return context.json(
      {
        opening,
        log_index: receipt.index,
        receipt: receipt.receipt,
        entry: Buffer.from(receipt.entry).toString('base64'),
        media_type: 'image/jpeg' as const,
        picture: Buffer.from(picture).toString('base64'),
      },
      201,
    )
  })
}
