/** Where found files come from: every one is handed on or counted with why not, and nothing is unpacked without end. */

import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { atAddresses, inBucket, parseS3 } from '../../packages/cli/src/leaks/addresses.ts'
import { at, comingInto } from '../../packages/cli/src/leaks/folders.ts'
import type { Found } from '../../packages/cli/src/leaks/found.ts'
import { zip } from '../support/zip.ts'

let folder: string
beforeAll(async () => void (folder = await mkdtemp(path.join(tmpdir(), 'sallyport-leak-'))))
afterAll(() => rm(folder, { recursive: true, force: true }))

async function all(files: AsyncGenerator<Found>): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  for await (const one of files)
    found[one.name.replace(`${folder}/`, '')] =
      'unread' in one ? one.unread : Buffer.from(one.bytes.subarray(0, 20)).toString()
  return found
}

test('archives within archives are opened down to the third; deeper, encrypted, broken and lying ones are named', async () => {
  const place = path.join(folder, 'dump')
  const pack = (name: string, bytes: Buffer) => zip([{ name, bytes }])
  const third = pack('third.jpg', Buffer.from('three deep'))
  const fourth = pack('c.zip', pack('d.zip', pack('fourth.jpg', Buffer.from('four deep'))))
  await mkdir(place)
  await writeFile(
    path.join(place, 'a.zip'),
    zip([
      { name: 'plain.jpg', bytes: Buffer.from('one deep') },
      { name: 'b.zip', bytes: pack('c.zip', third) },
      { name: 'deep.zip', bytes: fourth },
      { name: 'secret.jpg', bytes: Buffer.from('x'), encrypted: true },
      { name: 'lies.jpg', bytes: Buffer.alloc(4_000_000), says: 10 },
      { name: 'huge.jpg', bytes: Buffer.from('x'), says: 3_000_000_000 },
      { name: 'broken.zip', bytes: Buffer.from('no archive') },
    ]),
  )
  await writeFile(path.join(place, 'cut.zip'), third.subarray(0, 30))
  await writeFile(path.join(place, 'empty.jpg'), '')
  expect(await all(at(place))).toEqual({
    'dump/a.zip!plain.jpg': 'one deep',
    'dump/a.zip!b.zip!c.zip!third.jpg': 'three deep',
    'dump/a.zip!deep.zip!c.zip!d.zip': 'nested_too_deep',
    'dump/a.zip!secret.jpg': 'encrypted',
    'dump/a.zip!lies.jpg': 'unreadable',
    'dump/a.zip!huge.jpg': 'too_large',
    'dump/a.zip!broken.zip': 'unreadable',
    'dump/cut.zip': 'unreadable',
    'dump/empty.jpg': '',
  })
})

test('a folder that links to itself is walked once', async () => {
  const ring = path.join(folder, 'ring')
  await mkdir(ring)
  await writeFile(path.join(ring, 'a.jpg'), 'a')
  await symlink(ring, path.join(ring, 'again'))
  expect(await all(at(ring))).toEqual({ 'ring/a.jpg': 'a' })
})

test('a path that is not there is said before anything is searched', async () => {
  await expect(at(path.join(folder, 'nowhere')).next()).rejects.toThrow('There is nothing at')
})

test('what comes into a watched folder is handed on when it has stopped growing', async () => {
  const watched = path.join(folder, 'watched')
  await mkdir(watched)
  const stop = new AbortController()
  const coming = comingInto(watched, stop.signal)
  const first = coming.next()
  await writeFile(path.join(watched, 'new.jpg'), 'here')
  const { value } = await first
  expect(value).toMatchObject({ name: path.join(watched, 'new.jpg') })
  const next = coming.next()
  stop.abort()
  expect((await next).done).toBe(true)
}, 60_000)

/** A bucket of two pages, and a web server beside it. */
async function serve(): Promise<{ server: Server; origin: string; asked: string[] }> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(`${request.url ?? ''} ${request.headers.authorization ?? ''}`)
    const url = new URL(request.url ?? '/', 'http://localhost')
    if (url.pathname === '/bucket' && request.headers.authorization === undefined) {
      response.writeHead(403).end('<Error><Code>AccessDenied</Code></Error>')
    } else if (url.pathname === '/bucket') {
      const second = url.searchParams.get('continuation-token') === 'a&b'
      const key = second ? 'dump/2.jpg' : 'dump/1+%C3%A9.jpg'
      response.end(
        `<ListBucketResult><Contents><Key>${key}</Key></Contents>${second ? '' : '<NextContinuationToken>a&amp;b</NextContinuationToken>'}</ListBucketResult>`,
      )
    } else if (url.pathname === '/gone.jpg') response.writeHead(404).end()
    else response.end(decodeURIComponent(url.pathname))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { server, origin: `http://127.0.0.1:${port}`, asked }
}

test('every object of a bucket is fetched, page after page, with requests signed for S3', async () => {
  const { server, origin, asked } = await serve()
  try {
    const environment = {
      AWS_ACCESS_KEY_ID: 'key',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_ENDPOINT_URL_S3: origin,
      AWS_REGION: 'eu-central-1',
    }
    const found = await all(inBucket(parseS3('s3://bucket/dump/', environment)))
    expect(found).toEqual({
      's3://bucket/dump/1 é.jpg': '/bucket/dump/1 é.jp',
      's3://bucket/dump/2.jpg': '/bucket/dump/2.jpg',
    })
    expect(asked.every((one) => one.includes('Credential=key/'))).toBe(true)
    expect(asked[0]).toContain('/eu-central-1/s3/aws4_request')
  } finally {
    server.close()
  }
})

test('S3 without credentials says which are missing', () => {
  expect(() => parseS3('s3://bucket', {})).toThrow('AWS_ACCESS_KEY_ID')
  expect(() => parseS3('s3:/bucket', {})).toThrow('s3://bucket/prefix')
})

test('an address that answers nothing is counted, and one that is none ends the search before it', async () => {
  const { server, origin } = await serve()
  const list = path.join(folder, 'list.txt')
  try {
    await writeFile(list, `# found on the web\n${origin}/a.jpg\n${origin}/gone.jpg\n`)
    expect(Object.values(await all(atAddresses(list)))).toEqual(['/a.jpg', 'not_fetched'])
    await writeFile(list, 'file:///etc/passwd\n')
    await expect(atAddresses(list).next()).rejects.toThrow('no address')
  } finally {
    server.close()
  }
})
