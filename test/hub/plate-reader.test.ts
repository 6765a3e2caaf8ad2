/** The plate reader for other people's programs: what their pictures and forms may hold. */

import { randomBytes } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { crc32, deflateSync } from 'node:zlib'

import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { type Person, startTestHub, type TestHub } from '../support/hub.ts'
import { askReader, drawnCar, issueToken } from '../support/reader-client.ts'

let hub: TestHub
let integrator: Person
let picture: Buffer

beforeAll(async () => {
  hub = await startTestHub({ now: () => new Date('2026-07-22T10:00:00Z') })
  integrator = await hub.signIn(['integrator'])
  picture = await drawnCar()
})
afterAll(() => hub.remove())

describe('an existing client', () => {
  test('gets its answer: every field, its own camera and time, and the count of its calls', async () => {
    const { token } = await issueToken(integrator)
    const answer = await askReader(hub, token, {
      upload: picture,
      regions: 'us-ca',
      camera_id: 'gate-1',
      timestamp: '2026-07-22T09:59:58Z',
    })
    expect(answer.status).toBe(201)
    const body = (await answer.json()) as { results: { plate: string; score: number }[] }
    expect(body).toMatchObject({
      processing_time: expect.any(Number),
      filename: 'car.jpg',
      version: 1,
      camera_id: 'gate-1',
      timestamp: '2026-07-22T09:59:58Z',
      usage: { calls: 1 },
    })
    expect(body.results[0]?.plate).toMatch(/^[a-z0-9]{3,12}$/)
    const again = await hub.request('/v1/statistics/', {
      headers: { authorization: `Token ${token}` },
    })
    expect(await again.json()).toMatchObject({ usage: { year: 2026, month: 7, calls: 1 } })
  })

  test.each(['application/json', 'application/x-www-form-urlencoded'])(
    'may send base64 as %s',
    async (type) => {
      const { token } = await issueToken(integrator)
      const upload = picture.toString('base64')
      const answer = await hub.request('/v1/plate-reader/', {
        method: 'POST',
        headers: { authorization: `Token ${token}`, 'content-type': type },
        body: type.endsWith('json')
          ? JSON.stringify({ upload: `data:image/jpeg;base64,${upload}` })
          : new URLSearchParams({ upload }).toString(),
      })
      expect(answer.status).toBe(201)
    },
  )

  test('that sends in chunks, without a length, is served too', async () => {
    const { token } = await issueToken(integrator)
    const form = new FormData()
    form.append('upload', new Blob([new Uint8Array(picture)]), 'car.jpg')
    const made = new Request('http://hub/', { method: 'POST', body: form })
    const answer = await fetch(`${hub.origin}/v1/plate-reader/`, {
      method: 'POST',
      headers: {
        authorization: `Token ${token}`,
        'content-type': made.headers.get('content-type') ?? '',
      },
      body: made.body,
      duplex: 'half',
    } as RequestInit)
    expect(answer.status).toBe(201)
  })
})

/** A PNG whose header promises 20000 x 20000 pixels, in a few bytes. */
function hugePng(): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const typed = Buffer.concat([Buffer.from(type), data])
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)]
    length.writeUInt32BE(data.length)
    check.writeUInt32BE(crc32(typed))
    return Buffer.concat([length, typed, check])
  }
  const header = Buffer.from([0, 0, 0x4e, 0x20, 0, 0, 0x4e, 0x20, 8, 2, 0, 0, 0])
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10])
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc(60_001))),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

