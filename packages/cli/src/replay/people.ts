/** People of the story at the hub: they sign in and ask as everybody does, in the hub's own process. */

import type { Role } from '@sallyport/core/opening'
import { inviteAccount, linkFor } from '@sallyport/hub/accounts'
import type { Hub } from '@sallyport/hub/hub'

export type Answer = { readonly status: number; readonly body: Record<string, unknown> }

export type Person = {
  readonly account: string
  /** GET without a body, else POST or the method that is given. */
  ask(path: string, body?: unknown, method?: string): Promise<Answer>
  /** The same; throws unless it was done. */
  expect(path: string, body?: unknown, method?: string): Promise<Record<string, unknown>>
}

/** Asks without signing in. */
export async function askHub(
  hub: Hub,
  path: string,
  {
    body,
    method,
    headers = {},
  }: {
    readonly body?: Uint8Array<ArrayBuffer> | string
    readonly method?: string
    readonly headers?: Readonly<Record<string, string>>
  } = {},
): Promise<Answer & { readonly cookie: string }> {
  const given = body === undefined ? {} : { body }
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
  const answer = await hub.app.request(path, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    ...given,
    headers: {
      host: new URL(hub.origin).host,
      ...(body === undefined ? {} : { 'content-type': 'application/json', ...length }),
      ...headers,
    },
  })
  const text = await answer.text()
  return {
    status: answer.status,
    cookie: (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '',
    body: text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : { text },
  }
}

/** Somebody new. Signs in again whenever a session of theirs is over. `hub` may be another one by then. */
export async function person(
  name: string,
  roles: readonly Role[],
  hub: () => Hub,
  affiliation: { readonly party?: string; readonly unit?: string } = {},
): Promise<Person> {
  let cookie = await signIn((await inviteAccount(name, roles, hub().parts, affiliation)).url, hub())
  const session = await askHub(hub(), '/v1/session', { headers: { cookie } })
  const { id: account } = session.body['account'] as { readonly id: string }

  async function ask(path: string, body?: unknown, method?: string): Promise<Answer> {
    const sent = {
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(method === undefined ? {} : { method }),
    }
    const answer = await askHub(hub(), path, { ...sent, headers: { cookie } })
    if (answer.status !== 401) return answer
    cookie = await signIn((await linkFor(account, hub().parts)).url, hub())
    return askHub(hub(), path, { ...sent, headers: { cookie } })
  }

  return {
    account,
    ask,
    async expect(path, body, method) {
      const answer = await ask(path, body, method)
      if (answer.status >= 300) throw new Error(`${path}: ${JSON.stringify(answer.body)}`)
      return answer.body
    },
  }
}

async function signIn(url: string, hub: Hub): Promise<string> {
  const token = url.split('token=')[1] ?? ''
  const { status, cookie } = await askHub(hub, '/v1/session/link', {
    body: JSON.stringify({ token }),
  })
  if (status >= 300) throw new Error(`a link of ours signs in, and the hub answered ${status}`)
  return cookie
}
