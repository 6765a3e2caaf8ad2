/** Files on the web: a list of addresses, and a prefix of an S3 bucket. */

import { readFile } from 'node:fs/promises'

import { type AwsCredentials, signAwsRequest } from '@sallyport/store/keystore/aws-signature'

import { bytesUpTo } from '../bytes-up-to.ts'
import { CommandFailure, exitCodes } from '../exit.ts'
import { limits } from '../limits.ts'
import type { Found } from './found.ts'

/** What each address of the list answers, one after another; a line that begins with # is none. */
export async function* atAddresses(list: string): AsyncGenerator<Found> {
  const text = await readFile(list, 'utf8').catch((error: unknown) => {
    throw new CommandFailure(`${list} cannot be read.`, exitCodes.wrongUse, { cause: error })
  })
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
  for (const line of lines) {
    const url = URL.canParse(line) ? new URL(line) : null
    if (url === null || !/^https?:$/.test(url.protocol))
      throw new CommandFailure(
        `${list} has a line that is no address: ${line.slice(0, 100)}`,
        exitCodes.wrongUse,
      )
    yield fetched(line, url, {})
  }
}

async function fetched(
  name: string,
  url: URL,
  headers: Readonly<Record<string, string>>,
): Promise<Found> {
  try {
    const answer = await fetch(url, { headers, signal: AbortSignal.timeout(limits.leakFetchMsMax) })
    if (!answer.ok || answer.body === null) return { name, unread: 'not_fetched' }
    const bytes = await bytesUpTo(answer.body, limits.leakFileBytesMax)
    return bytes === null ? { name, unread: 'too_large' } : { name, bytes }
  } catch {
    return { name, unread: 'not_fetched' }
  }
}

export type S3Place = {
  readonly bucket: string
  readonly prefix: string
  /** `https://s3.eu-central-1.amazonaws.com`, or that of another service; the bucket is in the path. */
  readonly endpoint: URL
  readonly region: string
  readonly credentials: AwsCredentials
}

/** `s3://bucket/prefix` with the settings that AWS's own tools take. Throws when they are not there. */
export function parseS3(text: string, environment: NodeJS.ProcessEnv): S3Place {
  const match = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/.exec(text)
  if (match === null)
    throw new CommandFailure(
      `'${text}' is no place of S3. It looks like s3://bucket/prefix.`,
      exitCodes.wrongUse,
    )
  const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret } = environment
  const region = environment['AWS_REGION'] ?? environment['AWS_DEFAULT_REGION'] ?? 'us-east-1'
  if (id === undefined || secret === undefined)
    throw new CommandFailure(
      'S3 needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment.',
      exitCodes.wrongUse,
    )
  const token = environment['AWS_SESSION_TOKEN']
  const endpoint = environment['AWS_ENDPOINT_URL_S3'] ?? `https://s3.${region}.amazonaws.com`
  return {
    bucket: match[1]!,
    prefix: match[2] ?? '',
    endpoint: new URL(endpoint),
    region,
    credentials: {
      accessKeyId: id,
      secretAccessKey: secret,
      ...(token === undefined ? {} : { sessionToken: token }),
    },
  }
}

/** Every object under the prefix. Throws when the bucket cannot be listed. */
export async function* inBucket(place: S3Place): AsyncGenerator<Found> {
  let next: string | null = null
  do {
    const query: Record<string, string> = {
      ...(next === null ? {} : { 'continuation-token': next }),
      'encoding-type': 'url',
      'list-type': '2',
      prefix: place.prefix,
    }
    const page = await listed(place, query)
    for (const key of page.keys) {
      const { url, headers } = signed(place, `/${place.bucket}/${key}`, {})
      yield fetched(`s3://${place.bucket}/${key}`, url, headers)
    }
    next = page.next
  } while (next !== null)
}

async function listed(place: S3Place, query: Record<string, string>) {
  const { url, headers } = signed(place, `/${place.bucket}`, query)
  const answer = await fetch(url, { headers, signal: AbortSignal.timeout(limits.leakFetchMsMax) })
  const text = await answer.text()
  if (!answer.ok) {
    const code = /<Code>([^<]*)<\/Code>/.exec(text)?.[1] ?? `status ${answer.status}`
    throw new CommandFailure(`The bucket ${place.bucket} cannot be listed: ${code}.`)
  }
  const keys = [...text.matchAll(/<Key>([^<]*)<\/Key>/g)].map((match) =>
    decodeURIComponent((match[1] ?? '').replaceAll('+', ' ')),
  )
  const more = /<NextContinuationToken>([^<]*)<\/NextContinuationToken>/.exec(text)?.[1]
  return { keys, next: more === undefined ? null : more.replaceAll('&amp;', '&') }
}

function signed(
  { endpoint, region, credentials }: S3Place,
  path: string,
  query: Readonly<Record<string, string>>,
) {
  const encoded = path.split('/').map(strictly).join('/')
  const asked = Object.entries(query)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${strictly(name)}=${strictly(value)}`)
    .join('&')
  const headers = signAwsRequest(
    {
      host: endpoint.host,
      region,
      service: 's3',
      body: '',
      method: 'GET',
      path: encoded,
      query: asked,
      headers: { 'x-amz-content-sha256': emptySha256 },
    },
    credentials,
    new Date(),
  )
  const { host: _host, ...sent } = headers
  return { url: new URL(`${encoded}${asked === '' ? '' : `?${asked}`}`, endpoint), headers: sent }
}

const emptySha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

/** Everything but the unreserved characters, as AWS signs it. */
function strictly(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