describe('bad pictures', () => {
  const cases: readonly (readonly [string, () => Promise<Buffer> | Buffer, number, string])[] = [
    ['cut off', () => picture.subarray(0, picture.length / 2), 400, 'picture_not_taken'],
    ['no picture at all', () => Buffer.from('GIF89a but not really'), 400, 'picture_not_taken'],
    ['empty', () => Buffer.alloc(0), 400, 'picture_not_taken'],
    ['20000 x 20000 pixels in a few bytes', hugePng, 413, 'request_too_large'],
    ['too many bytes', () => randomBytes(13 * 1024 * 1024), 413, 'request_too_large'],
  ]
  test.each(cases)('%s', async (_name, make, status, code) => {
    const { token } = await issueToken(integrator)
    const answer = await askReader(hub, token, { upload: await make() })
    expect(answer.status).toBe(status)
    expect(await answer.json()).toMatchObject({ code, status_code: status })
  })

  test('a form cut off on its way is refused, and the address of a picture is not followed', async () => {
    const { token } = await issueToken(integrator)
    const cut = await askReader(hub, token, { upload: picture }, (bytes) => bytes.subarray(0, -60))
    expect([cut.status, ((await cut.json()) as { code: string }).code]).toEqual([
      400,
      'malformed_request',
    ])
    const address = await askReader(hub, token, {
      upload_url: 'http://169.254.169.254/latest/meta-data',
    })
    expect(address.status).toBe(400)
  })

  test('an endless body ends the request, not the memory', async () => {
    const { token } = await issueToken(integrator)
    let sent = 0
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 65_536
        controller.enqueue(new Uint8Array(65_536))
      },
    })
    const answer = await fetch(`${hub.origin}/v1/plate-reader/`, {
      method: 'POST',
      headers: {
        authorization: `Token ${token}`,
        'content-type': 'multipart/form-data; boundary=x',
      },
      body: endless,
      duplex: 'half',
    } as RequestInit).catch(() => null)
    expect([413, undefined]).toContain(answer?.status)
    expect(sent).toBeLessThan(64 * 1024 * 1024)
  })
})

test('every call stands in the log, and neither plate nor picture lies anywhere', async () => {
  const { id, token } = await issueToken(integrator)
  const before = hub.hub.parts.journal.size()
  const answer = await askReader(hub, token, { upload: picture, camera_id: 'CAMERA-OF-THE-CLIENT' })
  const { results } = (await answer.json()) as { results: { plate: string }[] }
  const plate = results[0]?.plate.toUpperCase() ?? 'none'
  const receipt = await hub.hub.parts.journal.receipt(before)
  const entry = JSON.parse(Buffer.from(receipt?.entry ?? []).toString('utf8')) as object
  expect(entry).toMatchObject({ kind: 'reading', token: id })
  const { rows } = await sql<{ row: string }>`
    select row_to_json(reading)::text as row from reading where token = ${id}`.execute(
    hub.hub.parts.db,
  )
  expect(rows).toHaveLength(1)
  expect(rows[0]?.row).toContain('"outcome":"read"')
  const files = (await readdir(hub.data, { recursive: true, withFileTypes: true })).filter((one) =>
    one.isFile(),
  )
  expect(files.length).toBeGreaterThan(3)
  const everything = Buffer.concat(
    await Promise.all(files.map((one) => readFile(path.join(one.parentPath, one.name)))),
  )
  for (const trace of [plate, plate.toLowerCase(), 'CAMERA-OF-THE-CLIENT', token])
    expect(everything.includes(trace), trace).toBe(false)
  expect(everything.includes(picture.subarray(200, 260))).toBe(false)
  for (const trace of [plate, plate.toLowerCase(), 'CAMERA-OF-THE-CLIENT', token])
    expect([rows[0]?.row, ...hub.reports].join('\n')).not.toContain(trace)
})

test('while the log cannot be written the reader reads nothing', async () => {
  const { token } = await issueToken(integrator)
  const { journal } = hub.hub.parts
  const append = journal.append.bind(journal)
  Object.assign(journal, {
    append: () => Promise.reject(new Error('the disk is full')),
  })
  try {
    const answer = await askReader(hub, token, { upload: picture })
    expect(answer.status).toBeGreaterThanOrEqual(500)
    expect(await answer.text()).not.toContain('results')
  } finally {
    Object.assign(journal, { append })
  }
})
