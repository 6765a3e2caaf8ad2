/**
 * The request and the answer of Plate Recognizer's Snapshot API, so that its clients can be pointed
 * here (docs/integrating.md). Clients go by the status; every refusal is a problem document whose
 * `detail` stands where theirs does.
 */

import { plateRecognizerAnswer } from '@sallyport/core/reader-formats'
import { countReadings, validAccessToken, type ValidToken } from '@sallyport/store/access-tokens'
import type { Context } from 'hono'

import { tokenHash } from '../ids.ts'
import { limits } from '../limits.ts'
import { answer, type ProblemCode, problem, statusOf } from '../problems.ts'
import { type Form, parseForm } from '../reader/form.ts'
import { readFor } from '../reader/reading.ts'
import { createReception, readBody } from '../reader/reception.ts'
import { type App, type HubParts, problems } from './context.ts'
import * as schemas from './integration-schemas.ts'

type Bearer = ValidToken & { readonly secretSha256: Buffer }

/** Whether a request goes to the reader, which takes other and larger bodies than the rest. */
export function isReaderPath(path: string): boolean {
  return path === '/v1/plate-reader/' || path === '/v1/plate-reader'
}

export function addPlateReaderRoutes(app: App, parts: HubParts): void {
  const reception = createReception()
  app.openAPIRegistry.registerPath({
    method: 'post',
    path: '/v1/plate-reader/',
    summary: 'Plates in one picture, as Plate Recognizer answers; nothing is kept',
    security: [{ token: [] }],
    request: {
      body: { required: true, content: { 'multipart/form-data': { schema: schemas.readerForm } } },
    },
    responses: {
      201: {
        content: { 'application/json': { schema: schemas.readerAnswer } },
        description: 'What was read',
      },
      ...problems,
    },
  })
  app.openAPIRegistry.registerComponent('securitySchemes', 'token', {
    type: 'apiKey',
    in: 'header',
    name: 'Authorization',
    description: '`Token ` and a token made in the console under Integrations',
  })
  app.on('POST', ['/v1/plate-reader/', '/v1/plate-reader'], async (context) => {
    const token = await bearerOf(context, parts)
    if (token === null) return refuseToken(context)
    const admitted = reception.admit(token.id, parts.now())
    if (admitted.kind === 'wait') return tooMany(context, admitted.seconds)
    const giveBack = reception.place(token.id)
    if (giveBack === null) return tooMany(context, limits.retryAfterSeconds)
    try {
      return await serve(context, token, parts)
    } finally {
      giveBack()
    }
  })
  addStatistics(app, parts)
}

async function serve(context: Context, token: Bearer, parts: HubParts): Promise<Response> {
  const started = performance.now()
  const body = await readBody(
    context.req.raw.body,
    limits.readerRequestBytesMax,
    limits.readerBodyMsMax,
  )
  if (body === 'too_large')
    return refuseReading(
      context,
      'request_too_large',
      `A form of at most ${limits.readerRequestBytesMax} bytes is taken.`,
    )
  if (body === 'cut_off')
    return refuseReading(context, 'malformed_request', 'The form did not arrive whole.')
  const form = parseForm(context.req.header('content-type') ?? '', body)
  if (form.kind === 'refused') return refuseReading(context, 'malformed_request', form.detail)
  const asked = askOf(form)
  if (asked.kind === 'refused') return refuseReading(context, asked.code, asked.detail)
  const reading = await readFor(token, asked.picture, parts)
  switch (reading.kind) {
    case 'token_gone':
      return refuseToken(context)
    case 'busy':
      return tooMany(context, limits.retryAfterSeconds)
    case 'picture_refused':
      return refuseReading(
        context,
        reading.code === 'too_many_bytes' || reading.code === 'too_many_pixels'
          ? 'request_too_large'
          : 'picture_not_taken',
        reading.detail,
        { reason: reading.code },
      )
    case 'read': {
      const calls = await countReadings(parts.db, token.id, monthOf(parts.now()))
      const shown = plateRecognizerAnswer(
        {
          file: asked.file,
          picture: reading.picture,
          looks: reading.looks,
          ms: Math.round((performance.now() - started) * 1000) / 1000,
          now: parts.now(),
        },
        {
          cameraId: asked.cameraId,
          timestamp: asked.timestamp,
          usage: { calls, max_calls: limits.readerCallsAMonth },
        },
      )
      return context.json(shown, 201)
    }
  }
}

type Asked =
  | {
      readonly kind: 'asked'
      readonly picture: Uint8Array
      readonly file: string
      readonly cameraId: string | null
      readonly timestamp: string | null
    }
  | { readonly kind: 'refused'; readonly code: ProblemCode; readonly detail: string }

