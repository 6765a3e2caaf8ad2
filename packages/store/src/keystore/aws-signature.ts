/** Signature Version 4 of AWS (docs.aws.amazon.com, "Create a signed AWS API request"). Pure. */

import * as crypto from 'node:crypto'

export type AwsCredentials = {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** Of temporary credentials. */
  readonly sessionToken?: string
}

/**
 * Headers of a request, a POST to `/` unless more is said, with all that is signed. Header names in
 * lower case; `path` and `query` as they are sent, the query's names ascending.
 */
export function signAwsRequest(
  {
    host,
    region,
    service,
    body,
    headers,
    method = 'POST',
    path = '/',
    query = '',
  }: {
    readonly host: string
    readonly region: string
    readonly service: string
    readonly body: string
    readonly headers: Readonly<Record<string, string>>
    readonly method?: 'GET' | 'POST'
    readonly path?: string
    readonly query?: string
  },
  { accessKeyId, secretAccessKey, sessionToken }: AwsCredentials,
  now: Date,
): Readonly<Record<string, string>> {
  const at = now.toISOString().replaceAll(/[-:]|\.\d{3}/g, '')
  const day = at.slice(0, 8)
  const all: Record<string, string> = {
    ...headers,
    host,
    'x-amz-date': at,
    ...(sessionToken === undefined ? {} : { 'x-amz-security-token': sessionToken }),
  }
  const names = Object.keys(all).toSorted()
  const canonical = [
    method,
    path,
    query,
    ...names.map((name) => `${name}:${all[name]?.trim() ?? ''}`),
    '',
    names.join(';'),
    hash(body),
  ].join('\n')
  const scope = `${day}/${region}/${service}/aws4_request`
  const toSign = ['AWS4-HMAC-SHA256', at, scope, hash(canonical)].join('\n')
  const key = [day, region, service, 'aws4_request'].reduce<string | Buffer>(
    (secret, part) => crypto.createHmac('sha256', secret).update(part).digest(),
    `AWS4${secretAccessKey}`,
  )
  const signature = crypto.createHmac('sha256', key).update(toSign).digest('hex')
  return {
    ...all,
    authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`,
  }
}

function hash(text: string): string {
  return crypto.createHash('sha256').update(text).digest('hex')
}
