/** A hub whose people sign in at a provider, and browsers that go there and back. */

import { startTestHub, type TestHub } from './hub.ts'
import { startTestProvider, type TestProvider } from './oidc-provider.ts'

export type Answer = {
  readonly status: number
  readonly body: Record<string, unknown>
  readonly cookies: readonly string[]
}

/** What leaving for the provider gave: where to, and the cookies that this browser has now. */
type Left = Answer & { readonly url: string }

export type ProviderHub = {
  readonly hub: TestHub
  readonly provider: TestProvider
  /** How far the hub's clock is ahead. */
  offsetMs: number
  /** Everything as it should be, and somebody new in front of the provider. */
  reset(): { readonly name: string }
  post(where: string, body: object, cookies?: readonly string[]): Promise<Answer>
  leave(body?: object, cookies?: readonly string[]): Promise<Left>
  /** Brings the provider's answer back. */
  back(query: string, cookies: readonly string[]): Promise<Answer>
  /** The whole way there and back. */
  signIn(body?: object, cookies?: readonly string[]): Promise<Answer>
  /** The kinds of the log's entries from `size` on. */
  kindsSince(size: number): Promise<readonly string[]>
  remove(): Promise<void>
}

/** `console`: serves the built console as well. */
export async function startProviderHub(
  options: { readonly console?: boolean } = {},
): Promise<ProviderHub> {
  const provider = await startTestProvider()
  let people = 0
  let offsetMs = 0
  const hub = await startTestHub({
    ...options,
    now: () => new Date(Date.now() + offsetMs),
    settings: {
      signInIssuer: provider.issuer,
      signInClient: provider.client,
      signInSecret: provider.secret,
      signInName: 'Border Service',
      signInPeople: [
        { claim: 'groups', value: 'officers', roles: ['officer'], unit: 'north' },
        { claim: 'groups', value: 'leads', roles: ['supervisor'] },
        { claim: 'groups', value: 'privacy', roles: ['privacy'], unit: 'privacy office' },
        { claim: 'employer', value: 'Nobody Ltd', party: 'nobody' },
      ],
    },
  })
  provider.redirects = [`${hub.origin}/sign-in/provider`]
  const here: ProviderHub = {
    hub,
    provider,
    get offsetMs() {
      return offsetMs
    },
    set offsetMs(given) {
      offsetMs = given
    },
    reset() {
      people += 1
      here.offsetMs = 0
      hub.reports.length = 0
      const name = `Person ${people}`
      Object.assign(provider, {
        status: null,
        tamper: () => undefined,
        forge: (token: string) => token,
        describe: () => undefined,
        answer: () => undefined,
        person: { sub: `s-${people}`, name, groups: ['officers'] },
      })
      return { name }
    },
    async post(where, body, cookies = []) {
      const answer = await hub.request(where, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { cookie: cookies.join('; ') },
      })
      return {
        status: answer.status,
        body: (await answer.json()) as Record<string, unknown>,
        cookies: answer.headers.getSetCookie().map((one) => one.split(';')[0] ?? ''),
      }
    },
    async leave(body = {}, cookies = []) {
      const begun = await here.post('/v1/session/provider/attempts', body, cookies)
      return { ...begun, url: String(begun.body['url']), cookies: [...cookies, ...begun.cookies] }
    },
    back: (query, cookies) => here.post('/v1/session/provider', { query }, cookies),
    async signIn(body = {}, cookies = []) {
      const left = await here.leave(body, cookies)
      return left.status === 201 ? here.back(await provider.visit(left.url), left.cookies) : left
    },
    async kindsSince(size) {
      const { journal } = hub.hub.parts
      const kinds: string[] = []
      for (let index = size; index < journal.size(); index++) {
        const entry = Buffer.from((await journal.receipt(index))?.entry ?? []).toString('utf8')
        if (/Person|s-\d/.test(entry)) throw new Error('the log names somebody')
        kinds.push((JSON.parse(entry) as { kind: string }).kind)
      }
      return kinds
    },
    async remove() {
      await hub.remove()
      await provider.stop()
    },
  }
  return here
}

/** The session's cookie in an answer; '' when there is none. */
export function sessionOf({ cookies }: Answer): string {
  return cookies.find((one) => one.startsWith('sallyport_session=') && one.length > 20) ?? ''
}
