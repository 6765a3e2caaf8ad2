/** Galleries: who is expected where and when, with photographs that are described inside the hub. */

import { createRoute, z } from '@hono/zod-openapi'
import { galleryMakers, galleryReaders } from '@sallyport/core/faces/gallery-terms'
import { entriesOf, galleryById, listGalleries } from '@sallyport/store/faces/galleries'

import { galleryView, entryView, matchingView } from '../faces/gallery-views.ts'
import { faceHubLimits } from '../faces/limits.ts'
import { answer } from '../problems.ts'
import { type App, type HubParts, json, jsonBody, problems, refuse, signedIn } from './context.ts'
import * as schemas from './gallery-schemas.ts'
import { id } from './schemas.ts'

const oneGallery = z.object({ gallery: id })
const none = 'There is no such gallery.'

export function addGalleryRoutes(app: App, parts: HubParts): void {
  addReading(app, parts)
  addMaking(app, parts)
  addEnding(app, parts)
}

function addReading(app: App, parts: HubParts): void {
  const list = createRoute({
    method: 'get',
    path: '/v1/galleries',
    summary: 'Galleries, newest first, and what faces are compared with here',
    middleware: [signedIn(parts, galleryReaders)] as const,
    responses: {
      200: json(
        z.object({
          matching: schemas.matchingState.nullable(),
          galleries: z.array(schemas.gallery),
        }),
        'The galleries',
      ),
      ...problems,
    },
  })
  app.openapi(list, async (context) => {
    const rows = await listGalleries(parts.db, faceHubLimits.galleriesListed)
    const galleries = rows.map((row) => galleryView(row, parts.galleries, parts.now()))
    return context.json({ matching: matchingView(parts.faces), galleries }, 200)
  })

  const one = createRoute({
    method: 'get',
    path: '/v1/galleries/{gallery}',
    summary: 'One gallery with everybody in it',
    middleware: [signedIn(parts, galleryReaders)] as const,
    request: { params: oneGallery },
    responses: { 200: json(schemas.galleryDetail, 'The gallery'), ...problems },
  })
  app.openapi(one, async (context) => {
    const row = await galleryById(parts.db, context.req.valid('param').gallery)
    if (row === null) return refuse(context, 'not_found', none)
    const entries = (await entriesOf(parts.db, row.id)).map(entryView)
    return context.json({ ...galleryView(row, parts.galleries, parts.now()), entries }, 200)
  })
}

function addMaking(app: App, parts: HubParts): void {
  const make = createRoute({
    method: 'post',
    path: '/v1/galleries',
    summary: 'Make a gallery of the people of a passenger list, or of a flight at its gates',
    middleware: [signedIn(parts, galleryMakers)] as const,
    request: { body: jsonBody(schemas.galleryAsk) },
    responses: {
      201: json(schemas.gallery, 'It stands in the log; nobody is found in it without photographs'),
      ...problems,
    },
  })
  app.openapi(make, async (context) => {
    const { opens_at, expires_at, ...ask } = context.req.valid('json')
    const made = await parts.galleries.make({
      ...ask,
      opensAt: new Date(opens_at),
      expiresAt: new Date(expires_at),
      account: context.var.person.id,
    })
    if (made.kind === 'problem') return answer(context, made) as never
    const row = await galleryById(parts.db, made.id)
    if (row === null) throw new Error('a gallery that was just made is there')
    return context.json(galleryView(row, parts.galleries, parts.now()), 201)
  })

  const photos = createRoute({
    method: 'post',
    path: '/v1/galleries/{gallery}/photos',
    summary: 'Document photographs: described in memory, kept sealed; each says what became of it',
    middleware: [signedIn(parts, galleryMakers)] as const,
    request: { params: oneGallery, body: jsonBody(schemas.photosAsk) },
    responses: { 200: json(schemas.photosAnswer, 'What became of each'), ...problems },
  })
  app.openapi(photos, async (context) => {
    const asked = context.req.valid('json').photos
    const done = await parts.galleries.addPhotos(
      context.req.valid('param').gallery,
      asked.map(({ name, picture }) => ({ name, bytes: Buffer.from(picture, 'base64') })),
      context.var.person.id,
    )
    if (done.kind === 'problem') return answer(context, done) as never
    const described = done.photos.filter(({ result }) => result === 'described').length
    return context.json({ described, photos: done.photos.map((one) => ({ ...one })) }, 200)
  })
}

function addEnding(app: App, parts: HubParts): void {
  const remove = createRoute({
    method: 'post',
    path: '/v1/galleries/{gallery}/entries/{entry}/removal',
    summary: 'Take somebody out of a gallery: nobody is found by this entry any more',
    middleware: [signedIn(parts, galleryMakers)] as const,
    request: { params: z.object({ gallery: id, entry: id }) },
    responses: { 200: json(schemas.gallery, 'The gallery without them'), ...problems },
  })
  app.openapi(remove, async (context) => {
    const { gallery, entry } = context.req.valid('param')
    const refused = await parts.galleries.removeEntry(gallery, entry, context.var.person.id)
    return refused === null ? told(context, gallery) : (answer(context, refused) as never)
  })

  const end = createRoute({
    method: 'post',
    path: '/v1/galleries/{gallery}/end',
    summary: 'End a gallery before its time: templates and photographs are gone',
    middleware: [signedIn(parts, galleryMakers)] as const,
    request: { params: oneGallery },
    responses: { 200: json(schemas.gallery, 'It is over'), ...problems },
  })
  app.openapi(end, async (context) => {
    const { gallery } = context.req.valid('param')
    const refused = await parts.galleries.end(gallery, context.var.person.id)
    return refused === null ? told(context, gallery) : (answer(context, refused) as never)
  })

  async function told(context: Parameters<typeof refuse>[0], gallery: string) {
    const row = await galleryById(parts.db, gallery)
    if (row === null) return refuse(context, 'not_found', none)
    return context.json(galleryView(row, parts.galleries, parts.now()), 200)
  }
}