/** What a form asks for. `regions`, `config` and `mmc` are taken and change nothing. */
function askOf(form: Form): Asked {
  const refused = (detail: string): Asked => ({
    kind: 'refused',
    code: 'malformed_request',
    detail,
  })
  if (form.texts('upload_url').length > 0)
    return refused('Pictures are not fetched from addresses here: send the picture as "upload".')
  const cameraId = form.texts('camera_id')[0] ?? null
  const timestamp = form.texts('timestamp')[0] ?? null
  if ((cameraId?.length ?? 0) > 200) return refused('"camera_id" has at most 200 characters.')
  if (timestamp !== null && !/^\d{4}-\d\d-\d\d[T ][\d:.,+\-Z]{4,30}$/i.test(timestamp))
    return refused('"timestamp" is ISO 8601, such as 2026-07-22T14:03:11Z.')
  const file = form.file('upload')
  const picture = file?.bytes ?? fromBase64(form.texts('upload')[0])
  if (picture === null)
    return refused('The field "upload" holds no picture, neither as a file nor as base64.')
  if (picture.length > limits.readerPictureBytesMax) {
    const detail = `The picture has ${picture.length} bytes; at most ${limits.readerPictureBytesMax} are taken.`
    return { kind: 'refused', code: 'request_too_large', detail }
  }
  const name = (file?.name ?? '').replaceAll(/[\p{Cc}\p{Cs}]/gu, '').slice(0, 200)
  return { kind: 'asked', picture, file: name === '' ? 'upload' : name, cameraId, timestamp }
}

/** Base64 with or without line ends, also as a data URL. Null when it is none. */
function fromBase64(text: string | undefined): Uint8Array | null {
  if (text === undefined) return null
  const bare = text.replace(/^data:image\/[a-z+.-]{1,40};base64,/, '').replaceAll(/[\r\n]/g, '')
  if (bare === '' || !/^[A-Za-z0-9+/]+={0,2}$/.test(bare)) return null
  return Buffer.from(bare, 'base64')
}

/** Clients ask this to see whether their token is good. */
function addStatistics(app: App, parts: HubParts): void {
  app.openAPIRegistry.registerPath({
    method: 'get',
    path: '/v1/statistics/',
    summary: 'Calls of this token in this month',
    security: [{ token: [] }],
    responses: {
      200: {
        content: { 'application/json': { schema: schemas.readerStatistics } },
        description: 'The calls',
      },
      ...problems,
    },
  })
  app.on('GET', ['/v1/statistics/', '/v1/statistics'], async (context) => {
    const token = await bearerOf(context, parts)
    if (token === null) return refuseToken(context)
    const now = parts.now()
    const month = monthOf(now)
    return context.json(
      {
        usage: {
          year: month.getUTCFullYear(),
          month: month.getUTCMonth() + 1,
          calls: await countReadings(parts.db, token.id, month),
          resets_on: new Date(
            Date.UTC(month.getUTCFullYear(), month.getUTCMonth() + 1),
          ).toISOString(),
        },
        total_calls: limits.readerCallsAMonth,
      },
      200,
    )
  })
}

async function bearerOf(context: Context, parts: HubParts): Promise<Bearer | null> {
  const [, secret] =
    /^Token +([\w-]{16,100})$/i.exec(context.req.header('authorization') ?? '') ?? []
  if (secret === undefined) return null
  const secretSha256 = tokenHash(secret)
  const token = await validAccessToken(parts.db, secretSha256, parts.now())
  return token === null ? null : { ...token, secretSha256 }
}

function monthOf(now: Date): Date {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1))
}

function refuseToken(context: Context): Response {
  return refuseReading(
    context,
    'token_not_valid',
    'Invalid token. Send "Authorization: Token ..." with a token from the console, under Integrations.',
  )
}

function tooMany(context: Context, seconds: number): Response {
  const detail = `Request was throttled. Expected available in ${seconds} second${seconds === 1 ? '' : 's'}.`
  return refuseReading(context, 'busy', detail, {}, seconds)
}

/** A body that was not read would keep the connection in a state that nobody can use again. */
function refuseReading(
  context: Context,
  code: ProblemCode,
  detail: string,
  extra: Readonly<Record<string, unknown>> = {},
  retryAfterSeconds?: number,
): Response {
  context.header('connection', 'close')
  const refusal = problem(code, detail, { status_code: statusOf(code), ...extra })
  return answer(context, refusal, retryAfterSeconds)
}
